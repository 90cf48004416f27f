"""Open what is written in LibreOffice, and hold what it makes of it against what was meant.

::

    python tests/office_run.py              # shipped councils; two minutes
    python tests/office_run.py --keep DIR   # leave the workbooks there, to be looked at

Working workbooks are stripped of every value that a formula comes to; LibreOffice works them out
again, and each must come to what the plan says. Then a post is added, and the control total must
move by what that post costs. The template is opened, saved, and read again as the same council.
Ends with 1 if anything differs, and with 2 where no LibreOffice is found.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from math import ceil
from pathlib import Path

import openpyxl

import staffopt
from staffopt.plan import FULL_YEAR, Plan, PostFigure
from staffopt.reporting.workbooks.publication import publication_book
from staffopt.reporting.workbooks.staffing import POSTS
from staffopt.reporting.workbooks.working import SUMMARY, working_book
from staffopt.workbook_template import Template

ASKED = (
    ("nottinghamshire-2018", "recommended"),
    ("nottinghamshire-2018", "best-mix"),
    ("barnsley-2017", None),
    ("tiny", "best-mix"),
    ("tiny-agency", None),
    ("tiny-asye", None),
    ("tameside-2022", None),
    ("tiny-turnover", None),
    ("tiny-careers", None),
    ("tiny-flow", None),
    ("tiny-money", None),
    ("tiny-places", None),
    ("relief", None),
)
"""Councils and options: every kind of money that a shipped council states."""

PENNY, CLOSE = 0.005, 1e-6


def main() -> int:
    """Run every comparison and tell each difference."""
    parser = argparse.ArgumentParser(description="LibreOffice works out what was written.")
    parser.add_argument("--keep", type=Path, help="folder that the workbooks are left in")
    keep: Path | None = parser.parse_args().keep
    if shutil.which("soffice") is None:
        print("There is no soffice on the path.")  # noqa: T201 (a command's own words)
        return 2
    with tempfile.TemporaryDirectory() as made:
        folder = keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        faults = [fault for asked in ASKED for fault in compare(*asked, folder)]
        faults += reread(folder)
    for fault in faults:
        print(fault)  # noqa: T201
    print("Nothing differs." if not faults else f"{len(faults)} differences")  # noqa: T201
    return 1 if faults else 0


def compare(name: str, option: str | None, folder: Path) -> list[str]:
    """Compare what LibreOffice works out of a plan's workbook with what the plan says."""
    plan = staffopt.solve(staffopt.load(name), option=option)
    path = folder / f"{name}-{plan.question.option}.xlsx"
    path.write_bytes(working_book(plan))
    path.with_stem(f"{path.stem}-publication").write_bytes(publication_book(plan))
    meant = values(path)
    found = values(recomputed(path, folder))
    faults = [
        f"{path.name} {sheet}!{cell}: {value!r} is meant, {found.get((sheet, cell))!r} found"
        for (sheet, cell), value in meant.items()
        if not same(value, found.get((sheet, cell)))
    ]
    return faults + one_post_more(plan, path, folder)


def values(path: Path) -> dict[tuple[str, str], object]:
    """Return what each cell comes to."""
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet
        for cell in row
        if cell.value is not None
    }


def same(meant: object, found: object) -> bool:
    """Say whether two cells hold the same."""
    if isinstance(meant, int | float) and isinstance(found, int | float):
        return abs(meant - found) <= CLOSE * max(1, abs(meant) / 1e6)
    return meant == found


def recomputed(path: Path, folder: Path) -> Path:
    """Strip a workbook of the values of its formulas, and let LibreOffice work them out."""
    bare = folder / "bare" / path.name
    bare.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(bare, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            held = old.read(part)
            if part.startswith("xl/worksheets/sheet"):
                held = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", held)
            new.writestr(part, held)
    return converted(bare, folder / "again")


def converted(path: Path, folder: Path) -> Path:
    """Let LibreOffice open a workbook and save it anew."""
    command = ["soffice", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    done = subprocess.run(
        [*command, "--outdir", str(folder), str(path)],
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert (folder / path.name).exists(), done.stderr
    return folder / path.name


def one_post_more(plan: Plan, path: Path, folder: Path) -> list[str]:
    """Add a post where posts are added already, and expect its cost in the full year after."""
    last = plan.last_period
    added = next(
        (f for f in plan.figures.posts if f.change > 0 and f.period == last and f.role), None
    )
    if added is None:
        return []
    cost = full_year_of_one(plan, added)
    changed = folder / "changed" / path.name
    changed.parent.mkdir(exist_ok=True)
    book = openpyxl.load_workbook(path)
    sheet = book[POSTS]
    column = next(c.column for c in sheet[4] if c.value == f"{last} added, FTE")
    row = next(r for r in sheet.iter_rows() if (r[0].value, r[2].value) == (added.team, added.role))
    sheet.cell(row[0].row, column).value += 1
    book.save(changed)
    before, after = values(path), values(converted(changed, folder / "again"))
    [total] = [
        f"B{cell[1:]}"
        for (name, cell), value in before.items()
        if name == SUMMARY and value == "full year after"
    ]
    moved = after[SUMMARY, total] - before[SUMMARY, total]
    if abs(moved - cost) < PENNY:
        return []
    return [f"{path.name}: one post more moves the control total by {moved}, and costs {cost}"]


def full_year_of_one(plan: Plan, added: PostFigure) -> float:
    """Work out what one post more costs in a full year: pay, and what a head costs beside it."""
    lasting = [f for f in plan.figures.money if f.year == FULL_YEAR and f.role == added.role]
    there = [
        f.change
        for f in plan.figures.posts
        if (f.role, f.period) == (added.role, added.period) and f.change > 0
    ]
    pay = [f for f in lasting if (f.line, f.team) == (f"added {added.role}", added.team)]
    beside = [f for f in lasting if f.line == f"non-staffing {added.role}"]
    of_pay, of_heads = (sum(f.amount.raw for f in part) for part in (pay, beside))
    return float(of_pay / added.change + of_heads / ceil(sum(there)))


def reread(folder: Path) -> list[str]:
    """Open each template in LibreOffice, save it, and read it as the same council."""
    faults = []
    for kind in Template:
        path = folder / f"{kind}.xlsx"
        path.unlink(missing_ok=True)
        staffopt.template(path, kind)
        if staffopt.load(converted(path, folder / "again")) != staffopt.load(path):
            faults.append(f"the template {kind} is read otherwise once LibreOffice has saved it")
    return faults


if __name__ == "__main__":
    sys.exit(main())
