"""What :mod:`fuzz_engine` draws of money: prices, on-costs, supplements, bases and codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

CLASSES = ["posts", "non_staffing", "set_up", "package_posts", "package_items", "managed_teams"]
LATER = ["2027/28"]
"""The years planned after the first, which is the base of prices."""


def add_money(rng: random.Random, tree: dict[str, Any]) -> None:
    """Let pay and prices rise, and roles cost more than their pay, or what people in post cost."""
    if rng.random() < 0.7:
        tree["prices"] = _prices(rng, tree)
    for role in tree["roles"].values():
        role["on_costs"] = rng.choice(["included", "excluded"])
        if rng.random() < 0.4:
            role["market_supplement"] = rng.choice(["2500", "0.01", "1999.99"] * 3 + ["unknown"])
        if rng.random() < 0.5:
            role["non_staffing"] = rng.choice(["1200", "333.33", "unknown"])
        if rng.random() < 0.4:
            role["cost_basis"] = "actual"
        elif rng.random() < 0.4:
            role["vacancy_factor"] = rng.choice(["5", "2.5"])
        if rng.random() < 0.3:
            role["cost_centre"] = "R-1"


def _prices(rng: random.Random, tree: dict[str, Any]) -> dict[str, Any]:
    start = tree["calendar"]["start"]
    base, later = ("2026/27", LATER) if start >= "2026-04" else ("2025/26", ["2026/27", *LATER])
    if rng.random() < 0.3:
        base, later = "2025/26", ["2026/27", *LATER]
    if tree["calendar"]["end"] <= "2027-03":
        later = [year for year in later if year != "2027/28"]
    prices: dict[str, Any] = {"base": base}
    for name in ("pay_award", "increments", "inflation"):
        if rng.random() < 0.6:
            prices[name] = {year: rng.choice(["2", "3.25", "-1.5", "0"]) for year in later}
    if rng.random() < 0.5:
        prices["on_costs"] = {"national_insurance": "13.8", "pension": rng.choice(["17", "20.5"])}
    if rng.random() < 0.4:
        drawn = rng.sample(CLASSES, 2)
        prices["rises_with"] = {name: rng.choice(["pay", "inflation", "fixed"]) for name in drawn}
    return prices


def add_funds(rng: random.Random, tree: dict[str, Any]) -> None:
    """Let funds pay some kinds of money only, carry some of it on, and draw on a reserve."""
    planned = ["2026/27"] if tree["calendar"]["end"] <= "2027-03" else ["2026/27", "2027/28"]
    for fund in tree["funds"].values():
        if rng.random() < 0.3:
            kinds = ["recurrent", "fixed_term", "one_off"]
            fund["kinds"] = rng.sample(kinds, rng.randint(1, 2))
        if rng.random() < 0.2 and "all" not in [
            n for names in fund["pays_for"].values() for n in names
        ]:
            fund["ring_fenced"] = "true"
        if rng.random() < 0.4 and isinstance(fund.get("ceiling"), int | dict):
            fund["carry_forward"] = {"share": rng.choice(["100", "50"])}
            fund["carry_forward"]["limit"] = rng.choice(["unlimited", "5000", "0"])
        if rng.random() < 0.3:
            fund["reserve"] = {"opening": rng.choice(["90000", "400000", "1500000.50"])}
            fund["reserve"]["least"] = rng.choice(["0", "25000"])
            if rng.random() < 0.5:
                fund["reserve"]["contributions"] = {planned[-1]: rng.choice(["60000", "-10000"])}


def add_ends(rng: random.Random, tree: dict[str, Any]) -> None:
    """Let posts of some roles end, with a period or after the calendar."""
    calendar = tree["calendar"]
    lasts = {
        "months": ["2027-02", "2027-03", "2027-04"],
        "financial_years": ["2027-03"],
    }.get(calendar.get("periods", "one"), [])
    listed = {record["role"] for record in tree.get("people", {}).values()}
    for name, role in tree["roles"].items():
        if "covers" not in role and name not in listed and rng.random() < 0.6:
            role["ends"] = rng.choice([*lasts, *lasts, calendar["end"], "2029-09"])


def add_benefits(rng: random.Random, tree: dict[str, Any]) -> None:
    """Let packages bring benefits, some of them credited to a fund."""
    for number, package in enumerate(tree.get("packages", {})):
        if rng.random() < 0.6:
            benefit: dict[str, Any] = {
                "name": f"Benefit {number}",
                "pounds": rng.choice(["20000", "100000.01"]),
                "cashable": rng.choice(["true", "false"]),
                "start": rng.choice(["2026-11", "2027-04"]),
                "package": package,
            }
            if rng.random() < 0.5:
                benefit["end"] = "2027-09"
            if benefit["cashable"] == "true" and tree["funds"] and rng.random() < 0.8:
                benefit["relaxes"] = rng.choice(list(tree["funds"]))
            tree.setdefault("benefits", {})[f"b{number}"] = benefit
