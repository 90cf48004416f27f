"""Whatever a file says: a verified plan, a proof that there is none, or faults. Nothing else.

Councils and models are drawn over the whole of the file format and then, in up to four places, made
wrong or odd: a value of another kind or size, a name that nothing has, a table gone.
"""

from __future__ import annotations

import json
import runpy
from copy import deepcopy
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import staffopt as so
from staffopt.desk import Desk
from staffopt.model.reading import read_model

FUZZ = runpy.run_path(str(Path(__file__).with_name("fuzz_engine.py")))
FIGURES = st.one_of(
    st.integers(-3, 200),
    st.decimals(-2, 10**6, places=3).map(str),
    st.sampled_from(["0", "1e3", "1_000", "1e-30", "99999999999999999999", "0.0000001", "-0"]),
)
WORDS = st.one_of(
    st.sampled_from(["all", "a", "r0", "plain", "some", "off", "none", "unknown", "unlimited"]),
    st.sampled_from(["2026-10", "2018-13", "2026/27", "one", "pooled", "posts_up", "printed(9)"]),
    st.text(max_size=6),
)
VALUES = st.one_of(
    FIGURES,
    WORDS,
    st.booleans(),
    st.none(),
    st.lists(WORDS, max_size=2),
    st.dictionaries(WORDS, FIGURES, max_size=2),
)


HEAD = {"schema_version", "instance", "title", "groups", "areas"}
"""What of a council needs no source."""


def drawn(rng):
    """Draw a council, whose every figure is an assumption, and a model."""
    council = deepcopy(FUZZ["council"](rng))  # it shares tables between councils
    council["assumptions"] = {table: "drawn" for table in council if table not in HEAD}
    return council, deepcopy(FUZZ["model"](rng, council))


def places(tree, path=()):
    """List the path of everything in a tree."""
    if isinstance(tree, list):
        tree = dict(enumerate(tree))
    for key, value in tree.items() if isinstance(tree, dict) else ():
        yield (*path, key)
        yield from places(value, (*path, key))


@st.composite
def questions(draw, *, changes):
    """Draw a council and a model, and change them in so many places."""
    council, model = drawn(Random(draw(st.integers(0, 2**32))))
    for _ in range(draw(changes)):
        tree = draw(st.sampled_from([council, council, model]))
        *path, key = draw(st.sampled_from(list(places(tree)) or [("model",)]))
        for step in path:
            tree = tree[step]
        if draw(st.booleans()) or isinstance(tree, list):
            tree[key] = deepcopy(draw(VALUES))
        else:
            value = tree.pop(key, None)
            if draw(st.booleans()):
                tree[draw(WORDS)] = value
    return council, model


@pytest.fixture(scope="module")
def ended(tmp_path_factory):
    """Ask a question that stands in files; say how it ended."""
    folder = tmp_path_factory.mktemp("any")
    request = so.Request(model="random", isolation="inline", cross_check=False, time_limit=20)

    def ended(council, model):
        for name, tree in (("council", council), ("model", model)):
            (folder / f"{name}.yaml").write_text(json.dumps(tree), "utf-8")
        try:
            stated = read_model(folder / "model.yaml")
            instance = so.load(folder / "council.yaml")
            plan = Desk(instance, {stated.model: stated, "random": stated}, request).solve()
        except so.Infeasible as error:
            return "no plan" if error.grade else "nothing"
        except so.InputError as error:
            clear = bool(error.faults) and all(fault.what and fault.mend for fault in error.faults)
            return "faults" if clear else "unclear faults"
        verified = so.verify(plan)
        assert verified.ok, verified.broken
        return "plan" if plan.provenance.stopped == "proven" else "nothing"

    return ended


SLOW = {
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
}


@settings(max_examples=40, **SLOW)
@given(question=questions(changes=st.just(0)))
def test_what_is_valid_has_a_plan_or_a_proof_that_there_is_none_or_faults(ended, question):
    assert ended(*question) in ("plan", "no plan", "faults")


@settings(max_examples=150, **SLOW)
@given(question=questions(changes=st.integers(1, 4)))
def test_what_is_nearly_valid_has_so_too(ended, question):
    assert ended(*question) in ("plan", "no plan", "faults")


def test_such_questions_end_in_every_way(ended):
    ends = {ended(*drawn(Random(seed))) for seed in range(40)}
    assert ends == {"plan", "no plan", "faults"}
