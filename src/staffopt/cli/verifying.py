"""``staffopt verify``: recompute a plan from itself alone, without a solver."""

from __future__ import annotations

from typing import Annotated

import typer

from staffopt.cli.arguments import JsonOption


def verify(
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="A plan that solve saved.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Check every rule and recompute every figure of a saved plan."""
    from staffopt.cli.streams import out, out_json
    from staffopt.errors import ExitCode
    from staffopt.plan import Plan
    from staffopt.report.findings import render_findings
    from staffopt.verifier import verify as verify_plan

    verification = verify_plan(Plan.load(plan))
    if as_json:
        findings = [finding.model_dump(mode="json") for finding in verification.findings]
        out_json({"ok": verification.ok, "findings": findings})
    else:
        out(render_findings(verification.findings, ok=verification.ok))
    if not verification.ok:
        raise typer.Exit(ExitCode.FINDINGS)
