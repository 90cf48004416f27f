"""Rules of money."""

from __future__ import annotations

from typing import ClassVar

from staffopt.rulebook.base import Rule


class StayWithinBudget(Rule):
    r"""Each fund's spending in each financial year stays within its ceiling.

    .. math:: \sum_{lines} E_{fy} \le ceiling_{fy} \quad \forall f, y

    A row stands for every fund and year, without a bound where no ceiling is given, so that one
    can be set later. Spending after a fund's last month is refused. Ceilings compare money before
    it is rounded.

    A fund that carries money forward has, besides its ceiling, K of the year before; one with a
    reserve keeps a least balance:

    .. math:: E_{fy} \le ceiling_{fy} + K_{f,y-1}, \quad
        K_{fy} = \min(limit, share \, (ceiling_{fy} + K_{f,y-1} - E_{fy}))

    .. math:: opening + \sum_{z \le y} (contribution_{fz} - E_{fz}) \ge least

    Symbols: E is what the ledger charges to the fund in the year; K what is carried into the next,
    nothing from a year without a ceiling.

    Source: Nottinghamshire 2018, paragraphs 20 to 22.
    """

    sentence: ClassVar[str] = "spending stays within each fund's ceiling"
    has_scope: ClassVar[bool] = False

    @property
    def by_year(self) -> bool:
        """Ceilings are of financial years."""
        return True
