"""Funds followed through the years, by hand, and what is said of money that ends.

One worker more from October 2024 costs 20,000 + 1,000 of set-up in 2024/25 and 40,000 in 2025/26.
"""

from __future__ import annotations

from fractions import Fraction

from compiled import KEEP, ask
from staffopt.plan import Decisions, PostDecision, Verdict
from staffopt.rulebook import StayWithinBudget
from staffopt.verifier import check_decisions, derive
from staffopt.verifier.caution import cautions
from staffopt.verifier.funds import fund_years

STAY = StayWithinBudget(label="stay")
POST = PostDecision(team="north", role="worker", period="2024-10 to 2026-03", change=Fraction(1))
ONE_MORE = Decisions(posts=(POST,))


def asked(**fields):
    funds = {"growth": {"name": "Growth", "pays_for": {"added_posts": ["all"]}, **fields}}
    return ask(KEEP, STAY, funds=funds)


def followed(**fields):
    question = asked(**fields)
    return fund_years(question, derive(question, ONE_MORE).money)


def caution(**fields):
    question = asked(**fields)
    found = cautions(question, derive(question, ONE_MORE))
    return next((c for c in found if c.code == "recurrent-on-one-off"), None)


def test_a_fund_is_followed_from_year_to_year():
    ceiling = {"2024/25": 30000, "2025/26": 36000}
    reserve = {"opening": 70000, "contributions": {"2025/26": 5000}}
    first, second = followed(
        ceiling=ceiling, carry_forward={"share": 50, "limit": 4000}, reserve=reserve
    )
    # half of 30,000 − 21,000 is 4,500, and 4,000 at the most; 70,000 − 21,000, + 5,000 − 40,000
    assert (first.spent, first.carried_in, first.carried_out, first.balance) == (
        21000,
        0,
        4000,
        49000,
    )
    assert (second.carried_in, second.spent, second.balance) == (4000, 40000, 14000)


def test_what_is_over_is_told_with_what_was_carried():
    question = asked(ceiling={"2024/25": 30000, "2025/26": 30000}, carry_forward={})
    found = check_decisions(question, ONE_MORE)
    [broken] = [f for f in found if f.verdict is Verdict.BROKEN]
    assert broken.by == 1000  # 40,000 − 30,000 − 9,000
    assert "ceiling £30,000 and £9,000 carried forward" in broken.words


def test_a_reserve_that_falls_short_is_told_with_its_balance():
    found = check_decisions(asked(reserve={"opening": 60000, "least": 500}), ONE_MORE)
    [broken] = [f for f in found if f.verdict is Verdict.BROKEN]
    assert broken.words == ("Growth: a balance of -£1,000 at the end of 2025/26, £500 at least")
    assert broken.by == 1500


def test_posts_for_good_on_a_reserve_are_warned_of_with_the_year_in_which_it_is_spent():
    # 161,000 − 21,000 − 40,000 = 100,000 pays for two more years and half of a third
    found = caution(reserve={"opening": 161000})
    assert (found.amount, found.until) == (40000, "2028/29")
    assert found.words == (
        "£40,000 a year for good, from 2024/25, is charged to Growth, which is one-off money and "
        "ends in 2028/29."
    )


def test_posts_for_good_on_money_that_ends_are_warned_of_with_its_year():
    assert caution(recurrent="false", ends="2025-09").until == "2025/26"
    found = caution(recurrent="false", ceiling={"2024/25": 50000, "2025/26": 0})
    assert found.until == "2024/25"
    assert "one-off money and ends in 2024/25" in found.words
    assert caution(recurrent="false").until is None
    assert caution(recurrent="true", reserve={"opening": 161000}) is None


def test_money_given_for_the_first_year_alone_is_said_to_be_given_for_no_year_after_it():
    found = caution(recurrent="false", ceiling={"2024/25": 50000})
    assert (found.amount, found.until) == (40000, "2024/25")
    assert found.words.endswith("which is one-off money and is given for no year after 2024/25.")
