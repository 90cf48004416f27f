"""Ctrl-C and progress while a solve runs."""

import io
import sys
import threading
from types import SimpleNamespace

import pytest

from staffopt.cli import running
from staffopt.cli.running import ProgressLine, run


class Terminal(io.StringIO):
    encoding = "utf-8"

    def __init__(self, *, tty):
        super().__init__()
        self._tty = tty

    def isatty(self):
        return self._tty


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def interrupting(monkeypatch, times):
    """Let the waiting thread meet Ctrl-C so often, then wait as ever."""
    left = [times]
    plain = running.wait

    def wait(*args, **kwargs):
        if left[0]:
            left[0] -= 1
            raise KeyboardInterrupt
        return plain(*args, **kwargs)

    monkeypatch.setattr(running, "wait", wait)


def test_what_the_work_returns_comes_back():
    assert run(lambda cancel: 42, ProgressLine(quiet=True)) == 42


def test_what_the_work_raises_is_raised():
    def work(cancel):
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        run(work, ProgressLine(quiet=True))


def test_the_first_interrupt_asks_the_work_to_stop_and_keeps_its_answer(monkeypatch, capsys):
    interrupting(monkeypatch, 1)

    def work(cancel):
        assert cancel.wait(10)
        return "the best so far"

    assert run(work, ProgressLine(quiet=True)) == "the best so far"
    assert "Ctrl-C again to abort" in capsys.readouterr().err


def test_the_second_interrupt_aborts(monkeypatch):
    interrupting(monkeypatch, 2)
    release = threading.Event()
    with pytest.raises(KeyboardInterrupt):
        run(lambda cancel: release.wait(10), ProgressLine(quiet=True))
    release.set()


def shown(monkeypatch, *, tty, quiet, seconds):
    stream, clock = Terminal(tty=tty), Clock()
    monkeypatch.setattr(sys, "stderr", stream)
    line = ProgressLine(quiet=quiet, clock=clock)
    news = SimpleNamespace(goal="full_year_cost", number=1, goals=2, value=580521.4, bound=570000.0)
    line.see(news)
    for second in seconds:
        clock.now = second
        line.tick()
    line.end()
    return stream.getvalue()


def test_nothing_is_shown_in_the_first_second(monkeypatch):
    assert shown(monkeypatch, tty=True, quiet=False, seconds=[0.5, 0.9]) == ""


def test_a_terminal_gets_one_line_that_is_cleared(monkeypatch):
    text = shown(monkeypatch, tty=True, quiet=False, seconds=[1.5, 2.5])
    assert "solving, 2 s, goal 1 of 2, full year cost, best so far 580,521.40" in text
    assert "none below 570,000.00" in text
    assert "\n" not in text
    assert text.endswith(" \r")


def test_elsewhere_a_line_comes_every_five_seconds(monkeypatch):
    text = shown(monkeypatch, tty=False, quiet=False, seconds=[1, 4, 5, 7, 9.9, 10])
    assert [line.split(",")[1] for line in text.splitlines()] == [" 5 s", " 10 s"]


def test_quiet_shows_nothing(monkeypatch):
    assert shown(monkeypatch, tty=True, quiet=True, seconds=[2, 10]) == ""
