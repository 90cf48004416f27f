"""``staffopt import``: published data as an instance, and where a council stands in it."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any

import typer

from staffopt.cli.arguments import JsonOption


class From(str, Enum):  # noqa: UP042 (typer shows a str Enum's values in every version)
    """What is read."""

    DFE_CSWW = "dfe-csww"


Kind = Annotated[
    From,
    typer.Argument(
        help="dfe-csww: the DfE's children's social work workforce indicators, a CSV file."
    ),
]
File = Annotated[str, typer.Argument(metavar="FILE", help="The file, as it is published.")]
Year = Annotated[
    str | None, typer.Option("--year", help="The reporting year; the last one if left out.")
]
Region = Annotated[
    str | None, typer.Option("--region", help="Only this region; all of England if left out.")
]
Council = Annotated[
    str | None, typer.Option("--council", help="Show where this authority stands among the others.")
]
Out = Annotated[
    str | None,
    typer.Option("--out", metavar="TARGET", help="A .yaml or .xlsx file, or a folder for CSV."),
]


def import_data(
    kind: Kind,  # noqa: ARG001 (there is one; naming it leaves room for others)
    file: File,
    *,
    year: Year = None,
    region: Region = None,
    council: Council = None,
    out: Out = None,
    as_json: JsonOption = False,
) -> None:
    """Make an instance of published data, one unit an authority, or show where a council stands."""
    import staffopt
    from staffopt.cli.streams import out as show
    from staffopt.cli.streams import out_json, tell
    from staffopt.reporting.standing import render_imported, render_standing
    from staffopt.reporting.words import quoted

    imported = staffopt.import_csww(file, year=year, region=region)
    data: dict[str, Any] = {"year": imported.census.year, "left_out": imported.left_out}
    if council is not None:
        data["council"] = imported.census.find(council).name
        data["standing"] = [standing.to_json() for standing in imported.standing(council)]
    if out is not None or council is None:
        path = imported.save(out or f"{imported.content['instance']}.yaml")
        data["written"] = str(path)
        tell(f"{render_imported(imported)}Wrote {path}. Next: staffopt today {quoted(str(path))}")
    if as_json:
        out_json(data)
    elif council is not None:
        show(render_standing(imported, council))
