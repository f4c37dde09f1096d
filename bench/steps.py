"""Measures the step checker on human solutions: steps it checks, steps it wrongly refutes, errors it finds.

    python bench/steps.py [--rows 1000] [--seed 7]

Reads gsm8k_train.jsonl and math_train.jsonl in ../shared/data (or the folder of --data) and writes nothing.
Every refutation is printed: the solutions are correct, so each is a false alarm or a slip in the data.
Then one result of each word problem's solution is made wrong: "found" counts the lines that are refuted,
"put right" those whose correction is the right number.

    python bench/steps.py --speed [--rows 1000] [--seed 7]

measures instead how long the check of a step with an equation takes as the tutor asks for it: through the Verifier and
its worker process, warm, one step at a time, with the problem and the steps before it. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from agent.domain import Claim, Verdict  # noqa: E402
from agent.verification.claims.claims import check_step  # noqa: E402
from agent.verification.verifier import Verifier  # noqa: E402

_RELATION = re.compile(r"=|\\approx|≈")
_RESULT = re.compile(r"<<[^<>=]+=([0-9]+)>>([0-9]+)(?![0-9.,/%])")
_SENTENCE = re.compile(r"\n\s*\n|(?<=[.?])\s+(?=[A-Z$\\])")


@dataclass
class Tally:
    """Counts over the steps of one kind that hold a relation sign."""

    name: str
    steps: int = 0
    checked: int = 0
    refuted: int = 0
    seconds: float = 0.0
    alarms: list[tuple[str, Claim]] = field(default_factory=list)

    def add(self, step: str, problem: str = "") -> None:
        started = time.perf_counter()
        claims = check_step(step, problem=problem)
        self.seconds += time.perf_counter() - started
        verdicts = {claim.verdict for claim in claims}
        self.steps += 1
        self.checked += bool(verdicts & {Verdict.VERIFIED, Verdict.REFUTED})
        self.refuted += Verdict.REFUTED in verdicts
        self.alarms += [(step, claim) for claim in claims if claim.verdict is Verdict.REFUTED]

    def lines(self) -> Iterator[str]:
        for step, claim in self.alarms:
            yield f"  {claim.reason}   in: {' '.join(step.split())[:150]}"
        milliseconds = 1000 * self.seconds / max(self.steps, 1)
        yield f"{self.name}: {self.steps} steps with an equation, {milliseconds:.1f} ms each"
        yield f"  checked {share(self.checked, self.steps)}"
        yield f"  refuted {share(self.refuted, self.steps)}"


def share(count: int, total: int) -> str:
    """A share in per cent with its 95 % Wilson interval."""
    if not total:
        return "none of 0"
    z, p = 1.96, count / total
    middle = (p + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    low, high = 100 * max(middle - half, 0), 100 * (middle + half)
    return f"{100 * p:.2f} % ({count} of {total}; {low:.2f} to {high:.2f} %)"


@dataclass
class Planted:
    """Counts over lines into which one wrong result was written."""

    lines: int = 0
    found: int = 0
    put_right: int = 0

    def add(self, annotated: str, problem: str, chance: random.Random) -> None:
        results = [match for match in _RESULT.finditer(annotated) if match[1] == match[2]]
        if not results:
            return
        result = chance.choice(results)
        right = result[2]
        wrong = str(max(int(right) + chance.choice([-10, -2, -1, 1, 2, 10]), 0))
        if wrong == right:
            return
        start = _plain(annotated[: result.start(2)]).rpartition("\n")[2]
        line = start + wrong + _plain(annotated[result.end(2) :]).partition("\n")[0]
        claims = [claim for claim in check_step(line, problem=problem) if claim.verdict is Verdict.REFUTED]
        self.lines += 1
        self.found += bool(claims)
        self.put_right += any(
            claim.correction
            and claim.correction.start == len(start)
            and claim.correction.replacement.replace(",", "").removesuffix(".00") == right
            for claim in claims
        )


@dataclass
class FirstWrong:
    """Counts over wrong solutions with the first wrong step marked: is the first refuted step that one?

    `falsely` are the right steps before it that are refuted, of `right_steps`.
    """

    name: str
    solutions: int = 0
    refuted: int = 0
    exact: int = 0
    near: int = 0
    right_steps: int = 0
    falsely: int = 0

    def add(self, steps: list[str], first_wrong: int | None, problem: str) -> None:
        """`first_wrong` counts from 0; None for a solution without a wrong step."""
        sound = len(steps) if first_wrong is None else first_wrong
        refuted = [
            number
            for number, step in enumerate(steps)
            if any(c.verdict is Verdict.REFUTED for c in check_step(step, earlier=steps[:number], problem=problem))
        ]
        self.right_steps += sound
        self.falsely += sum(number < sound for number in refuted)
        if first_wrong is not None:
            self.solutions += 1
            self.refuted += bool(refuted)
            self.exact += bool(refuted) and refuted[0] == first_wrong
            self.near += bool(refuted) and abs(refuted[0] - first_wrong) <= 1

    def lines(self) -> Iterator[str]:
        yield f"{self.name}: {self.solutions} wrong solutions with the first wrong step marked"
        yield f"  some step refuted {share(self.refuted, self.solutions)}"
        yield f"  the first wrong step found: exact {share(self.exact, self.solutions)}"
        yield f"  to within one step {share(self.near, self.solutions)}"
        yield f"  right steps refuted {share(self.falsely, self.right_steps)}"


def first_wrong_steps(data: Path) -> Iterator[FirstWrong]:
    """Student solutions (stepverify) step by step, and model solutions (CHAMP) line by line."""
    students, models = FirstWrong("stepverify_dev"), FirstWrong("champ_fws_dev")
    for row in sample(data / "stepverify_dev.jsonl", 10_000, 0):
        students.add(list(row["student_steps"]), int(row["first_error_index"]), row["problem"])
    for row in sample(data / "champ_fws_dev.jsonl", 10_000, 0):
        if row["all_correct"]:
            models.add(row["model_solution"].split("\n"), None, row["problem"])
        elif row["first_wrong_start"] is not None:
            wrong = row["model_solution"][: int(row["first_wrong_start"])].count("\n")
            models.add(row["model_solution"].split("\n"), wrong, row["problem"])
    yield from (students, models)


def _plain(annotated: str) -> str:
    return re.sub(r"<<[^<>]*>>", "", annotated)


WARM_UP = 50  # solutions that are checked before the clock counts; they come from the end of the sample


def print_speed(prose: list[dict[str, str]], latex: list[dict[str, str]], seed: int) -> None:
    """Milliseconds of `Verifier.check_step` over the steps with an equation: the others cost next to nothing."""
    solutions = {
        "word problems, lines": [(row["problem"], row["solution"].split("\n")) for row in prose],
        "LaTeX, sentences": [(row["problem"], list(sentences(row["solution"]))) for row in latex],
    }
    print(f"`Verifier.check_step`, warm, seed {seed}:\n")
    print("| steps | solutions | n | p50 ms | p95 ms | p99 ms | longest ms | stopped at the deadline |")
    print("|---|---|---|---|---|---|---|---|")
    with Verifier() as verifier:
        started = time.perf_counter()
        verifier.start()
        at_once = time.perf_counter() - started
        verifier.check_step("2 + 2 = 4")
        ready = time.perf_counter() - started
        for name, sample_of_kind in solutions.items():
            timed_checks(verifier, sample_of_kind[-WARM_UP:])
            times, stopped = timed_checks(verifier, sample_of_kind)
            p50, p95, p99 = (1000 * statistics.quantiles(times, n=100)[share - 1] for share in (50, 95, 99))
            print(
                f"| {name} | {len(sample_of_kind)} | {len(times)} | {p50:.1f} | {p95:.1f} | {p99:.1f} | "
                f"{1000 * max(times):.0f} | {stopped} |"
            )
    print(
        f"\nStarting the worker holds its caller up for {1000 * at_once:.0f} ms; "
        f"the first check is done {ready:.1f} s after that."
    )


def timed_checks(verifier: Verifier, solutions: list[tuple[str, list[str]]]) -> tuple[list[float], int]:
    """The seconds of each check, and how many of the checks were stopped at the deadline."""
    times, stopped = [], 0
    for problem, steps in solutions:
        for place, step in enumerate(steps):
            if not _RELATION.search(step):
                continue
            started = time.perf_counter()
            claims = verifier.check_step(step, earlier=steps[:place], problem=problem)
            times.append(time.perf_counter() - started)
            if any("took longer than" in claim.reason for claim in claims):
                stopped += 1
                verifier.check_step("2 + 2 = 4")  # waits for the new worker, which is nobody's step
    return times, stopped


def sentences(solution: str) -> Iterator[str]:
    """The sentences and paragraphs of a LaTeX solution; no formula is cut in two."""
    held = ""
    for part in _SENTENCE.split(solution):
        held = f"{held} {part}".strip()
        balanced = held.count(r"\begin{") == held.count(r"\end{") and held.count(r"\[") == held.count(r"\]")
        if balanced and (held.count("$") - held.count(r"\$")) % 2 == 0:
            yield held
            held = ""
    if held:
        yield held


def sample(path: Path, rows: int, seed: int) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        everything = [json.loads(line) for line in lines]
    return random.Random(seed).sample(everything, min(rows, len(everything)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1000, help="rows sampled from each file (default 1000)")
    parser.add_argument("--seed", type=int, default=7, help="seed of the sample (default 7)")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the data")
    parser.add_argument("--speed", action="store_true", help="measure the time of a check instead")
    arguments = parser.parse_args()
    if not (arguments.data / "gsm8k_train.jsonl").is_file():
        print(f"No data in {arguments.data}: give the folder of gsm8k_train.jsonl with --data.", file=sys.stderr)
        return 2
    if arguments.speed:
        words, latex_rows = (
            sample(arguments.data / f"{name}_train.jsonl", arguments.rows, arguments.seed) for name in ("gsm8k", "math")
        )
        print_speed(words, latex_rows, arguments.seed)
        return 0
    prose, annotations, latex = Tally("word problems, lines"), Tally("annotations"), Tally("LaTeX, sentences")
    planted, chance = Planted(), random.Random(arguments.seed)
    for row in sample(arguments.data / "gsm8k_train.jsonl", arguments.rows, arguments.seed):
        planted.add(row["solution_annotated"], row["problem"], chance)
        for step in row["solution"].split("\n"):
            if _RELATION.search(step):
                prose.add(step, row["problem"])
        for equation in re.findall(r"<<([^<>]+)>>", row["solution_annotated"]):
            annotations.add(equation, row["problem"])
    for row in sample(arguments.data / "math_train.jsonl", arguments.rows, arguments.seed):
        for step in sentences(row["solution"]):
            if _RELATION.search(step):
                latex.add(step, row["problem"])
    for tally in (prose, annotations, latex):
        print("\n".join(tally.lines()))
    for wrong in first_wrong_steps(arguments.data):
        print("\n".join(wrong.lines()))
    print(f"planted errors: found {share(planted.found, planted.lines)}")
    print(f"  put right {share(planted.put_right, planted.lines)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
