"""Accuracy of the tutor against its own model: the same problems, the same server, one run, paired.

    python bench/accuracy.py ../shared/data/gsm8k_train.jsonl --sample 60 --seed 11 --workers 2

Reads JSON Lines of `problem` and `answer`. For every problem: (i) the bare model, one plain step-by-step call;
(ii) the tutor. Every item's record is appended to bench/runs/NAME.jsonl, so that a run that was cut off goes on
where it stopped; `--report` prints the table again without running anything.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import random
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from langchain_core.messages import HumanMessage
from rich.console import Console
from rich.progress import Progress

from agent import events
from agent.assembly import Tutor, open_tutor
from agent.domain import Verdict
from agent.parsing import final_answer
from agent.prompts import render
from agent.settings import load_settings, quiet_third_parties

RUNS = Path(__file__).parent / "runs"
BARE_TOKENS = 1024  # the tutor's own limit on a solution's text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problems", type=Path)
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--workers", type=int, default=2, help="problems at the same time")
    parser.add_argument("--name", default="")
    parser.add_argument("--report", action="store_true")
    options = parser.parse_args()
    name = options.name or f"{options.problems.stem}-n{options.sample}-s{options.seed}"
    file = RUNS / f"{name}.jsonl"
    if not options.report:
        run(options, file)
    report(read_jsonl(file), name)


def read_jsonl(file: Path) -> list[dict[str, Any]]:
    """The objects of a JSON Lines file. Only a line feed ends a line: texts hold other separators."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]


def run(options: argparse.Namespace, file: Path) -> None:
    """Solve what is not in `file` yet, a few problems at a time."""
    quiet_third_parties()
    rows = read_jsonl(options.problems)
    chosen = random.Random(options.seed).sample(rows, min(options.sample, len(rows)))
    file.parent.mkdir(exist_ok=True)
    done = {record["id"] for record in read_jsonl(file)} if file.exists() else set()
    settings = load_settings(parallel=2 * options.workers, seed=options.seed)
    writing = threading.Lock()
    with open_tutor(settings) as tutor, Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("problems", total=len(chosen), completed=len(done))

        def one(row: dict[str, Any]) -> None:
            record = {
                "id": row["id"],
                "problem": row["problem"],
                "gold": row["answer"],
                **solve_both(tutor, row),
            }
            with writing, file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(record, ensure_ascii=False) + "\n")
            progress.advance(task)

        with ThreadPoolExecutor(options.workers) as pool:
            list(pool.map(one, [row for row in chosen if row["id"] not in done]))


def solve_both(tutor: Tutor, row: dict[str, Any]) -> dict[str, Any]:
    """The bare model's and the tutor's answers to one problem, graded."""
    gold, problem = row["answer"], row["problem"]
    started = time.perf_counter()
    request = [HumanMessage(render("solve", problem=problem))]
    bare = tutor.context.model.stream(request, max_tokens=BARE_TOKENS)
    bare_seconds = time.perf_counter() - started
    started = time.perf_counter()
    timed = [(time.perf_counter() - started, event) for event in tutor.session().ask(problem)]
    solution = next(event.solution for _, event in timed if isinstance(event, events.AnswerGiven))
    # The text's own answer, before the cross-check had any say in it.
    text_answer = final_answer("\n\n".join(step.text for step in solution.steps))
    costs = [event for _, event in timed if isinstance(event, events.NodeFinished)]
    bare_answer = final_answer(bare.text)
    return {
        "bare": {
            "answer": bare_answer, "right": right(bare_answer, gold), "text": bare.text,
            "tokens": bare.output_tokens, "seconds": round(bare_seconds, 2),
        },
        "tutor": {
            "answer": solution.answer, "right": right(solution.answer, gold), "route": solution.route,
            "text_answer": text_answer, "text_right": right(text_answer, gold),
            "verdict": solution.badge.verdict, "reason": solution.badge.reason,
            "steps": [step.text for step in solution.steps],
            "replaced": sum(len(step.replaced) for step in solution.steps),
            "refutations": [e.claim.reason for _, e in timed if isinstance(e, events.StepRefuted)],
            "derivations": [[d.form, d.text, d.answer, d.failure] for d in solution.derivations],
            "tokens": sum(event.output_tokens for event in costs), "seconds": round(timed[-1][0], 2),
        },
    }  # fmt: skip


def right(answer: str | None, gold: str) -> bool:
    """Whether Math-Verify, which is not ours, takes the answer for the gold one."""
    if answer is None:
        return False
    from math_verify import parse, verify

    logging.getLogger("math_verify").setLevel(logging.CRITICAL)  # it warns at every call that it sets no alarm
    reading = parse(f"${answer}$", parsing_timeout=None) or parse(answer, parsing_timeout=None)
    return bool(verify(parse(f"${gold}$", parsing_timeout=None), reading, timeout_seconds=None))


def wilson(successes: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % score interval of a proportion (Wilson 1927)."""
    if n == 0:
        return 0.0, 1.0
    p = successes / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def clopper_pearson_lower(successes: int, n: int, alpha: float = 0.05) -> float:
    """The lower end of the exact two-sided 95 % interval of a proportion, by bisection."""
    if successes == 0:
        return 0.0

    def tail(p: float) -> float:
        return sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(successes, n + 1))

    low, high = 0.0, successes / n
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if tail(middle) < alpha / 2 else (low, middle)
    return low


def mcnemar(only_first: int, only_second: int) -> float:
    """Exact two-sided p of McNemar's test on the discordant pairs."""
    n = only_first + only_second
    if n == 0:
        return 1.0
    tail = sum(math.comb(n, k) for k in range(min(only_first, only_second) + 1)) / 2**n
    return min(1.0, 2 * tail)


def report(records: list[dict[str, Any]], name: str) -> None:
    """Print the table of a run as Markdown, then every item that was verified and wrong."""
    n = len(records)
    out = sys.stdout.write
    bare = sum(r["bare"]["right"] for r in records)
    text = sum(r["tutor"]["text_right"] for r in records)
    tutor = sum(r["tutor"]["right"] for r in records)
    gained = sum(r["tutor"]["text_right"] and not r["bare"]["right"] for r in records)
    lost = sum(r["bare"]["right"] and not r["tutor"]["text_right"] for r in records)
    verified = [r for r in records if r["tutor"]["verdict"] == Verdict.VERIFIED]
    good = sum(r["tutor"]["right"] for r in verified)
    rest = [r for r in records if r not in verified]
    out(f"\n### {name}: n = {n}\n\n| | right | 95 % interval | tokens written (mean) |\n|---|---|---|---|\n")
    for label, count, key in (("bare model, one call", bare, "bare"), ("tutor, its text's answer", text, "tutor"),
                              ("tutor, answer given", tutor, "tutor")):  # fmt: skip
        low, high = wilson(count, n)
        tokens = sum(r[key]["tokens"] for r in records) / max(n, 1)
        out(f"| {label} | {count} ({count / max(n, 1):.1%}) | {low:.1%} to {high:.1%} | {tokens:.0f} |\n")
    out(f"\nText against bare: {gained} gained, {lost} lost, {100 * (text - bare) / max(n, 1):+.1f} points, "
        f"McNemar p = {mcnemar(gained, lost):.2f}.\n")  # fmt: skip
    if verified:
        out(f"Badge: {len(verified)} verified (coverage {len(verified) / n:.1%}), {good} of them right "
            f"(precision {good / len(verified):.1%}, 95 % at least {clopper_pearson_lower(good, len(verified)):.1%}); "
            f"of the other {len(rest)}, {sum(r['tutor']['right'] for r in rest)} are right.\n")  # fmt: skip
    changed = [r for r in records if r["tutor"]["refutations"]]
    out(f"Steps sent back: {sum(len(r['tutor']['refutations']) for r in changed)} in {len(changed)} problems; of these "
        f"the text was right in {sum(r['tutor']['text_right'] for r in changed)}, the bare model in "
        f"{sum(r['bare']['right'] for r in changed)}.\n")  # fmt: skip
    for record in verified:
        if not record["tutor"]["right"]:
            out(f"\nVerified but wrong: {record['id']}: {record['tutor']['answer']}, gold {record['gold']}\n")


if __name__ == "__main__":
    main()
