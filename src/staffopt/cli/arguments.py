"""Arguments and options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

InstanceArgument = Annotated[
    str, typer.Argument(metavar="INSTANCE", help="A shipped instance's name, or a path.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON to stdout.")]
OutOption = Annotated[str | None, typer.Option("--out", metavar="FILE", help="Write to this file.")]


def split_settings(settings: list[str]) -> dict[str, object]:
    """Split each ``path=value`` at its first ``=``.

    Raises:
        InputError: with every setting that has no ``=``, or names a path again.
    """
    from staffopt.errors import Fault, InputError, Place

    place = Place(file="--set")
    values: dict[str, object] = {}
    faults = []
    for setting in settings:
        path, equals, value = setting.partition("=")
        path, value = path.strip(), value.strip()
        if not (equals and path and value):
            mend = "Write a path and a value, such as --set teams.cds.cases=450."
            faults.append(Fault("set-form", f"{setting!r} is not path=value", mend, place))
        elif path in values:
            faults.append(Fault("set-twice", f"{path} is set twice", "Set it once.", place))
        else:
            values[path] = value
    if faults:
        raise InputError(faults)
    return values
