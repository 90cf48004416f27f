"""Mutate a valid file's text and show that reading it ends in an instance or in faults.

The test suite tries fifty mutants; a longer run is a command of its own::

    python tests/fuzz_reader.py --count 20000 --seed 1

It prints the seed of every mutant on which anything but an ``InputError`` came out, and ends with
1 if there was one.
"""

import argparse
import random
import sys
import traceback

from staffopt.errors import InputError
from staffopt.inspection import check_content
from staffopt.instance.starter import starter
from staffopt.model.schema import Model
from staffopt.yaml_text import read_yaml

NASTY = [
    *("", "~", "null", "NO", "yes", "1_000", "1e3", "1e99", "-1", "0x10", ".inf", ".nan", "£1,000"),
    *("1.000,5", "x" * 600, "[", "]", "{", "}", "[]", "{}", "{a: b}", "[a, [b]]", "&a", "*a"),
    *("!!python/name:os", "<<", "---", "...", "%YAML 1.1", "|", ">", "'", '"', "#", ":", "- "),
    *("\t", "\x00", "\ufeff", "\u2028", "\u202e", "\U0001f600", "é", "all", "off", "from", "from:"),
    *("2018-13", "9999-12", "0000-00", "2018/19", "a.b.c", "20-21", "< 20", "> 5", "?", "@", "`"),
    *("jo@example.org", "AB123456C", "teams", "roles.social_worker", "99999999999999999999"),
]


MODELS = {
    name: Model.model_validate({"schema_version": 1, "model": name, "title": name, **content})
    for name, content in {
        "today": {},
        "caseload-target": {
            "rules": {"keep_average_caseload": {"rounding": "posts_up"}},
            "goals": [{"minimise": "full_year_cost"}, {"minimise": "worst_caseload"}],
        },
        "support-ratio": {"rules": {"keep_support_ratio": {}, "limit_span_of_control": {}}},
        "least-cost-mix": {"rules": {"keep_average_caseload": {}, "release_time": {}}},
    }.items()
}


def mutate(text: str, seed: int) -> str:
    """Change a text in one to six places, by lines, words and characters."""
    rng = random.Random(seed)
    for _ in range(rng.randint(1, 6)):
        text = rng.choice([_line, _word, _character])(text, rng)
    return text


def _line(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
    change = rng.randrange(5)
    if change == 0:
        del lines[i]
    elif change == 1:
        lines.insert(j, lines[i])
    elif change == 2:
        lines[i], lines[j] = lines[j], lines[i]
    elif change == 3:
        lines[i] = " " * rng.randint(0, 6) + lines[i].lstrip()
    else:
        lines = lines[: i + 1]
    return "\n".join(lines)


def _word(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    i = rng.randrange(len(words))
    words[i] = rng.choice([rng.choice(NASTY), rng.choice(words), rng.choice(NASTY) + words[i]])
    return " ".join(words)


def _character(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(["", *NASTY]) + text[at + rng.randint(0, 3) :]


def read_mutant(seed: int) -> str:
    """Read one mutant; say how it ended, and let anything unforeseen through."""
    try:
        tree = read_yaml(mutate(starter("fuzzed"), seed), "mutant.yaml")
    except InputError as error:
        faults = list(error.faults)
        assert faults, "refused without a fault"
    else:
        faults = check_content(tree, MODELS)
    errors = [fault for fault in faults if not fault.warning]
    assert all(fault.what and fault.mend and fault.place.file for fault in faults), faults
    return "faults" if errors else "read"


def main() -> int:
    """Read as many mutants as asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    ended = {"read": 0, "faults": 0, "broken": 0}
    for seed in range(asked.seed, asked.seed + asked.count):
        try:
            ended[read_mutant(seed)] += 1
        except Exception:  # noqa: BLE001 (whatever it is, it is what is looked for)
            ended["broken"] += 1
            sys.stdout.write(f"seed {seed}:\n{traceback.format_exc(limit=-3)}\n")
    sys.stdout.write(f"{ended}\n")
    return 1 if ended["broken"] else 0


if __name__ == "__main__":
    sys.exit(main())
