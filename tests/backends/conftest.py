from __future__ import annotations

import sys
from pathlib import Path

import pytest

from staffopt.backends import NAMES
from staffopt.backends import session as session_module
from staffopt.backends.registry import WHOLE_ONLY
from staffopt.backends.session import Session

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # programs.py and lying.py are shared by the tests of this folder


THROUGH_PULP = ("pulp:cbc", "pulp:highs")
BACKENDS = (*NAMES, *THROUGH_PULP)


@pytest.fixture(scope="session")
def sessions():
    """One worker for each backend, for all tests of this folder."""
    opened = {name: Session(name) for name in BACKENDS}
    yield opened
    for session in opened.values():
        session.dismiss()  # all of them end at the same time
    for session in opened.values():
        session.close()


@pytest.fixture(params=BACKENDS)
def session(request, sessions):
    return sessions[request.param]


@pytest.fixture(params=[name for name in BACKENDS if name not in WHOLE_ONLY])
def session_for_lps(request, sessions):
    return sessions[request.param]


@pytest.fixture(params=NAMES)
def talkative(request, sessions):
    """Backends that stream progress and log lines; PuLP's solvers do not."""
    return sessions[request.param]


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """End a solver that does not stop by itself after half a second, not two."""
    monkeypatch.setattr(session_module, "CANCEL_GRACE", 0.5)


@pytest.fixture
def lying():
    """Make a session whose worker tells the named lie."""
    opened = []

    def start(lie):
        session = Session("lying", command=[sys.executable, str(HERE / "lying.py"), lie])
        opened.append(session)
        return session

    yield start
    for session in opened:
        session.close()


@pytest.fixture(scope="module")
def liar():
    """One worker that tells the lie which the solve's seed counts."""
    with Session("lying", command=[sys.executable, str(HERE / "lying.py")]) as session:
        yield session
