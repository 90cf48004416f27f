"""The one place where an error becomes a message and an exit code."""

from __future__ import annotations

import functools
import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import typer

from staffopt.cli.running import begin, interrupted
from staffopt.cli.streams import out_json, tell

DEBUG = "STAFFOPT_DEBUG"
"""Set to 1 to see the traceback of an internal error."""

_BUILTIN = ("click.", "typer.")
"""Modules whose own exceptions are the framework's business: usage, exit, abort."""


def told(command: Callable[..., None]) -> Callable[..., None]:
    """Wrap a command so that every error is told once, and ends with its exit code.

    It is told in words on stderr; a command asked for JSON writes it to stdout as JSON besides.
    Where Ctrl-C was pressed, the code says that and nothing else, whatever was kept and shown.
    """

    @functools.wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> None:
        begin()
        code = _ending(command, args, kwargs)
        if interrupted():
            from staffopt.errors import ExitCode

            code = ExitCode.INTERRUPTED
        if code:
            raise typer.Exit(code)

    return wrapper


def _ending(command: Callable[..., None], args: Sequence[Any], kwargs: Mapping[str, Any]) -> int:
    """Run a command, tell what ends it, and return the code that it ends with."""
    try:
        command(*args, **kwargs)
    except typer.Exit as end:
        return end.exit_code
    except KeyboardInterrupt:
        from staffopt.errors import ExitCode

        tell("Interrupted.")
        if kwargs.get("as_json"):
            out_json({"error": "interrupted", "message": "Interrupted."})
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        raise  # the reader of our output has gone; the framework ends quietly
    except Exception as error:
        # The boundary of the program: whatever it is, the user gets words and an exit code.
        if type(error).__module__.startswith(_BUILTIN):
            raise
        code = _tell(error)
        if kwargs.get("as_json"):
            from staffopt.reporting.findings import error_json

            out_json(error_json(error))
        return code
    return 0


def _tell(error: Exception) -> int:
    """Tell an error and return its exit code."""
    from staffopt.errors import Cancelled, ExitCode, InputError, StaffoptError

    if isinstance(error, InputError):
        from staffopt.reporting.findings import render_faults

        tell(render_faults(error.faults))
        return error.exit_code
    if isinstance(error, Cancelled) and not interrupted():
        tell(str(error))
        return ExitCode.LIMIT_WITHOUT_PLAN  # what else stops a command is its time limit
    if isinstance(error, StaffoptError) and error.exit_code is not ExitCode.INTERNAL:
        tell(_words(error))
        return error.exit_code
    if isinstance(error, OSError):
        tell(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "))
        return ExitCode.INPUT
    _tell_internal(error)
    return ExitCode.INTERNAL


def _words(error: Exception) -> str:
    """Write an error of ours; an infeasible one with its conflict and repairs."""
    from staffopt.errors import Infeasible
    from staffopt.reporting.findings import infeasible_words

    if not isinstance(error, Infeasible):
        return str(error)
    more = "staffopt explain, asked the same, tells which figures would help."
    return f"{infeasible_words(error)}\n{more}"


def _tell_internal(error: Exception) -> None:
    from importlib.metadata import PackageNotFoundError, version

    if os.environ.get(DEBUG) == "1":
        tell("".join(traceback.format_exception(error)))
    try:
        engine = version("staffopt")
    except PackageNotFoundError:
        engine = "not installed"
    words = str(error) or "no message"
    tell(
        f"Internal error, which is a defect of staffopt and not of your files: "
        f"{type(error).__name__}: {words}\n"
        f"Please report it with the command you typed, the instance file, staffopt's version "
        f"({engine}) and what `staffopt doctor` prints.\n"
        f"For the traceback, set {DEBUG}=1 and run the command again."
    )
