"""What is claimed of an answer, and how to have it again."""

import pytest

from compiled import KEEP, ask
from staffopt.claims import command
from staffopt.instance.options import Override


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
