"""The example script runs, and its figures are the paper's or worked out here by hand."""

import runpy
import subprocess
import sys

from pages import ROOT


def test_the_example_prints_what_hand_arithmetic_gives(capsys):
    runpy.run_path(str(ROOT / "examples" / "embed.py"), run_name="__main__")
    printed = capsys.readouterr().out.splitlines()
    # Paragraphs 9 and 11.
    assert printed[0] == "20.5 support officers, £314,461 in 2018/19 (CERTIFIED)"
    # 3,443 / 20.5 - 146 = 21.95, so 22 posts. At 20.55 each, the least whole posts are 49, 19 and
    # 100 (1,000 / 49 = 20.41, 389 / 19 = 20.47, 2,054 / 100 = 20.54): 13 + 3 + 6 = 22. One post
    # fewer anywhere gives 20.83, 21.61 or 20.75.
    assert printed[1] == "with 1,000 cases in Assessment: 13 more there"
    assert printed[2] == "£600,000 a year: enough"
    # The addition costs 580,521 a year (paragraph 9).
    assert printed[3].startswith("£580,000 a year: ")
    assert printed[3].endswith("over by £521")
    assert len(printed) == 4


def test_the_examples_pass_a_strict_type_checker():
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "examples"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
