"""An instance, its assumptions and sources, and the catalogue, as text."""

from staffopt.reporting.catalogue import catalogue_json, render_catalogue
from staffopt.reporting.show import render_assumptions, render_instance, render_sources


def squeezed(text):
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


def test_an_instance_shows_figures_with_their_source(council):
    text = squeezed(render_instance(council))
    assert "Assessment 927 36 Social worker 8" in text
    assert "Countywide – 2 Senior 9" in text
    assert "Looked After Children not printed 4.5 SWSO 8" in text
    assert "Social worker case holder 1 43,111.11 not printed 6" in text


def test_an_instance_shows_funds_standards_packages_and_bands(council):
    text = squeezed(render_instance(council))
    assert "Base budget yes posts today: swso, senior_swso not printed –" in text
    assert "keep_support_ratio: ratio 4, scope frontline, from 9" in text
    assert "Package: Project team, from Oct 2018 for two years (14)" in text
    assert "equipment 8 – 8,800" in text
    assert "likely high 22-26" in text


def test_ceilings_are_shown_by_year(council):
    text = render_instance(council.where({"funds.base.ceiling.2019/20": 650000}))
    assert "2019/20 650,000" in text


def test_options_are_shown_with_model_and_paragraph(council):
    text = squeezed(render_instance(council))
    assert "more-social-workers: more-social-workers [caseload-target; 6, 17]" in text
    assert "recommended (default): recommended [support-and-project]" in text


def test_assumptions_are_listed_with_their_reason(council):
    text = render_assumptions(council)
    assert "standards.keep_average_caseload.target\n    the middle of 20 to 21\n" in text
    assert text.count("\n    ") == 3


def test_an_instance_without_assumptions_says_so(council):
    assert render_assumptions(council.model_copy(update={"assumptions": {}})) == (
        "No assumption: every figure has its source.\n"
    )


def test_sources_name_the_paper(council):
    assert render_sources(council) == "Paper: Nottinghamshire County Council, 2018-06-18, item 11\n"


def test_an_instance_without_any_source_says_so(council):
    assert render_sources(council.model_copy(update={"paper": None})) == "No source is named.\n"


def test_the_catalogue_lists_options_and_models(council, models):
    text = render_catalogue([council], models)
    assert "nottinghamshire-2018 · Supporting improvements in children's social care" in text
    assert "  do-nothing: do-nothing [today]" in text
    assert "  caseload-target: To a target" in text


def test_the_catalogue_as_data_names_the_default(council, models):
    data = catalogue_json([council], models)
    assert data["instances"][0]["default_option"] == "recommended"
    assert data["instances"][0]["options"]["do-nothing"] == "today"
    assert {model["model"] for model in data["models"]} == set(models)


def test_no_line_is_wider_than_a_hundred_columns_however_many_roles_there_are(council, many_roles):
    text = render_instance(council.where(many_roles))
    assert max(map(len, text.splitlines())) <= 100
    assert all(f"Family support worker {n}" in text for n in range(6))
