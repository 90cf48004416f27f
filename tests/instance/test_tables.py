from staffopt.instance.schema import Instance
from staffopt.instance.tables import COUNCIL, Kind, tables

BY_NAME = {table.name: table for table in tables()}


def test_every_section_of_an_instance_is_a_table_or_fields_of_the_council():
    fields = {column.path[0] for column in BY_NAME[COUNCIL].columns}
    assert fields == set(Instance.model_fields)
    tabled = {table.steps[0] for table in tables() if table.steps}
    once = {c.path[0] for c in BY_NAME[COUNCIL].columns if c.content.kind is not Kind.EMPTY}
    assert tabled | once == set(Instance.model_fields)


def test_names_of_tables_are_names_of_sheets_and_of_files():
    assert len({name.casefold() for name in BY_NAME}) == len(tables())
    assert all(
        len(name) <= 31 and name.replace(".", "").replace("_", "").isalpha() for name in BY_NAME
    )


def test_headings_of_a_table_are_told_apart():
    for table in tables():
        assert len(set(table.headings)) == len(table.headings), table.name


def test_every_key_says_what_it_names():
    assert [t.name for t in tables() if "key" in t.headings] == []


def test_a_table_within_a_record_begins_with_the_keys_on_the_way_to_it():
    assert BY_NAME["teams.posts"].headings == ("team", "role", "posts")
    assert BY_NAME["options.pins.posts"].headings == ("option", "team", "role", "posts")
    assert BY_NAME["funds.ceiling"].headings == ("fund", "year", "ceiling")


def test_columns_know_units_choices_and_where_names_are_declared():
    columns = {column.heading: column for column in BY_NAME["roles"].columns}
    assert columns["cost"].content.unit == "pounds per FTE per year"
    assert columns["cost"].default == "not printed"
    assert columns["kind"].required
    assert "case_holder" in columns["kind"].content.choices
    assert columns["teams"].content.section == "teams"
    assert columns["teams"].content.many
    assert columns["covers"].content.section == "roles"


def test_what_a_record_needs_that_may_be_left_out_need_not_be_filled_in():
    columns = {column.heading: column for column in BY_NAME["managed_teams"].columns}
    assert columns["months"].required
    assert not columns["extension.months"].required
