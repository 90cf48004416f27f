"""``staffopt why-placed``, end to end on tiny-places."""

import json


def test_one_person_is_told_and_the_json_keeps_apart_what_may_be_passed_on(run):
    text = run("why-placed", "tiny-places", "p5", "--quiet")
    assert text.exit_code == 0
    assert "moves 5 people instead of 3 people" in " ".join(text.stdout.split())
    (told,) = json.loads(run("why-placed", "tiny-places", "p5", "--json").stdout)["people"]
    assert told["to_pass_on"]["answer"] == "worse"
    assert told["not_to_pass_on"]["refused"] == ["p2"]


def test_everybody_is_told_in_a_table(run):
    # without floors of skill all who asked get their first preference
    off = ["--set", "standards.minimum_skill=off", "--set", "standards.supervision=off"]
    told = run("why-placed", "tiny-places", *off)
    assert told.stdout == "Everybody who asked for a place has their first preference.\n"


def test_an_id_of_nobody_is_refused(run):
    refused = run("why-placed", "tiny-places", "p9")
    assert refused.exit_code == 2
    assert "unknown-person" in refused.stderr
