"""Rules of support, met and broken, with the arithmetic beside each case."""

from __future__ import annotations

from fractions import Fraction

import pytest

from staffopt.plan import Verdict
from staffopt.rulebook import KeepSupportRatio, LimitSpanOfControl

MET, BROKEN = Verdict.MET, Verdict.BROKEN


@pytest.mark.parametrize(
    ("parameters", "south", "rows"),
    [
        # north 4 workers and 1 officer; south 4 workers and none
        ({"ratio": 4}, "0", [("north", MET, None), ("south", BROKEN, 1)]),
        ({"ratio": 4}, "1", [("north", MET, None), ("south", MET, None)]),
        ({"ratio": 5}, "0.5", [("north", MET, None), ("south", BROKEN, Fraction("0.3"))]),
        # pooled: 8 workers, 1 officer and what is added
        ({"ratio": 8, "each": "scope"}, "0", [(None, MET, None)]),
        ({"ratio": 4, "each": "scope"}, "0.5", [(None, BROKEN, Fraction("0.5"))]),
        # a scope: the office has nobody to support
        ({"ratio": 4, "scope": ("north", "office")}, "0", [("north", MET, None)]),
    ],
)
def test_officers_are_enough_for_those_they_support(tiny, found, parameters, south, rows):
    question = tiny(KeepSupportRatio.model_validate({"label": "ratio", **parameters}))
    findings = found(question, {("south", "officer"): south})
    assert [(f.team, f.verdict, f.by) for f in findings] == rows


def test_nottinghamshires_allocation_meets_1_to_4_in_every_team(recommended, found):
    question, decisions = recommended
    changes = {(d.team, d.role): str(d.change) for d in decisions.posts}
    findings = found(question, changes, "project_team")
    assert {f.verdict for f in findings} == {MET}
    words = [f.words for f in findings if f.rule == "keep_support_ratio"]
    assert words == [
        "Assessment: 9 FTE support for 36 FTE case holder, 9 needed at 1 : 4",
        "Children's Disability: 4 FTE support for 16 FTE case holder, 4 needed at 1 : 4",
        "District Child Prot.: 23.5 FTE support for 94 FTE case holder, 23.5 needed at 1 : 4",
    ]


def test_half_an_officer_less_breaks_the_ratio_of_one_team(recommended, found):
    question, decisions = recommended
    changes = {(d.team, d.role): str(d.change) for d in decisions.posts}
    changes["dcpt", "swso"] = "10"
    broken = [f for f in found(question, changes, "project_team") if f.verdict is BROKEN]
    assert [(f.rule, f.team, f.by) for f in broken] == [
        ("keep_support_ratio", "dcpt", Fraction("0.5"))
    ]


@pytest.mark.parametrize(
    ("parameters", "added", "rows"),
    [
        # 1 lead anywhere for 1 officer and what is added in the north; 3 led, 2 is the most
        ({"span": 2}, "1", [(None, MET, None)]),
        ({"span": 2}, "2", [(None, BROKEN, Fraction(1))]),
        # staff of the scope only, leads wherever they are
        ({"span": 2, "scope": "north"}, "1", [(None, MET, None)]),
        ({"span": 2, "scope": "south"}, "5", [(None, MET, None)]),
        # within a team the north has no lead at all
        ({"span": 2, "scope": "north", "each": "team"}, "0", [("north", BROKEN, Fraction(1))]),
        # teams of no area stand for themselves
        ({"span": 2, "scope": "north", "each": "area"}, "0", [(None, BROKEN, Fraction(1))]),
    ],
)
def test_leads_are_enough_for_those_they_lead(tiny, found, parameters, added, rows):
    kinds = {"label": "span", "managers": "support_lead", "staff": "support"}
    question = tiny(LimitSpanOfControl.model_validate({**kinds, **parameters}))
    findings = found(question, {("north", "officer"): added})
    assert [(f.team, f.verdict, f.by) for f in findings] == rows


def test_leads_of_an_area_count_in_all_of_its_teams(tiny, found):
    # the north's 1 officer and 2 more, the lead is in the office of the same area: 3 of 2
    areas = {"areas": {"east": {"name": "East"}}}
    teams = {"north": {"area": "east"}, "office": {"area": "east"}}
    kinds = {"label": "span", "managers": "support_lead", "staff": "support", "span": 2}
    rule = LimitSpanOfControl.model_validate({**kinds, "scope": "north", "each": "area"})
    question = tiny(rule, teams=teams, **areas)
    for added, by in (("1", None), ("2", Fraction(1))):
        [finding] = found(question, {("north", "officer"): added})
        assert (finding.area, finding.by) == ("east", by)


def test_two_seniors_do_not_lead_41_officers(recommended, found):
    question, decisions = recommended
    changes = {(d.team, d.role): str(d.change) for d in decisions.posts}
    del changes["countywide", "senior_swso"]
    (finding,) = (
        f for f in found(question, changes, "project_team") if f.rule == "limit_span_of_control"
    )
    assert (finding.verdict, finding.by) == (BROKEN, Fraction(41 - 2 * 14))


@pytest.mark.parametrize("measure", ["fte", "heads"])
def test_leads_without_the_tag_lead_nobody(tiny, found, measure):
    # 3 officers; 1 lead in front and 2 chiefs: three leads of span 2, or one
    tables = {
        "roles": {"lead": {"tags": ["front"]}, "chief": {"kind": "support_lead"}},
        "teams": {"office": {"posts": {"chief": 2}}},
    }
    kinds = {"label": "span", "managers": "support_lead", "staff": "support", "span": 2}
    for tag, by in ((None, None), ("front", Fraction(1))):
        rule = LimitSpanOfControl.model_validate({**kinds, "measure": measure, "tag": tag})
        [finding] = found(tiny(rule, **tables), {("north", "officer"): "2"})
        assert finding.by == by
    unit = "heads" if measure == "heads" else "FTE"
    assert finding.words == f"all: 1 {unit} front for 3 {unit} support, 1.5 needed at 1 : 2"
