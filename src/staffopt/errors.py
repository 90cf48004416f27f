"""Everything the package raises on purpose, as one tree.

::

    StaffoptError
    ├── InputError          the files or arguments are at fault; carries every Finding
    │   └── UnknownName     a name that nothing declares; carries near matches
    ├── Infeasible          proven: no plan meets the rules; carries conflict and repairs
    ├── NoPlan              a limit was reached before any plan was found
    ├── Cancelled           stopped by the caller before any plan was found
    ├── BackendError        a solver is missing, known to be bad, crashed or hung
    │   └── BackendMissing
    ├── Conflict            two solvers disagree; the answer is withheld
    └── VerificationError   a plan failed its own verification: a defect of ours

Each carries its process exit code and the kind that JSON names it by, so that the command line
maps errors in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class ExitCode(IntEnum):
    """What a process ends with; the table is in docs/cli.md."""

    DONE = 0
    FINDINGS = 1
    INPUT = 2
    INFEASIBLE = 3
    LIMIT_WITH_PLAN = 4
    LIMIT_WITHOUT_PLAN = 5
    SOLVER = 6
    INTERNAL = 70
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the user's files something stands; lines and columns count from 1.

    In a workbook ``sheet`` is set, and line and column are the cell's row and column.
    """

    file: str | None = None
    line: int | None = None
    column: int | None = None
    path: str = ""
    sheet: str | None = None

    @property
    def cell(self) -> str | None:
        """The cell as a workbook writes it, such as ``C5``; None elsewhere."""
        if self.sheet is None or self.line is None or self.column is None:
            return None
        return f"{column_letters(self.column)}{self.line}"

    def __str__(self) -> str:
        """Write ``council.yaml:12:5 teams.cds.cases``, leaving out what is not known.

        In a workbook ``council.xlsx:teams!C5 teams.cds.cases``.
        """
        parts: tuple[object, ...] = (self.file, self.line, self.column)
        if self.sheet is not None:
            parts = (self.file, f"{self.sheet}!{self.cell}" if self.cell else self.sheet)
        where = ":".join(str(part) for part in parts if part)
        return " ".join(part for part in (where, self.path) if part)


def column_letters(number: int) -> str:
    """Write the number of a workbook's column as its letters: 1 is A, 28 is AB."""
    letters = ""
    while number > 0:
        number, last = divmod(number - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an input: what, where, why and how to mend it.

    Attributes:
        code: a stable kebab-case name that a program can test for.
        what: what is wrong, in one clause, naming the offending text.
        mend: what to write instead.
        place: where it stands.
        warning: lawful, but worth a look; a warning never stops a solve.
    """

    code: str
    what: str
    mend: str
    place: Place = Place()
    warning: bool = False

    def __str__(self) -> str:
        """Write place, what and mend in one line."""
        place = f"{self.place}: " if str(self.place) else ""
        return f"{place}{self.what} [{self.code}]. {self.mend}"


class StaffoptError(Exception):
    """The root of all that this package raises on purpose."""

    exit_code: ExitCode = ExitCode.INTERNAL
    kind: str = "internal"


class InputError(StaffoptError):
    """The input is at fault; all its faults are told at once.

    Attributes:
        faults: every fault that was found, in file order.
    """

    exit_code = ExitCode.INPUT
    kind = "input"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UnknownName(InputError):
    """A name that nothing declares."""

    def __init__(self, kind: str, name: str, known: Sequence[str], place: Place = Place()) -> None:
        self.name = name
        super().__init__([unknown(kind, name, known, place)])


@dataclass(frozen=True, slots=True)
class Clash:
    """A rule that cannot be kept together with the others.

    Attributes:
        rule: the rule's label.
        words: what would have to give, and by how much.
        by: by how much, in ``unit``.
        unit: unit of ``by``.
        parameter: path of the parameter it comes from, where there is one.
    """

    rule: str
    words: str
    by: float
    unit: str
    parameter: str | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """Rules that give together, by so much each, so that there is a plan."""

    gives: tuple[Clash, ...]

    @property
    def words(self) -> str:
        """The repair in one sentence."""
        return "; ".join(clash.words for clash in self.gives)


class Infeasible(StaffoptError):
    """Proven: no plan meets the rules.

    Attributes:
        conflict: the rules that clash, as one elastic re-solve finds them: what would have to
            give, the least relative to each figure.
        repairs: ways out. The first lets all of ``conflict`` give; a second, where ceilings hold a
            plan back, raises ceilings alone by the fewest pounds.
        grade: how well it is founded, as a plan's grade.
        plainly: rules that contradict each other plainly, both sides in figures; empty where that
            takes more than adding up.
    """

    exit_code = ExitCode.INFEASIBLE
    kind = "infeasible"

    def __init__(
        self,
        conflict: Sequence[Clash],
        grade: str,
        others: Sequence[Sequence[Clash]] = (),
        plainly: str = "",
    ) -> None:
        self.conflict = tuple(conflict)
        ways = [way for way in (conflict, *others) if way]
        self.repairs: tuple[Repair, ...] = tuple(Repair(tuple(way)) for way in ways)
        self.grade, self.plainly = grade, plainly
        told = "; or: ".join(repair.words for repair in self.repairs) or "not found"
        why = f" Plainly: {plainly}." if plainly else ""
        super().__init__(
            f"no plan meets every rule ({grade}).{why} What would have to give: {told}"
        )


class NoPlan(StaffoptError):
    """A limit was reached before any plan was found; nothing is known of feasibility."""

    exit_code = ExitCode.LIMIT_WITHOUT_PLAN
    kind = "no-plan"


class Cancelled(StaffoptError):
    """The caller stopped the solve before any plan was found."""

    exit_code = ExitCode.INTERRUPTED
    kind = "cancelled"


class BackendError(StaffoptError):
    """A solver is known to be bad, crashed, hung, or broke the protocol."""

    exit_code = ExitCode.SOLVER
    kind = "solver"


class BackendMissing(BackendError):
    """The solver's package is not installed, or has no binary for this platform."""

    kind = "solver-missing"


class Conflict(StaffoptError):
    """Two solvers disagree about one program, so no answer is given."""

    exit_code = ExitCode.SOLVER
    kind = "conflict"


class VerificationError(StaffoptError):
    """A plan that the engine made does not pass its own verification."""

    exit_code = ExitCode.INTERNAL
    kind = "verification"


def near(name: str, known: Sequence[str]) -> str:
    """Say which declared names are near a misspelt one, or list the few there are."""
    from difflib import get_close_matches

    close = get_close_matches(name, known, n=3, cutoff=0.6)
    if close:
        return "Did you mean " + " or ".join(close) + "?"
    if not known:
        return "None is declared."
    listed = ", ".join(sorted(known)[:12]) + (", …" if len(known) > 12 else "")  # noqa: PLR2004
    return f"Declared: {listed}."


def unknown(kind: str, name: str, known: Sequence[str], place: Place = Place()) -> Fault:
    """Make the fault of naming something that nothing declares."""
    return Fault(
        f"unknown-{kind.replace(' ', '-')}",
        f"no {kind} is called {name!r}",
        near(name, known),
        place,
    )
