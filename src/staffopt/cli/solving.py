"""``staffopt solve``: find the plan, save it, and report it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from staffopt.cli import completion
from staffopt.cli.arguments import InstanceArgument, JsonOption, split_settings

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    from staffopt.plan import Plan


Name = str | None
Option = Annotated[
    Name,
    typer.Option(
        "--option",
        "-o",
        help="An option; the default one.",
        autocompletion=completion.option_names,
    ),
]
Model = Annotated[
    Name,
    typer.Option(
        "--model",
        "-m",
        help="A model in place of the option's.",
        autocompletion=completion.model_names,
    ),
]
Scenario = Annotated[
    Name,
    typer.Option(
        "--scenario",
        "-s",
        help="A scenario of the instance.",
        autocompletion=completion.scenario_names,
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change one figure; may be repeated."),
]
Backend = Annotated[
    str,
    typer.Option(
        "--backend",
        help="highs, cbc, scip, cpsat, pulp:<solver>; or auto.",
        autocompletion=completion.backend_names,
    ),
]
CrossCheck = Annotated[
    bool | None,
    typer.Option(
        "--cross-check/--no-cross-check",
        help="Ask a second solver as well; by default where that is quick.",
    ),
]
Unique = Annotated[
    bool | None,
    typer.Option(
        "--unique/--no-unique",
        help="Try to find another plan that does as well; by default where that is quick.",
    ),
]
Certify = Annotated[
    bool | None,
    typer.Option(
        "--certify/--no-certify",
        help="Prove in exact arithmetic that no plan is better; by default where that is quick.",
    ),
]
CertificateFile = Annotated[
    str | None, typer.Option("--certificate", metavar="FILE", help="Where to save that proof.")
]
TimeLimit = Annotated[
    float | None,
    typer.Option("--time-limit", min=0.01, metavar="SECONDS", help="Stop after so long."),
]
Gap = Annotated[str, typer.Option("--gap", help="Relative gap to stop at, such as 0.01; 0 proves.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Random seed of the solver.")]
Out = Annotated[
    str | None, typer.Option("--out", metavar="FILE", help="Where to save the plan; plan-ID.json.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]


def solve(
    instance: InstanceArgument,
    *,
    option: Option = None,
    model: Model = None,
    scenario: Scenario = None,
    settings: Settings = None,
    backend: Backend = "highs",
    cross_check: CrossCheck = None,
    unique: Unique = None,
    certify: Certify = None,
    certificate: CertificateFile = None,
    time_limit: TimeLimit = None,
    gap: Gap = "0",
    seed: Seed = 0,
    out: Out = None,
    as_json: JsonOption = False,
    quiet: Quiet = False,
) -> None:
    """Find the best plan, verify, save and explain it."""
    import functools

    import staffopt
    from staffopt.cli.running import ProgressLine, run
    from staffopt.cli.streams import tell

    target, proof = target_of(out, "--out"), target_of(certificate, "--certificate")
    overrides, least_gap = split_settings(settings or []), _gap(gap)
    council = staffopt.load(instance)
    progress = ProgressLine(quiet=quiet)
    work = functools.partial(
        staffopt.solve,
        council,
        option=option,
        model=model,
        scenario=scenario,
        overrides=overrides,
        backend=backend,
        cross_check=cross_check,
        unique=unique,
        certify=certify,
        certificate=proof,
        time_limit=time_limit,
        gap=least_gap,
        seed=seed,
        progress=progress.see,
    )
    plan = run(lambda cancel: work(cancel=cancel), progress)
    if proof is not None and all(goal.certified is None for goal in plan.goals):
        tell("No certificate was saved: nothing could be proved.")
    code = _finish(plan, instance, target, as_json=as_json)
    if code:
        raise typer.Exit(code)


def target_of(out: str | None, named_by: str) -> Path | None:
    """Return where to save, before any time is spent on a plan that could not be saved there.

    Raises:
        InputError: if the folder is not there, or the place is a folder.
    """
    from pathlib import Path

    from staffopt.errors import Fault, InputError, Place

    if out is None:
        return None
    target = Path(out)
    if target.is_dir() or not target.parent.is_dir():
        what = f"{out!r} cannot be written: " + (
            "it is a folder" if target.is_dir() else "its folder is not there"
        )
        mend = "Name a file in a folder that is there."
        raise InputError([Fault("out-place", what, mend, Place(file=named_by))])
    return target


def _gap(text: str) -> Decimal:
    """Read the gap.

    Raises:
        InputError: if it is not a share from 0 to below 1.
    """
    from staffopt.errors import Fault, InputError, Place
    from staffopt.quantity import parse_decimal

    try:
        gap = parse_decimal(text)
    except ValueError as error:
        fault = Fault("gap", str(error), "Write a share such as 0.01.", Place(file="--gap"))
        raise InputError([fault]) from None
    if not 0 <= gap < 1:
        what = f"a gap of {text} is no share"
        fault = Fault("gap", what, "Write 0, or a share such as 0.01.", Place(file="--gap"))
        raise InputError([fault])
    return gap


def _finish(plan: Plan, instance: str, target: Path | None, *, as_json: bool) -> int:
    """Save and show a plan; return the exit code."""
    from pathlib import Path

    from staffopt.cli.streams import out, out_json, tell
    from staffopt.errors import ExitCode
    from staffopt.reporting.text import render

    code = _code(plan)
    path = target or (None if as_json else Path(f"plan-{plan.id}.json"))
    if path is not None:
        try:
            plan.save(path)
        except OSError as error:
            # The plan may have taken long to find: it is shown all the same.
            tell(f"The plan could not be saved as {path}: {error.strerror or error}")
            path, code = None, ExitCode.INPUT
    if as_json:
        out_json(plan.model_dump(mode="json"))
    else:
        out(render(plan, saved=path, name=instance))
    return code


def _code(plan: Plan) -> int:
    """Return how a solve that holds a plan ends."""
    from staffopt.errors import ExitCode

    stopped = plan.provenance.stopped
    if stopped == "cancelled":
        return ExitCode.INTERRUPTED
    return ExitCode.LIMIT_WITH_PLAN if "limit" in stopped else ExitCode.DONE
