"""Whether rules of whole bundles hold."""

from __future__ import annotations

from collections.abc import Iterator

from staffopt.errors import InputError, Place, unknown
from staffopt.plan import Finding, Verdict
from staffopt.question import ALL, Question
from staffopt.rulebook import TakeBundleWhole
from staffopt.verifier.registry import checks, label_of
from staffopt.verifier.staffing import Staffing


@checks(TakeBundleWhole)
def take_bundle_whole(rule: TakeBundleWhole, staffing: Staffing) -> Iterator[Finding]:
    """Check that required packages are taken; a package is decided whole, so never taken in part.

    Raises:
        InputError: if the rule names a package that nothing declares.
    """
    for package in offered(rule, staffing.question):
        taken = package in staffing.taken
        name = staffing.question.instance.packages[package].name
        missing = rule.required and not taken
        words = f"{name}: {'taken whole' if taken else 'not taken'}"
        yield Finding(
            rule=label_of(rule),
            verdict=Verdict.BROKEN if missing else Verdict.MET,
            words=f"{words}, though it is required" if missing else words,
        )


def offered(rule: TakeBundleWhole, question: Question) -> tuple[str, ...]:
    """Name the packages that a rule lets a plan take, in file order.

    Raises:
        InputError: if the rule names a package that nothing declares.
    """
    declared = tuple(question.instance.packages)
    place = Place(path=f"standards.{label_of(rule)}.packages")
    faults = [
        unknown("package", name, list(declared), place)
        for name in rule.packages
        if name not in (*declared, ALL)
    ]
    if faults:
        raise InputError(faults)
    return tuple(name for name in declared if ALL in rule.packages or name in rule.packages)
