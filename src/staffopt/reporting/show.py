"""An instance as text: its teams, roles, funds, options and standards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from staffopt.instance.demand import CasesOverTime, TeamCasesOverTime
from staffopt.instance.funds import Fund, Package
from staffopt.instance.schema import Instance
from staffopt.instance.sources import Assumption
from staffopt.instance.staff import Role, Team
from staffopt.quantity import Absent, decimal_text
from staffopt.question import role_name
from staffopt.reporting.prices import fund_words, price_lines
from staffopt.reporting.tables import folded, page, wrapped
from staffopt.reporting.turnover import turnover_lines
from staffopt.reporting.words import NOTHING, figure, instance_words, quoted, term


def render_instance(council: Instance, *, name: str | None = None) -> str:
    """Write what a council's file states.

    Args:
        council: the council.
        name: what it is called on the command line; its id if left out.
    """
    head = f"{instance_words(council.instance)} · {council.title}"
    return page(
        [
            [*wrapped(head, later="  "), *_paper(council)],
            folded(
                ["Teams", "cases", "posts today", "from"],
                _teams(council),
                left=(0, 2, 3),
                fold=(0, 1, 2, 3),
            ),
            folded(
                ["Roles", "kind", "step", "£ a year", "set-up, £", "from"],
                [_role(name, role) for name, role in council.roles.items()],
                left=(0, 1, 5),
                fold=(0, 5),
            ),
            turnover_lines(council),
            price_lines(council),
            _bands(council),
            _standards(council),
            [*_packages(council), *_managed_teams(council)],
            _funds(council),
            _options(council),
            _scenarios(council),
            _more(council, quoted(name or council.instance)),
        ]
    )


def render_assumptions(council: Instance) -> str:
    """List every figure that the paper does not print, with the reason for it."""
    if not council.assumptions:
        return "No assumption: every figure has its source.\n"
    lines = [f"{instance_words(council.instance)} · what is assumed, and why"]
    for path, assumption in council.assumptions.items():
        lines += [path, *wrapped(_assumption(assumption), "    ")]
    return page([lines])


def _assumption(assumption: str | Assumption) -> str:
    """Write a reason, with what it rests on, who answers for it and how good it is."""
    if isinstance(assumption, str):
        return assumption
    rests = f" ({assumption.source})" if assumption.source else ""
    more = {
        "Owner": assumption.owner,
        "Quality": assumption.quality,
        "Reviewed": assumption.reviewed,
        "Least": None if assumption.low is None else figure(assumption.low),
        "Most": None if assumption.high is None else figure(assumption.high),
    }
    told = "; ".join(f"{name}: {value}" for name, value in more.items() if value is not None)
    return f"{assumption.reason}{rests}{f'. {told}.' if told else ''}"


def render_sources(council: Instance) -> str:
    """List the paper and every other publication that the figures come from."""
    lines = _paper(council)
    for name, source in council.sources.items():
        parts = [source.title, source.publisher, source.date, source.where]
        lines += wrapped(f"{name}: {', '.join(str(part) for part in parts if part)}", later="    ")
    return page([lines or ["No source is named."]])


def _paper(council: Instance) -> list[str]:
    paper = council.paper
    if paper is None:
        return []
    item = f", item {paper.item}" if paper.item else ""
    title = f", {paper.title}" if paper.title else ""
    return wrapped(f"Paper: {paper.council}, {paper.date}{item}{title}", later="    ")


def _teams(council: Instance) -> list[list[str]]:
    return [
        [team.name, _cases(council, team), _posts(council, team), _from(team.source)]
        for team in council.teams.values()
    ]


def _cases(council: Instance, team: Team) -> str:
    words = figure(team.cases) if not isinstance(team.cases, Mapping) else ""
    if isinstance(team.cases, Mapping):
        words = ", ".join(f"{kind} {count:,f}" for kind, count in team.cases.items())
    course = council.cases_over_time if team.cases_over_time is None else team.cases_over_time
    varies = course is not None and not course.flat and not isinstance(team.cases, Absent)
    return f"{words} today, {_course(course)}" if course and varies else words


def _course(course: CasesOverTime) -> str:
    """Say how open cases run over the months planned."""
    if isinstance(course, TeamCasesOverTime) and (course.series or course.types):
        return "then a series"
    parts = [f"{decimal_text(course.growth * 100)}% more a year"] if course.growth else []
    parts += ["seasons"] if course.seasons else []
    return " and ".join(parts)


def _posts(council: Instance, team: Team) -> str:
    people = team.people or {}
    parts = [
        f"{posts:f} {role_name(r, council.roles[r])}"
        + (f" ({people[r]:f} in post)" if people.get(r, posts) != posts else "")
        for r, posts in team.posts.items()
    ]
    cover = [r for r in people if r not in team.posts and people[r]]
    parts += [f"{people[r]:f} {role_name(r, council.roles[r])} (cover)" for r in cover]
    return ", ".join(parts) or NOTHING


def _from(source: str | None) -> str:
    return source or NOTHING


def _role(name: str, role: Role) -> list[str]:
    until = f" (to {role.ends.words})" if role.ends else ""
    return [
        f"{role_name(name, role)}{until}",
        str(role.kind).replace("_", " "),
        f"{role.step:f}",
        figure(role.cost),
        figure(role.set_up),
        _from(role.source),
    ]


def _bands(council: Instance) -> list[str]:
    if council.bands is None:
        return []
    words = "; ".join(f"{name} {edges}" for name, edges in council.bands.edges.items())
    return wrapped(f"Bands of average caseload: {words} ({_from(council.bands.source)})")


def _standards(council: Instance) -> list[str]:
    lines = ["Standards"] if council.standards else []
    for label, content in council.standards.items():
        lines += wrapped(f"{label}: {_parameters(content)}", "  ", "    ")
    return lines


def _parameters(content: Mapping[str, Any] | str) -> str:
    if isinstance(content, str):
        return content
    return ", ".join(f"{key} {_plain(value)}" for key, value in content.items())


def _plain(value: object) -> str:
    if isinstance(value, list | tuple):
        return " + ".join(map(str, value))
    return str(value)


def _packages(council: Instance) -> list[str]:
    lines: list[str] = []
    for name, package in council.packages.items():
        lines += wrapped(_package(package), "Package: ")
        rows = [
            [
                f"  {line.title}",
                f"{line.fte or line.count or 0:f}",
                figure(line.recurrent),
                figure(line.one_off),
            ]
            for line in council.package_lines
            if line.package == name
        ]
        lines += folded(["  line", "FTE or count", "£ a year", "£ once"], rows, (0,), fold=(0,))
    return lines


def _package(package: Package) -> str:
    told = f"{package.name}, from {package.start.words} for {term(package.months)}"
    return f"{told}{_in_brackets(package.source)}"


def _managed_teams(council: Instance) -> list[str]:
    lines: list[str] = []
    for team in council.managed_teams.values():
        of = ", ".join(f"{fte:f} {title}" for title, fte in team.composition.items())
        price = f"£{figure(team.price)} for the {'whole term' if team.per == 'term' else 'month'}"
        parts = [f"{team.name}{f' ({of})' if of else ''}", f"for {term(team.months)}", price]
        if team.extension is not None:
            most = term(team.extension.months)
            parts.append(f"extended by up to {most} at £{figure(team.extension.price)} a month")
        lines += wrapped(f"{', '.join(parts)}{_in_brackets(team.source)}", "Managed team: ")
    return lines


def _in_brackets(source: str | None) -> str:
    return f" ({source})" if source else ""


def _funds(council: Instance) -> list[str]:
    if not council.funds:
        return ["Funds: none is named."]
    rows = [
        [fund.name, _recurrent(fund), _pays(fund), _ceiling(fund), _from(fund.source)]
        for fund in council.funds.values()
    ]
    head = ["Funds", "every year", "pays for", "ceiling, £", "from"]
    return folded(head, rows, left=(0, 1, 2, 4), fold=(0, 2, 3, 4))


def _recurrent(fund: Fund) -> str:
    if isinstance(fund.recurrent, bool):
        return "yes" if fund.recurrent else "no"
    return fund.recurrent


def _pays(fund: Fund) -> str:
    uses = {
        "posts today": fund.pays_for.posts_today,
        "added posts": fund.pays_for.added_posts,
        "packages": fund.pays_for.packages,
        "managed teams": fund.pays_for.managed_teams,
    }
    words = [f"{use}: {', '.join(names)}" for use, names in uses.items() if names]
    return "; ".join([*words, *fund_words(fund)]) or NOTHING


def _ceiling(fund: Fund) -> str:
    if isinstance(fund.ceiling, Mapping):
        return ", ".join(f"{year} {figure(most)}" for year, most in fund.ceiling.items())
    return figure(fund.ceiling)


def _options(council: Instance) -> list[str]:
    lines = ["Options"] if council.options else []
    for name in council.options:
        lines += wrapped(option_words(council, name), "  ", "    ")
    return lines


def option_words(council: Instance, name: str) -> str:
    """Name an option with its title, its model and where the paper describes it."""
    option = council.options[name]
    mark = " (default)" if name == council.default_option else ""
    source = f"; {option.source}" if option.source else ""
    return f"{name}{mark}: {option.title or name} [{option.model}{source}]"


def _scenarios(council: Instance) -> list[str]:
    lines = ["Scenarios"] if council.scenarios else []
    for name, scenario in council.scenarios.items():
        changes = ", ".join(f"{path} = {value}" for path, value in scenario.set.items())
        lines += wrapped(f"{name}: {scenario.title or changes}", "  ", "    ")
    return lines


def _more(council: Instance, name: str) -> list[str]:
    count = len(council.assumptions)
    if not count:
        return []
    return wrapped(
        f"{count} figure{'' if count == 1 else 's'} assumed: staffopt show {name} --assumptions"
    )
