"""People carried from month to month: stocks by hand, decisions that cannot be, what they cost."""

from __future__ import annotations

from fractions import Fraction

import pytest

from staffopt.instance.turnover import Turnover
from staffopt.model.schema import Goal
from staffopt.plan import Decisions, FlowDecision, Verdict
from staffopt.rulebook import (
    CarryStaffForward,
    FillPosts,
    LimitChange,
    LimitRecruitment,
)
from staffopt.verifier import check_decisions, derive, goal_value

F = Fraction
MONTHS = {"start": "2024-10", "end": "2025-04", "periods": "months"}
CARRY = CarryStaffForward(label="carry")
OCT, NOV, DEC, JAN, APR = "2024-10", "2024-11", "2024-12", "2025-01", "2025-04"


def council(**worker):
    """A tenth of the workers leaves every month; newly qualified ones progress after two."""
    leaving = {"leavers": "0.1", "rates": "monthly", **worker}
    new = {"leavers": "0.5", "rates": "monthly", "progresses_to": "worker", "progresses_after": 2}
    return {
        "roles": {
            "worker": {"set_up": "none", "turnover": leaving},
            "new": {"kind": "case_holder", "step": 1, "cost": 30000, "turnover": new},
            "agency": {
                "kind": "case_holder",
                "tags": ["agency"],
                "covers": "worker",
                "step": "0.5",
                "cost": 60000,
                "turnover": {"leavers": 0},
            },
        },
        "teams": {
            "north": {"posts": {"new": 8}, "people": {"worker": 2, "new": 4, "agency": "0.5"}}
        },
        "funds": {"growth": {"name": "Growth", "pays_for": {"added_posts": ["all"]}}},
        "calendar": MONTHS,
    }


def fill(**parameters):
    return FillPosts.model_validate({"label": "fill", "surplus": 9, **parameters})


def flows(*listed):
    """(kind, role, month, FTE), all in the north."""
    return Decisions(
        flows=tuple(
            FlowDecision(kind=k, team="north", role=r, period=p, fte=F(fte))
            for k, r, p, fte in listed
        )
    )


@pytest.fixture
def asked(tiny):
    def ask(*rules, worker=None, **tables):
        given = council(**(worker or {})) | tables
        return tiny(CARRY, *(rules or (fill(),)), **given)

    return ask


def broken(question, decisions):
    found = check_decisions(question, decisions)
    return [(f.rule, f.role, f.by) for f in found if f.verdict is Verdict.BROKEN]


def of(question, decisions, role, field="in_post"):
    figures = derive(question, decisions).flows
    return [getattr(f, field) for f in figures if (f.team, f.role) == ("north", role)]


def test_who_is_recruited_already_starts_in_their_month(asked):
    teams = council()["teams"]
    teams["north"]["people"]["new"] = 0
    teams["north"]["starting"] = {"worker": {"2024-12": "1"}}
    question = asked(teams=teams)
    # Two workers, a tenth of whom leaves: 1.8, 1.62, 1.458 and one; a tenth of those leaves again.
    stocks = of(question, Decisions(), "worker")
    assert stocks[:4] == [F("1.8"), F("1.62"), F("2.458"), F("2.2122")]


def test_people_leave_then_progress_then_join(asked):
    # the four new came two in each of two months: two progress in October, halved, and two in
    # November, halved twice; one more joins in October and is a quarter of a worker in December
    decisions = flows(("join", "new", OCT, 1), ("join", "worker", NOV, 2))
    question = asked()
    october = 2 * F("0.9") + 1
    november = october * F("0.9") + F("0.5") + 2
    december = november * F("0.9") + F("0.25")
    assert of(question, decisions, "worker")[:3] == [october, november, december]
    assert of(question, decisions, "new")[:4] == [1 + 1, F("0.5"), 0, 0]
    assert of(question, decisions, "worker", "progressed_in")[:3] == [1, F("0.5"), F("0.25")]
    assert of(question, decisions, "new", "leavers")[:3] == [2, 1, F("0.25")]
    assert broken(question, decisions) == []


def test_people_are_conserved_in_every_month(asked):
    decisions = flows(
        ("join", "new", NOV, 3), ("join", "agency", OCT, 1), ("release", "agency", DEC, "1.5")
    )
    question = asked(fill(may_leave="cover"))
    for month in derive(question, decisions).flows:
        gone = month.leavers + month.moved_out + month.progressed_out
        come = month.progressed_in + month.moved_in + month.joined
        assert month.opening - gone + come == month.in_post
    assert of(question, decisions, "agency") == [F("1.5"), F("1.5"), 0, 0, 0, 0, 0]


def test_the_first_year_has_its_own_rate_and_joiners_a_ramp(asked):
    question = asked(
        worker={"leavers_first_year": "0.2", "ramp": ["0.25", "0.5"], "absence": "0.2"}
    )
    decisions = flows(("join", "worker", OCT, 2))
    able = of(question, decisions, "worker", "able")
    # settled ones 1.8 and 1.62; joiners 2 at a quarter, then 1.6 at a half; progressed ones 1 and
    # then 0.5, of whom the 1 is two months old and leaves at a fifth
    assert able[0] == (F("1.8") + 2 * F("0.25") + 1) * F("0.8")
    assert able[1] == (F("1.62") + F("1.6") * F("0.5") + F("0.8") + F("0.5")) * F("0.8")


@pytest.mark.parametrize(
    ("decision", "worker"),
    [
        (("join", "worker", NOV, 1), {"lead_time": 2}),
        (("join", "worker", NOV, 1), {"intakes": ["december"]}),
        (("join", "worker", NOV, "0.5"), {}),
        (("join", "worker", NOV, -1), {}),
        (("join", "lead", NOV, 1), {}),
        (("release", "worker", NOV, 1), {}),
    ],
)
def test_who_cannot_join_or_be_let_go_is_found(asked, decision, worker):
    question = asked(fill(may_leave="cover"), worker=worker)
    (found,) = broken(question, flows(decision))
    assert found[:2] == ("decisions", decision[1])


def test_lawful_joiners_are_no_fault(asked):
    worker = {"lead_time": 2, "intakes": ["december", "april"]}
    decisions = flows(("join", "worker", DEC, 1), ("join", "worker", APR, 2))
    assert broken(asked(worker=worker), decisions) == []


def test_nobody_is_let_go_who_is_not_there(asked):
    question = asked(fill(may_leave="anybody"))
    assert broken(question, flows(("release", "agency", OCT, 1))) == [("carry", "agency", F("0.5"))]
    assert broken(question, flows(("release", "agency", OCT, "0.5"))) == []


def test_people_are_no_decision_where_they_are_carried(asked):
    from staffopt.plan import PeopleDecision

    change = PeopleDecision(team="north", role="worker", period=OCT, change=F(1))
    ((rule, role, _),) = broken(asked(), Decisions(people=(change,)))
    assert (rule, role) == ("decisions", "worker")


def test_posts_hold_no_more_people_than_there_are_of_them(asked):
    # 1.8 + 1 workers and half an agency worker are in four posts in October; two more are too many
    question = asked(fill(surplus=0))
    found = broken(question, flows(("join", "worker", OCT, 1)))
    assert found[0] == ("fill", "worker", F("0.3"))


@pytest.mark.parametrize(
    ("parameters", "by"),
    [
        ({"limit": 3}, [2, 2, 2, 2]),  # three in November, two in January: five from then on
        ({"limit": 4}, [1, 1, 1, 1]),
        ({"limit": 5}, []),
        ({"limit": 2, "per": "period"}, [1]),
        ({"limit": 2, "per": "period", "months": ["january"]}, []),
        ({"limit": 1, "per": "period", "months": ["january"]}, [1]),
        ({"limit": 4, "per": "year"}, [1]),
        ({"limit": 2, "per": "year", "months": ["november"]}, [1]),
    ],
)
def test_those_who_join_are_limited_in_all_in_a_month_or_in_a_year(asked, parameters, by):
    supply = LimitRecruitment.model_validate({"label": "supply", **parameters})
    decisions = flows(("join", "worker", NOV, 3), ("join", "worker", JAN, 2))
    found = broken(asked(fill(), supply), decisions)
    assert [f[2] for f in found if f[0] == "supply"] == by


def test_recruiting_is_paid_in_the_year_of_joining(asked):
    question = asked(worker={"recruitment": 3000})
    decisions = flows(("join", "worker", NOV, 2), ("join", "worker", APR, 1))
    lines = [line for line in derive(question, decisions).money if line.line == "join worker"]
    assert [(line.year, line.fund, line.amount.raw) for line in lines] == [
        ("2024/25", "growth", 6000),
        ("2025/26", "growth", 3000),
    ]


def test_what_changes_from_today_is_who_joins_and_who_is_let_go(asked):
    question = asked(fill(may_leave="cover"))
    decisions = flows(("join", "worker", NOV, 2), ("release", "agency", OCT, "0.5"))
    figures = derive(question, decisions)
    assert goal_value(question, figures, Goal(minimise="change_from_today")) == F("2.5")


def test_who_leaves_by_themselves_is_no_change_of_the_plans(asked):
    limit = LimitChange.model_validate(
        {"label": "change", "counted": "in_post", "times": 1, "staff": "case_holder"}
    )
    one = flows(("join", "worker", NOV, 2))
    two = flows(("join", "worker", NOV, 2), ("join", "worker", DEC, 1))
    assert broken(asked(fill(), limit), one) == []
    assert broken(asked(fill(), limit), two) == [("change", "worker", 1)]


def test_flows_of_unknown_kind_or_decided_twice_are_told(asked):
    found = broken(asked(), flows(("jion", "worker", NOV, 1)))
    assert len(found) == 1
    twice = flows(("join", "worker", NOV, 1), ("join", "worker", NOV, 2))
    assert len(broken(asked(), twice)) == 1


@pytest.mark.parametrize(
    ("given", "share"),
    [
        # ln 0.9 ÷ 12 = -0.0087800430, and e to that is
        # 1 - 0.0087800430 + 0.0000385446 - 0.0000001128 + 0.0000000002 = 0.9912583890
        ({"leavers": "0.1"}, "0.008742"),
        ({"leavers": "0.1", "digits": 9}, "0.008741611"),
        ({"leavers": "0.12", "rates": "divided"}, "0.01"),
        ({"leavers": "0.02", "rates": "monthly"}, "0.02"),
        ({"leavers": "0"}, "0"),
    ],
)
def test_a_months_share_is_rounded_once(given, share):
    assert Turnover.model_validate(given).monthly == F(share)


@pytest.mark.parametrize("annual", ["0.01", "0.137", "0.15", "0.3", "0.5", "0.999"])
@pytest.mark.parametrize("digits", [2, 6, 12])
def test_a_compounded_share_is_the_nearest_of_so_many_digits(annual, digits):
    month = Turnover.model_validate({"leavers": annual, "digits": digits}).monthly
    half, stay = F(1, 2 * 10**digits), 1 - F(annual)
    assert (1 - month - half) ** 12 <= stay <= (1 - month + half) ** 12
