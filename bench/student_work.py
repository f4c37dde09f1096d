"""Measures the checking of students' solutions: is the first wrong step found, and is right work left in peace?

    python bench/student_work.py collect --rows 60          # model calls, kept in bench/runs, resumable
    python bench/student_work.py report --rows 60           # the table, without a model call

Reads stepverify_dev.jsonl in ../shared/data (or the folder of --data): wrong solutions of students with the first wrong
step marked, and the reference solution of each problem, whose steps are right. `collect` asks the model for what the
tutor asks for (derivations from the problem alone) and, for comparison, asks it directly with one prompt
(bench/prompts/find_first_wrong.md) which step of the student's solution, and of the reference solution, is wrong.
60 rows (seed 1) were looked at while the rules were written; `--development` takes those, all else leaves out their
problems. A solution's last line that is a bare number is its answer, and a step like any other: so the data counts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from accuracy import RUNS, append, read_jsonl
from langchain_core.messages import HumanMessage
from rich.console import Console
from rich.progress import Progress

from agent.assembly import Tutor, open_tutor
from agent.derivations import DERIVATION_END, Request
from agent.domain import Verdict
from agent.errors import CheckFailed
from agent.prompts import worked_turns
from agent.settings import load_settings, quiet_third_parties
from agent.verification.equivalence import same_value

ROOT = Path(__file__).resolve().parent.parent
CALLS = RUNS / "student_work.jsonl"
FORMS = ("program", "function", "sentences")
DEVELOPMENT_ROWS, DEVELOPMENT_SEED = 60, 1
DERIVATION_TOKENS, DIRECT_TOKENS = 320, 300

Row = dict[str, Any]
Record = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["collect", "report"])
    parser.add_argument("--rows", type=int, default=60, help="rows of the sample (default 60)")
    parser.add_argument("--seed", type=int, default=2, help="seed of the sample (default 2)")
    parser.add_argument("--development", action="store_true", help="the rows that the rules were written with")
    parser.add_argument("--workers", type=int, default=4, help="model calls side by side (default 4)")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the data")
    options = parser.parse_args()
    file = options.data / "stepverify_dev.jsonl"
    if not file.is_file():
        print(f"No {file}: give the folder of stepverify_dev.jsonl with --data.", file=sys.stderr)
        return 2
    rows = chosen_rows(read_jsonl(file), options.rows, options.seed, options.development)
    collect(rows, options.workers, direct=not options.development)
    return 0


def chosen_rows(rows: list[Row], count: int, seed: int, development: bool) -> list[Row]:
    """The sample: of one problem one row, so that rows count for themselves."""
    seen = random.Random(DEVELOPMENT_SEED).sample(rows, DEVELOPMENT_ROWS)
    if development:
        return seen[:count]
    known = {row["problem"] for row in seen}
    rest = [row for row in random.Random(seed).sample(rows, len(rows)) if row["problem"] not in known]
    return list({row["problem"]: row for row in reversed(rest)}.values())[::-1][:count]


def reference_steps(row: Row) -> list[str]:
    return [line for line in row["reference_solution"].split("\n") if line.strip()]


def key(problem: str, kind: str, steps: list[str]) -> str:
    return hashlib.sha256(json.dumps([problem, kind, steps]).encode()).hexdigest()[:24]


def known_calls() -> dict[str, Record]:
    return {record["key"]: record for record in read_jsonl(CALLS)} if CALLS.exists() else {}


def collect(rows: list[Row], workers: int, *, direct: bool) -> None:
    """Make the model calls that are not kept yet, row by row, so that a run that is cut off has whole rows.

    As the tutor does, a third derivation is asked for only where the first two do not agree. The bare model's word on
    the reference solutions, which says how often it accuses falsely, comes after everything else.
    """
    quiet_third_parties()
    RUNS.mkdir(exist_ok=True)
    known, writing = known_calls(), threading.Lock()
    with (
        open_tutor(load_settings(parallel=workers, retrieval=False)) as tutor,
        Progress(console=Console(stderr=True)) as progress,
        ThreadPoolExecutor(workers) as pool,
    ):
        for form in FORMS:
            tutor.context.model.keep_prefix(worked_turns(form))
        task = progress.add_task("rows", total=len(rows) * (1 + direct))

        def kept(problem: str, kind: str, steps: list[str]) -> Record:
            name = key(problem, kind, steps)
            if name not in known:
                known[name] = {"key": name, "kind": kind, **call(tutor, problem, kind, steps)}
                with writing:
                    append(CALLS, known[name])
            return known[name]

        def one(row: Row) -> None:
            first, second, third = FORMS
            answers = [kept(row["problem"], form, [])["answer"] for form in (first, second)]
            if None in answers or same_value(*map(str, answers)) is not Verdict.VERIFIED:
                kept(row["problem"], third, [])
            if direct:
                kept(row["problem"], "direct", list(row["student_steps"]))
            progress.advance(task)

        def reference(row: Row) -> None:
            kept(row["problem"], "direct", reference_steps(row))
            progress.advance(task)

        list(pool.map(one, rows))
        if direct:
            list(pool.map(reference, rows))


def call(tutor: Tutor, problem: str, kind: str, steps: list[str]) -> Record:
    """One derivation from the problem alone, or the model's own word on which step is wrong (0-based)."""
    model = tutor.context.model
    if kind == "direct":
        written = model.stream([HumanMessage(direct_prompt(problem, steps))], max_tokens=DIRECT_TOKENS)
        return {"text": written.text, "tokens": written.output_tokens}
    written = model.stream(Request(kind).turns(problem), max_tokens=DERIVATION_TOKENS, stop=DERIVATION_END)
    answer, failure = None, None
    try:
        answer = tutor.context.verifier.evaluate_derivation(written.text)
    except CheckFailed as failed:
        failure = str(failed)
    likelihood = asdict(written.likelihood) if written.likelihood else None
    return {
        "text": written.text, "tokens": written.output_tokens, "answer": answer, "failure": failure,
        "likelihood": likelihood,
    }  # fmt: skip


def direct_prompt(problem: str, steps: list[str]) -> str:
    text = (Path(__file__).parent / "prompts" / "find_first_wrong.md").read_text(encoding="utf-8").strip()
    numbered = "\n".join(f"Step {number}: {step.strip()}" for number, step in enumerate(steps, 1))
    values = {"{problem}": problem, "{steps}": numbered}
    return re.sub(r"\{problem\}|\{steps\}", lambda place: values[place[0]], text)


if __name__ == "__main__":
    raise SystemExit(main())
