"""``rules``, ``schema``, ``new`` and ``template``: what a file can say, and files to start from."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer

from staffopt.cli import completion
from staffopt.cli.arguments import JsonOption, OutOption


class Kind(str, Enum):  # noqa: UP042 (typer shows a str Enum's values in every version)
    """What there is a schema of."""

    INSTANCE = "instance"
    MODEL = "model"
    PLAN = "plan"


def rules(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[RULE]", help="One rule in full.", autocompletion=completion.rule_names
        ),
    ] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Show the rule book, or one rule in full."""
    from staffopt.cli.streams import out, out_json
    from staffopt.reporting.rules import entry, render_rule, render_rules
    from staffopt.rulebook import RULES, find_rule

    wanted = [find_rule(name)] if name else [RULES[each] for each in sorted(RULES)]
    if as_json:
        out_json([entry(rule).to_json() for rule in wanted])
    else:
        out(render_rule(wanted[0]) if name else render_rules(wanted))


def schema(
    kind: Annotated[Kind, typer.Argument(help="instance, model or plan.")],
    *,
    out: OutOption = None,
) -> None:
    """Write the JSON Schema of a file."""
    import json
    from pathlib import Path

    from staffopt.cli.streams import out_json, tell
    from staffopt.plan import write_whole

    data = _schema(kind)
    if out is None:
        out_json(data)
    else:
        path = write_whole(Path(out), json.dumps(data, indent=1, ensure_ascii=False) + "\n")
        tell(f"Wrote {path}")


def _schema(kind: Kind) -> dict[str, object]:
    if kind is Kind.PLAN:
        from staffopt.plan import Plan

        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **Plan.model_json_schema(mode="serialization"),
        }
    from staffopt.json_schema import json_schema

    return json_schema(kind.value)


class Template(str, Enum):  # noqa: UP042 (typer shows a str Enum's values in every version)
    """What a template has sheets for."""

    COUNCIL = "council"
    EVERY_TABLE = "every-table"


def template(
    *,
    kind: Annotated[
        Template,
        typer.Option(
            "--kind",
            help="council: the tables that most councils fill in; every-table: all there are.",
        ),
    ] = Template.COUNCIL,
    out: OutOption = None,
) -> None:
    """Write a workbook of your own council to start from."""
    import staffopt
    from staffopt.cli.streams import tell
    from staffopt.reporting.words import quoted

    path = staffopt.template(out or "council.xlsx", kind.value)
    shown = quoted(str(path))
    tell(f"Wrote {path}. Next: staffopt check {shown}, then staffopt solve {shown}")


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Id of the new instance.")],
    *,
    out: OutOption = None,
) -> None:
    """Write an instance of your own council to start from."""
    from pathlib import Path

    from staffopt.cli.streams import tell
    from staffopt.errors import Fault, InputError, Place
    from staffopt.instance.starter import starter
    from staffopt.plan import write_whole
    from staffopt.reporting.words import quoted

    path = Path(out or f"{name}.yaml")
    if path.exists():
        what, mend = f"{path} is there already", "Name another file, or move it away."
        raise InputError([Fault("file-exists", what, mend, Place(file=str(path)))])
    write_whole(path, starter(name))
    shown = quoted(str(path))
    tell(f"Wrote {path}. Next: staffopt check {shown}, then staffopt solve {shown}")
