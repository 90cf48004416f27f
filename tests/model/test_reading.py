import pytest

from staffopt.errors import InputError
from staffopt.instance.staff import RoleKind
from staffopt.model.reading import read_model, read_models

RATIO = """\
schema_version: 1
model: ratio
title: One officer for so many workers
may_change: [support]
rules:
  keep_existing_posts: {}
  officers: {rule: keep_support_ratio, each: team}   # ratio: the council's standard
  release_time: off
goals:
  - minimise: full_year_cost
"""
BOTH = "schema_version: 1\nmodel: both\ntitle: Both\nincludes: [ratio]\n"


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def faults_of(folder):
    with pytest.raises(InputError) as caught:
        read_models(folder)
    return [(fault.code, fault.place.line) for fault in caught.value.faults]


def test_models_are_read_by_id(tmp_path):
    models = read_models(write(tmp_path, ratio=RATIO, both=BOTH))

    assert list(models) == ["both", "ratio"]
    assert models["ratio"].may_change == (RoleKind.SUPPORT,)
    assert models["ratio"].rules["release_time"] == "off"


def test_a_parameter_may_be_left_to_the_council(tmp_path):
    assert read_model(write(tmp_path, ratio=RATIO) / "ratio.yaml").model == "ratio"


@pytest.mark.parametrize(
    ("written", "instead", "code", "line"),
    [
        ("rule: keep_support_ratio", "rule: keep_suport_ratio", "unknown-rule", 7),
        ("keep_existing_posts:", "keep_existing_post:", "unknown-rule", 6),
        ("release_time: off", "release_tme: off", "unknown-rule", 8),
        ("release_time: off", "release_time: on", "unknown-choice", 8),
        ("each: team", "eech: team", "unknown-field", 7),
        ("each: team", "each: person", "unknown-choice", 7),
        ("[support]", "[suport]", "unknown-choice", 4),
        ("minimise: full_year_cost", "minimise: cots", "unknown-choice", 10),
        ("minimise: full_year_cost", "minimise: cost\n    tolerance: -1", "out-of-range", 11),
        ("schema_version: 1", "schema_version: 2", "unknown-choice", 1),
        ("model: ratio", "model: other", "model-file-name", 2),
    ],
)
def test_a_slip_in_a_model_is_told_where_it_stands(tmp_path, written, instead, code, line):
    folder = write(tmp_path, ratio=RATIO.replace(written, instead))

    assert faults_of(folder) == [(code, line)]


def test_faults_of_several_models_are_told_at_once(tmp_path):
    bad = RATIO.replace("each: team", "each: person").replace("[support]", "[suport]")

    folder = write(tmp_path, both=BOTH + "goals: here\n", ratio=bad)

    assert faults_of(folder) == [("wrong-shape", 5), ("unknown-choice", 4), ("unknown-choice", 7)]


def test_an_included_model_must_be_there(tmp_path):
    assert faults_of(write(tmp_path, both=BOTH)) == [("unknown-model", 4)]
