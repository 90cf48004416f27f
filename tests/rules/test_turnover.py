"""People carried from month to month, row by row: who is there, how many join, what it costs."""

from __future__ import annotations

from fractions import Fraction

import pytest

from compiled import ask, compiled, minimised, rows
from staffopt.build import build
from staffopt.carrying import carrying_faults
from staffopt.errors import InputError
from staffopt.instance.staff import RoleKind
from staffopt.model.schema import Goal
from staffopt.rulebook import (
    CarryStaffForward,
    FillPosts,
    KeepAverageCaseload,
    LimitChange,
    LimitRecruitment,
    StayWithinBudget,
)

F = Fraction
INF = float("inf")
MONTHS = {"start": "2024-10", "end": "2024-12", "periods": "months"}
CARRY = CarryStaffForward(label="carry")
PEOPLE = {"worker": "2.0", "agency": "0.5"}
"""In the north; its 4 posts of workers are budgeted."""


def fill(**parameters):
    return FillPosts.model_validate({"label": "fill", **parameters})


def turnover(**worker):
    """A tenth of the workers leaves every month, and of the agency's staff nobody."""
    leaving = {"leavers": "0.1", "rates": "monthly", **worker}
    return {
        "roles": {
            "worker": {"set_up": "none", "turnover": leaving},
            "agency": {
                "kind": "case_holder",
                "tags": ["agency"],
                "covers": "worker",
                "step": "0.5",
                "cost": 60000,
                "turnover": {"leavers": 0},
            },
        },
        "teams": {"north": {"people": PEOPLE}},
        "calendar": MONTHS,
    }


def carried(*rules, worker=None, **tables):
    given = turnover(**(worker or {})) | tables
    return compiled(CARRY, *rules, may_change=(), **given)


def stock(program, month, role="worker"):
    """What a stock of the north is held equal to: what is left of joiners, and of today."""
    terms, low, high = rows(program, "stocks in_post")[f"north,{role},2024-{month}"]
    assert low == high
    assert terms.pop(f"in_post[north,{role},2024-{month}]") == 1
    return {label: -weight for label, weight in terms.items()}, low


def test_who_joined_is_there_less_those_who_left_since():
    # 2 · 0.9² + 0.9 · J[Oct] + J[Nov]
    assert stock(carried(fill()), "11") == (
        {"join[north,worker,2024-10]": F("0.9"), "join[north,worker,2024-11]": 1},
        2 * F("0.81"),
    )
    assert stock(carried(fill()), "11", "agency") == (
        {"join[north,agency,2024-10]": 1, "join[north,agency,2024-11]": 1},
        F("0.5"),
    )


def test_stocks_are_within_the_posts():
    found = rows(carried(fill()), "fill within posts")["north,worker,2024-11"]
    there = {"in_post[north,worker,2024-11]": 1, "in_post[north,agency,2024-11]": 1}
    assert found == (there, -INF, 4)


def test_where_joiners_may_be_any_fraction_no_unknown_stands_for_a_stock():
    tables = turnover()
    tables["roles"]["worker"]["step"] = 0
    program = compiled(CARRY, fill(), may_change=(), **tables)
    assert "in_post" not in {block.name for block in program.column_blocks}
    # 2 · 0.9² + 0.9 · J[Oct] + J[Nov] + 0.5 + cover ≤ 4
    terms, _, most = rows(program, "fill within posts")["north,worker,2024-11"]
    assert terms == {
        "join[north,worker,2024-10]": F("0.9"),
        "join[north,worker,2024-11]": 1,
        "join[north,agency,2024-10]": 1,
        "join[north,agency,2024-11]": 1,
    }
    assert most == 4 - 2 * F("0.81") - F("0.5")


def test_who_is_recruited_already_is_there_from_their_month_and_counts_as_recruited():
    tables = {"teams": {"north": {"people": PEOPLE, "starting": {"worker": {"2024-11": 1}}}}}
    limit = LimitRecruitment(label="limit", staff=RoleKind.CASE_HOLDER, limit=3, per="period")
    program = carried(fill(), limit, **tables)
    # As above, and one more: 2 · 0.9² + 1 + 0.9 · J[Oct] + J[Nov]
    assert stock(program, "11")[1] == 2 * F("0.81") + 1
    assert stock(program, "12")[1] == 2 * F("0.729") + F("0.9")
    assert rows(program, "limit")["2024-11"][2] == 3 - 1
    assert rows(program, "limit")["2024-12"][2] == 3


def test_people_are_no_decision_where_they_are_carried():
    blocks = {block.name: block for block in carried(fill()).column_blocks}
    assert blocks["people"].start == blocks["people"].stop
    assert "release" not in blocks


def test_cover_may_be_let_go_where_it_is_there():
    program = carried(fill(may_leave="cover"))
    found = rows(program, "carry who is there")
    # D[Nov] ≤ 0.5 + J[Oct] - D[Oct]
    assert found["north,agency,2024-11"] == (
        {
            "release[north,agency,2024-11]": 1,
            "release[north,agency,2024-10]": 1,
            "join[north,agency,2024-10]": -1,
        },
        -INF,
        F("0.5"),
    )
    assert {name.split(",")[1] for name in found} == {"agency"}


def test_nobody_starts_before_the_lead_time_or_out_of_season():
    def starts(**worker):
        program = carried(fill(), worker=worker)
        block = next(b for b in program.column_blocks if b.name == "join")
        labels = [program.column_label(i) for i in range(block.start, block.stop)]
        return [label[-8:-1] for label in labels if "north,worker" in label]

    assert starts() == ["2024-10", "2024-11", "2024-12"]
    assert starts(lead_time=2) == ["2024-12"]
    assert starts(intakes=["november", "may"]) == ["2024-11"]
    assert starts(lead_time=3) == []


def test_the_first_year_has_a_rate_of_its_own():
    # today's people are settled: 2 · 0.9³; who joins in October leaves at a fifth twice
    terms, left = stock(carried(fill(), worker={"leavers_first_year": "0.2"}), "12")
    assert terms["join[north,worker,2024-10]"] == F("0.64")
    assert left == 2 * F("0.729")


def test_those_known_to_be_new_leave_as_the_new_do_until_they_are_settled():
    # one of two joined eleven months ago: she leaves once at a fifth, and then at a tenth
    teams = {"north": {"people": PEOPLE, "joined": {"worker": {11: 1}}}}
    program = carried(fill(), worker={"leavers_first_year": "0.2"}, teams=teams)
    assert stock(program, "11")[1] == F("0.81") + F("0.8") * F("0.9")


def test_joiners_count_by_their_ramp_and_those_who_are_away_do_not():
    average = KeepAverageCaseload.model_validate(
        {"label": "average", "target": 25, "denominator": "adjusted", "each": "team"}
    )
    ramp = {"ramp": ["0.25", "0.5"], "absence": "0.2"}
    program = carried(fill(), average, worker=ramp)
    found, _, _ = rows(program, "average")["north,2024-12"]
    assert found == {"able[north,worker,2024-12]": 1, "able[north,agency,2024-12]": 1}
    terms, left, _ = rows(program, "stocks able")["north,worker,2024-12"]
    terms = {label: -weight for label, weight in terms.items()}
    # of J[Oct] 0.81 are left and hold full caseloads, of J[Nov] 0.9 hold a half, J[Dec] a quarter
    assert terms["join[north,worker,2024-10]"] == F("0.81") * F("0.8")
    assert terms["join[north,worker,2024-11]"] == F("0.9") * F("0.5") * F("0.8")
    assert terms["join[north,worker,2024-12]"] == F("0.25") * F("0.8")
    assert left == 2 * F("0.729") * F("0.8")


def test_who_progresses_is_there_in_the_next_role_with_the_months_they_have():
    tables = turnover(leavers_first_year="0.2")
    tables["roles"]["new"] = {
        "kind": "case_holder",
        "step": 1,
        "cost": 30000,
        "turnover": {
            "leavers": 0,
            "rates": "monthly",
            "progresses_to": "worker",
            "progresses_after": 2,
        },
    }
    tables["teams"]["north"] = {"posts": {"new": 2}, "people": {**PEOPLE, "new": 2}}
    program = compiled(CARRY, fill(), may_change=(), **tables)
    # two months long, so that of two one came in each: the first progresses in October, the other
    # in November; who joins in October progresses in December, two months old: leaving at a fifth
    assert stock(program, "11")[1] == 2 * F("0.81") + F("0.8") + 1
    assert stock(program, "10", "new") == ({"join[north,new,2024-10]": 1}, 1)
    assert stock(program, "11", "new")[1] == 0
    assert stock(program, "12", "new")[0] == {
        "join[north,new,2024-11]": 1,
        "join[north,new,2024-12]": 1,
    }
    assert stock(program, "12")[0]["join[north,new,2024-10]"] == 1


@pytest.mark.parametrize(
    ("parameters", "where", "terms"),
    [
        ({}, "2024-11", ["2024-10", "2024-11"]),
        ({"per": "period"}, "2024-11", ["2024-11"]),
        ({"per": "year"}, "2024/25", ["2024-10", "2024-11", "2024-12"]),
        ({"per": "year", "months": ["november", "december"]}, "2024/25", ["2024-11", "2024-12"]),
    ],
)
def test_those_who_join_are_limited_in_all_in_a_month_or_in_a_year(parameters, where, terms):
    supply = LimitRecruitment.model_validate({"label": "supply", "limit": 3, **parameters})
    found = rows(carried(fill(), supply), "supply")[where]
    joined = {
        f"join[{team},worker,{month}]": 1
        for team in ("north", "office", "south")
        for month in terms
    }
    assert found == (joined, -INF, 3)


def test_a_limit_in_a_season_leaves_other_months_alone():
    supply = LimitRecruitment.model_validate(
        {"label": "supply", "limit": 3, "per": "period", "months": ["november"]}
    )
    found = rows(carried(fill(), supply), "supply")
    assert {month for month, (terms, _, _) in found.items() if terms} == {"2024-11"}


def test_posts_added_are_limited_in_each_year_by_what_is_added_in_it():
    years = {"periods": "financial_years"}
    supply = LimitRecruitment.model_validate({"label": "supply", "limit": 3, "per": "period"})
    found = rows(compiled(supply, may_change=(RoleKind.CASE_HOLDER,), calendar=years), "supply")
    assert found["2025/26"][0]["change[north,worker,2025/26]"] == 1
    assert found["2025/26"][0]["change[north,worker,2024/25]"] == -1
    assert found["2024/25"][0]["change[north,worker,2024/25]"] == 1


def test_recruiting_is_paid_once_in_the_month_of_joining():
    growth = {"name": "Growth", "pays_for": {"added_posts": ["all"]}, "ceiling": 10000}
    budget = StayWithinBudget(label="budget")
    tables = {"calendar": {**MONTHS, "end": "2025-04"}, "funds": {"growth": growth}}
    program = carried(fill(), budget, worker={"recruitment": 3000}, **tables)
    first, second = (
        rows(program, "budget")[f"growth,{year}"][0] for year in ("2024/25", "2025/26")
    )
    assert first["join[south,worker,2025-03]"] == 3000
    assert "join[south,worker,2025-04]" not in first
    assert second["join[south,worker,2025-04]"] == 3000
    assert "join[south,worker,2025-03]" not in second


def test_who_leaves_by_themselves_is_no_change_of_the_plans():
    limit = LimitChange.model_validate({"label": "change", "counted": "in_post", "times": 1})
    found = rows(carried(fill(), limit), "change most up")["north,worker,2024-11"]
    made = {"up change[north,worker,2024-11]": -100}
    assert found[0] == {"join[north,worker,2024-11]": 1, **made}


def test_cheapest_is_to_let_go_cover_whom_joiners_replace():
    # cover costs 20,000 a year above the post: half a one saves 2,500 in three months
    goals = (Goal(minimise="cost"), Goal(minimise="change_from_today"))
    asked = ask(
        CARRY,
        fill(may_leave="cover"),
        goals=goals,
        may_change=(),
        **turnover(),
    )
    reached = minimised(asked).reached
    assert [round(goal.value, 6) for goal in reached] == [-2500, 0.5]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"calendar": {**MONTHS, "periods": "one"}}, "not-by-months"),
        ({"rules": [CARRY]}, "posts-not-filled"),
        ({"rules": [CARRY, fill(scope="north")]}, "posts-not-filled"),
        ({"pins": {"people": {"north": {"worker": 3}}}}, "pinned-and-carried"),
        ({"worker": {"digits": 12}, "calendar": {**MONTHS, "end": "2040-12"}}, "too-many-digits"),
        ({"worker": {"recruitment": "unknown"}}, "unknown-cost"),
        ({"worker": {"progresses_to": "lead"}}, "progress-to-nowhere"),
    ],
)
def test_what_cannot_be_carried_forward_is_refused_in_words(changes, code):
    rules = changes.pop("rules", [CARRY, fill()])
    tables = turnover(**changes.pop("worker", {})) | changes
    (fault,) = carrying_faults(ask(*rules, may_change=(), **tables))
    assert fault.code == code
    assert fault.mend.endswith(".")


def test_a_role_without_turnover_is_refused():
    tables = turnover()
    del tables["roles"]["agency"]["turnover"]
    (fault,) = carrying_faults(ask(CARRY, fill(), may_change=(), **tables))
    assert (fault.code, fault.place.path) == ("no-turnover", "roles.agency.turnover")


def test_heads_of_those_who_are_carried_cannot_be_counted():
    from staffopt.rulebook import KeepMinimumStaffing

    least = KeepMinimumStaffing.model_validate({"label": "least", "least": 1, "measure": "heads"})
    with pytest.raises(InputError, match="heads"):
        build(ask(CARRY, fill(), least, may_change=(), **turnover()))
