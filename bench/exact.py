"""How many problems SymPy answers alone, and how many of these answers are right; no model is asked.

    python bench/exact.py ../shared/data/math_dev.jsonl [--sample 500 --seed 11] [--levels 1 2 3]

Reads JSON Lines of `problem` and `answer`, routes each problem as the tutor does, and works out those that are a
symbolic task as a whole. Answers are graded by Math-Verify and by our own equivalence; where either takes one for
wrong, it is printed for a person to judge (Math-Verify does not read "x < 1 or x > 2", nor sqrt without a backslash).
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from accuracy import clopper_pearson_lower, graded, read_jsonl
from rich.console import Console
from rich.progress import track

from agent.domain import Route
from agent.routing import decide
from agent.verification.verifier import Verifier


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problems", type=Path)
    parser.add_argument("--sample", type=int, help="this many of them, drawn by the seed; else all")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--levels", type=int, nargs="*", help="only problems of these levels (MATH)")
    options = parser.parse_args()
    rows = [row for row in read_jsonl(options.problems) if not options.levels or row["level"] in options.levels]
    if options.sample:
        rows = random.Random(options.seed).sample(rows, min(options.sample, len(rows)))
    with Verifier() as verifier:
        outcomes = [work_out(verifier, row) for row in track(rows, console=Console(stderr=True))]
    report(outcomes)


def work_out(verifier: Verifier, row: dict[str, Any]) -> dict[str, Any]:
    recognised = decide(row["problem"]).route is Route.SYMBOLIC
    found = verifier.solve_symbolic(row["problem"]) if recognised else None
    answered = (
        {"answer": found.answer, "checked": found.checked, **graded(found.answer, row["answer"])} if found else {}
    )
    return {"problem": row["problem"], "gold": row["answer"], "recognised": recognised, **answered}


def report(outcomes: Sequence[dict[str, Any]]) -> None:
    out, n = sys.stdout.write, len(outcomes)
    answered = [o for o in outcomes if "answer" in o]
    checked = [o for o in answered if o["checked"]]
    doubtful = [o for o in answered if not (o["right"] or o["same"])]
    good = len(answered) - len(doubtful)
    out(f"n = {n}: recognised {sum(o['recognised'] for o in outcomes)}, "
        f"answered {len(answered)} ({len(answered) / n:.1%}), "
        f"with a second way that agrees {len(checked)} ({len(checked) / n:.1%})\n")  # fmt: skip
    if answered:
        out(f"graded right by Math-Verify {sum(o['right'] for o in answered)}, by it or by our own equivalence {good} "
            f"(at least {clopper_pearson_lower(good, len(answered)):.1%})\n")  # fmt: skip
    for o in doubtful:
        out(f"- given {o['answer']}, reference {o['gold']}{'' if o['checked'] else ' (◌)'}: "
            f"{' '.join(o['problem'].split())[:300]}\n")  # fmt: skip


if __name__ == "__main__":
    main()
