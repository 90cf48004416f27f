"""Every file under bad_files says in its first lines what must be found in it, and where."""

import re
from pathlib import Path

import pytest

from staffopt.inspection import check_file
from staffopt.model.schema import Model

FILES = sorted((Path(__file__).parent / "bad_files").glob("*.yaml"))
EXPECTS = re.compile(rb"^# expects: ([a-z0-9-]+) line (\d+)\r?$", re.MULTILINE)


def model(name, **rules):
    return Model.model_validate({"schema_version": "1", "model": name, "title": name, **rules})


MODELS = {
    "today": model("today", rules={"keep_existing_posts": {}}),
    "ratio": model("ratio", may_change=["support"], rules={"keep_support_ratio": {}}),
    "share": model("share", rules={"limit_share": {"most": "0.3"}}),
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_exactly_the_expected_faults_are_found_where_they_stand(path):
    expected = [(code.decode(), int(line)) for code, line in EXPECTS.findall(path.read_bytes())]
    assert expected, f"{path.name} does not say what to expect"

    faults = check_file(path, MODELS)

    found = [(fault.code, fault.place.line or 0) for fault in faults]
    assert sorted(found) == sorted(expected), "\n".join(map(str, faults))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_fault_says_what_and_how_to_mend_it(path):
    for fault in check_file(path, MODELS):
        assert fault.what, fault
        assert fault.mend.endswith((".", "?", "…")), fault
        assert fault.place.file == str(path), fault


def test_there_are_at_least_forty_five_bad_files():
    assert len(FILES) >= 45
