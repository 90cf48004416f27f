"""The ledger and the ceilings over it, row by row.

The tiny council plans October 2024 to March 2026: 6 months of 2024/25, 12 of 2025/26. A worker
costs £40,000 a year, an officer £24,000, a lead £36,000; a worker's head £1,000 once.
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from compiled import KEEP, allows, compiled, rows
from staffopt.algebra.program import ParameterKind
from staffopt.errors import InputError
from staffopt.instance.staff import RoleKind
from staffopt.rulebook import StayWithinBudget, TakeBundleWhole

INF = float("inf")
STAY = StayWithinBudget(label="stay")
BUNDLE = TakeBundleWhole(label="bundle")
WORKERS = (RoleKind.CASE_HOLDER,)
TEAMS = ("north", "office", "south")


def growth(**fields):
    return {"growth": {"name": "Growth", "pays_for": {"added_posts": ["all"]}, **fields}}


def per_team(role, pounds, period=""):
    return {f"change[{team},{role}{period}]": pounds for team in TEAMS}


def test_a_fund_pays_by_months_and_a_head_once_in_the_year_it_starts():
    program = compiled(KEEP, STAY, funds=growth(ceiling=90000))
    first = per_team("worker", 20000) | per_team("officer", 12000) | {"change[office,lead]": 18000}
    second = per_team("worker", 40000) | per_team("officer", 24000) | {"change[office,lead]": 36000}
    assert rows(program, "stay") == {
        "growth,2024/25": (first | {"heads[worker]": 1000}, -INF, 90000),
        "growth,2025/26": (second, -INF, 90000),
    }


def test_a_fund_without_a_ceiling_has_its_rows_without_bounds():
    ceilings = growth(ceiling={"2024/25": 50000})
    program = compiled(KEEP, STAY, funds=ceilings)
    found = rows(program, "stay")
    assert found["growth,2024/25"][1:] == (-INF, 50000)
    assert found["growth,2025/26"][1:] == (-INF, INF)
    assert found["growth,2025/26"][0]["change[north,worker]"] == 40000
    tags = program.row_tags
    places = [i for i in range(program.matrix.rows) if program.row_label(i).startswith("stay")]
    assert [program.names[tags.parameter[i]] for i in places] == [
        "funds.growth.ceiling.2024/25",
        "funds.growth.ceiling.2025/26",
    ]
    assert [program.names[tags.unit[i]] for i in places] == ["pounds", "pounds"]
    assert {int(tags.parameter_kind[i]) for i in places} == {ParameterKind.RIGHT_HAND_SIDE}
    assert [tags.factor[i] for i in places] == [1, 1]


def test_posts_of_today_take_their_part_of_a_ceiling():
    # 2024/25: 8 workers × 40,000 + 1 officer × 24,000 + 1 lead × 36,000 = 380,000, half a year
    pays = {"added_posts": ["all"], "posts_today": ["all"]}
    found = rows(compiled(KEEP, STAY, funds=growth(ceiling=400000, pays_for=pays)), "stay")
    assert found["growth,2024/25"][2] == 400000 - 190000
    assert found["growth,2025/26"][2] == 400000 - 380000


def test_each_role_is_charged_to_its_own_fund():
    funds = {
        "first": {"name": "First", "pays_for": {"added_posts": ["officer"]}, "ceiling": 1},
        "second": {"name": "Second", "pays_for": {"added_posts": ["all"]}, "ceiling": 2},
    }
    found = rows(compiled(KEEP, STAY, funds=funds, may_change=(*WORKERS, RoleKind.SUPPORT)), "stay")
    assert found["first,2025/26"] == (per_team("officer", 24000), -INF, 1)
    assert found["second,2025/26"] == (per_team("worker", 40000), -INF, 2)


def test_heads_are_whole_and_pooled_over_teams():
    program = compiled(KEEP, STAY, may_change=WORKERS, roles={"worker": {"step": "0.5"}})
    heads = {"heads[worker]": 1} | per_team("worker", -1)
    assert rows(program, "set_up heads") == {"worker": (heads, 0, INF)}
    assert rows(program, "set_up heads kept") == {"worker": ({"heads[worker]": 1}, 0, INF)}
    [place] = [i for i in range(program.matrix.columns) if "heads" in program.column_label(i)]
    assert program.matrix.integer[place]
    assert not program.column_tags.decision[place]


def test_heads_by_team_are_counted_team_by_team():
    roles = {"worker": {"set_up_heads": "by_team"}}
    program = compiled(KEEP, STAY, may_change=WORKERS, roles=roles, funds=growth(ceiling=1))
    found = rows(program, "set_up heads_by_team")
    assert found["worker,south"] == (
        {"heads_by_team[worker,south]": 1, "change[south,worker]": -1},
        0,
        INF,
    )
    spent = rows(program, "stay")["growth,2024/25"][0]
    assert {name: pounds for name, pounds in spent.items() if "heads" in name} == {
        f"heads_by_team[worker,{team}]": 1000 for team in TEAMS
    }


@pytest.mark.parametrize(
    ("counting", "ceiling", "allowed"),
    [
        # half a worker in each of two teams: 40,000 × 6/12 = 20,000, and one head or two
        ("pooled", 21000, True),
        ("pooled", 20999, False),
        ("by_team", 22000, True),
        ("by_team", 21999, False),
    ],
)
def test_half_posts_share_a_head_where_they_are_pooled(counting, ceiling, allowed):
    tables = {
        "roles": {"worker": {"step": "0.5", "set_up_heads": counting}},
        "funds": growth(ceiling={"2024/25": ceiling}),
    }
    change = {("north", "worker"): "0.5", ("south", "worker"): "0.5"}
    assert allows(KEEP, STAY, change=change, **tables) is allowed


def test_what_one_team_cuts_pays_for_nothing_in_another():
    # +1 and −1: the added post costs 40,000 × 6/12 and one head of 1,000; the cut frees no money
    change = {("north", "worker"): 1, ("south", "worker"): -1}
    assert allows(STAY, change=change, funds=growth(ceiling={"2024/25": 21000}))
    assert not allows(STAY, change=change, funds=growth(ceiling={"2024/25": 20999}))


def test_in_several_years_a_head_is_paid_for_in_the_year_it_comes():
    years = {"calendar": {"periods": "financial_years"}}
    program = compiled(KEEP, STAY, may_change=WORKERS, funds=growth(ceiling=1), **years)
    first, second = ("heads[worker,2024/25]", "heads[worker,2025/26]")
    spent = rows(program, "stay")
    assert spent["growth,2024/25"][0] == per_team("worker", 20000, ",2024/25") | {first: 1000}
    assert spent["growth,2025/26"][0] == per_team("worker", 40000, ",2025/26") | {
        second: 1000,
        first: -1000,
    }
    assert rows(program, "set_up heads kept")["worker,2025/26"] == ({second: 1, first: -1}, 0, INF)


def test_in_months_each_is_a_twelfth():
    program = compiled(
        KEEP,
        STAY,
        may_change=WORKERS,
        funds=growth(ceiling=1),
        calendar={"start": "2025-02", "end": "2025-04", "periods": "months"},
    )
    spent = {year: rows(program, "stay")[f"growth,{year}"][0] for year in ("2024/25", "2025/26")}
    twelfth = Fraction(40000, 12)
    assert spent["2024/25"] == per_team("worker", twelfth, ",2025-02") | per_team(
        "worker", twelfth, ",2025-03"
    ) | {"heads[worker,2025-03]": 1000}  # February's heads are bought and then held: 1000 − 1000
    assert spent["2025/26"]["change[north,worker,2025-04]"] == twelfth
    assert spent["2025/26"]["heads[worker,2025-03]"] == -1000


PACKAGES = {
    "packages": {"team": {"name": "T", "start": "2025-01", "months": 12, "fund": "growth"}},
    "package_lines": [
        {"package": "team", "post": "Worker", "fte": 2, "recurrent": 90000},
        {"package": "team", "item": "phones", "count": 2, "each": 100, "one_off": 200},
    ],
}


def test_a_package_is_paid_for_the_months_of_its_term_and_its_items_once():
    # January to March 2025: 3 months and 200; April to December 2025: 9 months
    program = compiled(STAY, BUNDLE, may_change=(), funds=growth(ceiling=1), **PACKAGES)
    assert rows(program, "stay") == {
        "growth,2024/25": ({"taken[team]": 22500 + 200}, -INF, 1),
        "growth,2025/26": ({"taken[team]": 67500}, -INF, 1),
    }


def test_nothing_is_spent_after_a_fund_has_ended():
    # October 2025 to March 2026 are late: 6 of 12 months; the heads are bought in time
    program = compiled(KEEP, STAY, may_change=WORKERS, funds=growth(ends="2025-09"))
    assert rows(program, "stay after the fund ends") == {
        "growth": (per_team("worker", 20000), -INF, 0)
    }
    [place] = [i for i in range(program.matrix.rows) if "ends" in program.row_label(i)]
    assert program.names[program.row_tags.parameter[place]] == "funds.growth.ends"


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ("2025-12", {}),  # the package ends with the fund
        ("2025-09", {"taken[team]": 22500}),  # three months are late
        ("2024-12", {"taken[team]": 90200}),  # it starts late: its items are late too
    ],
)
def test_a_package_that_outlives_its_fund_is_late(ends, expected):
    program = compiled(STAY, BUNDLE, may_change=(), funds=growth(ends=ends), **PACKAGES)
    [(terms, _, upper)] = rows(program, "stay after the fund ends").values()
    assert (terms, upper) == (expected, 0)


def test_posts_of_today_and_new_heads_are_late_too():
    years = {"calendar": {"periods": "financial_years"}}
    pays = {"added_posts": ["all"], "posts_today": ["lead"]}
    funds = growth(ends="2025-03", pays_for=pays)
    program = compiled(KEEP, STAY, may_change=WORKERS, funds=funds, **years)
    [(terms, _, upper)] = rows(program, "stay after the fund ends").values()
    # 2025/26 is late: 12 months of added workers, heads bought in it, and one lead of today
    late = per_team("worker", 40000, ",2025/26")
    heads = {"heads[worker,2025/26]": 1000, "heads[worker,2024/25]": -1000}
    assert terms == late | heads
    assert upper == -36000


def test_a_post_that_may_change_must_have_a_price():
    with pytest.raises(InputError) as raised:
        compiled(KEEP, roles={"worker": {"cost": "unknown"}})
    assert [fault.code for fault in raised.value.faults] == ["unknown-cost"]
    assert compiled(KEEP, may_change=(RoleKind.SUPPORT,), roles={"worker": {"cost": "unknown"}})


@pytest.mark.parametrize(
    ("ceiling", "added", "allowed"),
    [(21000, 1, True), (20999, 1, False), (20999, 0, True), ("none printed", 9, True)],
)
def test_pinned_posts_are_within_a_ceiling_or_not(ceiling, added, allowed):
    # a worker in 2024/25: 20,000 and 1,000
    tables = {"funds": growth(ceiling={"2024/25": ceiling})}
    assert allows(KEEP, STAY, change={("north", "worker"): added}, **tables) is allowed
