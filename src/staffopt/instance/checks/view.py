"""What the checks look at: an instance, and where everything in it stands in its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from staffopt.errors import Fault, Place
from staffopt.instance.schema import Instance
from staffopt.yaml_text import Loc, Tree, dotted, in_file


@dataclass(frozen=True)
class View:
    """An instance as the checks see it.

    Attributes:
        instance: the facts; where the file has faults, those that could be read.
        tree: the file, for places; None for an instance that was made in a program.
        models: ids of the models there are; None if they are not known here.
        pruned: nodes of the file that could not be read.
    """

    instance: Instance
    tree: Tree | None = None
    models: frozenset[str] | None = None
    pruned: frozenset[Loc] = frozenset()

    def place(self, *loc: str | int, key: bool = False) -> Place:
        """Return where a value (or its key) stands."""
        if self.tree is None:
            return Place(path=dotted(loc))
        file_loc = in_file(loc, self.pruned)
        return self.tree.key_place(file_loc) if key else self.tree.place(file_loc)

    def declared(self, section: str) -> list[str] | None:
        """Name what a section declares, readable or not; None if the section cannot be read."""
        if self.tree is None:
            return list(getattr(self.instance, section))
        if (section,) in self.pruned | self._misnamed:
            return None
        return list(self.tree.root.get(section, ()))

    @property
    def broken_sections(self) -> frozenset[str]:
        """Sections of which something could not be read."""
        return frozenset(str(loc[0]) for loc in self.pruned | self._misnamed)

    @property
    def _misnamed(self) -> frozenset[Loc]:
        """Sections that the file lacks while it has some that are no section, by a slip."""
        if self.tree is None or self.tree.root.keys() <= Instance.model_fields.keys():
            return frozenset()
        return frozenset((s,) for s in Instance.model_fields if s not in self.tree.root)

    def is_broken(self, loc: Loc) -> bool:
        """Say whether something of the same record could not be read."""
        record = in_file(loc, self.pruned)[:2]
        return any(pruned[:2] == record[: len(pruned)] for pruned in self.pruned)


@dataclass(frozen=True)
class Check:
    """One thing that is looked at.

    Attributes:
        run: yields the faults.
        reads: sections that must have been read whole, lest a fault follow from another.
    """

    run: Callable[[View], Iterator[Fault]]
    reads: frozenset[str] = frozenset()


def reading(*sections: str) -> Callable[[Callable[[View], Iterator[Fault]]], Check]:
    """Make a check of a function that adds up or compares whole sections."""

    def make(run: Callable[[View], Iterator[Fault]]) -> Check:
        return Check(run, frozenset(sections))

    return make


def entries(table: Mapping[str, object] | None) -> Iterator[str]:
    """Yield the keys of a table that may be left out."""
    yield from table or {}
