"""Posts and packages that follow from decisions."""

from __future__ import annotations

import pytest

from staffopt.errors import InputError
from staffopt.plan import Decisions, PackageDecision, PostDecision
from staffopt.verifier import derive


def test_posts_are_todays_plus_the_change_in_file_order(recommended):
    rows = [(f.team, f.role, f.today, f.change, f.posts) for f in derive(*recommended).posts]
    assert rows == [
        ("assessment", "social_worker", 36, 0, 36),
        ("assessment", "swso", 0, 9, 9),
        ("cds", "social_worker", 16, 0, 16),
        ("cds", "swso", 3, 1, 4),
        ("dcpt", "social_worker", 94, 0, 94),
        ("dcpt", "swso", 13, 10.5, 23.5),
        ("looked_after", "swso", 4.5, 0, 4.5),
        ("countywide", "senior_swso", 2, 1, 3),
    ]


def test_the_end_state_is_41_officers_and_3_seniors(recommended):
    figures = derive(*recommended)
    posts = {role: sum(f.posts for f in figures.posts if f.role == role) for role in ("swso",)}
    assert posts == {"swso": 41}  # the paper's recommendations: 36.5 and 4.5


def test_the_project_team_is_seven_posts_for_two_years(recommended):
    (package,) = derive(*recommended).packages
    assert (package.taken, package.fte, str(package.end)) == (True, 7, "2020-09")


def test_what_is_not_decided_does_not_change(tiny):
    figures = derive(tiny(), Decisions())
    assert {f.change for f in figures.posts} == {0}
    assert all(t.amount.raw == 0 for t in figures.totals)


NORTH = {"team": "north", "role": "worker", "period": "2024-04 to 2026-03", "change": 1}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([{"team": "nroth"}], "no team is called 'nroth' .* Did you mean north"),
        ([{"role": "workers"}], "no role is called"),
        ([{"period": "2024/25"}], "no period is called"),
        ([{}, {"change": 2}], "decided 2 times"),
    ],
)
def test_decisions_that_name_nothing_or_twice_are_refused(tiny, changes, words):
    posts = tuple(PostDecision(**{**NORTH, **change}) for change in changes)
    with pytest.raises(InputError, match=words):
        derive(tiny(), Decisions(posts=posts))


def test_an_undeclared_package_is_refused(tiny):
    decisions = Decisions(packages=(PackageDecision(package="team", taken=True),))
    with pytest.raises(InputError, match="no package is called 'team'"):
        derive(tiny(), decisions)
