"""What is timed, on what, and the table at the end of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

import councils
import ratios
from staffopt.library import find

SHIPPED = ("tiny", "nottinghamshire-2018", "barnsley-2017")
GENERATED = (10, 40, 150)
CASES = [*((name, None) for name in SHIPPED), ("nottinghamshire-2018", "best-mix")]

MEDIANS = pytest.StashKey[dict[tuple[str, str, str], float]]()


def pytest_configure(config):
    config.stash[MEDIANS] = {}


@pytest.fixture
def timed(benchmark, request):
    """Time a call as one phase of one tool on one case; returns what the call returns."""

    def run(case, phase, tool, call):
        benchmark.group = f"{case}: {phase}"
        benchmark.extra_info.update(case=case, phase=phase, tool=tool)
        result = benchmark(call)
        if benchmark.stats is not None:  # None where benchmarks are disabled
            medians = request.config.stash[MEDIANS]
            medians[case, phase, tool] = benchmark.stats.stats.median
        return result

    return run


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    """Number of teams → the file of a generated council."""
    folder = tmp_path_factory.mktemp("councils")
    return {teams: councils.write(folder, teams) for teams in GENERATED}


@pytest.fixture(
    scope="session",
    params=[*CASES, *GENERATED],
    ids=lambda c: f"{c} teams" if isinstance(c, int) else " ".join(filter(None, c)),
)
def case(request, generated):
    """A case's name, file and option."""
    if isinstance(request.param, int):
        return f"{request.param} teams", generated[request.param], None
    name, option = request.param
    return " ".join(filter(None, request.param)), Path(find(name)), option


def pytest_terminal_summary(terminalreporter, config):
    """Print medians, and the ratio of the engine's to PuLP's and to the bare solver's."""
    medians = config.stash[MEDIANS]
    if medians:
        terminalreporter.section("medians in milliseconds, and staffopt's as a multiple")
        for line in ratios.table(medians):
            terminalreporter.write_line(line)
