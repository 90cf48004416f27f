"""Two hundred texts that come to life where somebody forgets that they are text."""

from itertools import product

_FORMULAS = [
    start + rest
    for start, rest in product(
        ("=", "+", "-", "@", "'=", "==", "=\t", "-=", "+-", "@@"),
        ("1+1", 'HYPERLINK("http://example.org","x")', "cmd|' /C calc'!A0", "SUM(A1:A9)"),
    )
]
_MARKUP = [
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "<img src=x onerror=alert(3)>",
    "<svg onload=alert(4)>",
    '"><script>alert(5)</script>',
    "' onmouseover='alert(6)",
    "<a href='javascript:alert(7)'>x</a>",
    "<iframe src='https://example.org'></iframe>",
    "<style>@import 'https://example.org/x.css'</style>",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "<meta http-equiv=refresh content='0;url=https://example.org'>",
    "</title><script>alert(8)</script>",
    "</style><script>alert(9)</script>",
    "</svg><script>alert(10)</script>",
    "</td></table><script>alert(11)</script>",
    "<!-- a comment",
    "--><script>alert(12)</script>",
    "<![CDATA[ x ]]>",
    "]]><script>alert(13)</script>",
    "<?xml version='1.0'?>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
    "&lt;script&gt;alert(14)&lt;/script&gt;",
    "&#60;script&#62;",
    "&amp;amp;",
    "&y;",
    "<w:p><w:r><w:t>x</w:t></w:r></w:p>",
    "<base href='https://example.org/'>",
    "<form action='https://example.org'><input></form>",
    "<object data='x'></object>",
    "<math><mi xlink:href='javascript:alert(15)'>",
]
_TEMPLATES = [
    "{{ 7 * 7 }}",
    "{{ title }}",
    "{{ config }}",
    "{% for x in (1, 2) %}x{% endfor %}",
    "{# a comment #}",
    "{{ ''.__class__.__mro__ }}",
    "{{p risks }}",
    "{%tr for x in y %}",
    "{_{ title }_}",
    "{_% if x %_}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "%(name)s %s %n %x",
    "{0} {name} {0.__class__}",
    "$name ${name}",
    "$\\frac{1}{2}$",
    "$x_1^2$ and $y$",
    "\\input{/etc/passwd}",
    "[[ x ]]",
]
_MARKDOWN = [
    "[x](javascript:alert(1))",
    "![x](https://example.org/x.png)",
    "[x]: https://example.org",
    "<https://example.org>",
    "https://example.org/?a=b&c=d",
    "www.example.org",
    "someone@example.org",
    "# heading",
    "1. one",
    "- one",
    "* one",
    "> quoted",
    "```\ncode\n```",
    "`code`",
    "**bold** _and_ ~~struck~~",
    "a | b | c",
    "---",
    "|---|",
    "\\",
    "trailing \\",
    "&copy; &#169;",
    ":smile:",
]
_LETTERS = [
    "a\x00b", "a\x01b", "a\x08b", "a\x0bb", "a\x0cb", "a\x1bb[31mred", "a\x7fb", "a\x85b", "a\x9fb",
    "a\u2028b", "a\u2029b", "a\ufeffb", "a\ufffeb", "a\uffffb", "a\ufdd0b", "a\U0001ffffb",
    "a\u202eb\u202c", "a\u2066b\u2069", "a\u200fb", "a\u200eb", "a\u200bb", "a\u00a0b", "a\u00adb",
    "שלום עולם", "مرحبا بالعالم", "人民 日本 한국", "ไทย", "🙂👩‍👩‍👧", "é e\u0301 \u0327", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚",
    "line\nline", "line\r\nline", "tab\ttab", "İıſK", "ﬁ ﬂ", "½ ² ₂",
]  # fmt: skip
_PATHS = [
    "../../etc/passwd", "..\\..\\windows", "/etc/passwd", "C:\\Windows\\x.exe", "\\\\server\\share",
    "file:///etc/passwd", "CON", "NUL.txt", 'a/b\\c:d*e?f"g<h>i|j', "~/.ssh/id", "$HOME", "%PATH%",
    "x.xlsm", "`id`", "$(id)", "; rm x", "| cat", "&& x", "'; DROP TABLE teams; --", '" OR 1=1',
]  # fmt: skip
_LONG = [
    "x" * 500,
    "word " * 99,
    "=" * 500,
    "<" * 500,
    "&" * 500,
    "{{" * 250,
    "人" * 500,
    "🙂" * 400,
    "a\u0301" * 250,
    "|" * 500,
    "\\" * 500,
    "'" * 500,
    '"' * 500,
    "-" * 500,
    "$" * 500,
]
_NAMES = [
    "[Red]0", "'Sheet1'!A1", "A1", "R1C1", "TRUE", "1e5", "0001", "1/2", "12:30", "2026-04-01",
    "nan", "inf", "-inf", "null", "None", "undefined", "All teams", "New money", "today", "plan",
    "£100", "-£1", "100%", "+44 20 7946 0000", "(1)", "é=1", "\u2212x", "＝1+1", "﹦1",
]  # fmt: skip

HOSTILE = tuple(
    dict.fromkeys(
        text
        for part in (_FORMULAS, _MARKUP, _TEMPLATES, _MARKDOWN, _LETTERS, _PATHS, _LONG, _NAMES)
        for text in part
    )
)
assert len({text.strip() for text in HOSTILE}) >= 200
