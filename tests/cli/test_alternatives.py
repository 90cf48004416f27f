"""``staffopt alternatives``, end to end."""

import json


def test_each_plan_has_its_price_and_what_differs(run):
    result = run("alternatives", "tiny", "--option", "social-workers", "--within", "0", "--quiet")
    assert result.exit_code == 0
    assert "Fewest teams touched, for no more:" in result.stdout
    assert "Least change from today: the plan itself." in result.stdout


def test_a_plan_that_was_told_of_before_is_named_and_not_told_again(run):
    # Two workers more, in one team or one in each: beside the plan there are two others.
    words = ("--option", "social-workers", "--within", "0", "--quiet")
    lines = run("alternatives", "tiny", *words).stdout.splitlines()
    assert len([line for line in lines if line.endswith(", for no more:")]) == 2
    assert "Most permanent staff: the same plan as fewest teams touched." in lines


def test_json_has_every_plan(run):
    told = json.loads(run("alternatives", "tiny", "--within", "25%", "--json").stdout)
    assert told["allowance"] == "12000"
    assert told["unique"] is True
    assert {one["direction"] for one in told["found"]} >= {"least change from today"}


def test_what_is_no_allowance_is_refused(run):
    result = run("alternatives", "tiny", "--within", "much")
    assert result.exit_code == 2
    assert "bad-allowance" in result.stderr
