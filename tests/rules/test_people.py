"""People apart from posts, row by row: who fills posts, in which mix, and how many there are."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import staffopt as so
from compiled import KEEP, ask, compiled, minimised, rows
from staffopt.build import build
from staffopt.errors import InputError
from staffopt.instance.staff import RoleKind
from staffopt.model.schema import Goal
from staffopt.rulebook import (
    FillPosts,
    KeepMinimumStaffing,
    LimitChange,
    LimitRecruitment,
    LimitShare,
    LimitSpanOfControl,
)

INF = float("inf")
HOLDERS = (RoleKind.CASE_HOLDER,)
HALF = Fraction(1, 2)
YEARS = {"periods": "financial_years"}

# north has 4 posts of workers, 2 people and half an agency worker in them; south is full.
STAFF = {
    "roles": {
        "worker": {"tags": ["experienced"], "cost": 40000, "set_up": "none"},
        "agency": {
            "kind": "case_holder",
            "tags": ["agency"],
            "covers": "worker",
            "step": "0.5",
            "cost": 60000,
        },
    },
    "teams": {"north": {"people": {"worker": 2, "agency": "0.5"}}},
}


def fill(**parameters):
    return FillPosts.model_validate({"label": "fill", **parameters})


def staffed(*rules, may_change=(), **tables):
    return compiled(*rules, may_change=may_change, **STAFF, **tables)


def test_what_is_not_asked_for_is_not_said():
    hired = "people are hired for case holder posts apart from the posts being funded"
    assert fill().words == hired
    assert fill(filled="0.9", may_leave="cover").words == (
        f"{hired}, so that at least 90% of each team's are filled, and agency staff may be let go"
    )


def test_people_and_cover_of_a_role_are_within_its_posts():
    # 2 + Δw + 0.5 + Δa ≤ 4; the office has no workers and may have none
    found = rows(staffed(fill()), "fill within posts")
    assert found["north,worker"] == (
        {"people[north,worker]": 1, "people[north,agency]": 1},
        -INF,
        Fraction(3, 2),
    )
    assert found["south,worker"][2] == 0
    assert found["office,worker"][2] == 0
    assert set(found) == {"north,worker", "office,worker", "south,worker"}


def test_a_surplus_is_allowed_above_the_posts():
    assert rows(staffed(fill(surplus="0.5")), "fill within posts")["north,worker"][2] == 2


def test_a_share_of_the_posts_is_filled_in_every_team():
    # 2.5 + Δw + Δa ≥ 0.9 · 4 = 3.6; the office has none to fill
    found = rows(staffed(fill(filled="0.9")), "fill filled")
    north = {"people[north,worker]": 1, "people[north,agency]": 1}
    assert found["north"] == (north, Fraction(11, 10), INF)
    assert found["office"][1] == 0


@pytest.mark.parametrize(
    ("may_leave", "staying"),
    [("nobody", {"worker", "agency"}), ("cover", {"worker"}), ("anybody", set())],
)
def test_who_may_not_leave_is_there_from_period_to_period(may_leave, staying):
    program = staffed(fill(may_leave=may_leave), calendar=YEARS)
    found = rows(program, "fill stay")
    assert {name.split(",")[1] for name in found} == staying
    if staying:
        first, second = (f"people[north,worker,{year}]" for year in ("2024/25", "2025/26"))
        assert found["north,worker,2024/25"] == ({first: 1}, 0, INF)
        assert found["north,worker,2025/26"] == ({second: 1, first: -1}, 0, INF)


def test_nobody_is_let_go_who_is_not_there():
    program = staffed(fill(may_leave="anybody"))
    lower = {program.column_label(i): v for i, v in enumerate(program.matrix.col_lower)}
    people = {
        tuple(name.removeprefix("people[").split(",")[:2]): low for name, low in lower.items()
    }
    assert people["north", "agency"] == -1  # half an agency worker is one step
    assert people["north", "worker"] == -2
    assert people["south", "worker"] == -4


def test_without_the_rule_people_go_with_posts_and_vacancies_stay():
    share = LimitShare(label="share", tag="experienced", least="0.5")
    found = rows(staffed(KEEP, share, may_change=HOLDERS), "share least")
    # 2 + Δ ≥ (2 + 0.5 + Δ) ÷ 2
    assert found["north"] == ({"change[north,worker]": HALF}, Fraction(-3, 4), INF)


def test_a_vacancy_that_stays_is_no_post_to_cut():
    program = staffed(may_change=HOLDERS)
    lower = {program.column_label(i)[:12]: v for i, v in enumerate(program.matrix.col_lower)}
    assert lower["change[north"[:12]] == -2  # 4 posts, 2 of them vacant
    assert lower["change[south"[:12]] == -4


def test_a_program_without_people_is_the_same_where_nobody_asks_for_them():
    plain = compiled(KEEP, may_change=HOLDERS)
    tagged = {"worker": {"tags": ["experienced"]}}
    other = compiled(KEEP, may_change=HOLDERS, roles=tagged)
    assert [b.name for b in plain.column_blocks] == [b.name for b in other.column_blocks]
    assert not any(b.name == "people" for b in plain.column_blocks)
    assert (plain.matrix.data == other.matrix.data).all()


def test_recruitment_limits_people_hired_and_not_those_an_agency_sends():
    supply = LimitRecruitment(label="supply", limit=2)
    hired = {f"people[{team},worker]": 1 for team in ("north", "office", "south")}
    assert rows(staffed(fill(), supply), "supply") == {"": (hired, -INF, 2)}
    agency = LimitRecruitment(label="supply", limit=2, tag="agency")
    sent = {f"people[{team},agency]": 1 for team in ("north", "office", "south")}
    assert rows(staffed(fill(), agency), "supply") == {"": (sent, -INF, 2)}


def test_a_share_is_of_people_in_post_or_of_posts():
    share = LimitShare(label="share", tag="agency", most="0.2")
    # 0.5 + Δa ≤ (2.5 + Δa + Δw) ÷ 5: 0.8 Δa − 0.2 Δw ≤ 0
    terms = {"people[north,agency]": Fraction(4, 5), "people[north,worker]": Fraction(-1, 5)}
    assert rows(staffed(fill(), share), "share most")["north"] == (terms, -INF, 0)
    pooled = LimitShare(label="share", tag="agency", most="0.2", each="scope")
    # 0.5 − (2.5 + 4) ÷ 5 = −0.8
    assert rows(staffed(fill(), pooled), "share most")[""][2] == Fraction(4, 5)
    posts = LimitShare(label="share", tag="agency", most="0.2", counted="posts")
    assert rows(staffed(fill(), posts), "share most")["north"] == ({}, -INF, Fraction(4, 5))


def test_a_share_may_be_of_one_kind_among_several():
    both = (RoleKind.CASE_HOLDER, RoleKind.SUPPORT)
    share = LimitShare(label="share", kind="support", of=both, least="0.1", counted="posts")
    program = staffed(share, may_change=(RoleKind.SUPPORT,))
    # 1 + Δo ≥ (4 + 1 + Δo) ÷ 10
    found = rows(program, "share least")["north"]
    assert found == ({"change[north,officer]": Fraction(9, 10)}, Fraction(-1, 2), INF)


def test_minimum_staffing_is_by_number_and_for_each_supervised():
    rule = KeepMinimumStaffing(
        label="minimum", tag="experienced", least=3, supervised="agency", per=2
    )
    program = staffed(fill(), rule)
    hired, sent = "people[north,worker]", "people[north,agency]"
    assert rows(program, "minimum least")["north"] == ({hired: 1}, 1, INF)
    # 2 + Δw ≥ 2 · (0.5 + Δa)
    assert rows(program, "minimum per")["north"] == ({hired: 1, sent: -2}, -1, INF)


def test_heads_are_the_fte_rounded_up_and_neither_fewer_nor_more():
    rule = KeepMinimumStaffing(label="minimum", tag="agency", least=1, measure="heads")
    program = staffed(fill(), rule)
    heads, sent = "heads minimum[north,agency]", "people[north,agency]"
    # heads ≥ 0.5 + Δa; on halves, heads ≤ 0.5 + Δa + 1 − 0.5
    assert rows(program, "minimum heads at least")["north,agency"] == (
        {heads: 1, sent: -1},
        HALF,
        INF,
    )
    assert rows(program, "minimum heads at most")["north,agency"] == ({heads: 1, sent: -1}, -INF, 1)
    assert rows(program, "minimum least")["north"] == ({heads: 1}, 1, INF)


def test_heads_of_a_role_on_no_step_are_refused():
    rule = KeepMinimumStaffing(label="minimum", least=1, measure="heads", counted="posts")
    with pytest.raises(InputError, match="may be anything"):
        compiled(rule, may_change=HOLDERS, roles={"worker": {"step": 0}})


def test_a_span_by_heads_counts_people_on_both_sides():
    span = LimitSpanOfControl(
        label="span", managers="support_lead", staff="support", span=3, measure="heads"
    )
    [(terms, lower, upper)] = rows(compiled(span), "span").values()
    assert terms["heads span[north,officer]"] == 1
    assert terms["heads span[office,lead]"] == -3
    assert (lower, upper) == (-INF, 0)


def test_changes_are_of_a_size_and_not_often():
    rule = LimitChange(label="change", least=2, most=10, times=1)
    program = compiled(KEEP, rule, may_change=HOLDERS, calendar=YEARS)
    years = ("2024/25", "2025/26")
    (first, second), (up, later) = (
        [f"{name}[north,worker,{year}]" for year in years] for name in ("change", "up change")
    )
    found = rows(program, "change most up")
    assert found["north,worker,2024/25"] == ({first: 1, up: -10}, -INF, 0)
    assert found["north,worker,2025/26"] == ({second: 1, first: -1, later: -10}, -INF, 0)
    least = rows(program, "change least up")["north,worker,2024/25"]
    assert least == ({first: 1, up: -2}, 0, INF)
    assert rows(program, "change times")["north,worker"] == ({up: 1, later: 1}, -INF, 1)
    assert not rows(program, "change one way")  # nothing can be cut


def test_a_change_goes_one_way_at_a_time_where_posts_may_be_cut():
    program = compiled(LimitChange(label="change", least=2, most=10), may_change=HOLDERS)
    change, up, down = (f"{n}[north,worker]" for n in ("change", "up change", "down change"))
    assert rows(program, "change one way")["north,worker"] == ({up: 1, down: 1}, -INF, 1)
    assert rows(program, "change most down")["north,worker"] == ({change: -1, down: -10}, -INF, 0)
    least = rows(program, "change least down")["north,worker"]
    assert least == ({change: -1, down: -2, up: 10}, 0, INF)


def test_agency_use_is_counted_by_the_months_of_each_period():
    goals = (Goal(minimise="agency_use"),)
    program = build(ask(fill(may_leave="cover"), goals=goals, **STAFF, calendar=YEARS), exact=True)
    vector = {
        program.column_label(i): program.goals[0].vector[i]
        for i in np.flatnonzero(program.goals[0].vector)
    }
    # 6 months of 2024/25 and 12 of 2025/26, a half at a time; 0.5 there today: 18 · 0.5 = 9
    assert vector["people[north,agency,2024/25]"] == 3
    assert vector["people[north,agency,2025/26]"] == 6
    assert program.goals[0].offset == 9
    reached = minimised(ask(fill(may_leave="cover"), goals=goals, **STAFF, calendar=YEARS)).reached
    assert reached[0].value == 0  # the half agency worker is let go


def test_premiums_are_paid_by_who_pays_for_added_posts_and_saved_for_nobody():
    funds = {"growth": {"name": "Growth", "pays_for": {"added_posts": ["all"]}, "ceiling": 10000}}
    goals = (Goal(minimise="full_year_cost"),)
    enough = fill(filled="0.75", may_leave="cover")
    # 0.75 · 4 = 3: half an agency worker more, (60,000 − 40,000) ÷ 2, or a worker for nothing
    reached = minimised(ask(enough, goals=goals, may_change=(), **STAFF, funds=funds)).reached
    assert reached[0].value == -10000  # a worker is hired and the half agency worker let go
    none = LimitRecruitment(label="supply", limit=0)
    reached = minimised(ask(enough, none, goals=goals, may_change=(), **STAFF, funds=funds)).reached
    assert reached[0].value == 10000


def test_cover_that_a_supplement_makes_cheaper_than_the_post_is_refused():
    # 70,000 for cover, 45,000 + 25,001 for the post: what is added would be counted without end.
    council = so.load("tiny-agency")
    dear = {"roles.social_worker.market_supplement": 25_001}
    with pytest.raises(so.InputError) as raised:
        so.solve(council, option="fill", overrides=dear)
    assert [fault.code for fault in raised.value.faults] == ["not-a-cover"]
    assert so.solve(council, option="fill", overrides={"roles.social_worker.market_supplement": 1})
