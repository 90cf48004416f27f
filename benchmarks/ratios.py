"""The tools compared, and the tables of their medians and ratios, ready for docs/performance.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

ENGINE, CBC, HIGHS, BARE = "staffopt", "PuLP, CBC", "PuLP, HiGHS", "highspy alone"
TOOLS = (ENGINE, CBC, HIGHS, BARE)
PHASES = ("read", "build", "pass", "solve", "extract", "verify", "answer", "first answer")


class Found(NamedTuple):
    """What a tool came to within a time limit: pounds a year, and what it proved."""

    seconds: float
    cost: float | None
    bound: float | None


def table(medians: Mapping[tuple[str, str, str], float]) -> Iterator[str]:
    """Lay out medians in seconds by case, phase and tool, and the engine's as multiples."""
    peers = TOOLS[1:]
    yield _row("case", "phase", *(f"{tool}, ms" for tool in TOOLS), *(f"÷ {p}" for p in peers))
    yield _rule(2, len(TOOLS) + len(peers))
    for case in dict.fromkeys(name for name, _, _ in medians):
        shown = case
        for phase in PHASES:
            times = {tool: medians.get((case, phase, tool)) for tool in TOOLS}
            own = times[ENGINE]
            if own is not None:
                ratios = (_times(own, times[peer]) for peer in peers)
                yield _row(shown, phase, *(_ms(times[tool]) for tool in TOOLS), *ratios)
                shown = ""


def hard_table(found: Mapping[tuple[str, str], Found]) -> Iterator[str]:
    """Lay out what each tool found of the hard questions within the limit."""
    yield _row("case", "tool", "seconds", "cost, £", "no plan below, £", "gap")
    yield _rule(2, 4)
    for (case, tool), (seconds, cost, bound) in found.items():
        gap = "–" if cost is None or bound is None else f"{(cost - bound) / cost:.2%}"
        yield _row(case, tool, f"{seconds:.1f}", _pounds(cost), _pounds(bound), gap)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(words: int, figures: int) -> str:
    return f"|{'---|' * words}{'--:|' * figures}"


def _ms(seconds: float | None) -> str:
    return "–" if seconds is None else _three(1000 * seconds)


def _times(own: float, other: float | None) -> str:
    return "–" if other is None else _three(own / other)


def _three(figure: float) -> str:
    """Write a figure to two or three digits: noise drowns the rest."""
    decimals = next((d for d, least in enumerate((100, 10, 0.1)) if figure >= least), 3)
    return f"{figure:,.{decimals}f}"


def _pounds(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:,.0f}"
