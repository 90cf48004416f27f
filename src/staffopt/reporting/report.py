"""Write saved plans for people: most is in the plans, and what is not is asked again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from staffopt.analysis.asking import Told, ignore
from staffopt.errors import Fault, InputError, Place
from staffopt.plan import Plan
from staffopt.reporting.formats import Material, find_format

if TYPE_CHECKING:
    from staffopt.instance.schema import Instance
    from staffopt.request import Asking


def report(
    plans: Plan | Sequence[Plan],
    *,
    to: str = "html",
    path: Path | str | None = None,
    template: Path | str | None = None,
    council: Instance | None = None,
    quick: bool = False,
    frontier: bool = False,
    tell: Told = ignore,
    **asking: Unpack[Asking],
) -> list[Path]:
    """Write plans for people or for other programs.

    Args:
        plans: a plan, or several of one council: the first is reported in full, the others are set
            beside it.
        to: a format: ``html``, ``docx``, ``md``, ``svg`` or ``csv``.
        path: the file or folder to write; ``report`` with the format's suffix if None.
        template: the council's own Word file, whose tags are filled; of ``docx`` only.
        council: the council as its file states it, where the plan's own option changed figures:
            the other options are then solved as they stand in the file.
        quick: whether nothing is solved: what binds the plan and the council's other options are
            then left out.
        frontier: whether the frontier of cost and the worst caseload is walked and drawn.
        tell: told of each step before it begins.
        asking: how to solve, as for :func:`staffopt.solve`; what is asked stands in the plan.

    Returns:
        the files written.

    Raises:
        InputError: no plan is given, plans of different councils are set side by side, or a
            package that the format needs is not installed.
        UnknownName: there is no such format.
        OSError: if the place cannot be written.
        Others as :func:`staffopt.solve`.
    """
    from staffopt.reporting.asked import Asked, ask_beside

    form = find_format(to)
    given = [plans] if isinstance(plans, Plan) else list(plans)
    if not given:
        raise InputError([Fault("no-plan-given", "no plan is given", "Name a plan that is saved.")])
    if template is not None and not form.template:
        what, mend = f"{to} fills no template", "Leave the template out, or write docx."
        raise InputError([Fault("no-template", what, mend, Place(file=str(template)))])
    asked = Asked()
    if form.document:
        _refuse_strangers(given)
        if not quick:
            # Several plans are set beside each other, and one beside the other options.
            alone = len(given) == 1
            asked = ask_beside(given[0], council, among=alone, along=frontier, tell=tell, **asking)
    own = None if template is None else Path(template)
    return form.write(Material(given, asked, own), Path(path or f"report{form.suffix}"))


def _refuse_strangers(plans: Sequence[Plan]) -> None:
    """Refuse plans of several councils in one report.

    Raises:
        InputError: if there are any.
    """
    councils = list(dict.fromkeys(plan.question.instance.instance for plan in plans))
    if len(councils) > 1:
        what = f"the plans are of {len(councils)} councils: {', '.join(councils)}"
        mend = "Report the plans of each council apart; --to csv takes them together."
        raise InputError([Fault("several-councils", what, mend, Place(file="PLAN"))])
