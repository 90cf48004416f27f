"""What is claimed of an answer, and how to have it again."""

from fractions import Fraction

import pytest

from compiled import KEEP, ask
from staffopt.algebra.lexicographic import Outcome
from staffopt.algebra.solution import Why
from staffopt.claims import Answer, command, refuse_better
from staffopt.errors import Conflict
from staffopt.instance.options import Override
from staffopt.model.schema import Goal
from staffopt.plan import Decisions, Figures


def asked(**overrides):
    steps = tuple(Override(path=path, value=value) for path, value in overrides.items())
    question = ask(KEEP)
    return type(question)(**{**vars(question), "overrides": steps})


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1000, "--set path=1000"),
        ("not printed", "--set 'path=not printed'"),
        (True, "--set path=true"),  # not True, which no file would hold
        (["north", "south"], """--set 'path=["north", "south"]'"""),
    ],
)
def test_the_command_writes_a_value_as_a_file_would_hold_it(value, written):
    assert command(asked(path=value)).endswith(written)


def test_a_shipped_council_is_called_by_its_name_and_another_by_its_file():
    own = ask(KEEP, instance="wexborough")
    assert command(ask(KEEP)) == "staffopt solve tiny --model test"
    assert command(own) == "staffopt solve wexborough.yaml --model test"


def coming_to(value):
    return Answer(Outcome(Why.OPTIMAL), Decisions(), Figures(), (), (Fraction(value),))


@pytest.mark.parametrize("other", [10, 11])
def test_a_plan_that_is_no_better_contradicts_nothing_whatever_was_claimed(other):
    # What the solver had summed up was 12; the plan comes to 10, and so does the other one.
    question = ask(KEEP, goals=(Goal.model_validate({"minimise": "penalty"}),))
    claim = {"goal": 0, "below": "12", "held": []}
    refuse_better(question, coming_to(10), coming_to(other), claim)
    with pytest.raises(Conflict, match=r"penalty 10.*penalty 9"):
        refuse_better(question, coming_to(10), coming_to(9), claim)
