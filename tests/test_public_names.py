"""The package's public face."""

import importlib
import pkgutil
import subprocess
import sys

import pytest

import staffopt


def test_no_public_name_is_also_a_module():
    # Loading the module would put it in the place of the function.
    modules = {module.name for module in pkgutil.iter_modules(staffopt.__path__)}
    assert modules.isdisjoint(staffopt.__all__)


@pytest.mark.parametrize("name", staffopt.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name):
    assert getattr(staffopt, name).__doc__


def test_an_unknown_name_is_refused_like_any_other():
    with pytest.raises(AttributeError, match="no attribute 'sovle'"):
        staffopt.sovle  # noqa: B018 (asking for it is the test)


def test_every_module_can_be_imported_by_itself_and_the_package_stays_light():
    code = "import sys, staffopt; print({'numpy', 'highspy', 'pulp', 'pandas'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
    for module in pkgutil.walk_packages(staffopt.__path__, "staffopt."):
        assert importlib.import_module(module.name).__doc__
