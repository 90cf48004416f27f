"""Arguments and options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from staffopt.cli import completion

if TYPE_CHECKING:
    from staffopt.errors import Fault
    from staffopt.plan import Plan

InstanceArgument = Annotated[
    str,
    typer.Argument(
        metavar="INSTANCE",
        help="A shipped instance's name, or a path.",
        autocompletion=completion.instance_names,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON to stdout.")]
OutOption = Annotated[str | None, typer.Option("--out", metavar="FILE", help="Write to this file.")]


def plans_at(*paths: str) -> list[Plan]:
    """Read saved plans.

    Raises:
        InputError: with the faults of every file that holds none.
    """
    from staffopt.errors import InputError
    from staffopt.plan import Plan

    plans: list[Plan] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            plans.append(Plan.load(path))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return plans


def split_settings(
    settings: list[str], named_by: str = "--set", example: str = "teams.cds.cases=450"
) -> dict[str, object]:
    """Split each ``path=value`` at its first ``=``.

    Args:
        settings: what was typed.
        named_by: the option that it was typed for.
        example: what can be typed there.

    Raises:
        InputError: with every setting that has no ``=``, or names a path again.
    """
    from dataclasses import replace

    from staffopt.errors import Fault, InputError, Place

    place = Place(file=named_by)
    values: dict[str, object] = {}
    faults = []
    for setting in settings:
        path, equals, value = setting.partition("=")
        path, value = path.strip(), value.strip()
        if not (equals and path and value):
            mend = f"Write a path and a value, such as {named_by} {example}."
            faults.append(Fault("set-form", f"{setting!r} is not path=value", mend, place))
        elif path in values:
            faults.append(Fault("set-twice", f"{path} is set twice", "Set it once.", place))
        else:
            try:
                values[path] = _value(value)
            except InputError as error:
                faults += [replace(fault, place=place) for fault in error.faults]
    if faults:
        raise InputError(faults)
    return values


def _value(text: str) -> object:
    """Read a value as it would stand in a file: text, or ``[a, b]`` or ``{a: b}``.

    Raises:
        InputError: if the brackets hold no such thing.
    """
    from staffopt.yaml_text import read_yaml

    if text[0] not in "[{":
        return text
    return read_yaml(f"value: {text}", name="--set").plain()["value"]
