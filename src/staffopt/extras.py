"""Packages that only some commands need: imported where they are used, missed in plain words."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from staffopt.errors import Fault, InputError


def needed(module: str, *, package: str, extra: str, doing: str) -> ModuleType:
    """Import a module of an optional package.

    Args:
        module: what is imported.
        package: the package that has it, as it is installed.
        extra: the extra of staffopt that asks for the package.
        doing: what it is needed for, as a sentence begins: ``Reading a workbook``.

    Raises:
        InputError: if it is not installed, with the command that installs it.
    """
    try:
        return import_module(module)
    except ImportError as error:
        what = f"{doing} needs {package}, which is not installed"
        mend = f"Install it: python -m pip install 'staffopt[{extra}]'."
        raise InputError([Fault("extra-missing", what, mend)]) from error
