"""The state today: posts, caseloads with their bands, and what is paid already."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from staffopt.instance.schema import Instance
from staffopt.model.schema import Model
from staffopt.plan import TODAY, Decisions, Figures
from staffopt.question import Question
from staffopt.reporting.caseloads import today_caseloads
from staffopt.reporting.leaving import there_already
from staffopt.reporting.money import base_budget
from staffopt.reporting.people import people_table
from staffopt.reporting.tables import beside, page, wrapped
from staffopt.reporting.words import NOTHING, fte, instance_words, quoted
from staffopt.settle import ask


def render_today(question: Question, figures: Figures, *, name: str | None = None) -> str:
    """Write how a council stands today.

    Args:
        question: the council asked with a model that changes nothing.
        figures: what follows from no decision at all.
        name: what the instance is called on the command line; its id if left out.
    """
    council = question.instance
    calendar = council.calendar
    months = f"{calendar.start.words} – {calendar.end.words}"
    title = f"{instance_words(council.instance)} · today · {months}"
    return page(
        [
            wrapped(title),
            posts_today(question),
            [
                line
                for name, role, words in _finer(question)
                for line in wrapped(f"{name}, {role} as the paper shows it: {words}", later="    ")
            ],
            people_table(question, figures, TODAY),
            [*today_caseloads(question, figures), *_without_figure(question)],
            there_already(question),
            base_budget(question, figures)
            or ["Money: the paper charges no post of today to a fund."],
            wrapped(f"Next: staffopt solve {quoted(name or council.instance)}"),
        ]
    )


def posts_today(question: Question) -> list[str]:
    """Show the posts of every team, and people in post where they differ."""
    council = question.instance
    roles = [role for role in council.roles if any(role in t.posts for t in council.teams.values())]
    rows = [
        [team.name, *(fte(Fraction(team.posts[r])) if r in team.posts else NOTHING for r in roles)]
        for team in council.teams.values()
    ]
    total = [
        fte(sum((Fraction(team.posts.get(r, 0)) for team in council.teams.values()), Fraction(0)))
        for r in roles
    ]
    head = ["Posts today, FTE", *(question.role_name(role) for role in roles)]
    return [*beside(head, [*rows, ["All teams", *total]]), *_people(question)]


def _people(question: Question) -> list[str]:
    """Name the posts that are not filled, where the instance says who is in post."""
    lines = []
    for team in question.instance.teams.values():
        for role, people in (team.people or {}).items():
            posts = team.posts.get(role, people)
            if people != posts:
                lines += wrapped(
                    f"{team.name}: {fte(Fraction(people))} of {fte(Fraction(posts))} "
                    f"{question.role_name(role)} in post"
                )
    return lines


def _finer(question: Question) -> list[tuple[str, str, str]]:
    """Return team, role and the paper's finer split of those posts, in words."""
    return [
        (
            team.name,
            question.role_name(role),
            ", ".join(f"{place} {figure:f}" for place, figure in split.items()),
        )
        for team in question.instance.teams.values()
        for role, split in team.shown_as.items()
    ]


def _without_figure(question: Question) -> list[str]:
    """Name the teams whose cases are not printed: their caseload is not known."""
    names = [
        team.name for team in question.instance.teams.values() if str(team.cases) == "not printed"
    ]
    return wrapped(f"Cases not printed: {', '.join(names)}") if names else []


def stand_today(council: Instance, models: Mapping[str, Model]) -> tuple[Question, Figures]:
    """Ask a council with the model that changes nothing, and derive what follows.

    Raises:
        InputError: if the model called ``today`` is missing or does not fit the council.
    """
    from staffopt.verifier.figures import derive

    question = ask(council, models, model="today")
    return question, derive(question, Decisions())
