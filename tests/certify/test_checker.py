"""The checker refuses what was tampered with, and needs nothing of the engine."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from small_programs import NO_POINT, below, certificate, least, program, seek
from staffopt.certify import checker
from staffopt.certify.checker import Refused, check, seal

STATED = program(
    [(0, 4, True), (0, 3, True), (0, None, False)],
    [([4, 7, 2], "35/2", None), ([-3, 1, 1], "-1/2", "5/2"), ([0, 0, 1], None, "7/3")],
    [9, 5, 0],
    [0, 0, 1],
)
# 19 = 9 + 2·5: x = 1, y = 2 give 18 ≥ 17.5; then z ≥ 3 - 2 - 1/2. Cheaper: 4x + 7y ≥ 17.5 - 14/3
# leaves y = 2, which needs z ≥ 1.75 and z ≤ 0.5, and y = 3, which needs z ≤ -0.5.
HONEST = certificate(STATED, seek(STATED, below(19), below("499/1000", 1, [19])))
EMPTY = program([(0, 3, True)] * 2, [([2, 3], "15/2", "17/2"), ([3, -2], "1/2", "3/2")], [1, 1])
NONE = certificate(EMPTY, seek(EMPTY, NO_POINT))


def places(tree, path=()):
    """Give the path of everything in a certificate that is no table and no list."""
    if isinstance(tree, dict | list):
        keys = tree if isinstance(tree, dict) else range(len(tree))
        for key in keys:
            yield from places(tree[key], (*path, key))
    else:
        yield path


def changed(value):
    """Give other values in the place of one."""
    if isinstance(value, bool):
        return [not value, 1]
    if isinstance(value, int):
        return [value + 1, value - 1, -value, 0, 10**30, float("nan"), str(value), None]
    if value is None:
        return ["0", "2", "-3"]
    if isinstance(value, str) and value.lstrip("-").replace("/", "").isdigit():
        return [f"{value}1", "0", "-1", "1/3", "1/0", "inf", "nan", "1e9", 1.5, None]
    return [f"{value} ", "", None]


def tampered(honest):
    for path in places(honest):
        *way, last = path
        if path == ("seal",):
            continue
        place = honest
        for key in way:
            place = place[key]
        for other in changed(place[last]):
            if other == place[last] and type(other) is type(place[last]):
                continue
            forged = copy.deepcopy(honest)
            place = forged
            for key in way:
                place = place[key]
            place[last] = other
            yield path, other, forged
            place = honest
            for key in way:
                place = place[key]


LISTS = (
    ("rows",),
    ("columns",),
    ("goals",),
    ("claims",),
    ("claims", 0, "nodes"),
    ("claims", 0, "bounds"),
    ("claims", 0, "held"),
)


def shorter(honest):
    """Leave out, double and swap nodes, bounds, rows, columns and claims."""
    for path in LISTS:
        for kind in ("drop", "swap") if path == ("columns",) else ("drop", "double", "swap"):
            forged = copy.deepcopy(honest)
            place = forged
            for key in path:
                place = place[key]
            if kind == "drop" and place:
                place.pop()
            elif kind == "double" and place:
                place.append(copy.deepcopy(place[-1]))
            elif kind == "swap" and len(place) > 1:
                place[0], place[-1] = place[-1], place[0]
            if forged != honest:
                yield (*path, kind), None, forged


def resealed(forged):
    try:
        return {**forged, "seal": seal(forged)}
    except ValueError:
        return forged


HONESTS = {"a tree and a later goal": HONEST, "no plan": NONE}


def test_the_honest_ones_hold_and_have_splits():
    assert (least(STATED), [one.goal for one in check(HONEST)]) == (19, [0, 1])
    assert [one.goal for one in check(NONE)] == [None]
    assert any("split" in node for node in HONEST["claims"][0]["nodes"])


@pytest.mark.parametrize("honest", HONESTS.values(), ids=HONESTS)
def test_every_change_is_refused_by_the_seal(honest):
    for path, other, forged in [*tampered(honest), *shorter(honest)]:
        with pytest.raises(Refused):  # noqa: PT012 (which change it was is worth telling)
            check(forged)
            pytest.fail(f"{path} → {other!r}")


@pytest.mark.parametrize("honest", HONESTS.values(), ids=HONESTS)
def test_whoever_forges_the_seal_as_well_can_prove_nothing_false(honest):
    refused = accepted = 0
    for path, other, forged in [*tampered(honest), *shorter(honest)]:
        try:
            claims = check(resealed(forged))
        except Refused:
            refused += 1
            continue
        accepted += 1
        for one in claims:
            assert holds(forged, one), (path, other)
    assert refused > accepted > 0  # names and the like may be changed


def holds(stated, one):
    """Say by enumeration whether a claim is true of a program, whatever was made of it."""
    if one.goal is None:
        return least({**stated, "goals": []}) is None
    rows = [
        {"terms": stated["goals"][k]["terms"], "lower": None,
         "upper": str(value - checker._fraction(stated["goals"][k]["offset"]))}
        for k, value in enumerate(one.held)
    ]  # fmt: skip
    best = least({**stated, "rows": stated["rows"] + rows}, one.goal)
    offset = checker._fraction(stated["goals"][one.goal]["offset"])
    return best is None or best + offset >= one.below


@pytest.mark.parametrize("lever", [-1, 1])
def test_a_leaf_s_multipliers_turned_round_are_refused(lever):
    forged = copy.deepcopy(HONEST)
    leaf = next(node for node in forged["claims"][0]["nodes"] if "multipliers" in node)
    key = next(iter(leaf["multipliers"]))
    leaf["multipliers"][key] *= -1
    leaf["multipliers"][key] += lever
    with pytest.raises(Refused, match="is not impossible"):
        check(resealed(forged))


def test_a_split_of_a_column_that_need_not_be_whole_is_refused():
    forged = copy.deepcopy(HONEST)
    node = next(node for node in forged["claims"][0]["nodes"] if "split" in node)
    node["split"][0] = 2
    with pytest.raises(Refused, match="need not be whole"):
        check(resealed(forged))


def test_a_tree_that_leads_back_to_its_root_is_refused():
    forged = copy.deepcopy(HONEST)
    node = next(node for node in forged["claims"][0]["nodes"] if "split" in node)
    node["up"] = 0
    with pytest.raises(Refused, match="used twice"):
        check(resealed(forged))


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "3", '{"certificate": 2}', "[" * 10**5])
def test_what_is_no_certificate_is_refused(tmp_path, text):
    file = tmp_path / "c.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refused):
        check(checker.read(file))


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def test_the_checker_runs_away_from_the_package_on_the_standard_library_alone(tmp_path):
    copied = Path(shutil.copy(checker.__file__, tmp_path / "apart.py"))
    file = tmp_path / "c.json"
    file.write_text(json.dumps(HONEST), encoding="utf-8")
    done = run(sys.executable, "-I", "-S", str(copied), str(file))
    assert (done.returncode, done.stdout.count("proved: no plan has g")) == (0, 2)


def test_the_checker_says_what_it_refuses_and_ends_with_one(tmp_path):
    file = tmp_path / "c.json"
    file.write_text(json.dumps({**HONEST, "inputs": "others"}), encoding="utf-8")
    done = run(sys.executable, "-m", "staffopt.certify.checker", str(file))
    assert (done.returncode, done.stdout[:8]) == (1, "REFUSED:")
    assert run(sys.executable, "-m", "staffopt.certify.checker", "nowhere.json").returncode == 1
