import pytest
import yaml

from staffopt.instance.checks import CHECKS, check_instance
from staffopt.instance.schema import Instance
from staffopt.instance.starter import starter


def council(**changes):
    tree = yaml.load(starter("council"), Loader=yaml.BaseLoader)  # noqa: S506 (makes texts only)
    return Instance.model_validate({**tree, **changes})


def codes(instance, **known):
    return [(fault.code, fault.place.path) for fault in check_instance(instance, **known)]


def test_an_instance_made_in_a_program_is_checked_without_a_file():
    assert codes(council()) == []
    assert codes(council(groups={"front": ["north", "nowhere"]})) == [
        ("unknown-team", "groups.front.1")
    ]


def test_models_are_looked_for_only_where_they_are_known():
    options = {"only": {"model": "nothing"}}
    instance = council(options=options, default_option="only")

    assert codes(instance) == []
    assert codes(instance, models={"today"}) == [("unknown-model", "options.only.model")]


@pytest.mark.parametrize(
    ("edges", "decimals", "expected"),
    [
        # The paper's bands: 21 then 22 leave no whole average out, but do leave 21.5 out.
        (["< 20", "20-21", "22-26", "> 26"], 0, []),
        (["< 20", "20-21", "22-26", "> 26"], 1, ["band-gap"]),
        (["< 20", "20-21", "22-26", "> 26"], None, ["band-gap"]),
        (["< 20", "20-21.9", "22-26", "> 26"], 1, []),
        (["< 20", ">= 20"], None, []),
        (["<= 20", "> 20"], None, []),
        (["< 20", "> 20"], None, ["band-gap"]),
        (["<= 20", ">= 20"], None, ["band-overlap"]),
        (["< 20", "> 19"], 0, []),
    ],
)
def test_bands_cover_every_printed_average_once(edges, decimals, expected):
    bands = {"edges": {f"band {i}": edge for i, edge in enumerate(edges)}}
    if decimals is not None:
        bands["round_average"] = {"decimals": decimals}

    assert [code for code, _ in codes(council(bands=bands))] == expected


def test_an_assumption_covers_everything_under_its_path():
    standards = {"release_time": {"hours": 6, "contract_hours": 37, "ratio": 4}}
    whole = {"standards.release_time": "guess"}
    rest = dict.fromkeys(("calendar", "roles", "teams", "bands", "funds"), "x")

    hours = {"standards.release_time.hours": "guess"}
    one = council(standards=standards, assumptions={**rest, **hours})
    all_of_it = council(standards=standards, assumptions={**rest, **whole})

    assert codes(all_of_it) == []
    assert codes(one) == [
        ("no-source", "standards.release_time.contract_hours"),
        ("no-source", "standards.release_time.ratio"),
    ]


def test_a_users_own_pins_need_no_source():
    assert codes(council(pins={"change": {"social_worker": 2}})) == []


def test_a_figure_left_to_its_default_needs_no_source_but_may_be_an_assumption():
    roles = {"social_worker": {"kind": "case_holder"}}
    teams = {"north": {"name": "North", "cases": 20, "posts": {"social_worker": 1}, "from": "1"}}
    instance = Instance.model_validate(
        {
            "schema_version": 1,
            "instance": "x",
            "title": "X",
            "calendar": {"start": "2027-04", "end": "2028-03", "from": "1"},
            "roles": roles,
            "teams": teams,
            "assumptions": {"roles.social_worker.step": "whole posts"},
        }
    )

    assert codes(instance) == []


def test_every_check_says_what_it_looks_at():
    assert all(check.run.__doc__ for check in CHECKS)
    assert len({check.run for check in CHECKS}) == len(CHECKS)
