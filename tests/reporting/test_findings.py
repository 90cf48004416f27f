"""Faults, findings and conflicts as text."""

from staffopt.errors import Clash, Fault, Infeasible, Place
from staffopt.plan import Finding, Verdict
from staffopt.reporting.findings import fault_json, infeasible_words, render_faults, render_findings

FAULT = Fault(
    "unknown-team",
    "no team is called 'asessment'",
    "Did you mean assessment?",
    Place("council.yaml", 12, 5, "groups.frontline"),
)


def test_a_fault_is_told_with_place_and_remedy():
    assert render_faults([FAULT]) == (
        "council.yaml:12:5 groups.frontline: fault: no team is called 'asessment' [unknown-team]\n"
        "    Did you mean assessment?\n"
        "1 fault\n"
    )


def test_warnings_are_counted_apart():
    odd = Fault("odd", "an average caseload of 60", "Look again.", warning=True)
    assert render_faults([FAULT, odd]).endswith("1 fault, 1 warning\n")


def test_a_sound_file_is_told_so():
    assert render_faults([]) == "No fault found.\n"


def test_a_fault_as_data_keeps_line_and_code():
    data = fault_json(FAULT)
    assert (data["code"], data["line"], data["path"]) == ("unknown-team", 12, "groups.frontline")


def test_what_is_broken_stands_first():
    met = Finding(rule="pin", verdict=Verdict.MET, words="kept")
    broken = Finding(rule="keep_support_ratio", verdict=Verdict.BROKEN, words="8 of 9 officers")
    lines = render_findings([met, broken], ok=False).splitlines()
    assert lines[0] == "broken            keep_support_ratio: 8 of 9 officers"
    assert lines[-1] == "The plan is NOT verified: do not use it."


def test_an_infeasible_question_names_what_would_have_to_give():
    ratio = Clash("keep_support_ratio", "1:4 in Assessment: short by 1 FTE", 1.0, "FTE")
    assert infeasible_words(Infeasible([ratio], "CROSS-CHECKED")).splitlines() == [
        "No plan meets every rule (CROSS-CHECKED).",
        "What would have to give, all of it together:",
        "  - 1:4 in Assessment: short by 1 FTE",
    ]


def test_of_many_clashes_a_dozen_are_shown():
    many = [Clash("r", f"rule {n}", 1.0, "FTE") for n in range(30)]
    text = infeasible_words(Infeasible(many, "CROSS-CHECKED"))
    assert text.count("  - ") == 12
    assert text.endswith("and 18 more")


def test_an_infeasible_question_without_a_way_out_says_so():
    assert "was not found" in infeasible_words(Infeasible([], "SOLVER-CLAIMED"))


def test_every_way_out_is_told():
    fewer = Clash("keep_support_ratio", "1 : 4 in Assessment: short by 1 FTE", 1, "FTE")
    dearer = Clash("stay_within_budget", "Contingency in 2018/19: over by £14,461", 14460.5, "£")
    assert infeasible_words(Infeasible([fewer], "CROSS-CHECKED", [[dearer]])).splitlines() == [
        "No plan meets every rule (CROSS-CHECKED).",
        "What would have to give, all of it together:",
        "  - 1 : 4 in Assessment: short by 1 FTE",
        "Or else:",
        "  - Contingency in 2018/19: over by £14,461",
    ]
