"""Stocks as a solver is told of them against plain recursion, exactly, on any council drawn."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiled import ask
from staffopt.algebra.builder import Builder
from staffopt.algebra.expression import Expression
from staffopt.data import Data
from staffopt.plan import Decisions, FlowDecision
from staffopt.rulebook import FLOWS, CarryStaffForward, FillPosts, FlowKind, Passage
from staffopt.rules.flows import DECLARERS, Declared
from staffopt.rules.variables import Variables
from staffopt.verifier.flows import ADMISSIONS
from staffopt.verifier.staffing import Staffing

F = Fraction
LABELS = [f"2024-{month}" for month in (10, 11, 12)] + ["2025-01", "2025-02"]
MONTHS = {"start": LABELS[0], "end": LABELS[-1], "periods": "months"}
TEAMS = ("north", "south")
CARRY = CarryStaffForward(label="carry")
FILL = FillPosts.model_validate({"label": "fill", "surplus": 99, "may_leave": "anybody"})


@pytest.fixture(autouse=True)
def _a_kind_of_flow_that_nobody_knew(monkeypatch):
    """Workers swap teams and some of the new become workers early: late, and not all arrive."""
    train = FlowKind(
        "train",
        "train",
        "train",
        leaves=True,
        arrives=True,
        as_new=True,
        passage=lambda _council, _way: Passage(months=2, loss=F(1, 4)),
    )
    swap = FlowKind(
        "swap",
        "swap teams",
        "swap",
        leaves=True,
        arrives=True,
        as_new=False,
        passage=lambda _council, way: Passage(months=int(way.team == "north")),
    )

    def training(d: Data) -> Declared:
        own = d.mask((d.role, d.to_role), lambda one, two: (one, two) == ("new", "worker"))
        return Declared(d.carried & own & d.mask((d.period,), lambda _: True), 0)

    def swapping(d: Data) -> Declared:
        there = d.mask((d.team, d.to_team), lambda one, two: one != two and "office" not in two)
        workers = d.mask((d.role, d.period), lambda role, _: role == "worker")
        return Declared(d.carried & there & workers, 0)

    for kind, declarer in ((train, training), (swap, swapping)):
        monkeypatch.setitem(FLOWS, kind.name, kind)
        monkeypatch.setitem(DECLARERS, kind.name, declarer)
        monkeypatch.setitem(ADMISSIONS, kind.name, lambda *_: None)


def share(most: int) -> st.SearchStrategy[str]:
    return st.integers(0, most).map(lambda n: f"{n / 100:g}")


turnovers = st.fixed_dictionaries(
    {"leavers": share(40), "rates": st.sampled_from(["monthly", "divided", "compounded"])},
    optional={
        "leavers_first_year": share(60),
        "ramp": st.lists(share(100), max_size=3),
        "absence": share(20),
        "digits": st.integers(1, 8),
    },
)
councils = st.fixed_dictionaries(
    {
        "worker": turnovers,
        "new": turnovers,
        "lasts": st.integers(1, 14),
        "people": st.tuples(*[st.integers(0, 4)] * 4),
        "joined": st.none() | st.integers(0, 13),
    }
)
fte = st.integers(1, 12).map(lambda n: F(n, 4))
flow = st.one_of(
    st.tuples(
        st.sampled_from(["join", "release"]),
        st.sampled_from(TEAMS),
        st.sampled_from(["worker", "new"]),
        st.none(),
        st.none(),
    ),
    st.tuples(
        st.just("train"), st.sampled_from(TEAMS), st.just("new"), st.none(), st.just("worker")
    ),
    st.sampled_from(
        [("swap", "north", "worker", "south", None), ("swap", "south", "worker", "north", None)]
    ),
)
plans = st.dictionaries(st.tuples(flow, st.sampled_from(LABELS)), fte, max_size=8)


def question(council: dict[str, Any]) -> Any:
    first, second, third, fourth = council["people"]
    new = council["new"] | {"progresses_to": "worker", "progresses_after": council["lasts"]}
    north: dict[str, Any] = {"posts": {"new": 4}, "people": {"worker": first, "new": second}}
    if council["joined"] is not None and first:
        north["joined"] = {"worker": {council["joined"]: 1}}
    return ask(
        CARRY,
        FILL,
        may_change=(),
        calendar=MONTHS,
        roles={
            "worker": {"step": 0, "set_up": "none", "turnover": council["worker"]},
            "new": {"kind": "case_holder", "step": 0, "cost": 1, "turnover": new},
        },
        teams={
            "north": north,
            "south": {"posts": {"new": 4}, "people": {"worker": third, "new": fourth}},
        },
    )


def decisions(plan: dict[Any, Fraction]) -> Decisions:
    return Decisions(
        flows=tuple(
            FlowDecision(kind=k, team=t, role=r, to_team=tt, to_role=tr, period=p, fte=fte)
            for ((k, t, r, tt, tr), p), fte in plan.items()
        )
    )


def values(form: Expression, point: dict[int, Fraction]) -> dict[tuple[str, ...], Fraction]:
    """Work a linear form out at a point, cell by cell."""
    found = list(form.constant.ravel())
    for cell, column, weight in zip(form.cell, form.column, form.coefficient, strict=True):
        found[cell] += weight * point.get(int(column), F(0))
    labels = [()]
    for axis in form.axes:
        labels = [(*before, label) for before in labels for label in axis.labels]
    return dict(zip(labels, found, strict=True))


def point_of(v: Variables, plan: dict[Any, Fraction]) -> dict[int, Fraction]:
    """Give every decision's column its value."""
    point: dict[int, Fraction] = {}
    for ((kind, *place), period), fte in plan.items():
        form = v.flows.of(kind).moved
        at = dict(zip(("team", "role", "to_team", "to_role"), place, strict=True))
        at["period"] = period
        wanted = tuple(at[axis.name] for axis in form.axes)
        cells = list(values(form, {}))
        (column,) = form.column[form.cell == cells.index(wanted)]
        point[int(column)] = fte
    return point


@settings(max_examples=60, deadline=None)
@given(councils, plans)
def test_linear_forms_and_recursion_give_the_same_stocks_for_any_flows(council, plan):
    asked = question(council)
    v = Variables(Builder(exact=True, block_axis="team"), Data(asked, exact=True))
    point = point_of(v, plan)
    staffing = Staffing.of(asked, decisions(plan))
    forms = {"in_post": v.in_post, "able": v.able, "free": v.stocks.free}
    told = {name: values(form, point) for name, form in forms.items()}
    taken = values(v.flows.taken(v._data), point)
    for place, month in staffing.stocks.items():
        assert told["in_post"][place] == month.in_post
        assert told["able"][place] == month.able
        assert told["free"][place] == month.free
        assert taken.get(place, 0) == month.moved_out


@settings(max_examples=40, deadline=None)
@given(councils, plans)
def test_people_are_conserved_over_all_teams_roles_and_months(council, plan):
    asked = question(council)
    stocks = Staffing.of(asked, decisions(plan)).stocks
    for month in stocks.values():
        gone = month.leavers + month.moved_out + month.progressed_out
        come = month.progressed_in + month.moved_in + month.joined
        assert month.opening - gone + come == month.in_post
    for label in LABELS:
        own = [month for (_, _, at), month in stocks.items() if at == label]
        assert sum(m.progressed_out for m in own) == sum(m.progressed_in for m in own)
    # Whoever swapped teams and arrives within the plan is in post there; nobody else appears.
    arrived = sum(m.moved_in for m in stocks.values())
    left = {"north": 1, "south": 0}
    due = sum(
        fte * (F(3, 4) if kind == "train" else 1)
        for ((kind, team, *_), period), fte in plan.items()
        if kind in ("train", "swap")
        and LABELS.index(period) + (2 if kind == "train" else left[team]) < len(LABELS)
    )
    assert arrived == due


@settings(max_examples=25, deadline=None)
@given(councils)
def test_without_decisions_stocks_are_what_is_left_of_today(council):
    """Everybody of a role that nobody progresses into decays by its own share, month by month."""
    asked = question({**council, "people": (3, 0, 2, 0), "joined": None})
    stocks = Staffing.of(asked, Decisions()).stocks
    turnover = asked.instance.roles["worker"].turnover
    for number, label in enumerate(LABELS, 1):
        assert stocks["north", "worker", label].in_post == 3 * (1 - turnover.monthly) ** number
        assert stocks["south", "worker", label].in_post == 2 * (1 - turnover.monthly) ** number
