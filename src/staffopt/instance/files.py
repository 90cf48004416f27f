"""Reading whatever an instance may stand in, as one tree: YAML, a workbook, a folder of CSV."""

from __future__ import annotations

from pathlib import Path

from staffopt.yaml_text import Tree, read_yaml

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".xltx")
"""Suffixes that are taken for a workbook; what of them is no .xlsx is refused with the reason."""


def read_tree(path: Path) -> Tree:
    """Read a file or folder as a tree that knows where everything in it stands.

    Raises:
        InputError: with every fault that can be told before the schema is asked.
    """
    if path.is_dir():
        from staffopt.instance.csv_folder import read_folder

        return read_folder(path)
    if path.suffix.lower() in WORKBOOKS:
        from staffopt.instance.workbook import read_workbook

        return read_workbook(path)
    return read_yaml(path)
