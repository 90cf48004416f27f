"""Reports opened by the programs that people open them with; see CONTRIBUTING.md.

    python tests/pages_run.py --out looks

Chromium opens pages, at the width of a desk and of a phone, printed and without scripts: nothing
may be asked for from anywhere, nothing may be said on the console, and a click on a heading must
sort its table. LibreOffice turns Word documents into PDF. What they show is left in the folder, to
be looked at. Ends with 1 if anything is not as it must be.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import staffopt as so
from staffopt.reporting.assumption_files import write_log

_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_OFFICES = ("soffice", "libreoffice")
_QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--hide-scrollbars", "--enable-logging=stderr"),
)
_BROWSER_S_OWN = (
    "update.googleapis.com/service/update2/",
    "clients2.google.com/time/",
    "accounts.google.com/ListAccounts",
)
"""What Chromium asks for itself when it starts, whatever page it opens."""

_CLICK = """<script>
const table = [...document.querySelectorAll("table")].find((t) => t.querySelector("button"));
const button = table.querySelector("button");
const firsts = () => [...table.tBodies[0].rows].map((row) => row.cells[0].textContent).join("|");
button.click();
const up = firsts();
button.click();
document.title = JSON.stringify([up, firsts()]);
</script></html>"""
"""Stands at the end of a copy of a page whose policy, which would not run it, is taken out."""


def run() -> int:
    """Open every report; return 1 if anything is not as it must be."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--out", type=Path, default=Path("looks"))
    asked.add_argument("--instance", action="append", default=[])
    out = asked.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    names = asked.parse_args().instance or ["nottinghamshire-2018", "barnsley-2017", "tiny"]
    faults = [fault for name in names for fault in _reports(name, out)]
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 1 if faults else 0


def _reports(name: str, out: Path) -> Iterator[str]:
    council = so.load(name)
    plan = so.solve(council)
    [page] = so.report(plan, path=out / f"{name}.html", frontier=True)
    [paper] = so.report(plan, to="docx", path=out / f"{name}.docx")
    log = so.assumptions(council, among=False)
    [listed] = write_log(log, "html", out / f"{name}-assumptions.html")
    browser, office = _found(_CHROMIUMS), _found(_OFFICES)
    if browser is None:
        yield f"{name}: no Chromium is installed ({', '.join(_CHROMIUMS)})"
    else:
        for opened in (page, listed):
            yield from (f"{opened}: {fault}" for fault in _in_browser(browser, opened))
    if office is None:
        yield f"{name}: no LibreOffice is installed"
    else:
        _quiet([office, "--headless", "--convert-to", "pdf", "--outdir", str(out), str(paper)])
        if not paper.with_suffix(".pdf").exists():
            yield f"{paper}: LibreOffice makes no PDF of it"


def _found(names: tuple[str, ...]) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)


def _quiet(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return done.stdout + done.stderr


def _in_browser(browser: str, page: Path) -> Iterator[str]:
    address = page.resolve().as_uri()
    still = page.with_name(f"{page.stem}-without-scripts.html")
    text = page.read_text(encoding="utf-8")
    still.write_text(re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL), encoding="utf-8")
    for opened, width, height in ((page, 1100, 6000), (page, 500, 9000), (still, 1100, 6000)):
        own, picture = opened.resolve().as_uri(), page.with_name(f"{opened.stem}-{width}.png")
        looks = [f"--window-size={width},{height}", f"--screenshot={picture}"]
        said, asked = _opened(browser, own, *looks)
        yield from (f"the console says {line}" for line in _console(said))
        yield from (f"it asks for {url}" for url in asked if url != own)
        if not picture.exists():
            yield f"no picture is made: {said[-200:]}"
    still.unlink()
    _opened(browser, address, f"--print-to-pdf={page.with_suffix('.print.pdf')}")
    yield from _sorted(browser, page)


def _opened(browser: str, address: str, *how: str) -> tuple[str, set[str]]:
    """Open a page; return what was said, and every address that was asked for."""
    with tempfile.TemporaryDirectory() as home:
        log = Path(home) / "net.json"
        said = _quiet(
            [browser, *_QUIET, f"--user-data-dir={home}", f"--log-net-log={log}", *how, address]
        )
        text = log.read_text(encoding="utf-8") if log.exists() else ""
    addresses = re.findall(r'"(?:url|original_url)":"((?:https?|file|ws|ftp)[^"]+)"', text)
    asked = {json.loads(f'"{one}"') for one in addresses}
    return said, {one for one in asked if not one.partition("://")[2].startswith(_BROWSER_S_OWN)}


def _console(said: str) -> list[str]:
    return [line for line in said.splitlines() if "CONSOLE" in line]


def _sorted(browser: str, page: Path) -> Iterator[str]:
    """Click on a heading of a copy of the page."""
    text = page.read_text(encoding="utf-8")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    copy = page.with_name(f"{page.stem}-clicked.html")
    copy.write_text(text.replace("</html>", _CLICK), encoding="utf-8")
    dom, _ = _opened(browser, copy.resolve().as_uri(), "--dump-dom")
    told = re.search(r"<title>(\[.*?\])</title>", dom)
    if told is None:
        yield "no table can be sorted"
        return
    up, down = (one.split("|") for one in json.loads(told[1]))
    if up != sorted(up, key=_order) or down != up[::-1]:
        yield f"a click does not sort: {up}, then {down}"
    copy.unlink()


def _order(cell: str) -> tuple[float, str]:
    """Put figures by size, as the page does; words come by letter."""
    figure = re.match(r"-?\d+(\.\d+)?", re.sub(r"[£,+≤\s]", "", cell).replace("−", "-"))
    return (float(figure[0]), "") if figure else (float("inf"), cell.casefold())


if __name__ == "__main__":
    sys.exit(run())
