"""Trying one random question after the other, from a command line: what ends as it must not."""

import argparse
import sys
from collections import Counter
from collections.abc import Callable


def run(about: str | None, try_one: Callable[[int], str], count: int) -> int:
    """Try many seeds, print what ended as it must not, and return 1 if any did.

    Args:
        about: what the command says of itself.
        try_one: from a seed to how it ended, in words; ``DEFECT`` first where it must not end so.
        count: so many seeds are tried unless the command line says otherwise.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--count", type=int, default=count)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    ended: Counter[str] = Counter()
    for seed in range(given.seed, given.seed + given.count):
        end = try_one(seed)
        ended[" ".join(end.split()[:2])] += 1
        if end.startswith("DEFECT"):
            sys.stdout.write(f"{seed}: {end[:2000]}\n")
    sys.stdout.write(f"{dict(ended.most_common())}\n")
    return int(any(end.startswith("DEFECT") for end in ended))
