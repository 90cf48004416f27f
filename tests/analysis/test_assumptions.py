"""The log of assumptions, by hand on tiny.

Its default option adds two support officers at £24,000: £48,000 a year, within £90,000. Options are
ranked by pounds a year for each case removed from above the band: support officers remove 20.5
cases for 2c, a social worker with half an officer 17.5 for 40,000 + c/2, social workers alone 22
for 80,000, where c is what an officer costs (docs/options.md).
"""

import threading
from fractions import Fraction

import pytest

import staffopt as so
from staffopt.analysis.assumption_log import Impact, Outcome
from staffopt.desk import Desk
from staffopt.instance.schema import Instance

OFFICER, WORKER = "roles.support_officer.cost", "roles.social_worker.cost"
TARGET = "standards.keep_average_caseload.target"
QUICK = {"certify": False, "cross_check": False}


def tiny(**ranges):
    """Tiny, with assumptions that state a range: path → (low, high), None where there is no end."""
    tree = so.load("tiny").model_dump(mode="json", exclude_unset=True)
    for path, ends in ranges.items():
        stated = {"reason": "a guess"}
        stated |= {k: str(v) for k, v in zip(("low", "high"), ends, strict=True) if v is not None}
        tree["assumptions"][path] = stated
    return Instance.model_validate(tree)


def entry(council, path, **asking):
    return of(so.assumptions(council, **QUICK, **asking), path)


def of(log, path):
    return next(one for one in log.entries if one.path == path)


@pytest.fixture(scope="module")
def shared():
    """Tiny, with every figure that an assumption covers moved by a tenth."""
    return so.assumptions(so.load("tiny"), within="10%", among=False, **QUICK)


@pytest.fixture(scope="module")
def ranked():
    """Tiny, with ranges within which the same option stays first, the options ranked again."""
    ranges = {OFFICER: (20_000, 33_000), WORKER: (39_000, 41_000), TARGET: (20, 24)}
    return so.assumptions(tiny(**ranges), **QUICK)


def test_every_assumption_is_listed_and_what_has_no_range_says_so():
    council = so.load("tiny")
    log = so.assumptions(council, **QUICK)
    assert [one.path for one in log.entries] == list(council.assumptions)
    assert [one.number for one in log.entries] == list(range(1, 14))
    assert {one.path: one.untested for one in log.entries}["roles.social_worker"] == "no range"
    assert {one.path: one.untested for one in log.entries}["calendar"] == "no figure"
    assert not any(one.tested for one in log.entries)
    assert all(one.impact is None for one in log.entries)


def test_a_price_that_moves_the_goal_and_not_the_decision_is_amber(ranked):
    # 2 × 20,000 and 2 × 33,000. At 33,000 an option of 66,000 ÷ 20.5 = 3,219.5 a case is ranked
    # before one of 56,500 ÷ 17.5 = 3,228.6.
    one = of(ranked, OFFICER)
    low, high = one.tested[0].ends
    assert [end.goal for end in (low, high)] == [40_000, 66_000]
    assert [end.cost.printed for end in (low, high)] == [40_000, 66_000]
    assert (low.best, high.best) == (True, True)
    assert {low.first, high.first} == {"support-officers"}
    assert one.impact is Impact.AMBER


def test_a_price_at_which_another_option_is_ranked_first_is_red():
    # At 34,000: 68,000 ÷ 20.5 = 3,317 a case, and 57,000 ÷ 17.5 = 3,257.
    one = entry(tiny(**{OFFICER: (None, 34_000)}), OFFICER)
    [tested] = one.tested
    assert tested.low is None
    assert (tested.high.best, tested.high.first) == (True, "best-mix")
    assert one.impact is Impact.RED


def test_without_ranks_no_option_is_said_to_come_first():
    one = entry(tiny(**{OFFICER: (None, 34_000)}), OFFICER, among=False)
    assert one.tested[0].high.first is None
    assert one.impact is Impact.AMBER


def test_where_the_options_cannot_be_ranked_in_time_the_impact_is_not_known(monkeypatch):
    asked = []

    def slow(_desk):
        asked.append(1)
        if len(asked) > 1:
            raise so.NoPlan("the time limit was reached before any plan was found")
        return "support-officers"

    monkeypatch.setattr("staffopt.analysis.assumptions.ranked_first", slow)
    one = entry(tiny(**{OFFICER: (20_000, 33_000)}), OFFICER)
    assert [end.ranked for end in one.tested[0].ends] == [False, False]
    assert [end.goal for end in one.tested[0].ends] == [40_000, 66_000]
    assert one.impact is None


def test_a_price_that_no_ceiling_allows_leaves_no_plan_and_says_why():
    # 2 × 46,000 = 92,000, and the fund has 90,000.
    one = entry(tiny(**{OFFICER: (24_000, 46_000)}), OFFICER, among=False)
    [tested] = one.tested
    assert (tested.high.outcome, tested.high.goal) == (Outcome.NO_PLAN, None)
    assert "£2,000" in tested.high.why
    assert not tested.high.holds
    assert one.impact is Impact.RED


def test_no_plan_where_the_plan_holds_is_a_contradiction_and_no_answer(monkeypatch):
    solved = Desk.solve

    def lies(desk):
        if desk.instance.roles["support_officer"].cost == 20_000:
            raise so.Infeasible((), "CERTIFIED")
        return solved(desk)

    monkeypatch.setattr(Desk, "solve", lies)
    # Two officers are cheaper at 20,000: the plan holds, so there is one.
    with pytest.raises(so.Conflict, match=f"{OFFICER} at 20000: no plan, and one that holds"):
        entry(tiny(**{OFFICER: (20_000, None)}), OFFICER, among=False)


def test_a_price_that_the_plan_does_not_pay_changes_nothing(ranked):
    # Options with social workers stay behind: 39,000 + 12,000 = 51,000 ÷ 17.5 = 2,914, and
    # 48,000 ÷ 20.5 = 2,341.
    one = of(ranked, WORKER)
    assert [end.goal for end in one.tested[0].ends] == [48_000, 48_000]
    assert one.impact is Impact.GREEN


def test_a_plan_that_misses_a_rule_at_an_end_is_not_the_best_there():
    # Best mix: 186 ÷ (9 + 6/36 × 2) = 19.93 a post, above 19.
    one = entry(tiny(**{TARGET: (19, 20)}), TARGET, option="best-mix", among=False)
    low, high = one.tested[0].ends
    assert (low.outcome, low.holds, low.best) == (Outcome.PLAN, False, False)
    assert (high.holds, high.best) == (True, True)
    assert low.goal > 52_000


def test_a_standard_that_only_other_options_ask_for_moves_their_rank_alone(ranked):
    # At 24 the average of today, 186 ÷ 8 = 23.25, is allowed: the best mix adds nobody and removes
    # no case. Support officers stay first at both ends.
    one = of(ranked, TARGET)
    assert (one.value, one.unit) == ("20", "cases per FTE")
    assert [end.goal for end in one.tested[0].ends] == [48_000, 48_000]
    assert one.impact is Impact.GREEN


def test_what_is_given_by_hand_is_moved_and_what_lies_outside_its_range_is_not():
    council = tiny(**{OFFICER: (20_000, 30_000)})
    asked = entry(council, OFFICER, overrides={OFFICER: "22000"}, among=False)
    assert asked.value == "22000"
    assert [end.goal for end in asked.tested[0].ends] == [40_000, 60_000]
    beyond = entry(council, OFFICER, overrides={OFFICER: "31000"}, among=False)
    assert beyond.untested == "31000 lies outside its range"
    changed = entry(council.where({OFFICER: "22000"}), OFFICER, among=False)
    assert [end.goal for end in changed.tested[0].ends] == [40_000, 60_000]


def test_what_an_option_or_a_scenario_gives_is_no_longer_the_assumption():
    council = tiny(**{TARGET: (18, 22), OFFICER: (20_000, 30_000)})
    tree = council.model_dump(mode="json", exclude_unset=True)
    tree["options"]["best-mix"]["standards"] = {"keep_average_caseload": {"target": "21"}}
    tree["scenarios"] = {"dear": {"set": {OFFICER: "26000"}}}
    tree["assumptions"] |= {"options.best-mix": "invented", "scenarios.dear": "invented"}
    council = Instance.model_validate(tree)
    asked = {"option": "best-mix", "scenario": "dear", "among": False}
    assert entry(council, TARGET, **asked).untested == "option best-mix gives it"
    assert entry(council, OFFICER, **asked).untested == "scenario dear gives it"


def test_a_share_moves_each_figure_that_states_no_range(shared):
    one = of(shared, "roles.support_officer")
    tested = {moved.figure.path: moved for moved in one.tested}
    # A step is what posts come in, and is not moved.
    assert set(tested) == {OFFICER, "roles.support_officer.set_up"}
    assert [end.at for end in tested[OFFICER].ends] == [21_600, 26_400]
    assert [end.goal for end in tested[OFFICER].ends] == [43_200, 52_800]
    assert not tested[OFFICER].stated


def test_a_figure_that_may_not_stand_there_is_told_apart_and_rates_nothing(shared):
    # Two laptops at £500 are £1,000 once: any one of the three alone is at odds with the others.
    one = of(shared, "package_lines")
    ends = {moved.figure.path: [end.outcome for end in moved.ends] for moved in one.tested}
    assert ends["package_lines.1.each"] == [Outcome.REFUSED, Outcome.REFUSED]
    assert one.impact is Impact.GREEN


def test_people_carried_over_the_months_are_moved_too():
    tree = so.load("tiny-turnover").model_dump(mode="json", exclude_unset=True)
    path = "roles.social_worker.turnover.recruitment"
    tree["assumptions"][path] = {"reason": "a guess", "low": "1600", "high": "2400"}
    one = entry(Instance.model_validate(tree), path)
    low, high = one.tested[0].ends
    # Whoever is recruited costs so much less or more: the plan of 2,000 is paid at 2,400 as it is.
    before = so.solve(so.load("tiny-turnover"))
    hired = sum(flow.fte for flow in before.decisions.flows if flow.role == "social_worker")
    assert high.best
    assert high.goal - before.goals[0].value == 400 * Fraction(hired)
    assert low.goal <= before.goals[0].value - 400 * Fraction(hired)


def test_ctrl_c_keeps_what_is_done_and_lists_the_rest():
    cancel, seen = threading.Event(), []

    def tell(step):
        seen.append((step.number, step.of, step.words))
        if step.words.startswith(OFFICER):
            cancel.set()

    council = tiny(**{WORKER: (39_000, 41_000), OFFICER: (20_000, 30_000)})
    log = so.assumptions(council, among=False, tell=tell, cancel=cancel, **QUICK)
    told = {one.path: one for one in log.entries}
    assert log.stopped
    assert len(log.entries) == 15
    assert told[WORKER].tested
    assert (told[OFFICER].tested, told[OFFICER].untested) == ((), "stopped early")
    assert seen[0] == (1, 5, "the plan")
    assert seen[1] == (2, 5, f"{WORKER} at 39000")


def test_a_council_without_a_plan_and_a_model_without_a_goal_are_refused():
    with pytest.raises(so.Infeasible):
        so.assumptions(so.load("tiny"), overrides={"funds.growth.ceiling": "1"})
    with pytest.raises(so.InputError, match="is no share"):
        so.assumptions(so.load("tiny"), within="120%")
