"""An SVG as matplotlib writes it made fit for a page: no foreign address, no clash of ids."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from staffopt.reporting.charts.chart import Chart
from staffopt.reporting.charts.palette import FONT, FONT_STACK
from staffopt.reporting.plain import plain

_SVG = "http://www.w3.org/2000/svg"
_LINK = "http://www.w3.org/1999/xlink"
_OF_ID = re.compile(r"url\(#([^)]*)\)")


def finished(text: str, chart: Chart, told: Mapping[str, str], *, name: str) -> str:
    """Return the SVG element alone.

    Args:
        text: what matplotlib wrote.
        chart: what is drawn.
        told: mark → what it says when it is pointed at.
        name: goes before every id, so that several pictures can stand in one page.
    """
    # This is our own output: nothing of a user's is parsed as markup.
    root = ET.fromstring(text)  # noqa: S314
    for part in root.findall(f"{{{_SVG}}}metadata"):
        root.remove(part)
    # Matplotlib's own style sheet is of every element there is: in a page, of the page's too.
    for parent in root.findall(f".//{{{_SVG}}}style/.."):
        for sheet in parent.findall(f"{{{_SVG}}}style"):
            parent.remove(sheet)
    root.set("stroke-linejoin", "round")
    _name(root, name, told)
    root.set("role", "img")
    root.set("aria-label", plain(chart.alt))
    root.attrib.pop("width", None)
    root.attrib.pop("height", None)
    root.insert(0, _words("desc", chart.alt))
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _LINK)
    return ET.tostring(root, encoding="unicode")


def _words(tag: str, text: str) -> ET.Element:
    element = ET.Element(f"{{{_SVG}}}{tag}")
    element.text = plain(text)
    return element


def _name(root: ET.Element, name: str, told: Mapping[str, str]) -> None:
    """Give ids the picture's name, marks their words, and words the fonts of a reader's machine."""
    for element in root.iter():
        own = element.get("id")
        if own is not None and own in told:
            element.insert(0, _words("title", told[own]))
            element.set("class", "mark")
        if own is not None:
            element.set("id", f"{name}-{own}")
        for key, value in element.items():
            if key == f"{{{_LINK}}}href":
                element.set(key, f"#{name}-{value[1:]}")
            elif "url(#" in value:
                element.set(key, _OF_ID.sub(rf"url(#{name}-\1)", value))
            elif key == "style" and FONT in value:
                element.set(key, value.replace(f"'{FONT}'", FONT_STACK))
