"""What a fund may spend, and what is left of it, beside what the plan charges to it."""

from staffopt.reporting.text import render


def rows(text, first, count):
    """Return a row of the money table and those under it, blanks squeezed."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    start = next(n for n, line in enumerate(lines) if line.startswith(first))
    return lines[start : start + count]


POSTS = {
    ("assessment", "swso"): 9,
    ("cds", "swso"): 1,
    ("dcpt", "swso"): "10.5",
    ("countywide", "senior_swso"): 1,
}


def test_a_ceiling_and_what_is_left_stand_under_their_fund(make_plan):
    # paragraph 9: 548,908 + 31,613 = 580,521 a year; half of it and 22 x 1,100 = 314,460.5 in
    # 2018/19; 600,000 - 580,521 = 19,479; 320,000 - 314,460.5 = 5,539.5
    changes = {
        "funds.contingency.ceiling.2018/19": 320000,
        "funds.contingency.ceiling.2019/20": 600000,
    }
    text = render(make_plan(POSTS, ("project_team",), changes=changes))
    assert rows(text, "Contingency", 3) == [
        "Contingency 314,461 580,521 580,521 580,521",
        "ceiling 320,000 600,000 – –",
        "left 5,540 19,479 – –",
    ]
    assert rows(text, "Strategic", 2)[1].startswith("New money")


def test_posts_of_today_count_against_the_ceiling_of_their_fund(make_plan):
    # 20.5 x 26,776 + 2 x 31,613 = 612,134 a year, half of it (306,067) in 2018/19
    text = render(make_plan(POSTS, changes={"funds.base.ceiling": 700000}))
    assert rows(text, "Base budget", 3) == [
        "Base budget – – – –",
        "ceiling 700,000 700,000 700,000 –",
        "left, today's posts paid 393,933 87,866 87,866 –",
    ]


def test_a_ceiling_is_shown_where_nothing_new_is_spent(make_plan):
    text = render(make_plan({}, changes={"funds.contingency.ceiling": 1000}, option="do-nothing"))
    assert "Money: nothing new is spent." in text
    assert rows(text, "left", 1) == ["left 1,000 1,000 1,000 –"]


def test_what_is_left_is_at_most_so_much_where_a_cost_is_not_known(make_plan):
    # one social worker for six months: 43,111.11 / 2 = 21,555.56; the set-up is not printed
    changes = {
        "funds.contingency.ceiling": 50000,
        "options.more-social-workers.fund": "contingency",
    }
    posts = {("assessment", "social_worker"): 1}
    text = render(make_plan(posts, option="more-social-workers", changes=changes))
    assert rows(text, "left", 1) == ["left ≤ 28,444 6,889 6,889 –"]


def test_without_a_ceiling_there_are_no_rows_of_one(make_plan):
    text = render(make_plan(POSTS, changes={"funds.contingency.ceiling": "unlimited"}))
    assert "  ceiling" not in text
    assert "  left" not in text


def test_what_a_cut_saves_is_not_left_to_spend(make_plan):
    # 700,000 - 612,134 = 87,866, with or without the 3 x 26,776 that the cut saves
    changes = {"funds.base.ceiling": 700000}
    text = render(make_plan({("cds", "swso"): -3}, changes=changes))
    left = next(line for line in text.splitlines() if "left, today's posts paid" in line)
    assert "87,866" in left
