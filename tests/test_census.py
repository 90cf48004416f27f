"""The DfE's census read from a file in its form, with invented figures."""

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from typer.testing import CliRunner

import staffopt
from staffopt.census.reading import AGENCY, CASELOAD, TURNOVER, VACANCY
from staffopt.cli import app
from staffopt.errors import InputError
from staffopt.instance.calendar import Month
from staffopt.instance.checks import check_instance
from staffopt.plan import Decisions
from staffopt.quantity import Absent
from staffopt.settle import ask
from staffopt.verifier import derive

HEAD = (
    "time_period,time_identifier,geographic_level,region_name,new_la_code,la_name,inpost_fte,"
    "agency_fte,vacancy_fte,case_holders_fte,cases,caseload_fte,vacancy_rate_fte,agency_rate_fte,"
    "turnover_rate_fte"
)
# Ashby: 900 / 60 = 15; 10 / 90 = 11.1%; 20 / 100 = 20%. Cole: 980 / 70 = 14; 30 / 120 = 25%;
# 10 / 100 = 10%. Birch: 600 / 30 = 20.
ROWS = """
2023,Reporting year,Local authority,Vale,E01,Ashby,70,20,10,50,1000,20,12.5,22.2,10
2024,Reporting year,National,,,,260,30,50,160,2480,15.5,16.1,10.3,11
2024,Reporting year,Regional,Inner London,,,90,10,30,70,980,14,25,10,x
2024,Reporting year,Regional,London,,,130,10,40,70,980,14,23.5,7.1,15
2024,Reporting year,Local authority,Vale,E01,Ashby,80,20,10,60,900,15,11.1,20,12
2024,Reporting year,Local authority,Vale,E02,Birch,50,0,0,30,600,20,0,0,8
2024,Reporting year,Local authority,Inner London,E03,Cole,90,10,30,70,980,14,25,10,x
2024,Reporting year,Local authority,Outer London,E04,Dean,40,low,10,x,x,x,20,low,15
2024,Reporting year,Local authority,Vale,E05,Elm and Fir,30,2,3,x,x,x,9.1,6.3,z
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "csww.csv"
    path.write_text(f"{HEAD}{ROWS}", encoding="utf-8-sig")
    return path


def test_there_is_one_unit_an_authority_of_the_last_year(path):
    council = staffopt.import_csww(path).instance
    assert list(council.teams) == ["ashby", "birch", "cole", "elm-and-fir"]
    assert council.calendar.start == Month.parse("2024-10")
    assert council.areas["london"].name == "London"


def test_london_is_inner_and_outer_london_and_counted_once(path):
    imported = staffopt.import_csww(path, region="london")
    assert [a.name for a in imported.chosen] == ["Cole", "Dean"]
    assert [a.name for a in staffopt.import_csww(path, region="Inner London").chosen] == ["Cole"]


def test_workers_without_cases_make_no_caseload_odd(tmp_path):
    # 450 ÷ 30 = 15 each; over all 310 FTE they would be 1.5.
    row = "2024,Reporting year,Local authority,Vale,E06,Fern,300,10,0,30,450,15,0,3.2,12"
    path = tmp_path / "one.csv"
    path.write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    assert check_instance(staffopt.import_csww(path).instance) == []


def test_a_code_is_no_figure_and_never_nought(path):
    imported = staffopt.import_csww(path)
    dean = imported.census.find("Dean").figures
    assert dean[AGENCY] is Absent.NOT_PRINTED
    assert imported.census.find("e05").figures[TURNOVER] is Absent.NOT_APPLICABLE
    assert imported.left_out == {"Dean": "no figure of agency staff"}
    assert imported.instance.teams["elm-and-fir"].cases is Absent.NOT_PRINTED


def test_rates_and_caseloads_come_out_of_the_instance_as_they_are_reported(path):
    imported = staffopt.import_csww(path)
    question = ask(imported.instance, staffopt.models(), option="as-reported")
    figures = derive(question, Decisions())
    today = {f.team: f for f in figures.vacancies if f.period == "today"}
    assert (today["ashby"].vacancies, today["ashby"].vacancy_rate) == (10, Fraction(10, 90))
    assert today["ashby"].agency_rate == Fraction(20, 100)
    assert (today["cole"].vacancy_rate, today["birch"].vacancy_rate) == (Fraction(1, 4), 0)
    roles = imported.instance.roles
    for team, holders in (("ashby", 60), ("birch", 30), ("cole", 70)):
        people = imported.instance.teams[team].people
        assert sum(fte * roles[role].case_holding for role, fte in people.items()) == holders


def test_the_standing_counts_who_reports_less_and_half_of_who_reports_the_same(path):
    found = {(s.measure, s.among): s for s in staffopt.import_csww(path).standing("Ashby")}
    # Among 14, 15 and 20: one less, and half of itself: 1.5 / 3.
    caseload = found[CASELOAD, "England"]
    assert (caseload.percentile, caseload.count, caseload.lower) == (50, 3, 1)
    assert caseload.quantiles == tuple(map(Decimal, (14, 14, 15, 20, 20)))
    # Among 0, 9.1, 11.1, 20 and 25: two less: 2.5 / 5.
    assert found[VACANCY, "England"].percentile == 50
    # In Vale 0, 9.1 and 11.1: two less: 2.5 / 3.
    assert found[VACANCY, "Vale"].percentile == Fraction(250, 3)


def test_an_authority_without_a_figure_has_no_percentile(path):
    found = {(s.measure, s.among): s for s in staffopt.import_csww(path).standing("Cole")}
    assert found[TURNOVER, "England"].percentile is None
    assert found[TURNOVER, "England"].count == 3


@pytest.mark.parametrize(
    ("year", "region", "code"),
    [("1999", None, "unknown-year"), (None, "Vael", "unknown-region")],
)
def test_what_the_file_does_not_have_is_refused(path, year, region, code):
    with pytest.raises(InputError) as caught:
        staffopt.import_csww(path, year=year, region=region)
    assert [fault.code for fault in caught.value.faults] == [code]


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("E02,Birch,50", "E02,Birch,fifty", "bad-value", 7),
        ("E02,Birch,50", "E02,Birch,-50", "out-of-range", 7),
        ("cases,caseload", "kases,caseload", "not-the-census", 1),
        ("E02,Birch", "E01,Ashby", "two-figures", 7),
        ("Local authority", "Ward", "not-the-census", None),
    ],
)
def test_another_form_is_refused_with_its_line(path, old, new, code, line):
    path.write_text(path.read_text(encoding="utf-8-sig").replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        staffopt.import_csww(path)
    assert [(f.code, f.place.line) for f in caught.value.faults] == [(code, line)]


@pytest.mark.parametrize("target", ["england.yaml", "england.xlsx", "england"])
def test_the_command_writes_an_instance_without_faults(path, tmp_path, target):
    result = CliRunner().invoke(
        app, ["import", "dfe-csww", str(path), "--out", str(tmp_path / target)]
    )
    assert result.exit_code == 0, result.stderr
    assert [f for f in staffopt.check(tmp_path / target) if not f.warning] == []
    assert staffopt.load(tmp_path / target) == staffopt.import_csww(path).instance


def test_the_command_tells_the_standing_as_json(path):
    words = ["import", "dfe-csww", str(path), "--council", "ashby", "--json"]
    data = json.loads(CliRunner().invoke(app, words).stdout)
    assert (data["council"], data["year"]) == ("Ashby", "2024")
    [caseload] = [
        s for s in data["standing"] if (s["measure"], s["among"]) == (CASELOAD, "England")
    ]
    assert (caseload["percentile"], caseload["median"], caseload["value"]) == ("50", "15", "15")
    assert "written" not in data


def told(**changes):
    council = staffopt.load("tiny-agency").where(
        {k.replace("__", "."): v for k, v in changes.items()}
    )
    from staffopt.instance.checks import check_instance

    return [f.what for f in check_instance(council) if f.code == "outside-england"]


def test_figures_that_no_english_authority_reports_are_warned_of():
    # In post who hold cases: North 4 + 1 + 0.5, South 2 + 1 + 1: 9.5. 192 / 9.5 = 20.2.
    assert told() == []
    # 392 / 9.5 = 41.3.
    [words] = told(teams__north__cases=320)
    assert "41.3 cases per FTE" in words
    # Posts 30 + 2 + 4 + 1 = 37, in post 8: 29 / 37 = 78.4%.
    assert any(
        "vacancy rate" in w and "78.4%" in w for w in told(teams__north__posts__social_worker=30)
    )


def test_turnover_that_no_english_authority_reports_is_warned_of():
    assert any("60% a year" in w for w in told(roles__social_worker__turnover={"leavers": "0.6"}))
    assert told(roles__social_worker__turnover={"leavers": "0.3"}) == []
