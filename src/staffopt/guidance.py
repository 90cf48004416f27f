"""The words of a workbook's sheet of guidance: how to fill it in, its tables, models and rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from staffopt.instance.rows import OWN
from staffopt.instance.tables import Table, tables
from staffopt.model.schema import Model
from staffopt.rulebook import RULES, Rule


@dataclass(frozen=True, slots=True)
class Part:
    """A list of names with what each is.

    Attributes:
        title: above it.
        rows: name and words.
        section: what the names are of, where drop-downs take them from here; else empty.
    """

    title: str
    rows: tuple[tuple[str, str], ...]
    section: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The sheet of guidance."""

    title: str
    paragraphs: tuple[str, ...]
    parts: tuple[Part, ...]


_PARAGRAPHS = tuple(
    " ".join(words.split())
    for words in f"""
A sheet is a table; its name and the first line of each heading say what it is. Keep them. Sheets
and columns whose name begins with {OWN} are your own and are not read; neither is this one.

A column that you do not need may be taken out; one that a sheet lacks may be added: write its name,
as listed below, into the first line. What is left out keeps its default.

Fill in the sheet council first, then roles, teams and teams.posts. Declare a name (a team, a role,
a fund) in its own sheet; the other sheets then offer it in their drop-downs.

A figure is a plain number, with a point for decimals. What is not known is not 0: write unknown;
none where there is none; unlimited where there is no limit. Months are written 2027-04, dates
2027-04-01, financial years 2027/28.

Every figure needs its source: write the paragraph, table or page in the column from. What is
printed nowhere goes into the sheet assumptions, with the reason, what it rests on (from), the post
that answers for it (owner), how good its evidence is (quality: red, amber or green), when it was
last looked at (reviewed) and, of one figure, the least and most it may be (low, high). A path such
as teams.north covers everything under it.

Write no names of people, no e-mail addresses and no numbers of persons.

A formula may stand in a cell if a spreadsheet has calculated it; save the workbook before you hand
it over. Cells are not merged, and sheets not hidden.

Then: staffopt check FILE.xlsx tells every fault with its sheet and cell, and with --mark
MARKED.xlsx marks them in the cells of a copy; staffopt solve FILE.xlsx finds the plan.
""".split("\n\n")
)

_EXAMPLE = (
    "The shaded cells hold an invented council, so that you see what goes where. Write over it or "
    "delete its rows; take its lines out of the sheet assumptions when you have sources."
)


def guidance(shown: Sequence[Table], models: Mapping[str, Model], *, example: bool) -> Page:
    """Write the sheet of guidance of a workbook that has certain tables."""
    have = {table.name for table in shown}
    others = [table for table in tables() if table.name not in have]
    parts = [
        Part("Sheets in this workbook", tuple(_table(table) for table in shown)),
        Part("Sheets that you can add", tuple(_table(table) for table in others)),
        Part(
            "Models: what an option asks",
            tuple((name, model.question or model.title) for name, model in models.items()),
            "models",
        ),
        Part(
            "Rules, for the sheet standards, with their parameters",
            tuple((name, _rule(RULES[name])) for name in sorted(RULES)),
            "rules",
        ),
    ]
    return Page(
        "Guidance",
        (*((_EXAMPLE,) if example else ()), *_PARAGRAPHS),
        tuple(part for part in parts if part.rows),
    )


def _table(table: Table) -> tuple[str, str]:
    return table.name, f"{table.meaning} Columns: {', '.join(table.headings)}."


def _rule(rule: type[Rule]) -> str:
    sentence = " ".join((rule.__doc__ or "").split("\n\n")[0].split())
    parameters = "; ".join(_parameters(rule))
    return f"{sentence} Parameters: {parameters}." if parameters else f"{sentence} No parameters."


def _parameters(rule: type[Rule]) -> Iterator[str]:
    for name, field in rule.model_fields.items():
        if name not in Rule.model_fields:
            yield f"{name}: {(field.description or '').removesuffix('.')}"
    if rule.has_scope:
        yield "scope"
