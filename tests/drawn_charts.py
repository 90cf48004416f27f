"""A chart of every kind, of invented figures."""

from fractions import Fraction

from staffopt.reporting.charts import Axis, Band, Chart, Kind, Point, Series, Table

TEAMS = ("Assessment", "Disability")


def series(name, *values, before=False, at=TEAMS, whole=()):
    points = (
        Point(place, None if value is None else Fraction(str(value)), str(value), place in whole)
        for place, value in zip(at, values, strict=True)
    )
    return Series(name, tuple(points), before=before)


def chart(kind, *shown, title="Cases", **more):
    return Chart(
        name=f"a-{kind}",
        kind=kind,
        title=title,
        alt=f"{title}: what stands out",
        series=shown,
        along=Axis("Team"),
        value=Axis("Cases per social worker"),
        table=Table(("Team", "cases"), (("Assessment", "20"),)),
        **more,
    )


BANDS = (Band("manageable", None, Fraction(21)), Band("high", Fraction(21), None))
EVERY = {
    Kind.BARS: chart(Kind.BARS, series("cost", 3, -1)),
    Kind.COLUMNS: chart(
        Kind.COLUMNS, series("one fund", 3, 4), series("another", 5, None), sums=((TEAMS[0], "8"),)
    ),
    Kind.DOTS: chart(
        Kind.DOTS, series("today", 25, 20, before=True), series("plan", 22, 20), bands=BANDS
    ),
    Kind.LINES: chart(Kind.LINES, series("in post", 7, None), series("leavers", 1, 2)),
    Kind.STEPS: chart(
        Kind.STEPS, series("worst", 26, 22, 20, at=(Fraction(0), Fraction(10), Fraction(30)))
    ),
    Kind.TORNADO: chart(Kind.TORNADO, series("lower", 8, 9), series("higher", 12, 11), base=10),
    Kind.BRIDGE: chart(
        Kind.BRIDGE,
        series(
            "money", 10, 4, -1, 13, at=("today", "posts", "cut", "plan"), whole=("today", "plan")
        ),
    ),
}
