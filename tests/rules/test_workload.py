"""Average caseloads and released time, as the solver is told of them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from pydantic import ValidationError

from compiled import KEEP, allows, compiled, rows
from staffopt.algebra.program import NONE, ParameterKind, Strict
from staffopt.errors import InputError
from staffopt.rulebook import KeepAverageCaseload, ReleaseTime

INF = float("inf")
N, S = "change[north,worker]", "change[south,worker]"


def average(**parameters):
    return KeepAverageCaseload.model_validate({"label": "average", **parameters})


def release(**parameters):
    given = {"label": "release", "hours": 6, "contract_hours": 36, "ratio": 4, **parameters}
    return ReleaseTime.model_validate(given)


@pytest.mark.parametrize(
    ("rounding", "target", "added"),
    [
        # 160 cases on 8 FTE. 160 ÷ 18.5 = 8.65: 0.65 are missing.
        ("none", "18.5", 1),
        ("posts_nearest", "18.5", 1),
        ("posts_up", "18.5", 1),
        # 160 ÷ 19 = 8.42: 0.42 are missing.
        ("none", "19", 1),
        ("posts_nearest", "19", 0),
        ("posts_up", "19", 1),
        # printed 19 is below 19.5: 160 ÷ 19.5 = 8.21, so 9 FTE
        ("printed(0)", "19", 1),
        # printed 20 is below 20.5: 160 ÷ 20.5 = 7.8, so today's 8 do
        ("printed(0)", "20", 0),
        # printed 19.9 is below 19.95: 160 ÷ 19.95 = 8.02, so 9 FTE
        ("printed(1)", "19.9", 1),
        # a target to more decimals than are printed: 19.97 holds what is printed 19.9 or less
        ("printed(1)", "19.97", 1),
        # 160 ÷ 40 = 4: nothing is missing. Rounded posts are never fewer than none added.
        ("posts_nearest", "40", 0),
        ("posts_up", "40", 0),
        # unrounded, the target alone would be met with 4 fewer
        ("none", "40", -4),
    ],
)
def test_each_rounding_asks_for_its_own_posts(rounding, target, added):
    program = compiled(average(target=target, rounding=rounding))
    assert rows(program, "average") == {"": ({N: 1, S: 1}, added, INF)}


@pytest.mark.parametrize(
    ("cases", "step", "rounding", "added"),
    [
        ("70", "1", "posts_nearest", 1),  # 170 ÷ 20 = 8.5: half a post is rounded up to one
        ("69", "1", "posts_nearest", 0),  # 169 ÷ 20 = 8.45
        ("65", "0.5", "posts_nearest", Fraction(1, 2)),  # 8.25: a quarter goes up to a half
        ("61", "0.5", "posts_up", Fraction(1, 2)),  # 8.05
        ("61", "0.5", "none", Fraction(1, 2)),
        ("64", "1", "printed(0)", 1),  # 164 ÷ 8 = 20.5 is printed 21
        ("63", "1", "printed(0)", 0),  # 163 ÷ 8 = 20.375 is printed 20
    ],
)
def test_steps_and_halves_are_rounded_as_the_policy_says(cases, step, rounding, added):
    program = compiled(
        average(target=20, rounding=rounding),
        teams={"south": {"cases": cases}},
        roles={"worker": {"step": step}},
    )
    [(_, lower, _)] = rows(program, "average").values()
    assert lower == added


def test_each_team_has_its_own_row():
    # 100 ÷ 16 = 6.25 → 7 FTE, 60 ÷ 16 = 3.75 → 4 FTE
    program = compiled(average(target=16, each="team"))
    assert rows(program, "average") == {"north": ({N: 1}, 3, INF), "south": ({S: 1}, 0, INF)}


def test_case_types_count_by_their_weights():
    # 40 plain and 30 of weight 2 are 100 cases
    program = compiled(
        average(target=16, scope="north"),
        case_types={"plain": {}, "complex": {"weight": 2}},
        teams={"north": {"cases": {"plain": 40, "complex": 30}}},
    )
    assert rows(program, "average") == {"": ({N: 1}, 3, INF)}


def test_every_period_meets_the_target():
    program = compiled(average(target=16, scope="north"), calendar={"periods": "financial_years"})
    assert rows(program, "average") == {
        year: ({f"change[north,worker,{year}]": 1}, 3, INF) for year in ("2024/25", "2025/26")
    }


def test_a_row_of_the_target_says_what_it_comes_from():
    program = compiled(average(target=20, rounding="printed(0)"))
    [index] = [i for i in range(program.matrix.rows) if program.row_label(i).startswith("average")]
    tags = program.row_tags
    assert program.names[tags.parameter[index]] == "standards.average.target"
    assert tags.parameter_kind[index] == ParameterKind.COEFFICIENT
    assert tags.strict[index] == Strict.LOWER
    assert tags.quantum[index] == 1
    assert tags.block[index] == NONE


def test_off_a_lattice_a_strict_edge_keeps_its_margin():
    # printed 20 is below 20.5: 160 ÷ 20.5 − 8, and the margin of 0.01 on top
    tables = {"roles": {"worker": {"step": 0}}}
    rule = average(target=20, rounding="printed(0)", margin="0.01")
    [(_, lower, _)] = rows(compiled(rule, **tables), "average").values()
    assert lower == Fraction(160) / Fraction("20.5") - 8 + Fraction(1, 100)


@pytest.mark.parametrize(
    ("rule", "tables", "code"),
    [
        (
            average(target=20, rounding="printed(0)"),
            {"roles": {"worker": {"step": 0}}},
            "no-margin",
        ),
        (average(target=20, rounding="posts_up"), {"roles": {"worker": {"step": 0}}}, "no-common"),
        (average(target=20), {"teams": {"north": {"cases": "unknown"}}}, "unknown-cases"),
        (average(target=20, basis="effective"), {}, "no-release-time"),
        (
            average(target=20, rounding="posts_up"),
            {"roles": {"newly": {"kind": "case_holder", "step": "0.5", "cost": 1}}},
            "no-common-step",
        ),
    ],
)
def test_what_cannot_be_stated_is_refused_with_a_reason(rule, tables, code):
    with pytest.raises(InputError) as raised:
        compiled(rule, **tables)
    assert raised.value.faults[0].code.startswith(code)


def test_two_steps_make_a_lattice_of_their_common_measure():
    # Steps of 1 and 0.5: 160 ÷ 19.5 = 8.205 → 8.5 FTE
    role = {"kind": "case_holder", "step": "0.5", "cost": 1, "teams": ["north"]}
    program = compiled(average(target="19.5"), roles={"newly": role})
    terms = {"change[north,newly]": 1, N: 1, S: 1}
    assert rows(program, "average") == {"": (terms, Fraction(1, 2), INF)}


def test_served_is_under_three_bounds_a_team():
    program = compiled(release(scope=["north", "south"]))
    officer = "change[north,officer]"
    assert rows(program, "release by supported") == {
        "north": ({"served[north]": 1, N: -1}, -INF, 4),
        "south": ({"served[south]": 1, S: -1}, -INF, 4),
    }
    assert rows(program, "release by ratio")["north"] == (
        {"served[north]": 1, officer: -4},
        -INF,
        4,
    )
    # an officer has 36 hours and gives 6 to each: 6 at most
    assert rows(program, "release by hours")["north"] == (
        {"served[north]": 1, officer: -6},
        -INF,
        6,
    )


def test_only_those_newly_served_count_towards_an_effective_average():
    # today min(4, 4 · 1, 6 · 1) = 4 are served in the north: 4 + Δ + (served − 4) ÷ 6 ≥ 100 ÷ 20
    program = compiled(release(), average(target=20, basis="effective", scope="north"))
    terms = {N: 1, "served[north]": Fraction(1, 6)}
    assert rows(program, "average") == {"": (terms, Fraction(5, 3), INF)}


@pytest.mark.parametrize(
    ("ratio", "officers", "cases"),
    [
        (4, "2", 56),  # least of 4 workers, 8 and 12: 4 + 4/6 = 56 ÷ 12
        (4, "0.5", 52),  # least of 4, 4 · 0.5 = 2 and 3: 4 + 2/6 = 52 ÷ 12
        (8, "0.5", 54),  # least of 4, 8 · 0.5 = 4 and 6 · 0.5 = 3: 4 + 3/6 = 54 ÷ 12
    ],
    ids=["by the workers", "by the ratio", "by the hours"],
)
def test_each_of_the_three_bounds_can_be_the_least(ratio, officers, cases):
    rules = release(ratio=ratio), average(target=12, basis="effective", scope="south")
    change = {("south", "officer"): officers}
    assert allows(*rules, change=change, teams={"south": {"cases": str(cases)}})
    assert not allows(*rules, change=change, teams={"south": {"cases": f"{cases}.1"}})


def test_two_rules_of_released_time_add_up_as_they_are_verified():
    # The north's 4 are served today. In the south an officer serves 4 workers: 4/6 newly.
    north = release(label="one", scope="north")
    south = release(label="two", scope="south")
    target = average(target=12, basis="effective", scope="south")
    served = {("south", "officer"): "1"}
    teams = {"south": {"cases": "56"}}  # 4 + 4/6 = 56 ÷ 12
    assert allows(north, south, target, change=served, teams=teams)
    assert allows(south, north, target, change=served, teams=teams)


@pytest.mark.parametrize(
    ("rounding", "added", "allowed"),
    [
        ("none", 0, False),
        ("none", 1, True),
        ("posts_nearest", 0, True),
        ("posts_up", 0, False),
        ("posts_up", 1, True),
        ("printed(0)", 0, False),
        ("printed(0)", 1, True),
    ],
)
def test_pinned_posts_meet_a_target_or_do_not(rounding, added, allowed):
    # target 19: 160 ÷ 8 = 20, 160 ÷ 9 = 17.8; 0.42 posts are needed
    rule = average(target=19, rounding=rounding)
    assert allows(rule, change={("north", "worker"): added}) is allowed


def test_a_rule_that_asks_nothing_says_so():
    assert compiled(KEEP, may_change=()).notes == ("keep asks nothing here",)


COUNTED = {
    # 3 of 4 workers are in post; half of an asye's time holds cases and counts as 0.6 of a load
    "roles": {
        "asye": {"kind": "case_holder", "cost": 30000, "case_holding": "0.5", "counts_as": "0.6"}
    },
    "teams": {"north": {"posts": {"worker": 4, "asye": 2}, "people": {"worker": 3}}},
}
ASYE = "change[north,asye]"


@pytest.mark.parametrize(
    ("denominator", "part", "least"),
    [
        # 100 ÷ 18 = 5.56. posts: 6 there, 6 wanted. in post: 5 there, so 1 more.
        ("posts", 1, 0),
        ("in_post", 1, 1),
        # holding: 3 + 2/2 = 4, in halves: 6 wanted, since 5.5 are too few
        ("case_holders", Fraction(1, 2), 2),
        # adjusted: 3 + 2 · 0.3 = 3.6, in steps of 0.1: 5.6 wanted
        ("adjusted", Fraction(3, 10), 2),
    ],
)
def test_each_denominator_counts_its_own(denominator, part, least):
    program = compiled(average(target=18, scope="north", denominator=denominator), **COUNTED)
    assert rows(program, "average") == {"": ({N: 1, ASYE: part}, least, INF)}


def test_a_strict_edge_closes_on_the_step_of_what_is_counted():
    # printed 18 is below 18.5: 100 ÷ 18.5 = 5.405. In tenths from 3.6 that is 5.5.
    rule = average(target=18, scope="north", denominator="adjusted", rounding="printed(0)")
    assert rows(compiled(rule, **COUNTED), "average") == {
        "": ({N: 1, ASYE: Fraction(3, 10)}, Fraction("1.9"), INF)
    }


@pytest.mark.parametrize("denominator", ["in_post", "case_holders", "adjusted"])
@pytest.mark.parametrize("rounding", ["posts_nearest", "posts_up"])
def test_posts_are_rounded_only_where_posts_are_counted(denominator, rounding):
    with pytest.raises(ValidationError, match="rounds posts, and cases are divided by"):
        average(target=18, denominator=denominator, rounding=rounding)


def test_who_is_served_today_may_be_told_and_leaves_the_others_newly_served():
    # North: 4 workers, an officer who serves 4 of them. If it has served 2 only until today, 2 more
    # are worth 2 × 6 ÷ 36 = 0.33: 100 ÷ 4.33 = 23.08, and 25 without.
    rule = average(target="23.1", scope="north", basis="effective")
    assert not allows(rule, release(scope="north"))
    assert allows(rule, release(scope="north", served_today={"north": 2}))
    assert not allows(rule, release(scope="north", served_today={"north": "2.1"}))  # 100 ÷ 4.32
