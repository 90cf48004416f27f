"""What is asked is checked before anything is done."""

import pytest

import staffopt as so
from staffopt import library


@pytest.fixture(scope="module")
def tiny():
    return so.load("tiny")


@pytest.mark.parametrize(
    "asking",
    [
        {"option": 3},
        {"model": ""},
        {"scenario": 1},
        {"overrides": ["teams.north.cases=3"]},
        {"backend": None},
        {"cross_check": "yes"},
        {"time_limit": "5"},
        {"time_limit": 0},
        {"time_limit": float("nan")},
        {"gap": 1},
        {"gap": "a bit"},
        {"seed": -1},
        {"threads": 0},
        {"threads": True},
        {"isolation": "container"},
        {"progress": 3},
        {"cancel": 3},
    ],
    ids=str,
)
def test_a_setting_that_is_none_is_named_with_what_to_give_instead(tiny, asking):
    with pytest.raises(so.InputError) as raised:
        so.solve(tiny, **asking)
    (fault,) = raised.value.faults
    assert (fault.code, fault.place.path) == ("bad-setting", *asking)
    assert fault.mend


def test_every_bad_setting_is_told_at_once(tiny):
    with pytest.raises(so.InputError) as raised:
        so.open(tiny, seed=-1, threads=0, gap=2)
    assert {fault.place.path for fault in raised.value.faults} == {"seed", "threads", "gap"}


def test_a_name_in_the_place_of_a_council_is_refused_with_the_way_to_one():
    with pytest.raises(so.InputError, match=r"staffopt\.load"):
        so.solve("tiny")


@pytest.mark.parametrize(
    ("name", "what", "mend"),
    [
        ("nosuch.yaml", "there is no file nosuch.yaml", "staffopt list"),
        ("nowhere/council", "there is no file", "staffopt list"),
        ("tiny.yaml", "there is no file tiny.yaml", "Did you mean the shipped instance tiny?"),
    ],
)
def test_a_path_where_no_file_is_is_told_as_a_file(name, what, mend):
    with pytest.raises(so.InputError) as raised:
        so.load(name)
    (fault,) = raised.value.faults
    assert what in fault.what
    assert mend in fault.mend


@pytest.mark.parametrize("name", [3, "x" * 5000, "tinny"])
def test_what_is_no_instance_is_refused_with_those_there_are(name):
    with pytest.raises(so.UnknownName, match="tiny"):
        so.load(name)


def test_a_model_of_ones_own_is_read_from_its_file(tiny, tmp_path):
    shipped = library.path("models") / "support-ratio.yaml"
    mine = tmp_path / "mine.yaml"
    text = shipped.read_text(encoding="utf-8").replace("model: support-ratio", "model: mine")
    mine.write_text(text, encoding="utf-8")
    own = so.solve(tiny, option="support-officers", model=str(mine), cross_check=False)
    assert own.change == so.solve(tiny, option="support-officers", cross_check=False).change
    assert own.question.model == "mine"


def test_the_models_that_are_handed_out_are_the_callers_own():
    so.models().clear()
    assert "today" in so.models()


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("roles.social_worker.step", "0.001", "finer than 0.01"),
        ("teams.north.cases", "1000001", "more than 1000000"),
    ],
)
def test_figures_of_no_council_are_refused(tiny, path, value, words):
    with pytest.raises(so.InputError, match=words):
        tiny.where({path: value})
