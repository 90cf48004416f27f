"""The command line with the engine's public functions replaced by ones that answer at once."""

from fractions import Fraction

import pytest
import yaml
from typer.testing import CliRunner

import staffopt
from staffopt import library
from staffopt.cli import app
from staffopt.instance.schema import Instance
from staffopt.model.schema import Model
from staffopt.plan import Decisions, GoalValue, Grade, Plan, PostDecision, Provenance
from staffopt.settle import ask
from staffopt.verifier import derive


def read(kind, name):
    text = (library.path(kind) / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (text stays text)


@pytest.fixture
def council():
    return Instance.model_validate(read("instances", "barnsley-2017"))


@pytest.fixture
def models():
    return {
        name: Model.model_validate(read("models", name)) for name in ("caseload-target", "today")
    }


@pytest.fixture
def plan(council, models):
    question = ask(council, models, option="2-to-18")
    period = council.calendar.cut()[-1].label
    change = PostDecision(team="core", role="social_worker", period=period, change=Fraction(14))
    decided = Decisions(posts=(change,))
    return Plan(
        inputs=question.to_json(),
        decisions=decided,
        figures=derive(question, decided),
        goals=(
            GoalValue(
                minimise="full_year_cost",
                value=Fraction(585746),
                unit="pounds a year",
                grade=Grade.SOLVER_CLAIMED,
            ),
        ),
        provenance=Provenance(
            engine="0.1.0",
            input_hash=question.hash,
            backend="highspy",
            stopped="proven",
            tie_broken=True,
        ),
    )


@pytest.fixture
def engine(monkeypatch, council, models, plan):
    """Replace load, solve, models and instances; return what solve was called with."""
    called = {}

    def load(name):
        called["load"] = name
        return council

    def solve(instance, **options):
        called.update(options, instance=instance)
        return plan

    for name, function in {
        "load": load,
        "solve": solve,
        "models": lambda: models,
        "instances": lambda: [council.instance],
    }.items():
        monkeypatch.setattr(staffopt, name, function, raising=False)
    return called


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def invoke(*words):
        return CliRunner().invoke(app, [str(word) for word in words])

    return invoke
