"""Text of users is held by every form of report."""

import pytest

from staffopt.reporting.plain import plain


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Children's – 1:4 £ é 人 🙂 עברית", "Children's – 1:4 £ é 人 🙂 עברית"),
        ("two\nlines\tand\r\nmore", "two lines and  more"),
        ("\x00\x08\x1b\x7f\x9f", "\ufffd" * 5),
        ("\ud800\udfff", "\ufffd\ufffd"),
        ("\ufffe\uffff\ufdd0\U0001ffff", "\ufffd" * 4),
        ("report\u202egpj.exe\u202c", "report\ufffdgpj.exe\ufffd"),
        ("line\u2028end", "line end"),
    ],
)
def test_what_no_form_can_hold_is_shown_as_replaced(text, held):
    assert plain(text) == held
