"""The command line. Nothing heavy is imported before a command runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from staffopt.cli.alternatives import alternatives
from staffopt.cli.assuming import assumptions
from staffopt.cli.bridging import bridge
from staffopt.cli.buying import frontier, next_pound, sweep
from staffopt.cli.converting import convert
from staffopt.cli.differing import diff, what_if, why_not
from staffopt.cli.doctor import doctor
from staffopt.cli.errors import told
from staffopt.cli.explaining import explain
from staffopt.cli.exporting import export
from staffopt.cli.finance import ceiling, options
from staffopt.cli.importing import import_data
from staffopt.cli.reading import check, list_shipped, show, today
from staffopt.cli.reference import new, rules, schema, template
from staffopt.cli.reporting import report
from staffopt.cli.rolling import foresight, roll
from staffopt.cli.solving import solve
from staffopt.cli.switching import switching
from staffopt.cli.verifying import verify
from staffopt.cli.why_placed import why_placed

app = typer.Typer(
    name="staffopt",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_COMMANDS: tuple[tuple[str, Callable[..., None], str], ...] = (
    ("solve", solve, "staffopt solve nottinghamshire-2018 --option recommended"),
    ("options", options, "staffopt options barnsley-2017"),
    ("ceiling", ceiling, "staffopt ceiling nottinghamshire-2018"),
    ("explain", explain, "staffopt explain tiny --set funds.growth.ceiling=20000"),
    ("why-not", why_not, 'staffopt why-not tiny "post[north,support_officer] >= 3"'),
    ("why-placed", why_placed, "staffopt why-placed tiny-places p5"),
    ("what-if", what_if, "staffopt what-if tiny --set teams.north.cases=140"),
    ("alternatives", alternatives, "staffopt alternatives barnsley-2017 --within 5%"),
    ("diff", diff, "staffopt diff plan-3f9c2a.json plan-81d0e4.json"),
    ("bridge", bridge, "staffopt bridge plan-3f9c2a.json --discount 3.5"),
    ("frontier", frontier, "staffopt frontier tiny --option social-workers"),
    ("next-pound", next_pound, "staffopt next-pound tiny --option best-mix"),
    ("switching", switching, "staffopt switching tiny --option best-mix"),
    ("assumptions", assumptions, "staffopt assumptions nottinghamshire-2018 --to docx"),
    ("sweep", sweep, "staffopt sweep tiny --fund growth --from 0 --to 90000"),
    ("roll", roll, "staffopt roll plan-3f9c2a.json --from 2019-04 --actual council.yaml"),
    ("foresight", foresight, "staffopt foresight tiny --set calendar.periods=months --months 6"),
    ("export", export, "staffopt export tiny --format lp --out tiny.lp"),
    ("check", check, "staffopt check council.yaml"),
    ("convert", convert, "staffopt convert tiny tiny.xlsx"),
    ("import", import_data, "staffopt import dfe-csww csww_indicators.csv --council Camden"),
    ("verify", verify, "staffopt verify plan-3f9c2a.json"),
    ("report", report, "staffopt report plan-3f9c2a.json --to html --out report.html"),
    ("today", today, "staffopt today nottinghamshire-2018"),
    ("show", show, "staffopt show nottinghamshire-2018 --assumptions"),
    ("list", list_shipped, "staffopt list"),
    ("rules", rules, "staffopt rules keep_support_ratio"),
    ("schema", schema, "staffopt schema instance --out instance-1.json"),
    ("new", new, "staffopt new mycouncil-2026"),
    ("template", template, "staffopt template --kind council --out council.xlsx"),
    ("doctor", doctor, "staffopt doctor"),
)
"""Every command with its name and an example of its use."""

for _name, _command, _example in _COMMANDS:
    app.command(_name, epilog=f"Example: {_example}")(told(_command))


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"staffopt {version('staffopt')}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help="Show the version."),
    ] = False,
) -> None:
    """Decide which posts a council should fund, where and from when, and explain the answer.

    Exit codes: 0 done, 1 findings, 2 usage or input, 3 infeasible, 4 limit reached with a plan,
    5 limit reached without one, 6 solver trouble, 70 internal error, 130 interrupted.
    """


def main() -> None:
    """Run the command line; the process ends with the exit code of docs/cli.md."""
    app(prog_name="staffopt")
