"""The same question stated in several ways: which form bounds it best, and which is solved first.

Three choices were open when the rules were written: how a team is put into a caseload band, how
posts that come in steps are counted, and how the start and length of a managed team are decided.
Each form below states the same question, drawn from a seed. The forms live here and not in the
product, which has the one that the table favours (docs/formulations.md)::

    python benchmarks/formulations.py --seconds 10 --seeds 5

For each form: the program's size, the bound of its linear relaxation as a share of the best value
that any form found, and what is left between value and bound at the time limit.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from random import Random
from statistics import mean, median

import numpy as np

from staffopt.algebra.assembly import Kind
from staffopt.algebra.axes import Axis, Mask
from staffopt.algebra.builder import Builder
from staffopt.algebra.expression import Expression
from staffopt.algebra.program import Program
from staffopt.algebra.solution import Changes, Options
from staffopt.backends.session import Session

FTE, BINARY, TEAMS = Kind("FTE", decision=True), Kind("choice"), Kind("teams", decision=True)


@dataclass(frozen=True)
class Size:
    """How big a question is drawn."""

    teams: int
    months: int


@dataclass(frozen=True)
class Measured:
    """What came of one form: size, root bound, and value and bound at the limit."""

    form: str
    rows: int
    columns: int
    root: float
    value: float
    bound: float
    seconds: float


def _axes(size: Size) -> tuple[Axis, Axis]:
    teams = Axis("team", tuple(f"t{number:02d}" for number in range(size.teams)))
    return teams, Axis("period", tuple(f"m{number:02d}" for number in range(size.months)))


def _all(*axes: Axis) -> Mask:
    return Mask(axes, np.ones([len(axis) for axis in axes], dtype=bool))


# Bands: each team in each month is in one of four bands of average caseload, all but one priced.

BANDS = {"low": (24.0, 60.0), "fine": (16.0, 24.0), "high": (13.0, 16.0), "over": (6.0, 13.0)}
"""Band → least and most FTE per 320 cases (averages of 13.3, 20 and 24.6 at the edges)."""
BAND_PRICES = {"low": 8_000.0, "fine": 0.0, "high": 30_000.0, "over": 90_000.0}
WORKER, MOVE = 43_000.0, 3_000.0
"""Pounds a year for a post, and once for each FTE that a team is given."""


def bands(form: str, size: Size, seed: int) -> Program:
    """Place a limited supply of workers, month by month; each band and each move has its price."""
    rng = Random(f"bands {seed}")
    team, period = _axes(size)
    band = Axis("band", tuple(BANDS))
    builder = Builder(exact=False, block_axis="team")
    cases = np.array([_cases(rng, size.months) for _ in team.labels])
    edges = np.array(list(BANDS.values()))
    least = np.ceil(cases[:, :, None] / 320 * edges[:, 0] * 2) / 2
    most = np.ceil(cases[:, :, None] / 320 * edges[:, 1] * 2) / 2 - 0.5
    today = np.array([ceil(row[0] / 27 * 2) / 2 for row in cases])
    added = builder.variable("added", _all(team, period), FTE, quantum=builder.data((), 0.5))
    fte = added + builder.data((team,), today)
    before = added.previous("period", first=builder.data((), 0))
    moved = builder.variable("moved", _all(team, period), Kind("FTE"))
    builder.add(moved >= added - before, "moved in")
    builder.add(added.sum("team") <= 1.2 * size.teams, "supply")
    chosen = builder.variable(
        "in_band", _all(team, period, band), BINARY, quantum=1, upper=1, rule="bands"
    )
    builder.add(chosen.sum("band").equals(1), "one band")
    builder.add(chosen.at("band", "high").sum("team") <= 0.4 * size.teams, "most high")
    low, high = (builder.data((team, period, band), table) for table in (least, most))
    _edges(form, builder, fte, chosen, low, high)
    price = builder.data((band,), [BAND_PRICES[name] for name in band.labels])
    worker = builder.data((team,), [WORKER + rng.randint(0, 9) * 500 for _ in team.labels])
    cost = (added * worker).sum("team", "period") + (chosen * price).sum("team", "period", "band")
    moves = moved.sum("team", "period") * MOVE
    builder.goal("cost", cost / 12 + moves, "pounds", within=0.5)
    return builder.finish()


def _cases(rng: Random, months: int) -> list[float]:
    """Draw a team's cases month by month: rising, with a tenth of chance in each."""
    first = rng.randint(180, 420)
    return [first * (1 + 0.02 * month) * rng.uniform(0.9, 1.1) for month in range(months)]


def _edges(
    form: str,
    builder: Builder,
    fte: Expression,
    chosen: Expression,
    low: Expression,
    high: Expression,
) -> None:
    if form == "convex hull":
        builder.add(fte >= (chosen * low).sum("band"), "least")
        builder.add(fte <= (chosen * high).sum("band"), "most")
        return
    roof = builder.data((), 100.0)
    if form == "big-M of each row":
        axis = next(axis for axis in low.axes if axis.name == "band")
        place = [other.name for other in low.axes].index(axis.name)
        top = high.constant.max(axis=place, keepdims=True)
        bottom = low.constant.min(axis=place, keepdims=True)
        slack_low = Expression.data(low.axes, low.constant - bottom, exact=low.exact)
        slack_high = Expression.data(high.axes, top - high.constant, exact=high.exact)
    else:
        slack_low = slack_high = roof
    builder.add(fte >= low - (1 - chosen) * slack_low, "least")
    builder.add(fte <= high + (1 - chosen) * slack_high, "most")


# Steps: posts that are added in halves, counted by one whole number or by binaries.

MOST_STEPS = 15
"""Half posts that one team can have added: four binary digits."""


def steps(form: str, size: Size, seed: int) -> Program:
    """Fund workers and officers, whose time released saturates, to an average in every team."""
    rng = Random(f"steps {seed}")
    team, _ = _axes(size)
    builder = Builder(exact=False, block_axis="team")
    workers = np.array([rng.randint(16, 60) / 4 for _ in team.labels])
    need = workers * np.array([rng.uniform(1.02, 1.25) for _ in team.labels])
    cost = [WORKER + rng.randint(0, 9) * 500 for _ in team.labels]
    worker = _counted(form, builder, team, "worker")
    officer = _counted(form, builder, team, "officer")
    newly = builder.variable("served", _all(team), Kind("FTE"))
    builder.add(newly <= worker + builder.data((team,), workers), "by workers")
    builder.add(newly <= officer * 4, "by officers")
    effective = worker + newly / 6
    builder.add(effective >= builder.data((team,), need - workers - 0.4), "each")
    builder.add(effective.sum("team") >= float((need - workers).sum()), "pooled")
    heads = builder.variable("heads", _all(), Kind("heads"), quantum=1)
    builder.add(heads >= worker.sum("team"), "heads")
    leads = builder.variable("leads", _all(), FTE, quantum=1)
    builder.add(officer.sum("team") <= leads * 14, "span")
    posts = (worker * builder.data((team,), cost)).sum("team") + officer.sum("team") * 26_800
    builder.goal("cost", posts + heads * 1_100 + leads * 31_600, "pounds", within=0.5)
    return builder.finish()


def _counted(form: str, builder: Builder, team: Axis, name: str) -> Expression:
    """Posts added in halves, up to MOST_STEPS of them."""
    if form == "one whole number":
        half = builder.data((), 0.5)
        return builder.variable(name, _all(team), FTE, quantum=half, upper=MOST_STEPS / 2)
    if form == "binary digits":
        digit = Axis("digit", ("1", "2", "4", "8"))
        bits = builder.variable(name, _all(team, digit), BINARY, quantum=1, upper=1)
        return (bits * builder.data((digit,), [0.5, 1, 2, 4])).sum("digit")
    step = Axis("step", tuple(str(number) for number in range(1, MOST_STEPS + 1)))
    bits = builder.variable(name, _all(team, step), BINARY, quantum=1, upper=1)
    builder.add(bits <= bits.previous("step", first=builder.data((), 1)), f"{name} in order")
    return (bits * 0.5).sum("step")


# Terms: managed teams of several kinds against cases that nobody else can hold.

MOST_TERM, AT_ONCE, LEFT = 6, 2, 900.0
"""Longest term, months; most teams of a kind at once; what a case left weighs, pounds a month."""


@dataclass(frozen=True)
class Relief:
    """A kind of managed team: months, cases, and pounds a month in the term and after it."""

    term: int
    most: int
    holds: int
    price: int
    later: int


def terms(form: str, size: Size, seed: int) -> Program:
    """Buy teams against a wave of cases within a budget for every six months."""
    rng = Random(f"terms {seed}")
    kinds = [
        Relief(
            term=rng.randint(3, MOST_TERM),
            most=rng.randint(2, 6),
            holds=rng.randint(40, 90),
            price=rng.randint(36, 48) * 1_000,
            later=rng.randint(30, 46) * 1_000,
        )
        for _ in range(size.teams)
    ]
    wave = [rng.randint(20, 260) for _ in range(size.months)]
    month = Axis("month", tuple(f"m{number:02d}" for number in range(size.months)))
    builder = Builder(exact=False, block_axis="team")
    zero = builder.data((month,), [0] * size.months)
    held, spent = zero, zero
    for number, kind in enumerate(kinds):
        in_term, after = _at_work(form, builder, f"k{number}", kind, month)
        builder.add(in_term + after <= AT_ONCE, f"k{number} at once")
        held += (in_term + after) * kind.holds
        spent += in_term * kind.price + after * kind.later
    left = builder.variable("left", _all(month), Kind("cases"))
    builder.add(left >= builder.data((month,), wave) - held, "cases")
    for first in range(0, size.months, 6):
        half = Mask.of(month, month.labels[first : first + 6])
        builder.add(spent.where(half).sum("month") <= 400_000, f"budget from {first}")
    builder.goal("cost", spent.sum("month") + left.sum("month") * LEFT, "pounds", within=0.5)
    return builder.finish()


def _at_work(
    form: str, builder: Builder, name: str, kind: Relief, month: Axis
) -> tuple[Expression, Expression]:
    """Teams of a kind in each month: within their term, and after it."""
    write = {
        "a number for each start and length": _by_start_and_length,
        "teams still there after each month": _still_there,
        "starts, and who is there each month": _month_by_month,
    }[form]
    return write(builder, name, kind, month)


def _by_start_and_length(
    builder: Builder, name: str, kind: Relief, month: Axis
) -> tuple[Expression, Expression]:
    start = Axis("start", month.labels)
    longer = Axis("longer", tuple(map(str, range(kind.most + 1))))
    bought = builder.variable(name, _all(start, longer), TEAMS, quantum=1, upper=AT_ONCE)
    count = len(month)
    age = np.arange(count)[None, None, :] - np.arange(count)[:, None, None]
    in_term = (age >= 0) & (age < kind.term)
    length = kind.term + np.arange(len(longer))[None, :, None]
    after = (age >= kind.term) & (age < length)
    axes = start, longer, month
    within = np.broadcast_to(in_term, after.shape)
    return tuple(  # type: ignore[return-value]
        (bought * builder.data(axes, table.astype(float))).sum("start", "longer")
        for table in (within, after)
    )


def _still_there(
    builder: Builder, name: str, kind: Relief, month: Axis
) -> tuple[Expression, Expression]:
    start = Axis("start", month.labels)
    longer = Axis("longer", tuple(map(str, range(kind.most + 1))))
    there = builder.variable(name, _all(start, longer), TEAMS, quantum=1, upper=AT_ONCE)
    before = there.previous("longer", first=builder.data((), AT_ONCE))
    builder.add(there <= before, f"{name} kept")
    count = len(month)
    age = np.arange(count)[None, None, :] - np.arange(count)[:, None, None]
    extra = np.arange(len(longer))[None, :, None]
    in_term = (age >= 0) & (age < kind.term) & (extra == 0)
    after = (age - kind.term + 1 == extra) & (extra > 0)
    axes = start, longer, month
    return tuple(  # type: ignore[return-value]
        (there * builder.data(axes, table.astype(float))).sum("start", "longer")
        for table in (in_term, after)
    )


def _month_by_month(
    builder: Builder, name: str, kind: Relief, month: Axis
) -> tuple[Expression, Expression]:
    start = Axis("start", month.labels)
    begun = builder.variable(f"{name} starts", _all(start), TEAMS, quantum=1, upper=AT_ONCE)
    there = builder.variable(f"{name} there", _all(month), TEAMS, quantum=1, upper=AT_ONCE)
    count = len(month)
    age = np.arange(count)[None, :] - np.arange(count)[:, None]

    def started(first: int, last: int) -> Expression:
        """Teams whose age in months lies between two figures, over (month)."""
        table = ((age >= first) & (age <= last)).astype(float)
        return (begun * builder.data((start, month), table)).sum("start")

    in_term = started(0, kind.term - 1)
    after = there - in_term
    nothing = builder.data((), 0)
    builder.add(after >= 0, f"{name} term")
    builder.add(there <= started(0, kind.term + kind.most - 1), f"{name} longest")
    ended = started(kind.term, kind.term)
    builder.add(after <= after.previous("month", first=nothing) + ended, f"{name} goes on")
    return in_term, after


FORMS: dict[str, tuple[Callable[[str, Size, int], Program], Size, tuple[str, ...]]] = {
    "bands": (bands, Size(40, 12), ("convex hull", "big-M of each row", "big-M of 100 FTE")),
    "steps": (steps, Size(12, 1), ("one whole number", "binary digits", "ordered binaries")),
    "terms": (
        terms,
        Size(3, 24),
        (
            "a number for each start and length",
            "teams still there after each month",
            "starts, and who is there each month",
        ),
    ),
}
"""Choice → what states it, how big it is drawn, and its forms, the product's first."""


def measure(choice: str, size: Size, seed: int, seconds: float) -> Iterator[Measured]:
    """Solve every form of a choice, relaxed and whole."""
    state, _, forms = FORMS[choice]
    for form in forms:
        program = state(form, size, seed)
        matrix = program.matrix.floating()
        (goal,) = program.goals
        changes, at = Changes(cost=goal.vector.astype(np.float64)), float(goal.offset)
        with Session("highs", isolation="inline") as session:
            relaxed = replace(matrix, integer=np.zeros(matrix.columns, dtype=bool))
            root = session.solve(relaxed, changes)
            whole = session.solve(matrix, changes, Options(time_limit=seconds))
        if root.objective is None or whole.objective is None or whole.bound is None:
            raise RuntimeError(f"{choice}, {form}, seed {seed}: {root.why}, {whole.why}")
        yield Measured(
            form,
            matrix.rows,
            matrix.columns,
            root.objective + at,
            whole.objective + at,
            whole.bound + at,
            whole.seconds,
        )


def table(choice: str, found: Sequence[Sequence[Measured]]) -> Iterator[str]:
    """Write the forms of a choice, measured for several seeds, as rows of a Markdown table."""
    best = [min(one.value for one in run) for run in found]
    for place, first in enumerate(found[0]):
        runs = [run[place] for run in found]
        root = mean(one.root / least for one, least in zip(runs, best, strict=True))
        worse = max(one.value / least - 1 for one, least in zip(runs, best, strict=True))
        gap = max(max(one.value - one.bound, 0) / one.value for one in runs)
        seconds = [one.seconds for one in runs]
        cells = (
            choice,
            first.form,
            f"{first.rows} × {first.columns}",
            f"{root:.1%}",
            f"{gap:.2%}",
            f"{worse:.2%}",
            f"{median(seconds):.1f}",
            f"{max(seconds):.1f}",
        )
        yield f"| {' | '.join(cells)} |"


HEAD = (
    "choice",
    "form",
    "rows × columns",
    "root bound ÷ best",
    "worst gap",
    "worst value above best",
    "median s",
    "worst s",
)


def main() -> int:
    """Measure every choice for some seeds, turn about, and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="limit of each solve")
    parser.add_argument("--seed", type=int, default=2026, help="the first seed")
    parser.add_argument("--seeds", type=int, default=5, help="how many")
    parser.add_argument("--choice", choices=FORMS, help="one choice alone")
    given = parser.parse_args()
    lines = [f"| {' | '.join(HEAD)} |", f"|---|---|{'--:|' * (len(HEAD) - 2)}"]
    seeds = range(given.seed, given.seed + given.seeds)
    for choice in [given.choice] if given.choice else FORMS:
        _, size, _ = FORMS[choice]
        lines += table(choice, [list(measure(choice, size, s, given.seconds)) for s in seeds])
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
