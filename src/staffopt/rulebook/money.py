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

    Symbols: E is what the ledger charges to the fund in the year.

    Source: Nottinghamshire 2018, paragraphs 20 to 22.
    """

    sentence: ClassVar[str] = "spending stays within each fund's ceiling"
    has_scope: ClassVar[bool] = False
