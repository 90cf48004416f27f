"""What is timed, on what, and the tables at the end of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

import councils
import ratios
from staffopt.library import find

CASES = [
    *((name, None) for name in ("tiny", "nottinghamshire-2018", "barnsley-2017")),
    ("nottinghamshire-2018", "best-mix"),
    *((teams, "ratio") for teams in (10, 40, 150)),
    *((teams, "bands") for teams in (10, 40)),
]

MEDIANS = pytest.StashKey[dict[tuple[str, str, str], float]]()
FOUND = pytest.StashKey[dict[tuple[str, str], ratios.Found]]()


def pytest_addoption(parser):
    parser.addoption(
        "--seconds", type=float, default=10, help="time limit of a hard question, each tool"
    )


def pytest_configure(config):
    config.stash[MEDIANS] = {}
    config.stash[FOUND] = {}


@pytest.fixture
def timed(benchmark, request):
    """Time a call as one phase of one tool on one case; returns what the call returns."""

    def run(case, phase, tool, call, *, once=False):
        benchmark.group = f"{case}: {phase}"
        benchmark.extra_info.update(case=case, phase=phase, tool=tool)
        result = benchmark.pedantic(call) if once else benchmark(call)
        if benchmark.stats is not None:  # None where benchmarks are disabled
            medians = request.config.stash[MEDIANS]
            medians[case, phase, tool] = benchmark.stats.stats.median
        return result

    return run


@pytest.fixture
def found(request):
    """Case and tool → what the tool came to; shown at the end."""
    return request.config.stash[FOUND]


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    """Number of teams → the file of a generated council."""
    folder = tmp_path_factory.mktemp("councils")
    return lambda teams: councils.write(folder, teams)


def _name(case):
    name, option = case
    return " ".join(filter(None, (f"{name} teams," if isinstance(name, int) else name, option)))


@pytest.fixture(scope="session", params=CASES, ids=_name)
def case(request, generated):
    """A case's name, file and option."""
    name, option = request.param
    path = generated(name) if isinstance(name, int) else Path(find(name))
    return _name(request.param), path, option


def pytest_terminal_summary(terminalreporter, config):
    """Print medians, and the ratio of the engine's to each peer's; then the hard questions."""
    medians, found = config.stash[MEDIANS], config.stash[FOUND]
    if medians:
        terminalreporter.section("medians in milliseconds, and staffopt's as a multiple")
        for line in ratios.table(medians):
            terminalreporter.write_line(line)
    if found:
        terminalreporter.section(f"hard questions after {config.getoption('seconds'):g} s")
        for line in ratios.hard_table(found):
            terminalreporter.write_line(line)
