"""Tameside, 22 September 2022: every figure that the paper prints, as it prints it.

Numbers in brackets are the paper's paragraphs. How many staff there are and how many cases are open
is not printed: the instance's are the council's in the national census, so what others carry is
tested against arithmetic from those and never as published.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest

import staffopt as so
from shipped import broken, lines, plan_of, total
from staffopt.instance.calendar import Month
from staffopt.plan import TODAY, MoneyKind
from staffopt.reporting.buying import render_next_pound
from staffopt.reporting.text import render
from staffopt.verifier import cautions

COUNCIL = "tameside-2022"
LENGTHS = ["none-to-six", "one-month", "two-months", "three-months", "four-months", "five-months"]
LENGTHS.append("six-months")
CASES, ASYES, OTHERS = 1856, 38, 76
AT_WORK = Fraction(CASES - 62 - 15 * ASYES, OTHERS)  # 1,224 ÷ 76 = 16.11
AFTER = Fraction(CASES - 15 * ASYES, OTHERS)  # 1,286 ÷ 76 = 16.92


@pytest.fixture(scope="module")
def council():
    return so.load(COUNCIL)


@pytest.fixture(scope="module")
def asked():
    return plan_of(COUNCIL)


def carried(plan):
    """Map month → what those without a protected caseload carry."""
    return {f.period: f.average for f in plan.figures.caseloads if f.basis == "others"}


def test_six_months_cost_255_000_of_corporate_reserves(asked):
    """Front page and 7.1."""
    assert asked.goals[0].value == 255_000
    assert total(asked, "fund", "reserves", "2022/23").raw == 255_000
    assert total(asked, "new money", "all", "2022/23").raw == 255_000
    assert total(asked, "new money", "all", "2023/24").raw == 0
    (extended,) = asked.figures.managed_teams
    assert (extended.there, extended.extension, extended.end) == (True, 6, Month(2023, 3))


def test_the_first_term_cost_255_000_of_250_000_approved(council, asked):
    """Front page: £4,000 more than expected, and about £1,000 of travel costs."""
    team = council.managed_teams["project_team"]
    assert team.price + team.travel == 255_000
    assert (team.price - team.approved, team.travel) == (4_000, 1_000)
    (told,) = (c for c in cautions(asked.question, asked.figures) if c.code == "term-overspent")
    assert told.amount == 5_000
    assert told.words.endswith("£4,000 for the team and £1,000 of travel.")


def test_the_term_that_is_running_is_no_new_money(asked):
    # September, one of its six months: 255,000 ÷ 6, agreed before
    (price, travel) = lines(asked, "2022/23", kind=MoneyKind.TODAY)
    assert price.amount.raw + travel.amount.raw == 42_500
    assert {price.fund, travel.fund} == {"agreed"}


def test_the_team_is_one_manager_and_six_social_workers(council):
    """1.2."""
    assert council.managed_teams["project_team"].composition == {
        "project team manager": 1,
        "social worker": 6,
    }


def test_sixty_two_of_its_cases_are_open(council):
    """3.2: received, stepped down or closed, transferred on to Neighbourhood teams."""
    assert council.managed_teams["project_team"].capacity == 428 - 272 - 94 == 62
    assert "managed_teams.project_team.capacity" in council.assumptions


def test_the_assumed_staff_has_the_printed_shares(council):
    """4.1 and 5.2: over 33%, nearly 60%, 30% and only 10%, of the whole workforce."""
    team = council.teams["neighbourhood"]
    split = team.shown_as["social_worker"]
    everybody = Fraction(sum(team.posts.values()))
    assert team.posts["asye"] + sum(split.values()) == everybody == 114
    assert Fraction(team.posts["asye"]) / everybody > Fraction(33, 100)
    young = team.posts["asye"] + split["in their second year"]
    for fte, printed in ((young, 60), (split["agency"], 30), (split["two years or more"], 10)):
        assert abs(Fraction(fte) / everybody * 100 - printed) < 1
    for path in ("teams.neighbourhood.posts", "teams.neighbourhood.cases"):
        assert path in council.assumptions


@pytest.mark.parametrize("option", LENGTHS)
def test_nobody_in_their_assessed_year_holds_more_than_fifteen(option):
    """4.1 and 5.2."""
    plan = plan_of(COUNCIL, option)
    held = [f for f in plan.figures.cases if f.role == "asye"]
    assert {f.average for f in held} == {15}
    assert broken(plan) == []


@pytest.mark.parametrize("option", LENGTHS)
def test_each_month_costs_42_500_and_the_others_carry_less_until_it_ends(option):
    plan, months = plan_of(COUNCIL, option), LENGTHS.index(option)
    assert plan.goals[0].value == 42_500 * months
    found = carried(plan)
    assert found.pop(TODAY) == AT_WORK
    assert list(found.values()) == course(months)


def course(months):
    """What the others carry in the eight months planned, if the team stays so many longer."""
    return [AT_WORK] * (1 + months) + [AFTER] * (7 - months)


@pytest.mark.parametrize("option", LENGTHS)
def test_the_plan_says_what_happens_on_exit(option):
    plan, months = plan_of(COUNCIL, option), LENGTHS.index(option)
    (leaves,) = plan.figures.exits
    assert leaves.end == Month(2022, 9) + months
    assert leaves.period == str(Month(2022, 10) + months)
    assert (leaves.team, leaves.cases) == ("neighbourhood", 62)
    assert (leaves.before, leaves.after) == (AT_WORK, AFTER)
    text = " ".join(render(plan).split())
    words = f"Project team leaves after {leaves.end.words}: the 62 cases that it holds go back"
    assert words in text
    assert "carry 16.11 each until then and 16.92 from" in text


def test_the_cap_squeezes_everybody_else(council, asked):
    """5.2: additional pressure on the more experienced workers to carry high caseloads."""
    alike = Fraction(CASES, ASYES + OTHERS)  # 16.28 for everybody, without a cap and the team
    assert AFTER - alike == ASYES * (alike - 15) / OTHERS > 0
    # a cap of fourteen moves another 38 cases to the 76: half a case each
    tighter = so.solve(council.where({"roles.asye.cap": 14}), isolation="inline")
    assert carried(tighter)[asked.last_period] - AFTER == Fraction(1, 2)


def test_cost_alone_extends_by_nothing():
    plan = plan_of(COUNCIL, "none-to-six")
    (team,) = plan.figures.managed_teams
    assert (team.extension, plan.goals[0].value) == (0, 0)


def test_the_frontier_puts_months_against_what_the_others_carry(council):
    """No length is the right one: each is the best for its money, and every month takes 62 off."""
    found = so.frontier(council, second="cases_above_band", option="none-to-six", unique=False)
    assert found.complete
    above = [sum(OTHERS * (each - 15) for each in course(months)) for months in range(7)]
    assert [(p.first, p.second) for p in found.points] == [
        (42_500 * months, above[months]) for months in range(7)
    ]
    assert [before - after for before, after in pairwise(above)] == [62] * 6


def test_the_next_pound_buys_a_month(council):
    none = council.where({"funds.reserves.ceiling": 0})
    found = so.next_pound(none, "cases_above_band", option="none-to-six", unique=False)
    assert (found.wherever.exact, found.wherever.value) == (42_500, 1_106 - 62)
    assert "buys Project team to Oct 2022" in " ".join(render_next_pound(found).split())


def test_every_report_says_what_happens_on_exit(asked, tmp_path):
    (page,) = so.report(asked, to="md", path=tmp_path / "report.md", quick=True)
    text = page.read_text(encoding="utf-8").replace("\\", "")
    assert "Project team leaves after Mar 2023: the 62 cases that it holds go back" in text


def test_250_000_buy_five_whole_months(council):
    """The first approval again: 5 × £42,500 = £212,500, and a sixth month would be £255,000."""
    found = so.frontier(
        council, second="cases_above_band", option="none-to-six", up_to=250_000, unique=False
    )
    assert max(point.first for point in found.points) == 212_500
    short = council.where({"funds.reserves.ceiling": 254_999})
    with pytest.raises(so.Infeasible):
        so.solve(short, option="six-months", isolation="inline")


def test_no_reserve_is_printed_and_the_plan_says_so(asked):
    codes = {c.code for c in cautions(asked.question, asked.figures)}
    assert {"no-ceiling", "derived-teams", "above-band-others"} <= codes
