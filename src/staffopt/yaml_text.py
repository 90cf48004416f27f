"""YAML as text: a tree of tables, lists and scalars, each scalar as it was written.

A scalar is never turned into a number, a date or a truth value here, so that a team called NO
stays NO and 1.10 keeps its digits (YAML 1.2's core schema, typed by the field that reads it). The
tree is made from parse events: no constructor of the YAML library ever runs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from staffopt.errors import Fault, InputError, Place

Loc = tuple[str | int, ...]
"""Where a node stands: keys of tables and positions in lists, from the root."""

MOST_BYTES = 5_000_000
MOST_DEPTH = 20
MOST_TEXT = 2_000
"""Characters of a key or a value."""

MOST_NODES = 100_000
"""Keys and values; a council of a thousand teams has a fifth of this."""
MOST_FAULTS = 200
"""A file with more faults than this is not what its name says."""

_MORE = Fault("more-faults", "there are more faults than these", "Mend these first.")
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NULLS = ("", "~", "null", "Null", "NULL")
_LOADER: Any = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # wheels without libyaml lack the C one


class Mark(NamedTuple):
    """Line and column, from 1; of a file that is made of tables, with the table's name."""

    line: int
    column: int
    table: str = ""


@dataclass(frozen=True)
class Tree:
    """A file's content, with the line and column of everything in it.

    Attributes:
        name: the file's name, for places.
        root: the content.
        marks: where each value stands; of a table or list under a key, where the key stands.
        keys: where each key of a table stands.
        faults: what could not be read; of YAML nothing, which is read whole or not at all.
        lost: where it would stand, or the section in which it would.
    """

    name: str
    root: dict[str, Any]
    marks: dict[Loc, Mark]
    keys: dict[Loc, Mark]
    faults: tuple[Fault, ...] = ()
    lost: frozenset[Loc] = frozenset()

    def plain(self) -> dict[str, Any]:
        """Return a copy of the content: nested dicts and lists of texts."""
        copied: dict[str, Any] = _copy(self.root)
        return copied

    def place(self, loc: Loc) -> Place:
        """Return where a value stands; its nearest ancestor's place if it is not in the file."""
        for length in range(len(loc), -1, -1):
            if loc[:length] in self.marks:
                return self._at(self.marks[loc[:length]], loc)
        return Place(self.name, path=dotted(loc))

    def key_place(self, loc: Loc) -> Place:
        """Return where a key stands; its nearest ancestor's place if it is not in the file."""
        if loc in self.keys:
            return self._at(self.keys[loc], loc)
        return self.place(loc)

    def adding(self, name: str) -> str:
        """Say how something that is missing is added to this file."""
        return f"Add `{name}:`."

    def _at(self, mark: Mark, loc: Loc) -> Place:
        return Place(self.name, mark.line, mark.column, dotted(loc))


def dotted(loc: Loc) -> str:
    """Write a location as a path, such as ``teams.cds.cases``."""
    return ".".join(map(str, loc))


def in_file(loc: Loc, pruned: Collection[Loc]) -> Loc:
    """Turn positions in lists from which nodes were pruned into positions in the file."""
    found: Loc = ()
    for part in loc:
        here = part
        if isinstance(here, int):
            gone = [p[-1] for p in pruned if p[:-1] == found]
            for position in sorted(p for p in gone if isinstance(p, int)):
                here += position <= here
        found = (*found, here)
    return found


def read_yaml(source: Path | str, name: str | None = None) -> Tree:
    """Read a file, or a text, strictly.

    Args:
        source: a path to read, or the text itself.
        name: what the file is called in faults; the path if left out.

    Raises:
        InputError: with every fault that can be told at once: unreadable or too big files, text
            that is not UTF-8, characters that cannot be printed, syntax, several documents,
            duplicate keys, anchors, aliases, merge keys, tags, empty values, too deep nesting.
    """
    text = read_text(source) if isinstance(source, Path) else source
    name = name or (str(source) if isinstance(source, Path) else "text")
    if len(text) > MOST_BYTES:
        raise InputError([_too_big(name)])
    text = text.removeprefix("\ufeff")
    if faults := [*_unprintable(text, name)]:
        raise InputError(first_faults(faults))
    builder = _Builder(name)
    try:
        builder.read(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        builder.faults.append(_syntax(error, name, text))
    if not builder.faults and not isinstance(builder.root, dict):
        builder.faults.append(_no_table(builder, name))
    if builder.faults:
        raise InputError(first_faults(builder.faults))
    return Tree(name, builder.root, builder.marks, builder.keys)


def first_faults(faults: Sequence[Fault]) -> list[Fault]:
    """Put faults in file order, and cut a list that nobody would read to its end."""
    told = [fault for fault in faults if fault.code != _MORE.code]
    ordered = sorted(told, key=lambda fault: _order(fault.place))
    if len(told) == len(faults) and len(ordered) <= MOST_FAULTS:
        return ordered
    return [*ordered[:MOST_FAULTS], _MORE]


def _order(place: Place) -> tuple[str, str, int, int]:
    return place.file or "", place.sheet or "", place.line or 0, place.column or 0


def read_bytes(path: Path, most: int = MOST_BYTES) -> bytes:
    """Read a file's bytes.

    Raises:
        InputError: if it cannot be read, or is bigger than ``most``.
    """
    try:
        if path.stat().st_size > most:
            raise InputError([_too_big(str(path), most)])
        return path.read_bytes()
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise InputError([Fault("unreadable", what, "Name a file.", Place(str(path)))]) from error


def read_text(path: Path) -> str:
    """Read a file's text.

    Raises:
        InputError: if it cannot be read, is too big or is not UTF-8.
    """
    content = read_bytes(path)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        place = Place(str(path), content.count(b"\n", 0, error.start) + 1)
        what = f"byte {content[error.start]:#04x} is not UTF-8"
        fault = Fault("not-utf8", what, "Save the file as UTF-8.", place)
        raise InputError([fault]) from error


def _too_big(name: str, most: int = MOST_BYTES) -> Fault:
    what = f"the file is over {most // 1_000_000} MB"
    return Fault("too-big", what, "Split it, or take out what is not a fact.", Place(name))


def _unprintable(text: str, name: str) -> Iterator[Fault]:
    for match in UNPRINTABLE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        what = f"character U+{ord(match[0]):04X} cannot be printed"
        yield Fault("unprintable", what, "Take it out.", Place(name, line, column))
        if line > MOST_FAULTS:
            return


def _syntax(error: yaml.MarkedYAMLError, name: str, text: str) -> Fault:
    opened = error.context_mark
    within = f", {error.context} from line {opened.line + 1}" if opened else ""
    # A quote that is never closed swallows the rest of the file; it is at fault, not the end.
    never_closed = opened is not None and "quoted" in (error.context or "")
    mark = opened if never_closed else error.problem_mark or opened
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.split("\n")
    here = lines[line - 1] if line <= len(lines) else ""
    if re.match(r"[ ]*\t", here):
        mend = "Indent with spaces, not tabs."
    else:
        mend = "Check quotes, brackets, colons and indents up to here; quote text that holds ': '."
    what = f"not YAML: {error.problem}{within}"
    return Fault("syntax", what, mend, Place(name, line, column))


def _no_table(builder: _Builder, name: str) -> Fault:
    if builder.root is None:
        return Fault(
            "empty-file", "the file is empty", "Begin with schema_version: 1.", Place(name)
        )
    what = "the file is not a table of `key: value` lines"
    return Fault(
        "wrong-shape", what, "Begin with schema_version: 1.", Place(name, *builder.marks[()][:2])
    )


def _copy(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _copy(child) for key, child in node.items()}
    return [_copy(child) for child in node] if isinstance(node, list) else node


@dataclass(slots=True)
class _Open:
    """A table or list whose end has not been met; ``key`` is a table's key awaiting its value."""

    node: dict[str, Any] | list[Any]
    loc: Loc
    key: str | None = None


@dataclass
class _Builder:
    """Makes the tree from parse events, collecting faults instead of stopping at the first."""

    name: str
    root: Any = None
    marks: dict[Loc, Mark] = field(default_factory=dict)
    keys: dict[Loc, Mark] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    documents: int = 0

    def read(self, events: Iterator[Any]) -> None:
        """Take every event, up to a second document or a depth that nobody writes."""
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                self.documents += 1
                if self.documents > 1:
                    what = "a second document"
                    self._fault("several-documents", event, what, "Use a file for each.")
                    return
            elif isinstance(event, yaml.NodeEvent):
                if len(getattr(event, "value", "")) > MOST_TEXT:
                    what = f"text of more than {MOST_TEXT} characters"
                    self._fault("too-long", event, what, "Close a quote, or shorten it.")
                    return
                self._refuse_marks(event)
                self._node(event)
                if len(self.marks) + len(self.keys) > MOST_NODES:
                    what = f"more than {MOST_NODES} keys and values"
                    self._fault("too-big", event, what, "Split the file.")
                    return
                if len(self.stack) > MOST_DEPTH:
                    what = f"nested deeper than {MOST_DEPTH}"
                    self._fault("too-deep", event, what, "Write it flatter.")
                    return
            elif isinstance(event, yaml.CollectionEndEvent):
                self.stack.pop()

    def _fault(self, code: str, event: Any, what: str, mend: str, loc: Loc = ()) -> None:
        place = Place(self.name, *_mark(event)[:2], dotted(loc))
        self.faults.append(Fault(code, what, mend, place))

    def _refuse_marks(self, event: Any) -> None:
        """Refuse what makes one text stand for another: anchors, aliases and tags."""
        if isinstance(event, yaml.AliasEvent):
            self._fault("alias", event, f"alias *{event.anchor}", "Write the value out.")
        elif event.anchor is not None:
            self._fault("anchor", event, f"anchor &{event.anchor}", "Take it out.")
        if getattr(event, "tag", None) is not None:
            self._fault("tag", event, f"tag {event.tag}", "Take it out; quote text where needed.")

    def _node(self, event: Any) -> None:
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.node, dict) and top.key is None:
            self._key(event, top)
            return
        loc = self._attach_loc(top)
        node: Any
        if isinstance(event, yaml.MappingStartEvent):
            node = {}
        elif isinstance(event, yaml.SequenceStartEvent):
            node = []
        else:
            node = self._scalar(event, loc)
        if not isinstance(node, str) and loc in self.keys:
            self.marks.setdefault(loc, self.keys[loc])
        self.marks.setdefault(loc, _mark(event))
        self._attach(top, node)
        if not isinstance(node, str):
            self.stack.append(_Open(node, loc))

    def _attach_loc(self, top: _Open | None) -> Loc:
        if top is None:
            return ()
        return (*top.loc, len(top.node) if isinstance(top.node, list) else str(top.key))

    def _attach(self, top: _Open | None, node: Any) -> None:
        if top is None:
            self.root = node
        elif isinstance(top.node, list):
            top.node.append(node)
        else:
            top.node.setdefault(str(top.key), node)
            top.key = None

    def _scalar(self, event: Any, loc: Loc) -> str:
        if isinstance(event, yaml.AliasEvent):
            return f"*{event.anchor}"
        text: str = event.value
        if event.implicit[0] and text in _NULLS:
            mend = "Write the figure, or the reason why there is none: unknown, none."
            if pieces := self._cut_figure(loc):
                if pieces[1:-1] and self.faults[-1].code == "empty-value":
                    self.faults.pop()  # of 1,234,567 the second piece: the whole is told here
                mend = f"A comma inside {{ }} separates; write {''.join(pieces)}, or quote it."
            self._fault("empty-value", event, f"{dotted(loc) or 'the file'} is empty", mend, loc)
        return text

    def _cut_figure(self, loc: Loc) -> list[str]:
        """Return the pieces of a figure, such as 52,400, that its own comma cuts inside braces."""
        table = self.stack[-1].node if self.stack else None
        if not isinstance(table, dict) or loc not in self.keys:
            return []
        pieces, line = [str(loc[-1])], self.keys[loc][0]
        for key, value in reversed(table.items()):
            beside = self.keys.get((*loc[:-1], key), (0,))[0] == line
            piece = value or key
            if not (beside and isinstance(piece, str) and piece.isascii() and piece.isdigit()):
                return []
            pieces.insert(0, piece)
            if value:
                return pieces if pieces[-1].isascii() and pieces[-1].isdigit() else []
        return []

    def _key(self, event: Any, top: _Open) -> None:
        """Take a key; a table or list as a key is refused, and read past under a made-up name."""
        loc: Loc
        if isinstance(event, yaml.ScalarEvent):
            loc = (*top.loc, event.value)
            self._check_key(event, loc, top)
            self.keys.setdefault(loc, _mark(event))
            top.key = event.value
            return
        self._fault("key-not-text", event, "a key that is not text", "Write a name as the key.")
        if isinstance(event, yaml.AliasEvent):
            top.key = f"*{event.anchor}"
            return
        node: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        top.key = "?"
        self.stack.append(_Open(node, (*top.loc, "?")))

    def _check_key(self, event: Any, loc: Loc, top: _Open) -> None:
        key = event.value
        if event.implicit[0] and key == "<<":
            self._fault("merge-key", event, "merge key <<", "Write the values out.", loc)
        elif event.implicit[0] and key in _NULLS:
            self._fault("empty-key", event, f"{key!r} is no key", "Write a name.", loc)
        elif key in top.node:
            line = self.keys[loc][0]
            what = f"{key!r} stands twice; the first is in line {line}"
            self._fault("duplicate-key", event, what, "Take one of them out.", loc)


def _mark(event: Any) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)
