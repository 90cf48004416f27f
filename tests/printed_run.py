"""Hold every sum of money in every report to the exact one, of random councils.

The test suite reads a few; a longer run is a command of its own::

    python tests/printed_run.py --count 50 --seed 1

A council takes half a minute or so. A sum that is none of the exact ones rounded half up is printed
with its seed and its line, and the command then ends with 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from printed_money import told, unexplained, walks


def main() -> int:
    """Read the reports of many councils and print what they tell wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    wrong = read = 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(given.seed, given.seed + given.count):
            for name, text, sums in walks(seed, Path(folder)):
                read += sum(1 for _ in told(text))
                for words in unexplained(text, sums):
                    wrong += 1
                    sys.stdout.write(f"{seed}, {name}: {words}\n")
    sys.stdout.write(f"{read} sums of money read, {wrong} of them wrong\n")
    return int(wrong > 0 or not read)


if __name__ == "__main__":
    sys.exit(main())
