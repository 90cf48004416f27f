"""Rules of the workforce's shape, met and broken."""

from __future__ import annotations

import pytest

from staffopt.errors import InputError
from staffopt.plan import Verdict
from staffopt.rulebook import KeepExistingPosts, LimitRecruitment, Pin, Require

MET, BROKEN = Verdict.MET, Verdict.BROKEN
YEARS = {"periods": "financial_years"}


def broken(findings):
    return [(f.team, f.role, f.period, f.by) for f in findings if f.verdict is BROKEN]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("0", "0", []),
        ("1", "1", []),
        ("1", "2", []),
        ("-1", "-1", [("north", "worker", "2024/25", 1)]),  # 3 after 4 of today, then 3 after 3
        ("2", "1", [("north", "worker", "2025/26", 1)]),  # a post that the plan added is cut
        ("-1", "0", [("north", "worker", "2024/25", 1)]),
    ],
)
def test_no_post_is_cut_from_one_period_to_the_next(tiny, found, first, second, expected):
    question = tiny(KeepExistingPosts(label="keep"), calendar=YEARS)
    changes = {("north", "worker", "2024/25"): first, ("north", "worker", "2025/26"): second}
    assert broken(found(question, changes)) == expected


def test_posts_outside_the_scope_may_be_cut(tiny, found):
    question = tiny(KeepExistingPosts(label="keep", scope="south"))
    assert broken(found(question, {("north", "worker"): "-1"})) == []


@pytest.mark.parametrize(
    ("parameters", "verdict", "by"),
    [
        ({"limit": 3}, MET, None),  # 2 in the north and 1 in the south
        ({"limit": 2}, BROKEN, 1),
        ({"limit": 2, "scope": "north"}, MET, None),
        ({"limit": 0, "staff": "support"}, MET, None),
        ({"limit": "unlimited"}, MET, None),
        ({"limit": "not printed"}, MET, None),
    ],
)
def test_no_more_are_added_than_can_be_recruited(tiny, found, parameters, verdict, by):
    question = tiny(LimitRecruitment.model_validate({"label": "supply", **parameters}))
    (finding,) = found(question, {("north", "worker"): "2", ("south", "worker"): "1"})
    assert (finding.verdict, finding.by) == (verdict, by)


def test_an_unprinted_supply_says_that_it_was_not_tested(tiny, found):
    question = tiny(LimitRecruitment.model_validate({"label": "s", "limit": "not printed"}))
    assert "recruitment was not tested" in found(question, {})[0].words


PACKAGE = {
    "packages": {"team": {"name": "Team", "start": "2024-04", "months": 12}},
    "package_lines": [{"package": "team", "post": "Worker", "fte": 1, "recurrent": 100}],
}


@pytest.mark.parametrize(
    ("pins", "verdict", "by"),
    [
        ({"posts": {"north": {"worker": 6}}}, MET, None),  # 4 + 2
        ({"posts": {"north": {"worker": 5}}}, BROKEN, 1),
        ({"posts": {"south": {"worker": "4.5"}}}, BROKEN, 0.5),
        ({"change": {"worker": 2}}, MET, None),
        ({"change": {"worker": 4}}, BROKEN, 2),
        ({"packages": {"team": "true"}}, MET, None),
        ({"packages": {"team": "false"}}, BROKEN, None),
    ],
)
def test_the_users_own_decisions_are_kept(tiny, found, pins, verdict, by):
    question = tiny(Pin.model_validate({"label": "pin", "pins": pins}), **PACKAGE)
    findings = found(question, {("north", "worker"): "2"}, "team")
    (finding,) = (f for f in findings if f.rule == "pin")
    assert (finding.verdict, finding.by) == (verdict, by)


@pytest.mark.parametrize(
    "pins",
    [
        {"posts": {"nowhere": {"worker": 1}}},
        {"posts": {"north": {"wroker": 1}}},
        {"change": {"wroker": 1}},
        {"packages": {"team": "true"}},
    ],
)
def test_a_pin_of_what_nothing_declares_is_refused(tiny, found, pins):
    with pytest.raises(InputError, match="is called"):
        found(tiny(Pin.model_validate({"label": "pin", "pins": pins})), {})


@pytest.mark.parametrize(
    ("parameters", "verdict", "by"),
    [
        ({"fte": 10}, MET, None),  # north 4 + 2, south 4
        ({"fte": 11}, BROKEN, 1),
        ({"fte": 9, "sense": "at most"}, BROKEN, 1),
        ({"fte": 10, "sense": "exactly"}, MET, None),
        ({"fte": 7, "sense": "exactly", "scope": "north"}, BROKEN, 1),
        ({"fte": 2, "what": "posts added", "scope": "north"}, MET, None),
        ({"fte": 1, "what": "posts added", "scope": "south"}, BROKEN, 1),
    ],
)
def test_what_is_asked_for_is_there_or_not(tiny, found, parameters, verdict, by):
    asked = {"label": "asked", "role": "worker", **parameters}
    question = tiny(Require.model_validate(asked))
    (finding,) = found(question, {("north", "worker"): "2"})
    assert (finding.verdict, finding.by) == (verdict, by)


@pytest.mark.parametrize(("fte", "verdict", "by"), [(5, MET, None), (6, BROKEN, 1)])
def test_people_in_post_are_counted_and_not_their_posts(tiny, found, fte, verdict, by):
    # 3 people in north's 4 posts, and 2 more
    rule = {"label": "asked", "role": "worker", "scope": "north", "what": "in post", "fte": fte}
    people = {"north": {"people": {"worker": 3, "officer": 1}}}
    question = tiny(Require.model_validate(rule), teams=people)
    (finding,) = found(question, {("north", "worker"): "2"})
    assert (finding.verdict, finding.by) == (verdict, by)


def test_what_is_asked_for_in_one_period_is_looked_for_there_alone(tiny, found):
    asked = {"label": "asked", "role": "worker", "fte": 9, "period": "2025/26"}
    question = tiny(Require.model_validate(asked), calendar=YEARS)
    (finding,) = found(question, {("north", "worker", "2025/26"): "1"})
    assert (finding.period, finding.verdict) == ("2025/26", MET)


@pytest.mark.parametrize("wrong", [{"role": "wroker"}, {"role": "worker", "period": "2030/31"}])
def test_what_is_asked_for_of_what_nothing_declares_is_refused(tiny, found, wrong):
    with pytest.raises(InputError, match="is called"):
        found(tiny(Require.model_validate({"label": "asked", "fte": 1, **wrong})), {})
