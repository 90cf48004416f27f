"""The state today."""

import pytest

import staffopt
from staffopt.reporting.today import render_today, stand_today


@pytest.fixture
def text(council, models):
    return "\n".join(
        " ".join(line.split()) for line in render_today(*stand_today(council, models)).splitlines()
    )


def test_posts_stand_by_team_and_add_up(text):
    # 36 + 16 + 94 = 146; 3 + 13 + 4.5 = 20.5
    assert "Posts today, FTE Social worker SWSO Senior" in text
    assert "Assessment 36.0 – –" in text
    assert "All teams 146.0 20.5 2.0" in text


def test_caseloads_stand_with_their_bands(text):
    assert "Assessment 25.75 (26) likely high" in text
    assert "time released" not in text


def test_unknown_cases_are_named(text):
    assert "Cases not printed: Looked After Children" in text


def test_money_of_today_is_told_per_fund(text):
    # 20.5 × 26,776 + 2 × 31,613 = 548,908 + 63,226 = 612,134
    assert "Already in base budget: 22.5 FTE, £612,134 a year, unchanged" in text


def test_the_papers_finer_split_is_shown(text):
    assert (
        "District Child Prot., SWSO as the paper shows it: Ashfield 3, Bassetlaw 4, Elsewhere 6"
        in text
    )


def test_vacancies_are_told_where_the_file_says_who_is_in_post(council, models):
    staffed = council.where({"teams.assessment.people.social_worker": "30.5"})
    assert "Assessment: 30.5 of 36.0 Social worker in post" in render_today(
        *stand_today(staffed, models)
    )


def test_what_the_others_carry_is_explained_where_it_is_shown(council, models):
    # 2 posts capped at 15 hold 30; 927 - 30 = 897 over 36 others = 24.92
    capped = council.where(
        {
            "roles.asye": {"kind": "case_holder", "cap": 15, "from": "6"},
            "teams.assessment.posts.asye": 2,
        }
    )
    text = render_today(*stand_today(capped, models))
    note = "(b) Social workers without a protected caseload, if capped workers hold their full cap."
    assert "24.92 (25)" in text
    assert f"\n{note}\n" in text
    assert "(b)" not in render_today(*stand_today(council, models))


@pytest.mark.parametrize(
    ("name", "command"),
    [
        (None, "staffopt solve nottinghamshire-2018"),
        ("here/council.yaml", "staffopt solve here/council.yaml"),
        ("my council.yaml", 'staffopt solve "my council.yaml"'),
    ],
)
def test_the_next_command_names_the_file_as_it_was_given(council, models, name, command):
    text = render_today(*stand_today(council, models), name=name)
    assert text.endswith(f"\nNext: {command}\n")


def test_no_line_is_wider_than_a_hundred_columns_however_many_roles_there_are(
    council, models, many_roles
):
    text = render_today(*stand_today(council.where(many_roles), models))
    assert max(map(len, text.splitlines())) <= 100
    assert all(f"Family support worker {n}" in text for n in range(6))


def many(models, teams):
    """So many teams of two social workers, in east with 1.5 and in west with 2 of them in post."""
    tree = staffopt.load("tiny").model_dump(mode="json", exclude_unset=True)
    tree["areas"] = {"east": {"name": "East"}, "west": {"name": "West"}}
    for section in ("groups", "standards", "options", "default_option"):
        tree.pop(section)
    tree["teams"] = {
        f"t{number}": {
            "name": f"Team {number}",
            "area": "east" if number <= 11 else "west",
            "posts": {"social_worker": 2},
            "people": {"social_worker": "1.5" if number <= 11 else "2"},
            "from": "invented",
        }
        for number in range(1, teams + 1)
    }
    council = staffopt.Instance.model_validate(tree)
    lines = render_today(*stand_today(council, models)).splitlines()
    return [" ".join(line.split()) for line in lines]


def test_more_than_twenty_teams_are_told_of_by_area(models):
    # 11 × 2 = 22 posts with 11 × 1.5 = 16.5 in post: 5.5 of 22 vacant; 10 × 2 in west; 5.5 of 42.
    lines = many(models, 21)
    at = lines.index(
        "Social workers in post by area, FTE posts in post vacancies vacancy rate agency "
        "agency rate"
    )
    assert lines[at + 1 : at + 4] == [
        "East today 22.0 16.5 5.5 25.0% 0.0 0.0%",
        "West today 20.0 20.0 0.0 0.0% 0.0 0.0%",
        "All teams today 42.0 36.5 5.5 13.1% 0.0 0.0%",
    ]
    assert "Team 20 today 2.0 2.0 0.0 0.0% 0.0 0.0%" in many(models, 20)
