"""The draw of West Sussex's teams and people: the printed shares, and what the instance holds."""

from __future__ import annotations

import runpy
import shutil
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import pytest

from staffopt import library
from staffopt.instance.reading import read_instance

FOLDER = library.path("instances")
SIZES = [300, 1500]


@pytest.fixture(scope="module")
def script():
    return runpy.run_path(str(FOLDER / "draw_west_sussex.py"))


@pytest.fixture(scope="module", params=[(seed, size) for size in SIZES for seed in (2015, 1)])
def service(script, request):
    seed, size = request.param
    return script["draw"](seed, size)


def share(part, whole):
    """Round a share in % as the paper prints it, in decimals and not in the script's fractions."""
    exact = Decimal(100) * Decimal(float(part)) / Decimal(whole)
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def test_the_instance_holds_what_is_drawn(script):
    page = (FOLDER / "west-sussex-2015.yaml").read_text(encoding="utf-8")
    assert script["drawn_into"](page, script["draw"]()) == page
    assert script["main"](["--check"]) == 0


def test_check_ends_with_1_where_the_file_holds_something_else(tmp_path):
    for name in ("draw_west_sussex.py", "west-sussex-2015.yaml"):
        shutil.copy(FOLDER / name, tmp_path)
    page = tmp_path / "west-sussex-2015.yaml"
    drawn = page.read_text(encoding="utf-8")
    page.write_text(drawn.replace("p0001: {", "p0001: {fte: 0.9, ", 1), encoding="utf-8")
    copied = runpy.run_path(str(tmp_path / "draw_west_sussex.py"))
    assert copied["main"](["--check"]) == 1
    assert copied["main"]([]) == 0  # writes it again
    assert page.read_text(encoding="utf-8") == drawn


def test_vacancies_have_the_printed_shares(service):
    """12.4: 14.8% on average, 18.3% in the hardest to recruit area; 6: five areas."""
    posts, vacant = Counter(), Counter()
    for team in service.teams:
        for area in (team.area, "all"):
            posts[area] += team.posts
            vacant[area] += team.posts - team.there
    shares = {area: share(vacant[area], posts[area]) for area in posts}
    assert shares.pop("all") == Decimal("14.8")
    assert max(shares.values()) == Decimal("18.3")
    assert sorted(shares.values())[-2] < Decimal("18.3")
    assert len(shares) == 5


def test_a_tenth_opts_to_move(service):
    """12.2."""
    asked = [person for person in service.people if not person.temporary]
    moving = sum(person.first != person.team for person in asked)
    assert share(moving, len(asked)) == Decimal("10.0")
    assert all(person.second not in (None, person.first) for person in asked)


def test_staff_of_today_fill_the_posts_of_their_teams_as_drawn(service):
    there, covered = Counter(), Counter()
    for person in service.people:
        (covered if person.temporary else there)[person.team] += person.fte
    for team in service.teams:
        assert there[team.id] == team.there
        assert there[team.id] + covered[team.id] <= team.posts


def test_a_draw_lists_as_many_people_as_it_is_asked_for(script):
    for people in (150, 300, 1500):
        assert len(script["draw"](7, people).people) == people


def test_so_few_people_that_the_shares_cannot_be_had_are_refused(script):
    with pytest.raises(ValueError, match=r"has 18\.3% vacant"):
        script["draw"](2015, 40)


def test_the_same_seed_draws_the_same_and_another_something_else(script):
    draw = script["draw"]
    assert draw(3) == draw(3)
    assert draw(3).people != draw(4).people


def test_a_service_drawn_larger_is_an_instance_too(script, tmp_path):
    page = (FOLDER / "west-sussex-2015.yaml").read_text(encoding="utf-8")
    path = tmp_path / "larger.yaml"
    path.write_text(script["drawn_into"](page, script["draw"](1, 1500)), encoding="utf-8")
    assert len(read_instance(path).people) == 1500
