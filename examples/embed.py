"""Ask a council's question from Python: one plan, what if, and why there is none.

Run it: ``python examples/embed.py``
"""

import staffopt as so


def main() -> None:
    """Solve, vary the world, vary the money."""
    council = so.load("nottinghamshire-2018")

    plan = so.solve(council)  # the instance's default option
    added = sum(plan.change[team, "swso"] for team in ("assessment", "cds", "dcpt"))
    new = plan.money["contingency", "2018/19"]
    print(f"{added} support officers, £{new.printed:,} in 2018/19 ({plan.grade})")

    # A new value; the council itself stays as it is. Figures are ints, Decimals or strings.
    busier = council.where({"teams.assessment.cases": 1000})
    plan = so.solve(busier, option="more-social-workers", time_limit=60)
    print(
        f"with 1,000 cases in Assessment: {plan.change['assessment', 'social_worker']} more there"
    )

    # A desk keeps its solvers running: the second answer comes quicker than the first.
    with so.open(council) as desk:
        for ceiling in (600_000, 580_000):
            changed = desk.where({"funds.contingency.ceiling.2019/20": ceiling})
            try:
                plan = changed.solve()
            except so.Infeasible as error:
                print(f"£{ceiling:,} a year: {error.repairs[0].words}")
            else:
                print(f"£{ceiling:,} a year: enough")


if __name__ == "__main__":
    main()
