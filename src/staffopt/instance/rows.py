"""Rows of tables as a file's content; :mod:`staffopt.instance.tabling` is the way back.

What is read becomes the same tree as a YAML file's, so that one schema and one set of checks serve
all; each node knows its sheet and cell, or its CSV file and line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from staffopt.errors import Fault, InputError, Place, near, unknown
from staffopt.instance.cells import Cell, CellError, decode, is_blank, texts
from staffopt.instance.tables import FIELD, VALUE, Content, Key, Kind, Table, tables
from staffopt.yaml_text import MOST_NODES, Loc, Mark, Tree, dotted, first_faults

OWN = "#"
"""What begins with it is the user's own: a sheet, or a column that is not read."""

_SHORTENED = ("assumptions",)
"""Tables whose records are written as their first field where they have no other."""


@dataclass(frozen=True)
class Grid:
    """A table as it was read.

    Attributes:
        name: of the sheet or CSV file.
        rows: cells, the headings first.
        lines: the line at which each row begins, where that is not its number.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    lines: Sequence[int] = ()

    def mark(self, row: int, column: int) -> Mark:
        """Return where a cell stands; rows and columns count from 0."""
        return Mark(self.lines[row] if self.lines else row + 1, column + 1, self.name)


@dataclass(frozen=True)
class TableTree(Tree):
    """A tree that was read from tables.

    Attributes:
        folder: whether each table is a CSV file of a folder; else they are sheets of a workbook.
    """

    folder: bool = False

    def adding(self, name: str) -> str:
        """Say how something that is missing is added to tables."""
        return f"Fill in {name}."

    def _at(self, mark: Mark, loc: Loc) -> Place:
        return place_of(self.name, mark, dotted(loc), folder=self.folder)


def place_of(name: str, mark: Mark, path: str = "", *, folder: bool) -> Place:
    """Return the place of a cell in a workbook, or in a folder of CSV files."""
    if folder:
        return Place(str(Path(name) / f"{mark.table}.csv"), mark.line, mark.column, path)
    return Place(name, mark.line or None, mark.column or None, path, sheet=mark.table)


def read_rows(
    name: str, grids: Sequence[Grid], *, folder: bool, faults: Sequence[Fault] = ()
) -> TableTree:
    """Make a tree of tables.

    Args:
        name: what the workbook or folder is called in faults.
        grids: the tables that were read, in any order.
        folder: whether they are CSV files.
        faults: what was found before, of cells that then are blank, or of whole tables.

    Returns:
        the tree, with every fault of the tables: names, headings, keys, cells.

    Raises:
        InputError: if there is no table at all.
    """
    reader = _Reader(name, folder=folder)
    reader.told(faults)
    known = {table.name: table for table in tables()}
    given = {grid.name: grid for grid in grids if reader.knows(grid, known)}
    for table in tables():
        if table.name in given:
            reader.table(given[table.name], table)
    if not reader.root:
        what = "there is no table in it"
        mend = "Begin with a shipped instance: staffopt convert tiny council.xlsx."
        empty = Fault("empty-file", what, mend, Place(name))
        raise InputError(first_faults(reader.faults or [empty]))
    told, lost = tuple(reader.faults), frozenset(reader.lost)
    return TableTree(name, reader.root, reader.marks, reader.keys, told, lost, folder)


@dataclass
class _Reader:
    """Makes the tree, collecting faults instead of stopping at the first."""

    name: str
    folder: bool
    root: dict[str, Any] = field(default_factory=dict)
    marks: dict[Loc, Mark] = field(default_factory=dict)
    keys: dict[Loc, Mark] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    lost: set[Loc] = field(default_factory=set)
    blanks: set[Mark] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)

    def told(self, faults: Sequence[Fault]) -> None:
        """Take faults that were found before: of cells that then are blank, or of whole tables."""
        self.faults += faults
        for fault in faults:
            place = fault.place
            table = place.sheet or Path(place.file or "").stem
            if place.sheet and place.line and place.column:
                self.blanks.add(Mark(place.line, place.column, table))
            elif not place.sheet:
                self._lose(table)

    def _lose(self, table: str) -> None:
        """Keep in mind that a table, or a row of it, could not be read."""
        self.unread.add(table)
        known = {each.name: each for each in tables()}
        steps = known[table].steps if table in known else ()
        self.lost |= {(str(steps[0]),)} if steps else set()

    def knows(self, grid: Grid, known: Mapping[str, Table]) -> bool:
        """Say whether a table is one of ours; one that is nobody's is a fault."""
        if grid.name not in known:
            place = place_of(self.name, Mark(0, 0, grid.name), folder=self.folder)
            what = f"no table is called {grid.name!r}"
            mend = f"{near(grid.name, list(known))} What is your own, call {OWN}{grid.name}."
            self.faults.append(Fault("unknown-table", what, mend, place))
            for name in get_close_matches(grid.name, known):
                self._lose(name)
        return grid.name in known

    def table(self, grid: Grid, table: Table) -> None:
        """Read one table."""
        columns = self._headings(grid, table)
        if columns is None:
            self._lose(table.name)
            return
        for number, row in enumerate(grid.rows[1:], 1):
            here = {
                heading: (row[at] if at < len(row) else None, grid.mark(number, at))
                for heading, at in columns.items()
            }
            if all(is_blank(cell) for cell, _ in here.values()):
                self._beyond(grid, number, columns)
            elif table.steps:
                self._row(table, here)
            else:
                self._field(table, here)
            if len(self.marks) + len(self.keys) > MOST_NODES:
                what = f"more than {MOST_NODES} keys and values"
                self._fault("too-big", what, "Split the file.", grid.mark(number, 0))
                return

    def _beyond(self, grid: Grid, number: int, columns: Mapping[str, int]) -> None:
        """Refuse what stands in a row outside every column that has a heading."""
        for at, cell in enumerate(grid.rows[number]):
            if not is_blank(cell) and at not in columns.values() and not self._own(grid, at):
                what, mend = "this stands under no heading", "Take it out, or give it a heading."
                self._fault("no-heading", what, mend, grid.mark(number, at))

    def _own(self, grid: Grid, at: int) -> bool:
        head = grid.rows[0]
        return at < len(head) and str(head[at] or "").strip().startswith(OWN)

    def _fault(self, code: str, what: str, mend: str, mark: Mark, loc: Loc = ()) -> None:
        place = place_of(self.name, mark, dotted(loc), folder=self.folder)
        self.faults.append(Fault(code, what, mend, place))

    def _headings(self, grid: Grid, table: Table) -> dict[str, int] | None:
        """Find each column by the first line of its heading; None if rows cannot be read."""
        columns: dict[str, int] = {}
        before = len(self.faults)
        for at, words in enumerate(texts(grid.rows[0] if grid.rows else ())):
            heading, mark = words.split("\n")[0].strip().casefold(), grid.mark(0, at)
            if not heading or heading.startswith(OWN):
                continue
            if heading not in table.headings:
                what = f"{table.name} has no column {heading!r}"
                mend = f"{near(heading, table.headings)} What is your own, call {OWN}{heading}."
                self._fault("unknown-field", what, mend, mark)
                self._lose(table.name)
            elif heading in columns:
                first = grid.mark(0, columns[heading])
                what = f"the column {heading!r} stands twice, first as column {first.column}"
                self._fault("duplicate-key", what, "Take one of them out.", mark)
            else:
                columns[heading] = at
        wanted = [FIELD, VALUE] if not table.steps else [key.heading for key in table.keys]
        for heading in wanted:
            if heading not in columns and len(self.faults) == before:
                what = f"{table.name} has no column {heading!r}"
                mend = f"Write {', '.join(table.headings[: len(wanted) + 1])} … in its first row."
                self._fault(
                    "no-heading",
                    what,
                    mend,
                    grid.mark(0, 0) if grid.rows else Mark(1, 1, grid.name),
                )
        return columns if all(heading in columns for heading in wanted) else None

    def _field(self, table: Table, here: Mapping[str, tuple[Cell, Mark]]) -> None:
        """Take a row of the table of what stands once."""
        (name, at), (cell, mark) = here[FIELD], here[VALUE]
        known = {column.heading: column for column in table.columns}
        heading = texts([name])[0]
        if heading not in known:
            what = (
                f"{heading!r} is no field of {table.name}" if heading else "a value with no field"
            )
            self._fault("unknown-field", what, near(heading, list(known)), at)
        elif known[heading].path in self.keys and not is_blank(cell):
            line = self.keys[known[heading].path].line
            what = f"{heading!r} stands twice; the first is in row {line}"
            self._fault("duplicate-key", what, "Take one of them out.", at)
        else:
            self._value(known[heading].path, cell, known[heading].content, mark, at)

    def _row(self, table: Table, here: Mapping[str, tuple[Cell, Mark]]) -> None:
        """Take a row of a table: find its record, then its values."""
        found = self._locate(table, here)
        if found is None:
            self._lose(table.name)
            return
        loc, mark, short = found
        leaf = not table.columns[0].path
        if self._stands(loc, mark, leaf=leaf) or not self._has_owner(table, loc, here):
            return
        if leaf or short:
            cell, at = here.get(table.columns[0].heading, (None, mark))
            if is_blank(cell):
                heading = table.columns[0].heading
                if at not in self.blanks:
                    what = f"{dotted(loc)} has no {heading}"
                    mend = f"Fill in {heading}, or take the row out."
                    self._fault("empty-value", what, mend, at, loc)
                self.lost.add(loc)
            else:
                self._value(loc, cell, table.columns[0].content, at, mark)
            return
        self._put(loc, {}, mark, mark)
        self._fields(table, loc, here, mark)

    def _fields(
        self, table: Table, loc: Loc, here: Mapping[str, tuple[Cell, Mark]], mark: Mark
    ) -> None:
        for column in table.columns:
            if column.heading in here:
                cell, at = here[column.heading]
                self._value((*loc, *column.path), cell, column.content, at, at)
        record = self._node(loc)
        first = table.columns[0]
        if table.name in _SHORTENED and list(record) == [first.heading]:
            self._put(loc, record[first.heading], self.marks[*loc, first.heading], mark)

    def _locate(
        self, table: Table, here: Mapping[str, tuple[Cell, Mark]]
    ) -> tuple[Loc, Mark, bool] | None:
        """Find where a row's record stands, and whether it stands for a whole inner table."""
        loc: Loc = ()
        mark = next(mark for cell, mark in here.values() if not is_blank(cell))
        blank: Key | None = None
        for position, step in enumerate(table.steps):
            if step is None:
                lines = self.root.get(str(loc[0]), ())
                loc = (*loc, len(lines))
            elif isinstance(step, str):
                loc = (*loc, step)
            else:
                cell, at = here[step.heading]
                if is_blank(cell):
                    blank = blank or step
                    if not isinstance(table.steps[position - 1], Key):
                        break
                elif blank is None:
                    loc, mark = (*loc, texts([cell])[0]), at
                else:
                    break
        else:
            return loc, mark, blank is not None
        assert blank is not None
        at = here[blank.heading][1]
        if at not in self.blanks:
            what, mend = f"the row has no {blank.heading}", f"Fill in {blank.heading}."
            self._fault("empty-key", what, mend, at)
        return None

    def _stands(self, loc: Loc, mark: Mark, *, leaf: bool) -> bool:
        """Tell of a record that stands already, in this table or in the one it lies in."""
        first = self.keys.get(loc)
        if first is None or (leaf and first.table != mark.table):
            for length in range(1, len(loc)):
                above = loc[:length]
                if above in self.marks and isinstance(self._node(above), str):
                    there = place_of(self.name, self.marks[above], folder=self.folder)
                    what = f"{dotted(above)} has a figure of its own already, in {there}"
                    self._fault("two-figures", what, "Take one of them out.", mark, loc)
                    return True
            return False
        what = f"{dotted(loc)} stands twice; the first is in row {first.line}"
        self._fault("duplicate-key", what, "Take one of them out.", mark, loc)
        return True

    def _has_owner(self, table: Table, loc: Loc, here: Mapping[str, tuple[Cell, Mark]]) -> bool:
        """Tell of a row whose record lies in one that its own table does not have."""
        owner = next(
            (t for t in tables() if t.steps == table.steps[:2] and t.columns[0].path), None
        )
        if owner is None or owner is table or not isinstance(table.steps[1], Key):
            return True
        declared = self.root.get(str(loc[0]), {})
        if loc[1] in declared:
            return True
        if owner.name not in self.unread:
            kind, mark = table.steps[1].heading.replace("_", " "), here[table.steps[1].heading][1]
            place = place_of(self.name, mark, dotted(loc), folder=self.folder)
            self.faults.append(unknown(kind, str(loc[1]), list(declared), place))
        return False

    def _value(self, loc: Loc, cell: Cell, content: Content, mark: Mark, key: Mark) -> None:
        """Take one cell; where nothing stands in it, only its place is kept."""
        if is_blank(cell):
            self.marks.setdefault(loc, mark)
            if mark in self.blanks:
                self.lost.add(loc)
            return
        try:
            value = decode(cell, content)
        except CellError as error:
            mend = error.mend
            if content.kind is Kind.EMPTY:
                mend = f"Write it in the table {'.'.join(map(str, (loc[0], *loc[2:])))}."
            self._fault(error.code, error.what, mend, mark, loc)
            self.marks.setdefault(loc, mark)
            self.lost.add(loc)
            return
        self._put(loc, value, mark, key)

    def _put(self, loc: Loc, value: Any, mark: Mark, key: Mark) -> None:
        """Put a value into the tree, with the tables on the way to it."""
        node: Any = self.root
        for length, step in enumerate(loc[:-1], 1):
            if isinstance(node, list):
                node = node[int(step)]
                continue
            child: Any = [] if isinstance(loc[length], int) else {}
            node = node.setdefault(step, child)
            self.marks.setdefault(loc[:length], key)
            self.keys.setdefault(loc[:length], key)
        if isinstance(node, list) and loc[-1] == len(node):
            node.append(value)
        else:
            node[loc[-1]] = value
        self.marks[loc] = mark
        self.keys[loc] = key

    def _node(self, loc: Loc) -> Any:
        node: Any = self.root
        for step in loc:
            if isinstance(node, dict) and step not in node:
                return None
            node = node[step]
        return node
