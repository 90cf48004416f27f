import pytest

from staffopt.errors import Fault, InputError, Place
from staffopt.yaml_text import MOST_BYTES, MOST_FAULTS, MOST_NODES, first_faults, in_file, read_yaml

TEXT = """\
teams:
  NO:            # Norway is no truth value
    cases: 1.10
    posts: {sw: 0x10, so: [on, yes]}
"""


def faults(text):
    with pytest.raises(InputError) as caught:
        read_yaml(text, "f.yaml")
    return caught.value.faults


def codes(text):
    return [(fault.code, fault.place.line) for fault in faults(text)]


@pytest.mark.parametrize(
    "text", ["NO", "on", "yes", "true", "1_000", "1e3", "0x10", ".inf", "1.10", "2018-10", "012"]
)
def test_a_scalar_is_the_text_that_was_written(text):
    assert read_yaml(f"a: {text}").plain() == {"a": text}


def test_tables_and_lists_keep_their_shape_and_order():
    tree = read_yaml(TEXT)

    cds = {"cases": "1.10", "posts": {"sw": "0x10", "so": ["on", "yes"]}}
    assert tree.plain() == {"teams": {"NO": cds}}


def test_a_copy_does_not_change_the_tree():
    tree = read_yaml(TEXT)
    tree.plain()["teams"]["NO"]["posts"]["so"].append("x")

    assert tree.plain()["teams"]["NO"]["posts"]["so"] == ["on", "yes"]


def test_a_value_is_placed_where_it_is_written():
    place = read_yaml(TEXT, "f.yaml").place(("teams", "NO", "posts", "so", 1))

    assert (place.file, place.line, place.column) == ("f.yaml", 4, 32)
    assert place.path == "teams.NO.posts.so.1"


def test_a_key_is_placed_where_it_is_written():
    place = read_yaml(TEXT).key_place(("teams", "NO", "posts", "so"))

    assert (place.line, place.column) == (4, 23)


def test_a_table_is_placed_at_its_key():
    assert read_yaml(TEXT).place(("teams", "NO")).line == 2


def test_what_is_missing_is_placed_at_its_nearest_ancestor():
    place = read_yaml(TEXT).place(("teams", "NO", "name", "first"))

    assert (place.line, place.path) == (2, "teams.NO.name.first")


def test_several_faults_are_told_at_once_in_file_order():
    assert codes("b: !!int 1\na: &x 2\nc: *x\na: 3\nd:\n") == [
        ("tag", 1),
        ("anchor", 2),
        ("alias", 3),
        ("duplicate-key", 4),
        ("empty-value", 5),
    ]


def test_a_key_that_stands_twice_is_told_once_and_not_for_what_is_in_it():
    assert codes("a: {x: 1}\na: {x: 2}\n") == [("duplicate-key", 2)]


def test_empty_quotes_are_text_but_an_empty_plain_value_is_refused():
    assert read_yaml('a: ""').plain() == {"a": ""}
    assert codes("a:\n  - x\n  -\n") == [("empty-value", 3)]


def test_quoted_arrows_are_a_key_but_plain_ones_merge():
    assert read_yaml('"<<": x').plain() == {"<<": "x"}
    assert codes("<<: x") == [("merge-key", 1)]


def test_twenty_levels_are_read_and_twenty_one_are_refused():
    assert read_yaml("a: " + "[" * 19 + "]" * 19)
    assert codes("a: " + "[" * 20 + "]" * 20) == [("too-deep", 1)]


def test_a_thousand_levels_end_as_soon_as_they_are_too_deep():
    assert codes("a: " + "[" * 100_000) == [("too-deep", 1)]


def test_a_tab_is_refused_with_what_to_do():
    with pytest.raises(InputError) as caught:
        read_yaml("a:\n\tb: 1\n")

    assert caught.value.faults[0].mend == "Indent with spaces, not tabs."


def test_a_quote_that_is_never_closed_is_placed_where_it_opens():
    assert codes("a: 1\nb: 'x\nc: 2\nd: 3\n") == [("syntax", 2)]


def test_a_file_over_five_megabytes_is_not_read(tmp_path):
    path = tmp_path / "big.yaml"
    path.write_bytes(b"#" * (MOST_BYTES + 1))

    with pytest.raises(InputError) as caught:
        read_yaml(path)

    assert [fault.code for fault in caught.value.faults] == ["too-big"]


def test_a_file_that_is_not_there_is_a_fault(tmp_path):
    with pytest.raises(InputError) as caught:
        read_yaml(tmp_path / "none.yaml")

    assert [fault.code for fault in caught.value.faults] == ["unreadable"]


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path):
    path = tmp_path / "windows.yaml"
    path.write_bytes("\ufeffa: é\r\nb: 2\r\n".encode())

    tree = read_yaml(path)

    assert tree.plain() == {"a": "é", "b": "2"}
    assert tree.place(("b",)).line == 2


def test_a_long_list_of_faults_is_cut_and_says_so():
    with pytest.raises(InputError) as caught:
        read_yaml("\n".join(f"k{i}:" for i in range(MOST_FAULTS + 50)))

    faults = caught.value.faults
    assert len(faults) == MOST_FAULTS + 1
    assert faults[-1].code == "more-faults"


def test_a_list_that_was_cut_before_is_cut_once():
    fault = Fault("x", "what", "mend", Place("f", 1, 1))

    once = first_faults([fault] * (MOST_FAULTS + 1))
    twice = first_faults([*once, fault])

    assert [f.code for f in twice] == ["x"] * MOST_FAULTS + ["more-faults"]


def test_more_keys_and_values_than_any_council_has_are_refused():
    text = "a:\n" + "  - x\n" * (MOST_NODES + 1)

    # The root, `a` and its list are three; entry 99,998, on line 99,999, is one too many.
    assert codes(text) == [("too-big", 99_999)]


@pytest.mark.parametrize(("position", "in_the_file"), [(0, 1), (1, 2), (2, 4), (3, 5)])
def test_positions_among_the_readable_are_found_in_the_file(position, in_the_file):
    # Entries 0 and 3 of a are gone, so that 1, 2, 4, 5 are left.
    pruned = {("a", 3), ("a", 0), ("b", 1)}

    assert in_file(("a", position, "x"), pruned) == ("a", in_the_file, "x")


def test_a_text_that_no_field_holds_is_refused_before_it_is_looked_at():
    assert codes("a: " + "x" * 4_000_000) == [("too-long", 1)]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("a: {cost: 52,400}", "52400"),
        ("a: {cost: 52,400, from: x}", "52400"),
        ("a: {cost: 1,234,567, from: x}", "1234567"),
    ],
)
def test_a_figure_that_its_comma_cuts_inside_braces_is_told_once_and_whole(text, figure):
    (fault,) = faults(text)
    assert fault.code == "empty-value"
    assert fault.mend == f"A comma inside {{ }} separates; write {figure}, or quote it."


@pytest.mark.parametrize(
    "text",
    [
        "a: {400: }",
        "a: {b: x, 400}",
        "a: {b: 52, c: }",
        "a:\n  b: 52\n  400:\n",
        "a: {400, 500}",
        "a:\n",
        "a: {b: 52, ? [c] : }",
    ],
)
def test_an_empty_value_that_no_comma_made_asks_for_the_figure(text):
    assert all("comma" not in fault.mend for fault in faults(text))
    assert faults(text)
