"""What a terminal's encoding lacks is written in plain letters."""

import io
import sys

import pytest

from staffopt.cli.streams import out, out_json, showable


def test_a_utf8_terminal_gets_the_text_as_it_is():
    assert showable("25.75 → 26 – £1", "utf-8") == "25.75 → 26 – £1"


def test_windows_cp1252_keeps_pound_and_dash_and_loses_the_arrow():
    assert showable("25.75 → 26 – £1", "cp1252") == "25.75 -> 26 – £1"


def test_ascii_gets_plain_letters_and_marks():
    assert showable("25.75 → 26 – £1 · Zoë", "ascii") == "25.75 -> 26 - GBP 1 | Zo?"


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
def test_writing_never_fails(monkeypatch, encoding):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, newline="\n"))
    out("→ – £ 語")
    out_json({"team": "語"})
    assert b"->" in raw.getvalue()
    assert b'"\\u8a9e"' in raw.getvalue()


def test_a_formula_keeps_its_meaning_on_cp1252():
    assert showable("Σ over b of β ≤ 1", "cp1252") == "sum over b of beta <= 1"
