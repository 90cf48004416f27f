"""The tools compared, and the table of their medians and ratios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

ENGINE, PULP, BARE = "staffopt", "PuLP", "highspy alone"
PHASES = ("read", "build", "pass", "solve", "extract", "verify", "answer")


def table(medians: Mapping[tuple[str, str, str], float]) -> Iterator[str]:
    """Lay out medians in seconds by case, phase and tool."""
    yield f"{'case':<31}{'phase':<9}{ENGINE:>9}{PULP:>9}{BARE:>15}{'÷ PuLP':>9}{'÷ highspy':>11}"
    for case in dict.fromkeys(name for name, _, _ in medians):
        for phase in PHASES:
            own, pulp, bare = (medians.get((case, phase, tool)) for tool in (ENGINE, PULP, BARE))
            if own is not None:
                figures = f"{_ms(own):>9}{_ms(pulp):>9}{_ms(bare):>15}"
                yield f"{case:<31}{phase:<9}{figures}{_times(own, pulp):>9}{_times(own, bare):>11}"


def _ms(seconds: float | None) -> str:
    return "–" if seconds is None else f"{1000 * seconds:.2f}"


def _times(own: float, other: float | None) -> str:
    return "–" if other is None else f"{own / other:.2f}"
