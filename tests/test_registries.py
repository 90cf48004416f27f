"""The rules that are specified, compiled, checked, documented and tested are the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from staffopt.model.schema import GoalName
from staffopt.rulebook import RULES
from staffopt.rules import COMPILERS
from staffopt.rules.goals import GOALS
from staffopt.verifier import CHECKS

TESTS = Path(__file__).parent
RULE_BOOK = TESTS.parent / "docs" / "rules.md"


def tried_in(folder: str) -> set[str]:
    """Name the rules whose class some test of a folder uses, beyond importing it."""
    sources = [path.read_text(encoding="utf-8") for path in (TESTS / folder).glob("test_*.py")]
    return {
        name
        for name, rule in RULES.items()
        if any(re.search(rf"\b{rule.__name__}(\.model_validate)?\(", text) for text in sources)
    }


def test_every_rule_is_compiled_and_checked_and_no_other():
    assert set(COMPILERS) == set(RULES.values())
    assert set(CHECKS) == set(RULES.values())


def test_every_rule_is_in_the_rule_book_and_no_other():
    headings = re.findall(r"^## `?(\w+)`?", RULE_BOOK.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(RULES)


@pytest.mark.parametrize("folder", ["rules", "verifier"])
def test_every_rule_is_tried(folder):
    assert tried_in(folder) == set(RULES)


def test_every_goal_is_written():
    assert set(GOALS) == set(GoalName)
