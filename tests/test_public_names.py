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


COUNCILS = sorted(
    {"alternatives", "assumptions", "ceiling", "explain", "export", "foresight", "frontier"}
    | {"next_pound", "open", "options", "solve", "sweep", "switching", "what_if", "why_not"}
    | {"why_placed", "within"}
)
MORE = {"foresight": (6,), "what_if": ({},), "why_not": ("x",), "within": ({},), "sweep": ("f", [])}
PLANS = {"bridge": (), "diff": (), "report": (), "roll": ("2027-04",), "state": ("2027-04",)}


@pytest.mark.parametrize("name", COUNCILS)
def test_what_is_no_council_is_refused_in_one_way_wherever_one_is_asked_for(name):
    with pytest.raises(staffopt.InputError, match="'tiny' is no council"):
        getattr(staffopt, name)("tiny", *MORE.get(name, ()))


@pytest.mark.parametrize("name", [*PLANS, "verify"])
def test_what_is_no_plan_is_refused_in_one_way_wherever_one_is_asked_for(name):
    given = ("plan.json",) * (2 if name == "diff" else 1)
    with pytest.raises(staffopt.InputError, match=r"'plan\.json' is no plan") as told:
        getattr(staffopt, name)(*given, *PLANS.get(name, ()))
    assert len(told.value.faults) == len(given)


def test_text_and_tables_are_asked_for_alike():
    council = staffopt.load("tiny")
    with pytest.raises(staffopt.InputError, match="3 is no text"):
        staffopt.why_not(council, 3)
    with pytest.raises(staffopt.InputError, match="no table") as told:
        staffopt.what_if("tiny", ["teams.north.cases=3"])
    assert [fault.code for fault in told.value.faults] == ["no-council", "no-table"]


def test_a_float_is_no_allowance_and_a_path_by_itself_is_one_path():
    council = staffopt.load("tiny")
    with pytest.raises(staffopt.InputError, match=r"0\.05 is no allowance"):
        staffopt.alternatives(council, within=0.05)
    with pytest.raises(staffopt.InputError, match=r"stands at 'roles\.nobody\.cost'"):
        staffopt.switching(council, paths="roles.nobody.cost")


def test_every_plan_of_a_list_is_looked_at_and_what_may_be_left_out_may_be_none():
    with pytest.raises(staffopt.InputError, match="7 is no plan"):
        staffopt.report([7])
    with pytest.raises(staffopt.InputError, match="no plan is given"):
        staffopt.report([], council=None)


@pytest.mark.parametrize("given", [None, []])
def test_nothing_is_no_council_and_no_plan_where_one_has_to_be_given(given):
    with pytest.raises(staffopt.InputError, match="is no council"):
        staffopt.solve(given)
    with pytest.raises(staffopt.InputError, match="is no plan"):
        staffopt.verify(given)
    with pytest.raises(staffopt.InputError, match="is no plan"):
        staffopt.report([given])


def test_a_public_function_is_one_and_the_same_and_can_be_sent_to_another_process():
    # As pickle finds a function: by its name in its module.
    for function in (staffopt.solve, staffopt.open, staffopt.load):
        home = importlib.import_module(function.__module__)
        assert getattr(home, function.__qualname__) is function


def test_a_missing_argument_is_told_by_python():
    with pytest.raises(TypeError, match="missing"):
        staffopt.diff()


def test_an_unknown_name_is_refused_like_any_other():
    with pytest.raises(AttributeError, match="no attribute 'sovle'"):
        staffopt.sovle  # noqa: B018 (asking for it is the test)


def test_every_module_can_be_imported_by_itself_and_the_package_stays_light():
    code = "import sys, staffopt; print({'numpy', 'highspy', 'pulp', 'pandas'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
    for module in pkgutil.walk_packages(staffopt.__path__, "staffopt."):
        assert importlib.import_module(module.name).__doc__
