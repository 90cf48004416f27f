"""A workbook to start from: the schema's tables, with a small worked council to write over."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from staffopt.conversion import refuse_target
from staffopt.errors import Fault, InputError, Place, unknown
from staffopt.instance.starter import starter
from staffopt.library import models
from staffopt.workbook_file import write_workbook
from staffopt.yaml_text import read_yaml

EXAMPLE = "example-council"
"""Id of the worked council."""

_TITLE = "EXAMPLE: social work teams of an invented council"


class Template(StrEnum):
    """What a template has sheets for."""

    COUNCIL = "council"
    """The tables that most councils fill in."""

    EVERY_TABLE = "every-table"
    """All the tables there are."""


def template(target: str | Path, kind: str = Template.COUNCIL) -> Path:
    """Write a workbook to start from; its worked council solves as it is.

    Args:
        target: where to write, an ``.xlsx`` file.
        kind: ``council`` for the tables that most councils fill in, ``every-table`` for all.

    Raises:
        InputError: if there is no such kind, the target is there already or is no ``.xlsx`` file,
            or the package that writes workbooks is not installed.
        OSError: if the place cannot be written.
    """
    path = Path(target)
    if kind not in list(Template):
        raise InputError([unknown("template", kind, list(Template))])
    refuse_target(path)
    if path.suffix != ".xlsx":
        what, mend = f"a template is not written as {path.suffix or 'a folder'}", "Write .xlsx."
        raise InputError([Fault("unknown-form", what, mend, Place(file=str(path)))])
    root = read_yaml(starter(EXAMPLE)).plain()
    write_workbook(
        {**root, "title": _TITLE}, path, models(), every=kind == Template.EVERY_TABLE, example=True
    )
    return path
