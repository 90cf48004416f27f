"""How often a chatty solver may call its caller, by a clock that the test holds."""

from __future__ import annotations

import numpy as np
import pytest

from staffopt.algebra.solution import Progress
from staffopt.backends import pace
from staffopt.backends.pace import INTERVAL, Pace


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(pace.time, "monotonic", lambda: now[0])
    return now


def told(clock, **news):
    """Report a hundred times within a second; count what reaches the caller."""
    seen = []
    paced = Pace(lambda progress: bool(seen.append(progress)))
    for step in range(100):
        clock[0] = 100 + step / 100
        paced.report(Progress(paced.seconds, **news))
    return len(seen)


def test_news_of_nothing_but_time_comes_ten_times_a_second(clock):
    assert pytest.approx(0.1) == INTERVAL
    # At 0, 0.1 … 0.9 s; a float's last digit may put one off to the next hundredth.
    assert 9 <= told(clock) <= 10


def test_a_plan_and_a_line_come_at_once(clock):
    assert told(clock, values=np.zeros(1)) == 100
    assert told(clock, line="node 7") == 100


def test_after_a_wish_to_stop_the_caller_hears_no_more(clock):
    seen = []
    paced = Pace(lambda progress: not seen.append(progress))
    for step in range(5):
        clock[0] = 100.0 + step
        assert paced.report(Progress(paced.seconds))
    assert len(seen) == 1


def test_what_the_caller_raises_stops_the_solver_and_is_raised_after_it(clock):
    def raises(_progress):
        raise ZeroDivisionError

    paced = Pace(raises)
    assert paced.report(Progress(0.0))
    with pytest.raises(ZeroDivisionError):
        paced.reraise()
