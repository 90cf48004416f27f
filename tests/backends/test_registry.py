"""Which solvers may be trusted, told without importing one."""

from __future__ import annotations

import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest

from staffopt import backends
from staffopt.backends import binary, registry
from staffopt.errors import BackendError, BackendMissing, UnknownName


def test_every_backend_is_there_with_its_version():
    found = {info.name: info for info in backends.available()}
    assert {name: info.package for name, info in found.items()} == {
        "highs": "highspy",
        "cbc": "pulp",
        "scip": "ortools",
        "cpsat": "ortools",
    }
    assert next(iter(found)) == "highs"  # the default
    assert all(info.ok and not info.reason for info in found.values())


@pytest.mark.parametrize(
    "statement",
    [
        "import staffopt",
        "import staffopt.backends as b; b.available()",
        "import staffopt.backends as b; [b.require(name) for name in b.NAMES]",
    ],
)
def test_looking_for_solvers_imports_none_and_no_numpy(statement):
    heavy = "{'numpy', 'highspy', 'pulp', 'ortools', 'pandas', 'scipy'}"
    script = f"import sys; {statement}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == "[]"


def test_cbc_is_run_without_importing_pulp_which_would_import_highspy():
    script = (
        "import sys; from staffopt.backends import create; create('cbc');"
        "print(sorted({'highspy', 'pulp'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("1.14.0", "returns wrong optima"),
        ("1.14.1.dev2", "returns wrong optima"),
        ("1.13.0", "never tried"),
        ("1.9.0", "never tried"),
        ("1.13.1", ""),
        ("1.15.0", ""),
        ("2.0", ""),
    ],
)
def test_known_bad_versions_of_highspy_are_told(version, words):
    said = registry.known_bad("highs", version)
    assert words in said
    assert bool(said) is bool(words)


def test_a_known_bad_version_is_refused_in_every_isolation(monkeypatch):
    monkeypatch.setattr("importlib.metadata.version", lambda _package: "1.14.0")
    assert not backends.describe("highs").ok
    for isolation in ("worker", "inline"):
        with pytest.raises(BackendError, match="2957, 3002, 3043"):
            backends.require("highs", isolation)


def test_highspy_and_ortools_may_not_share_a_process_but_a_worker_is_free(monkeypatch):
    monkeypatch.setitem(sys.modules, "ortools", ModuleType("ortools"))
    monkeypatch.setattr("importlib.metadata.version", lambda _package: "1.15.1")
    with pytest.raises(BackendError, match="isolation='worker'"):
        backends.create("highs")
    assert backends.require("highs", "worker").ok
    monkeypatch.setattr("importlib.metadata.version", lambda _package: "1.13.1")
    assert backends.require("highs", "inline").ok


def test_ortools_may_not_share_a_process_with_a_newer_highspy_either(monkeypatch):
    loaded = ModuleType("highspy")
    loaded.__spec__ = ModuleSpec("highspy", None)
    monkeypatch.setitem(sys.modules, "highspy", loaded)
    versions = {"highspy": "1.15.1", "ortools": "9.15.6755"}
    monkeypatch.setattr("importlib.metadata.version", versions.__getitem__)
    with pytest.raises(BackendError, match=r"highspy 1\.15\.1, which is loaded here"):
        backends.require("scip", "inline")
    assert backends.require("scip", "worker").ok
    versions["highspy"] = "1.13.1"
    assert backends.require("scip", "inline").ok


@pytest.mark.parametrize(
    ("version", "tried"), [("9.14.0", False), ("9.15.1", True), ("9.16", False)]
)
def test_a_version_of_ortools_whose_inside_was_never_tried_is_refused(version, tried):
    said = registry.known_bad("scip", version)
    assert said == "" if tried else "9.15" in said


def test_a_second_opinion_is_another_code_base_and_there_is_one_without_a_native_cbc(monkeypatch):
    assert registry.second_opinion("highs") == "cbc"
    assert registry.second_opinion("scip") == "highs"
    monkeypatch.setattr(registry, "find_cbc", lambda: None)
    assert registry.second_opinion("highs") == "scip"
    monkeypatch.setattr(registry.util, "find_spec", lambda _package: None)
    assert registry.second_opinion("highs") == "cbc"  # asking for it tells what to install
    assert registry.second_opinion("a backend of the caller's own") is None


def test_the_quickest_for_whole_columns_is_scip_where_it_is_there(monkeypatch):
    assert registry.quickest(whole=True) == "scip"
    assert registry.quickest(whole=False) == "highs"
    monkeypatch.setattr(registry.util, "find_spec", lambda _package: None)
    assert registry.quickest(whole=True) == "highs"


def test_every_second_opinion_is_another_code_base():
    base = {"highs": "HiGHS", "cbc": "CBC", "scip": "SCIP", "cpsat": "CP-SAT"}
    base |= {"pulp:highs": "HiGHS", "pulp:HiGHS_CMD": "HiGHS", "pulp:cbc": "CBC", "pulp:gurobi": ""}
    for name, own in base.items():
        second = registry.second_opinion(name)
        assert second in registry.NAMES
        assert base[second] != own


def test_pulp_s_solvers_need_a_worker_since_pulp_loads_highspy():
    assert backends.describe("pulp:gurobi").ok
    with pytest.raises(BackendError, match="isolation='worker'"):
        backends.require("pulp:gurobi", "inline")
    with pytest.raises(UnknownName):
        backends.describe("pulp:")
    assert "never tried" in registry.known_bad("pulp:cbc", "3.3.1")
    assert registry.known_bad("cbc", "3.3.1") == ""  # its program is run without PuLP


def test_a_package_that_is_not_installed_is_missing_with_what_to_do(monkeypatch):
    monkeypatch.setattr(registry.util, "find_spec", lambda _package: None)
    monkeypatch.setattr(registry, "find_cbc", lambda: None)
    with pytest.raises(BackendMissing, match="pip install highspy"):
        backends.require("highs")
    with pytest.raises(BackendMissing, match=r"pip install 'pulp\[cbc\]'"):
        backends.require("cbc")


def test_a_misspelt_name_gets_its_near_match():
    with pytest.raises(UnknownName, match="Did you mean highs"):
        backends.create("hihgs")


def test_cbc_is_found_beside_pulp_then_in_cbcbox_then_on_the_path(monkeypatch, tmp_path):
    folders = {"pulp": tmp_path / "pulp", "cbcbox": tmp_path / "cbcbox"}
    monkeypatch.setattr(binary, "_package_folders", lambda name: [folders[name]])
    monkeypatch.setattr(binary.shutil, "which", lambda _name: str(tmp_path / "cbc"))
    monkeypatch.setattr(binary.sys, "platform", "linux")
    monkeypatch.setattr(binary.platform, "machine", lambda: "x86_64")
    assert binary.find_cbc() is None
    places = [
        tmp_path / "cbc",
        folders["cbcbox"] / "dist" / "bin" / "cbc",
        folders["pulp"] / "solverdir" / "cbc" / "linux" / "i64" / "cbc",
    ]
    for place in places:  # from the last resort to the first choice
        _program(place)
        assert binary.find_cbc() == place


def _program(place: Path):
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("", encoding="utf-8")
    place.chmod(0o755)
