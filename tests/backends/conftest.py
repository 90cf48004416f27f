from __future__ import annotations

import sys
from pathlib import Path

import pytest

from staffopt.backends import NAMES
from staffopt.backends.session import Session

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # programs.py and lying.py are shared by the tests of this folder


@pytest.fixture(scope="session")
def sessions():
    """One worker for each backend, for all tests of this folder."""
    opened = {name: Session(name) for name in NAMES}
    yield opened
    for session in opened.values():
        session.close()


@pytest.fixture(params=NAMES)
def session(request, sessions):
    return sessions[request.param]


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
