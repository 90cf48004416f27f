"""Who works where: what people got of what they asked for, and what is left uncovered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from staffopt.instance.staff import RoleKind
from staffopt.plan import TODAY, Figures, Got, PlaceFigure, Plan
from staffopt.question import Question
from staffopt.reporting.tables import table
from staffopt.reporting.words import NOTHING, fte, kind_words, percent, plural, tag_words
from staffopt.verifier.registry import by_area

ZERO = Fraction(0)
EVERYBODY = "Everybody"
_COLUMNS = (Got.FIRST, Got.SECOND, Got.STAYS, Got.ELSEWHERE)


def places_words(plan: Plan) -> str:
    """Say how many are placed, how many get what they asked for and how many move."""
    places = plan.figures.places
    if not places:
        return ""
    got = Counter(figure.got for figure in places)
    asked = sum(got[each] for each in _COLUMNS)
    placed = [figure for figure in places if figure.team is not None]
    moved = sum(figure.team != figure.today for figure in placed)
    people = "person" if len(placed) == 1 else "people"
    words = f"PLACE {len(placed)} {people}, {moved} of them in another team than today's: "
    words += f"of {asked} who asked, {got[Got.FIRST]} get their first preference"
    words += f", {got[Got.SECOND]} their second" if got[Got.SECOND] else ""
    words += f", {got[Got.STAYS]} neither but stay" if got[Got.STAYS] else ""
    words += f", {got[Got.ELSEWHERE]} go elsewhere" if got[Got.ELSEWHERE] else ""
    gone = len(places) - len(placed)
    return f"{words}. LET GO {gone} of the temporary staff." if gone else f"{words}."


def places_tables(plan: Plan) -> list[str]:
    """Show what each class of staff got, and what is uncovered in each area."""
    if not plan.figures.places:
        return []
    classes, uncovered = classes_rows(plan.question, plan.figures), uncovered_rows(plan)
    return [*table(*classes, left=(0,)), "", *table(*uncovered, left=(0, 1))]


def classes_rows(question: Question, figures: Figures) -> tuple[list[str], list[list[str]]]:
    """Count what people got, everybody and class by class (a class is a tag): heading and rows."""
    head = ["What people got", "asked", *map(str, _COLUMNS), "refused", "moved"]
    classes = {tag: carrying(question, figures, tag) for tag in tags_listed(question)}
    rows = [_class_row(tag_words(tag), own) for tag, own in classes.items()]
    return head, [_class_row(EVERYBODY, figures.places), *rows]


def tags_listed(question: Question) -> list[str]:
    """Name the tags of people listed, in order."""
    people = question.instance.people.values()
    return sorted({tag for record in people for tag in record.tags})


def carrying(question: Question, figures: Figures, tag: str) -> list[PlaceFigure]:
    """Return the places of those who carry a tag, or whose role does."""
    people, roles = question.instance.people, question.instance.roles
    return [
        figure
        for figure in figures.places
        if tag in (*people[figure.person].tags, *roles[people[figure.person].role].tags)
    ]


def _class_row(name: str, places: Sequence[PlaceFigure]) -> list[str]:
    got = Counter(figure.got for figure in places)
    asked = sum(got[each] for each in _COLUMNS)
    moved = sum(figure.team not in (None, figure.today) for figure in places)
    refused = Fraction(asked - got[Got.FIRST], asked) if asked else None
    return [
        name,
        str(asked),
        *(str(got[each]) if got[each] else NOTHING for each in _COLUMNS),
        percent(refused),
        str(moved) if moved else NOTHING,
    ]


def uncovered_rows(plan: Plan) -> tuple[list[str], list[list[str]]]:
    """Show posts, people in them with their cover, and the rate left by area: heading, rows."""
    question, kinds = plan.question, _kinds(plan.question)
    head = ["Uncovered vacancies", "", "posts", "in post or covered", "uncovered", "rate"]
    rows = []
    teams = tuple(question.instance.teams)
    groups: dict[str | None, tuple[str, ...]] = dict(by_area(question, teams).items())
    groups[None] = teams
    for kind in kinds:
        for group, own in groups.items():
            for period, word in ((TODAY, TODAY), (plan.last_period, "plan")):
                posts, there = covered(plan.figures, own, kind, period)
                if posts:
                    left = posts - there
                    name = _name(question, group, kind if len(kinds) > 1 else None)
                    row = [name, word, fte(posts), fte(there), fte(left), percent(left / posts)]
                    rows.append(row)
    return head, rows


def got_head() -> list[str]:
    """Return the headings of what a plan does for those who are placed."""
    return ["asked", *map(str, _COLUMNS), "moved", "uncovered, worst area"]


def got_cells(plan: Plan) -> list[str]:
    """Say what people get and what is uncovered, in cells; people stay where none are placed."""
    _, asked, *got, _, moved = _class_row(EVERYBODY, plan.figures.places)
    told = [asked, *got, moved] if plan.figures.places else [NOTHING] * (len(got) + 2)
    return [*told, percent(_worst_uncovered(plan))]


def _worst_uncovered(plan: Plan) -> Fraction | None:
    """Return the highest rate of uncovered vacancies of any area and kind of those listed."""
    question = plan.question
    areas = by_area(question, tuple(question.instance.teams)).values()
    found = [
        covered(plan.figures, own, kind, plan.last_period)
        for kind in _kinds(question)
        for own in areas
    ]
    return max(((posts - there) / posts for posts, there in found if posts), default=None)


def covered(
    figures: Figures, teams: Sequence[str], kind: RoleKind, period: str
) -> tuple[Fraction, Fraction]:
    """Return posts of a kind in some teams, and the people in them, cover included."""
    own = [
        figure
        for figure in figures.vacancies
        if figure.team in teams and figure.kind is kind and figure.period == period
    ]
    posts = sum((figure.posts for figure in own), ZERO)
    return posts, sum((figure.in_post + figure.agency for figure in own), ZERO)


def _kinds(question: Question) -> list[RoleKind]:
    """Name the kinds of those listed."""
    roles = question.instance.roles
    listed = {roles[record.role].kind for record in question.instance.people.values()}
    return [kind for kind in RoleKind if kind in listed]


def _name(question: Question, group: str | None, kind: RoleKind | None) -> str:
    council = question.instance
    if group is None:
        name = "All areas"
    else:
        known = council.areas if group in council.areas else council.teams
        name = known[group].name
    return name if kind is None else f"{name}, {plural(kind_words(question, kind), ZERO)}"
