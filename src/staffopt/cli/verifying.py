"""``staffopt verify``: recompute a plan from itself alone, without a solver."""

from __future__ import annotations

from typing import Annotated

import typer

from staffopt.cli import completion
from staffopt.cli.arguments import JsonOption


def verify(
    plan: Annotated[
        str,
        typer.Argument(
            metavar="PLAN", help="A plan that solve saved.", autocompletion=completion.plan_files
        ),
    ],
    *,
    certificate: Annotated[
        str | None,
        typer.Option("--certificate", metavar="FILE", help="A certificate that solve saved."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check every rule and figure of a saved plan, and a certificate's proofs if one is named."""
    from staffopt.cli.streams import out, out_json
    from staffopt.errors import ExitCode
    from staffopt.plan import Plan, Verdict
    from staffopt.reporting.findings import render_findings
    from staffopt.verifier import verify as verify_plan

    loaded = Plan.load(plan)
    verification = verify_plan(loaded)
    findings, ok = list(verification.findings), verification.ok
    if certificate is not None:
        from staffopt.certificates import check_certificate

        proofs = check_certificate(loaded, certificate)
        findings += proofs
        ok = ok and all(finding.verdict is Verdict.MET for finding in proofs)
    if as_json:
        listed = [finding.model_dump(mode="json") for finding in findings]
        out_json({"ok": ok, "findings": listed})
    else:
        out(render_findings(findings, ok=ok))
    if not ok:
        raise typer.Exit(ExitCode.FINDINGS)
