"""Turning an instance from YAML into a workbook or a folder of CSV files, and back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from staffopt.errors import Fault, InputError, Place
from staffopt.instance.csv_folder import csv_files
from staffopt.instance.files import read_tree
from staffopt.instance.reading import check_tree
from staffopt.instance.schema import Instance
from staffopt.instance.tabling import rows_of
from staffopt.instance.yaml_file import yaml_of
from staffopt.library import find, models
from staffopt.plan import write_whole


def convert(source: str | Path, target: str | Path) -> Path:
    """Write an instance in another form: ``.yaml``, ``.xlsx``, or a folder of CSV files.

    What is written is read again before it is put in place, and must be the same instance.

    Args:
        source: a file, a folder of CSV files, or the name of a shipped instance.
        target: where to write; the suffix says what, and no suffix means a folder.

    Raises:
        InputError: if the source has faults, or the target is there already or is of no such form.
        OSError: if the place cannot be written.
    """
    path = Path(target)
    refuse_target(path)
    tree = read_tree(find(source))
    instance, faults = check_tree(tree, models=models().keys())
    if errors := [fault for fault in faults if not fault.warning]:
        raise InputError(errors)
    assert instance is not None  # the schema refuses nothing without a fault
    return write_content(tree.plain(), path, instance, str(source))


def write_content(root: Mapping[str, Any], path: Path, instance: Instance, source: str) -> Path:
    """Write an instance's content in the form that a suffix says, whole or not at all.

    Args:
        root: the content, as it stands in a file.
        path: where to write.
        instance: what it is to be read as.
        source: what faults name.

    Raises:
        InputError: if it would not be read as the same instance.
        OSError: if the place cannot be written.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".staffopt-") as folder:
        draft = Path(folder) / path.name
        _write(root, draft)
        _compare(instance, draft, source)
        if draft.is_dir():
            shutil.move(draft, path)
        else:
            draft.replace(path)
    return path


def refuse_target(path: Path) -> None:
    """Refuse to write over what is there, or in a form that an instance is not written in.

    Raises:
        InputError: with the reason.
    """
    place = Place(file=str(path))
    if path.exists():
        what, mend = f"{path} is there already", "Name another file, or move it away."
        raise InputError([Fault("file-exists", what, mend, place)])
    if path.suffix not in ("", ".yaml", ".yml", ".xlsx"):
        what = f"an instance is not written as {path.suffix}"
        mend = "Write .yaml, .xlsx, or a name without a suffix for a folder of CSV files."
        raise InputError([Fault("unknown-form", what, mend, place)])


def _write(root: Mapping[str, Any], path: Path) -> None:
    if path.suffix == ".xlsx":
        from staffopt.workbook_file import write_workbook

        write_workbook(root, path, models())
    elif path.suffix:
        write_whole(path, yaml_of(root))
    else:
        path.mkdir()
        for name, text in csv_files(rows_of(root)):
            write_whole(path / name, text)


def _compare(instance: Instance, draft: Path, source: str | Path) -> None:
    """Refuse to leave something behind that is read otherwise than it was meant."""
    again, faults = check_tree(read_tree(draft))
    if again is None or _content(again) != _content(instance):
        words = "; ".join(fault.what for fault in faults if not fault.warning)
        what = f"it cannot be written in this form without loss{f': {words}' if words else ''}"
        mend = "Take out text that is blank or of unusual characters."
        raise InputError([Fault("loss", what, mend, Place(file=str(source)))])


def _content(instance: Instance) -> dict[str, Any]:
    return instance.model_dump(mode="json", exclude_unset=True)
