import pytest

from staffopt.errors import InputError
from staffopt.inspection import check_file
from staffopt.instance.reading import read_checked
from staffopt.instance.starter import starter
from staffopt.model.schema import Model

MODELS = {
    name: Model.model_validate({"schema_version": 1, "model": name, "title": name, "rules": rules})
    for name, rules in {
        "today": {},
        "caseload-target": {"keep_average_caseload": {"rounding": "posts_up"}},
        "support-ratio": {
            "keep_support_ratio": {},
            "limit_span_of_control": {"managers": "support_lead", "staff": "support"},
        },
        "least-cost-mix": {"keep_average_caseload": {"basis": "effective"}, "release_time": {}},
    }.items()
}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "my-council.yaml"
    path.write_text(starter("my-council"), encoding="utf-8")
    return path


def test_the_starter_has_neither_faults_nor_warnings(path):
    assert check_file(path, MODELS) == []


def test_the_starter_bears_the_name_asked_for(path):
    council, _ = read_checked(path)

    assert council.instance == "my-council"
    assert "NAME" not in path.read_text(encoding="utf-8")


def test_the_starter_offers_an_option_for_every_model(path):
    council, _ = read_checked(path)

    assert {option.model for option in council.options.values()} == set(MODELS)
    assert council.default_option in council.options


def test_the_starters_ceiling_covers_todays_posts_and_three_social_workers(path):
    # 19 x 45,000 + 2 x 28,000 + 0.5 x 33,000 = 927,500 today; 440 cases / 20 = 22 FTE, so 3 more
    # at 45,000 and 1,100 once: 138,300.
    council, _ = read_checked(path)

    assert council.funds["social_care"].ceiling >= 927_500 + 138_300


@pytest.mark.parametrize("name", ["", "My Council", "../x", "a" * 65])
def test_a_name_that_is_no_id_is_refused(name):
    with pytest.raises(InputError) as caught:
        starter(name)

    assert [fault.code for fault in caught.value.faults] == ["bad-id"]
