"""Plans made by hand, with the verifier's own arithmetic for what follows from the decisions."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest
import yaml

from staffopt.instance.schema import Instance
from staffopt.model.schema import Model
from staffopt.plan import (
    Decisions,
    Finding,
    GoalValue,
    Grade,
    PackageDecision,
    Plan,
    PostDecision,
    Provenance,
)
from staffopt.settle import ask
from staffopt.verifier import derive

# Nottinghamshire 2018; the paragraphs are the paper's.
COUNCIL = """
schema_version: 1
instance: nottinghamshire-2018
title: Supporting improvements in children's social care
paper: {council: Nottinghamshire County Council, date: 2018-06-18, item: "11"}
default_option: recommended
calendar: {start: 2018-10, end: 2021-03, from: "11, 15"}
roles:
  social_worker: {kind: case_holder, step: 1, cost: 43111.11, set_up: unknown, from: "6"}
  swso: {name: SWSO, kind: support, step: 0.5, cost: 26776, set_up: 1100, from: "9"}
  senior_swso: {name: Senior, kind: support_lead, cost: 31613, set_up: 1100, from: "9"}
groups:
  frontline: [assessment, cds, dcpt]
teams:
  assessment: {name: Assessment, cases: 927, posts: {social_worker: 36}, from: "8"}
  cds: {name: Children's Disability, cases: 389, posts: {social_worker: 16, swso: 3}, from: "8"}
  dcpt:
    name: District Child Prot.
    cases: 2054
    posts: {social_worker: 94, swso: 13}
    shown_as: {swso: {Ashfield: 3, Bassetlaw: 4, Elsewhere: 6}}
    from: "8"
  looked_after: {name: Looked After Children, cases: unknown, posts: {swso: 4.5}, from: "8"}
  countywide: {name: Countywide, cases: none, posts: {senior_swso: 2}, from: "9"}
bands:
  round_average: {decimals: 0, half: up}
  edges: {spare capacity: "< 20", manageable: 20-21, likely high: 22-26, must be reduced: "> 26"}
  from: "3"
standards:
  keep_average_caseload: {target: 20.5, scope: frontline, rounding: posts_nearest, from: "6"}
  keep_support_ratio: {ratio: 4, scope: frontline, from: "9"}
  limit_span_of_control: {span: 14}
  release_time: {hours: 6.5, contract_hours: 37, ratio: 4, scope: frontline, from: "8"}
packages:
  project_team: {name: Project team, start: 2018-10, months: 24, fund: development, from: "14"}
package_lines:
  - {package: project_team, post: Practice Consultant, fte: 3, recurrent: 150642}
  - {package: project_team, post: Other posts, fte: 4, recurrent: 174999}
  - {package: project_team, item: mobiles, count: 7, each: 145, recurrent: 1015}
  - {package: project_team, item: equipment, count: 8, each: 1100, one_off: 8800}
funds:
  base: {name: Base budget, recurrent: true, pays_for: {posts_today: [swso, senior_swso]}}
  contingency: {name: Contingency, recurrent: false, pays_for: {added_posts: [all]}}
  development: {name: Strategic Development Fund, pays_for: {packages: [project_team]}}
options:
  do-nothing: {model: today}
  more-social-workers:
    {model: caseload-target, fund: not named,
     published: {change: {social_worker: 18}, full_year_cost: 776000}, from: "6, 17"}
  recommended: {model: support-and-project, published: {change: {swso: 20.5, senior_swso: 1}}}
assumptions:
  standards.keep_average_caseload.target: the middle of 20 to 21
  standards.limit_span_of_control.span: no ratio is printed
  standards.release_time.contract_hours: a usual week
"""

MODELS = """
today: {schema_version: 1, model: today, title: As today}
caseload-target:
  schema_version: 1
  model: caseload-target
  title: To a target
  may_change: [case_holder]
  rules: {keep_existing_posts: {}, keep_average_caseload: {}}
support-and-project:
  schema_version: 1
  model: support-and-project
  title: Officers and a project
  may_change: [support, support_lead]
  rules:
    keep_existing_posts: {}
    keep_support_ratio: {}
    limit_span_of_control: {managers: support_lead, staff: support}
    release_time: {}
    take_bundle_whole: {required: true}
"""

Posts = Mapping[tuple[str, str], object]
MakePlan = Callable[..., Plan]

RECOMMENDED: Posts = {
    ("assessment", "swso"): 9,
    ("cds", "swso"): 1,
    ("dcpt", "swso"): "10.5",
    ("countywide", "senior_swso"): 1,
}


def plain(text: str) -> Any:
    return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (text stays text; no constructor)


def read_models() -> dict[str, Model]:
    return {name: Model.model_validate(tree) for name, tree in plain(MODELS).items()}


@pytest.fixture
def council() -> Instance:
    return Instance.model_validate(plain(COUNCIL))


@pytest.fixture
def many_roles() -> dict[str, object]:
    """Return overrides that give Assessment six more roles with long names."""
    roles = [f"r{n}" for n in range(6)]
    role = {"kind": "support", "from": "6"}
    return {
        **{f"roles.{r}": {"name": f"Family support worker {r[1:]}", **role} for r in roles},
        **{f"teams.assessment.posts.{r}": 2 for r in roles},
        "funds.base.pays_for.posts_today": roles,
    }


@pytest.fixture
def models() -> dict[str, Model]:
    return read_models()


@pytest.fixture
def make_plan(council: Instance) -> MakePlan:
    """Make a plan: posts added by (team, role), or by (team, role, period)."""

    def make(
        posts: Mapping[tuple[str, ...], object],
        packages: tuple[str, ...] = (),
        *,
        option: str = "recommended",
        changes: Mapping[str, object] | None = None,
        findings: tuple[Finding, ...] = (),
        grade: Grade = Grade.CROSS_CHECKED,
        bound: float | None = None,
        stopped: str = "proven",
    ) -> Plan:
        where = council.where(dict(changes)) if changes else council
        question = ask(where, read_models(), option=option)
        last = where.calendar.cut()[-1].label
        decided = Decisions(
            posts=tuple(
                PostDecision(
                    team=key[0],
                    role=key[1],
                    period=key[2] if len(key) > 2 else last,
                    change=Fraction(str(change)),
                )
                for key, change in posts.items()
            ),
            packages=tuple(PackageDecision(package=name, taken=True) for name in packages),
        )
        goal = GoalValue(
            minimise="full_year_cost",
            value=Fraction(907177),
            bound=bound,
            unit="pounds a year",
            grade=grade,
        )
        return Plan(
            inputs=question.to_json(),
            decisions=decided,
            figures=derive(question, decided),
            goals=(goal,),
            findings=findings,
            provenance=Provenance(
                engine="0.1.0",
                input_hash=question.hash,
                backend="highspy",
                cross_check="CBC",
                stopped=stopped,
                tie_broken=True,
                command="staffopt solve nottinghamshire-2018",
            ),
        )

    return make


@pytest.fixture
def recommended(make_plan: MakePlan) -> Plan:
    return make_plan(RECOMMENDED, ("project_team",))
