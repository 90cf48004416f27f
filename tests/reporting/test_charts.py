"""Charts say all they show in words, and a picture of them asks for nothing."""

import io
import subprocess
import sys
from fractions import Fraction
from functools import cache
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from drawn_charts import EVERY, chart, series
from staffopt.errors import InputError
from staffopt.reporting.charts import (
    PALETTE,
    Kind,
    Point,
    Series,
    Width,
    at_most_four,
    png,
    svg,
    write_charts,
)
from staffopt.reporting.charts.drawing import _drawn
from staffopt.reporting.charts.marks import name_lines
from staffopt.reporting.charts.palette import LOOKS, QUIET, TEXT

PATH = "managed_teams.project_team.extension.price"
SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"


@cache
def drawn(kind, width=Width.WIDE):
    return svg(EVERY[kind], width)


def parsed(picture):
    return ET.fromstring(picture)  # noqa: S314 (our own picture)


def words(picture):
    return [element.text for element in parsed(picture).iter(f"{SVG}text")]


def light(colour):
    """Relative luminance, as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    lit = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * lit[0] + 0.7152 * lit[1] + 0.0722 * lit[2]


def test_every_kind_has_a_chart_here():
    assert set(EVERY) == set(Kind)


@pytest.mark.parametrize("width", Width)
@pytest.mark.parametrize("kind", Kind)
def test_every_figure_is_written_beside_its_mark_and_answers_when_pointed_at(kind, width):
    shown = EVERY[kind]
    picture = drawn(kind, width)
    answers = [title.text for title in parsed(picture).iter(f"{SVG}title")]
    for one in shown.series:
        for point in one.points:
            if point.value is not None:
                assert any(one.name in told and told.endswith(point.label) for told in answers)
                assert point.label in words(picture)


@pytest.mark.parametrize("kind", Kind)
def test_a_picture_asks_for_nothing_and_runs_nothing(kind):
    picture = drawn(kind)
    for element in parsed(picture).iter():
        assert element.tag.removeprefix(SVG) not in ("script", "image", "foreignObject", "a")
        for key, value in element.items():
            assert not key.startswith("on")
            assert key != LINK or value.startswith("#")
            assert "url(" not in value or "url(#" in value
    # Names of namespaces are no addresses: nothing is asked of them.
    assert picture.replace("http://www.w3.org/2000/svg", "").count("http") == picture.count(
        "http://www.w3.org/1999/xlink"
    )


@pytest.mark.parametrize("kind", Kind)
def test_references_lead_to_ids_that_no_other_picture_has(kind):
    seen = set()
    for width in Width:
        root = parsed(drawn(kind, width))
        ids = {element.get("id") for element in root.iter()} - {None}
        assert not ids & seen
        seen |= ids
        for element in root.iter():
            if LINK in element.keys():  # noqa: SIM118 (an element is a sequence of its children)
                assert element.get(LINK)[1:] in ids
            clip = element.get("clip-path")
            assert clip is None or clip[5:-1] in ids


def test_who_cannot_see_it_is_told_what_stands_out():
    root = parsed(drawn(Kind.BARS))
    assert (root.get("role"), root.get("aria-label")) == ("img", "Cases: what stands out")


def test_series_differ_in_pattern_and_marker_and_not_in_colour_alone():
    for part in ("colour", "hatch", "marker", "dash"):
        assert len({getattr(look, part) for look in LOOKS}) == len(LOOKS)
    assert {look.colour for look in LOOKS} < set(PALETTE)


@pytest.mark.parametrize("colour", [TEXT, QUIET])
def test_words_stand_out_from_white_by_four_and_a_half_to_one(colour):
    assert 1.05 / (light(colour) + 0.05) >= 4.5


def test_the_same_chart_is_the_same_picture():
    assert svg(EVERY[Kind.COLUMNS]) == drawn(Kind.COLUMNS)


def test_a_png_is_three_times_as_sharp_and_says_what_it_shows():
    with Image.open(io.BytesIO(png(EVERY[Kind.DOTS]))) as picture:
        assert picture.width == 3 * Width.WIDE
        assert picture.info["Description"] == "Cases: what stands out"


def test_both_forms_of_every_chart_are_written(tmp_path):
    written = write_charts([EVERY[Kind.BARS], EVERY[Kind.LINES]], tmp_path / "charts")
    assert [path.name for path in written] == [
        "a-bars.svg",
        "a-bars.png",
        "a-lines.svg",
        "a-lines.png",
    ]
    assert all(path.stat().st_size > 1000 for path in written)


@pytest.mark.parametrize(
    "name",
    ["$\\frac{a}{b}$", "<script>alert(1)</script>", "x\x00\x1b\ud800", "人"],
)
def test_a_name_is_written_as_it_is_whatever_it_looks_like(name):
    shown = chart(Kind.LINES, series("a", 1, at=(name,)), series(name, 2, at=(name,)), title=name)
    picture = svg(shown)
    kept = name.replace("\x00", "\ufffd").replace("\x1b", "\ufffd").replace("\ud800", "\ufffd")
    assert kept.replace(" ", "") in "".join(words(picture)).replace(" ", "")
    assert png(shown).startswith(b"\x89PNG")
    assert "<script" not in picture


def test_a_long_name_is_cut_and_the_picture_stays_in_its_width():
    shown = chart(Kind.BARS, series("cost", 1, at=("long " * 500,)))
    assert any(text.endswith("…") for text in words(svg(shown)))
    assert parsed(svg(shown)).get("viewBox").split()[2] == str(int(Width.WIDE))


def test_paths_that_are_cut_keep_the_end_that_tells_them_apart():
    both = [f"standards.keep_average_caseload.{end}" for end in ("target", "soften.price")]
    shown = [name_lines(path, Width.NARROW) for path in both]
    assert shown[0] != shown[1]
    assert [lines.split("\n")[-1] for lines in shown] == ["target", "soften.price"]
    assert all(lines.count("\n") <= 2 for lines in shown)


def test_figures_beside_the_bars_of_a_tornado_keep_off_the_names_of_its_rows():
    pictured = chart(
        Kind.TORNADO,
        Series("low", (Point(PATH, Fraction(204_000), "£204k at 34,000"),)),
        Series("high", (Point(PATH, Fraction(306_000), "£306k at 51,000"),)),
        base=Fraction(255_000),
    )
    for width in Width:
        with _drawn(pictured, width) as (figure, _):
            [axes] = figure.axes
            figure.draw_without_rendering()
            left = axes.get_window_extent().x0
            assert all(one.get_window_extent().x0 >= left - 1 for one in axes.texts)


def test_five_series_are_four_and_the_smallest_are_summed():
    figures = {"a": (9, 9), "b": (1, 2), "c": (8, 8), "d": (3, 4), "e": (7, 7)}
    funds = [series(name, *pair) for name, pair in figures.items()]
    kept = at_most_four(funds, others="other funds", words=str)
    assert [one.name for one in kept] == ["a", "c", "e", "other funds"]
    # b and d: 1 + 3 = 4 and 2 + 4 = 6
    assert [point.value for point in kept[-1].points] == [Fraction(4), Fraction(6)]
    assert at_most_four(funds[:4], others="other funds", words=str) == tuple(funds[:4])


def test_more_than_four_series_are_refused():
    with pytest.raises(ValueError, match="1 to 4 series, not 5"):
        chart(Kind.LINES, *(series(name, 1, 2) for name in "abcde"))


def test_a_chart_without_words_or_with_a_path_for_a_name_is_refused():
    with pytest.raises(ValueError, match="in words"):
        type(EVERY[Kind.BARS])(**{**fields(EVERY[Kind.BARS]), "alt": " "})
    with pytest.raises(ValueError, match="is no name"):
        type(EVERY[Kind.BARS])(**{**fields(EVERY[Kind.BARS]), "name": "../bars"})


def fields(shown):
    return {name: getattr(shown, name) for name in shown.__slots__}


def test_a_chart_of_no_figure_at_all_is_drawn():
    empty = Series("nothing", (Point("Assessment", None),))
    for kind in (Kind.BARS, Kind.COLUMNS, Kind.DOTS, Kind.LINES):
        assert "Assessment" in "".join(words(svg(chart(kind, empty))))


def test_without_matplotlib_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match=r"staffopt\[report\]"):
        svg(EVERY[Kind.BARS])


def test_charts_as_data_need_no_matplotlib():
    code = "import sys, staffopt.reporting.charts; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
