"""Everything that follows from a plan's decisions, worked out anew from the instance alone."""

from __future__ import annotations

from fractions import Fraction

from staffopt.plan import Decisions, Figures, PackageFigure, PostFigure
from staffopt.question import Question
from staffopt.verifier.benefits import benefit_figures
from staffopt.verifier.case_flow import case_flow_figures
from staffopt.verifier.caseloads import caseload_figures
from staffopt.verifier.cases import cases_figures
from staffopt.verifier.exits import exit_figures
from staffopt.verifier.flows import flow_figures
from staffopt.verifier.heads import heads_figures
from staffopt.verifier.managed import managed_figures
from staffopt.verifier.money import ledger, package_end
from staffopt.verifier.places import place_figures
from staffopt.verifier.softening import penalties
from staffopt.verifier.staffing import ZERO, Staffing
from staffopt.verifier.totals import totals
from staffopt.verifier.vacancies import people_figures, vacancy_figures
from staffopt.verifier.work import work_figures


def derive(question: Question, decisions: Decisions) -> Figures:
    """Work out posts, packages, caseloads, heads and money in exact fractions.

    Raises:
        InputError: if the decisions name what nothing declares or decide anything twice, or if a
            pooled caseload covers a team whose cases are not known.
    """
    return figures_of(Staffing.of(question, decisions))


def figures_of(staffing: Staffing) -> Figures:
    """Work out what :func:`derive` does, of decisions that are indexed already.

    Raises:
        InputError: if a pooled caseload covers a team whose cases are not known.
    """
    money = (*ledger(staffing), *penalties(staffing))
    return Figures(
        posts=_posts(staffing),
        people=people_figures(staffing),
        flows=flow_figures(staffing),
        work=work_figures(staffing),
        vacancies=vacancy_figures(staffing),
        packages=_packages(staffing),
        managed_teams=managed_figures(staffing),
        exits=exit_figures(staffing),
        caseloads=caseload_figures(staffing),
        cases=cases_figures(staffing),
        case_flow=case_flow_figures(staffing),
        places=place_figures(staffing),
        heads=heads_figures(staffing),
        money=money,
        benefits=benefit_figures(staffing),
        totals=totals(staffing.question, money),
    )


def _posts(staffing: Staffing) -> tuple[PostFigure, ...]:
    return tuple(
        PostFigure(
            team=team,
            role=role,
            period=label,
            today=staffing.today(team, role),
            change=staffing.change(team, role, label),
            posts=staffing.posts(team, role, label),
        )
        for team, role in staffing.pairs
        for label in staffing.labels
    )


def _packages(staffing: Staffing) -> tuple[PackageFigure, ...]:
    council = staffing.question.instance
    return tuple(
        PackageFigure(
            package=name,
            taken=name in staffing.taken,
            fte=sum(
                (Fraction(line.fte or 0) for line in council.package_lines if line.package == name),
                ZERO,
            ),
            start=record.start,
            end=package_end(record),
        )
        for name, record in council.packages.items()
    )
