"""What one case is, a child or a family, and how families are turned into children."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from staffopt.errors import Fault, InputError, Place
from staffopt.instance.schema import Instance
from staffopt.instance.staff import CountedAs


def children_in(council: Instance, case_type: str) -> Decimal:
    """Return what one case of a type counts for in sums: the children of a family, or 1.

    Raises:
        InputError: if cases of two units would be added up, and no figure turns one into the other.
    """
    record = council.case_types[case_type]
    if record.counted_as in (CountedAs.NOT_STATED, council.counted_as):
        return Decimal(1)
    if council.counted_as is CountedAs.NOT_STATED and not _mixed(council):
        return Decimal(1)
    children = record.children_per_family or council.children_per_family
    turned = (record.counted_as, council.counted_as) == (CountedAs.FAMILIES, CountedAs.CHILDREN)
    if turned and children is not None:
        return children
    raise InputError([_fault(council, case_type)])


def mixed_units(council: Instance) -> Iterator[tuple[str, Fault]]:
    """Yield each case type that cannot be added to the other cases, with what is wrong."""
    for case_type in council.case_types:
        try:
            children_in(council, case_type)
        except InputError as error:
            yield case_type, error.faults[0]


def _mixed(council: Instance) -> bool:
    """Say whether some cases are counted in one unit and some in another, or in none stated."""
    units = {record.counted_as for record in council.case_types.values()}
    plain = any(isinstance(team.cases, Decimal) for team in council.teams.values())
    return len(units) > 1 or plain


def _fault(council: Instance, case_type: str) -> Fault:
    own, sums = council.case_types[case_type].counted_as, council.counted_as
    into_children = (own, sums) == (CountedAs.FAMILIES, CountedAs.CHILDREN)
    return Fault(
        "mixed-units",
        f"{case_type} counts {own}, and "
        + (
            "other cases do not say what they count"
            if sums is CountedAs.NOT_STATED
            else f"sums count {sums}"
        ),
        "Give children_per_family, of the case type or of the council."
        if into_children
        else "Write `counted_as: children` for the council, and children_per_family.",
        Place(path=f"case_types.{case_type}.counted_as"),
    )
