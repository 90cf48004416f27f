"""Whether cases come and go as they can, of decisions made by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from staffopt.errors import InputError
from staffopt.plan import ClosedDecision, Decisions, Verdict
from staffopt.rulebook import FlowCases
from staffopt.verifier import check_decisions, derive
from staffopt.verifier.naming import misnamed

TWO = {"start": "2024-10", "end": "2024-11", "periods": "months"}
# North: 100 cases, 4 workers who close 6 each, a fifth of the open ones ready; 30 arrive.
NORTH = {
    "flow": {"arrivals": {"figure": 30}, "closures_per_fte": 6, "closure_rate": "0.2"},
}


def asked(tiny, north=None, **tables):
    rule = FlowCases.model_validate({"label": "flow", "scope": "north"})
    return tiny(rule, calendar=TWO, teams={"north": north or NORTH}, **tables)


def closed(*figures, kind=None, team="north"):
    months = ("2024-10", "2024-11")
    return Decisions(
        closed=tuple(
            ClosedDecision(team=team, case_type=kind, period=month, cases=Fraction(figure))
            for month, figure in zip(months, figures, strict=False)
        )
    )


def broken(question, decisions):
    found = check_decisions(question, decisions)
    return [(f.period, f.by) for f in found if f.verdict is Verdict.BROKEN]


@pytest.mark.parametrize(
    ("figures", "missed"),
    [
        ((), []),
        ((20, 22), []),  # a fifth of 100, and of 110
        ((20, 23), [("2024-11", 1)]),
        ((21, 0), [("2024-10", 1)]),
        ((0, 25), [("2024-11", 1)]),  # 26 of 130 are ready, and four people close 24
        ((-1, 0), [("2024-10", None)]),
        (("0.5", 0), [("2024-10", None)]),
    ],
)
def test_no_more_are_closed_than_are_ready_and_than_people_can(tiny, figures, missed):
    assert broken(asked(tiny), closed(*figures)) == missed


def test_open_cases_follow_from_what_is_closed(tiny):
    flow = derive(asked(tiny), closed(20, 22)).case_flow
    assert [(f.before, f.arriving, f.closed, f.open) for f in flow] == [
        (100, 30, 20, 110),
        (110, 30, 22, 118),
    ]
    averages = {
        f.period: f.average
        for f in derive(asked(tiny), closed(20, 22)).caseloads
        if f.of == "north"
    }
    assert averages == {"today": 25, "2024-10": Fraction(110, 4), "2024-11": Fraction(118, 4)}


def test_fewer_open_than_none_are_found(tiny):
    few = {"cases": 5, "flow": {"arrivals": {"figure": 1}}}
    assert broken(asked(tiny, few), closed(6)) == []
    assert broken(asked(tiny, few), closed(7)) == [("2024-10", 1)]


def test_what_flows_elsewhere_or_of_another_type_is_found(tiny):
    assert broken(asked(tiny), closed(1, team="south")) == [("2024-10", None)]
    types = {"case_types": {"plain": {}}}
    assert broken(asked(tiny, **types), closed(1, kind="plain")) == [("2024-10", None)]


def test_decisions_that_name_what_is_not_there_are_told(tiny):
    decisions = Decisions(
        closed=(
            ClosedDecision(team="ghost", case_type="none", period="never", cases=Fraction(1)),
            ClosedDecision(team="north", period="2024-10", cases=Fraction(1)),
            ClosedDecision(team="north", period="2024-10", cases=Fraction(2)),
        )
    )
    codes = [fault.code for fault in misnamed(asked(tiny), decisions)]
    assert codes == ["unknown-team", "unknown-case-type", "unknown-period", "decided-twice"]


def test_a_step_down_takes_cases_from_one_type_to_another(tiny):
    types = {"case_types": {"plain": {}, "hard": {"weight": "2"}}}
    team = {"cases": {"plain": 20, "hard": 10}}
    moves = [{"team": "north", "case_type": "hard", "to_type": "plain", "of_open": "0.1"}]
    question = asked(tiny, team, case_moves=moves, **types)
    figures = derive(question, Decisions())
    left = {(f.case_type, f.period): f.open for f in figures.case_flow}
    # 1 of 10, then 0.9 of 9: weighted 2 × 8.1 + 21.9
    assert left["hard", "2024-11"] == Fraction("8.1")
    assert left["plain", "2024-11"] == Fraction("21.9")
    (last,) = (f for f in figures.caseloads if (f.of, f.period) == ("north", "2024-11"))
    assert last.cases == Fraction("38.1")


def test_months_that_are_no_periods_are_refused(tiny):
    rule = FlowCases(label="flow", scope="north")
    with pytest.raises(InputError, match="no months"):
        derive(tiny(rule, teams={"north": NORTH}), Decisions())
