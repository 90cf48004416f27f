"""Work that is needed, row by row: who does it, what is done in overtime, who is to spare."""

from __future__ import annotations

from fractions import Fraction

import pytest

from compiled import ask, compiled, rows
from staffopt.carrying import carrying_faults
from staffopt.rulebook import MeetStaffNeeded, StayWithinBudget

F = Fraction
INF = float("inf")
MONTHS = {"start": "2024-10", "end": "2024-12", "periods": "months"}
OCT, NOV, DEC = "2024-10", "2024-11", "2024-12"
GROWTH = {"growth": {"name": "Growth", "pays_for": {"added_posts": ["all"]}, "ceiling": 900}}


def council(needed=None, **work):
    return {
        "roles": {"worker": {"set_up": "none", "work": work or None}},
        "teams": {"north": {"needed": {"worker": needed or {NOV: 960}}}},
        "calendar": MONTHS,
    }


def met(*others, needed=None, work=None, tables=None, **parameters):
    rule = MeetStaffNeeded.model_validate({"label": "needed", **parameters})
    return compiled(rule, *others, **council(needed, **(work or {})), **(tables or {}))


def test_those_there_do_the_work_from_the_month_on_in_which_it_is_needed():
    # 960 hours at 160 are 6 FTE, of whom 4 are there; nothing is said of October
    found = rows(met(work={"output": 160}), "needed enough")
    assert set(found) == {f"north,worker,{NOV}", f"north,worker,{DEC}"}
    assert found[f"north,worker,{DEC}"] == ({f"change[north,worker,{DEC}]": 1}, 2, INF)


def test_overtime_does_what_is_missing_up_to_a_share_of_those_there():
    work = {"output": 160, "overtime": {"most": "0.25", "cost": 200}}
    program = met(work=work)
    change = f"change[north,worker,{NOV}]"
    # 1.25 · (4 + change) ≥ 6, and overtime ≥ 6 - (4 + change)
    assert rows(program, "needed enough")[f"north,worker,{NOV}"] == ({change: F("1.25")}, 1, INF)
    over = {f"overtime[north,worker,{NOV}]": 1, change: 1}
    assert rows(program, "needed overtime")[f"north,worker,{NOV}"] == (over, 2, INF)


def test_those_to_spare_are_limited_and_cost_a_month_of_theirs():
    work = {"output": 160, "spare": 300, "overtime": {"most": "0.25", "cost": 200}}
    program = met(
        StayWithinBudget(label="budget"), work=work, tables={"funds": GROWTH}, spare="1.5"
    )
    change = f"change[north,worker,{NOV}]"
    spare = f"spare[north,worker,{NOV}]"
    found = rows(program, "needed spare")[f"north,worker,{NOV}"]
    assert found == ({spare: 1, change: -1}, -2, INF)
    assert rows(program, "needed to spare")[NOV] == ({spare: 1}, -INF, F("1.5"))
    terms = rows(program, "budget")["growth,2024/25"][0]
    assert terms[spare] == 300
    assert terms[f"overtime[north,worker,{NOV}]"] == 200


def test_a_period_needs_what_its_busiest_month_does_and_pays_for_all_of_its_months():
    years = {"calendar": {"start": "2025-02", "end": "2025-06", "periods": "financial_years"}}
    needed = {"2025-02": 5, "2025-05": 7, "2025-06": 6}
    rule = MeetStaffNeeded(label="needed")
    tables = council(needed, spare=300) | years | {"funds": GROWTH}
    program = compiled(rule, StayWithinBudget(label="budget"), **tables)
    found = rows(program, "needed enough")
    assert [found[f"north,worker,{year}"][1] for year in ("2024/25", "2025/26")] == [1, 3]
    terms = rows(program, "budget")["growth,2025/26"][0]
    assert terms["spare[north,worker,2025/26]"] == 3 * 300


def test_where_nothing_is_needed_nothing_is_asked():
    rule = MeetStaffNeeded(label="needed")
    assert rows(compiled(rule), "needed enough") == {}


def test_overtime_at_a_price_nobody_knows_is_refused():
    tables = council(overtime={"most": "0.25", "cost": "unknown"})
    (fault,) = carrying_faults(ask(MeetStaffNeeded(label="needed"), **tables))
    assert (fault.code, fault.place.path) == ("unknown-cost", "roles.worker.work.overtime.cost")


@pytest.mark.parametrize("scope", ["south", "office"])
def test_a_rule_asks_nothing_outside_its_scope(scope):
    assert rows(met(scope=scope), "needed enough") == {}
