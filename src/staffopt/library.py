"""The shipped models and instances: where they are and how they are loaded."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from staffopt.errors import Fault, InputError, Place, UnknownName
from staffopt.inspection import check_file
from staffopt.instance.csv_folder import is_folder
from staffopt.instance.reading import read_instance
from staffopt.model.reading import read_models
from staffopt.shipped import file_of, names, path

if TYPE_CHECKING:
    from staffopt.instance.schema import Instance
    from staffopt.model.schema import Model

MOST_LETTERS = 1000
"""No path is longer that a person wrote; systems differ in what they make of one."""


def instances() -> list[str]:
    """Name the shipped instances, in order."""
    return names("instances")


def models() -> dict[str, Model]:
    """Return the shipped models, by id; they are read once, and the dictionary is the caller's."""
    return dict(_models())


@cache
def _models() -> dict[str, Model]:
    return read_models(path("models"))


def find(name_or_path: str | Path) -> Path:
    """Find an instance: a file, a folder of CSV files, or the name of a shipped instance.

    Raises:
        UnknownName: if it is a name that no instance has, with near matches.
        InputError: if it is a path where no file is.
    """
    if len(str(name_or_path)) > MOST_LETTERS:
        raise UnknownName("instance", repr(name_or_path)[:60], instances())
    given = Path(str(name_or_path))
    shipped = file_of("instances", given.as_posix())
    if given.is_file() or is_folder(given):
        return given
    if shipped is not None and not given.suffix:
        return shipped
    if given.suffix or len(given.parts) > 1 or given.is_dir():
        raise InputError([_no_file(given)])
    raise UnknownName("instance", str(name_or_path), instances())


def _no_file(given: Path) -> Fault:
    what = (
        f"{given} is a folder without a CSV file" if given.is_dir() else f"there is no file {given}"
    )
    mend = "Name a file that is there, or a shipped instance: staffopt list."
    if given.stem in instances():
        mend = f"Did you mean the shipped instance {given.stem}?"
    return Fault("no-file", what, mend, Place(file=str(given)))


def load(name_or_path: str | Path) -> Instance:
    """Read and check a council: a shipped instance by its name, or a file.

    Raises:
        InputError: if there is none, or the file has faults; all of them at once.
    """
    return read_instance(find(name_or_path), models=models().keys())


def check(name_or_path: str | Path) -> list[Fault]:
    """Check an instance and every question in it.

    Returns:
        faults and warnings, in file order.

    Raises:
        InputError: if there is no such instance or file.
    """
    return check_file(find(name_or_path), models())
