"""Gather what a verdict's confidence is fitted on: for each problem one solution and many derivations, graded.

    python bench/evidence.py ../shared/data/gsm8k_train.jsonl --sample 150 --seed 501 program:4 terse:2

A form is a prompt of agent/prompts with worked examples, or a file of that layout; `program:4` writes it once greedily
and three times at temperature 0.7. Records are appended to bench/runs/evidence-NAME-sSEED.jsonl; a run goes on where it
stopped. Written in rounds of a few problems and one form at a time, so that the server keeps a form's examples.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from accuracy import BARE_TOKENS, RUNS, read_jsonl, right
from langchain_core.messages import BaseMessage, HumanMessage
from rich.console import Console
from rich.progress import Progress

from agent.assembly import Tutor, open_tutor
from agent.errors import CheckFailed
from agent.models.loaded import Written
from agent.nodes import DERIVATION_END
from agent.parsing import final_answer
from agent.prompts import render, worked_turns, worked_turns_of
from agent.settings import load_settings, quiet_third_parties

TEMPERATURE = 0.7
DERIVATION_TOKENS = 320
ROUND = 24

Turns = tuple[BaseMessage, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problems", type=Path)
    parser.add_argument("forms", nargs="+")
    parser.add_argument("--sample", type=int, default=150)
    parser.add_argument("--seed", type=int, default=501)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--texts", type=int, default=1, help="solutions a problem: the first greedy, others sampled")
    options = parser.parse_args()
    quiet_third_parties()
    file = RUNS / f"evidence-{options.problems.stem}-s{options.seed}.jsonl"
    RUNS.mkdir(exist_ok=True)
    rows = read_jsonl(options.problems)
    chosen = random.Random(options.seed).sample(rows, min(options.sample, len(rows)))
    done = {record["id"] for record in read_jsonl(file)} if file.exists() else set()
    waiting = [row for row in chosen if row["id"] not in done]
    with (
        open_tutor(load_settings(parallel=options.workers, retrieval=False)) as tutor,
        Progress(console=Console(stderr=True)) as progress,
        ThreadPoolExecutor(options.workers) as pool,
    ):
        task = progress.add_task("problems", total=len(chosen), completed=len(done))
        forms = {Path(name).stem: (_turns(name), int(count or 1)) for name, _, count in
                 (form.partition(":") for form in options.forms)}  # fmt: skip
        for turns, _ in forms.values():
            tutor.context.model.keep_prefix(turns)
        for start in range(0, len(waiting), ROUND):
            some = waiting[start : start + ROUND]
            records = _round(tutor, some, forms, options.texts, pool.map)
            with file.open("a", encoding="utf-8") as out:
                out.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
            progress.advance(task, len(some))


def _turns(name: str) -> Turns:
    return worked_turns_of(Path(name).read_text(encoding="utf-8")) if "." in name else worked_turns(name)


def _round(
    tutor: Tutor,
    rows: Sequence[dict[str, Any]],
    forms: dict[str, tuple[Turns, int]],
    texts: int,
    run: Callable[..., Any],
) -> list[dict[str, Any]]:
    records = [
        {"id": row["id"], "problem": row["problem"], "gold": row["answer"], "texts": [], "derivations": []}
        for row in rows
    ]

    def text(job: tuple[dict[str, Any], int]) -> dict[str, Any]:
        record, number = job
        request = [HumanMessage(render("solve", problem=record["problem"]))]
        written = tutor.context.model.stream(
            request, max_tokens=BARE_TOKENS, temperature=TEMPERATURE if number else 0.0, seed=number
        )
        return _graded(final_answer(written.text), record["gold"], written) | {"number": number}

    def derivation(job: tuple[dict[str, Any], str, Turns, int]) -> dict[str, Any]:
        record, form, turns, number = job
        written = tutor.context.model.stream(
            [*turns, HumanMessage(record["problem"])], max_tokens=DERIVATION_TOKENS, stop=DERIVATION_END,
            temperature=TEMPERATURE if number else 0.0, seed=number,
        )  # fmt: skip
        answer, failure = None, ""
        try:
            answer = tutor.context.verifier.evaluate_derivation(written.text)
        except CheckFailed as failed:
            failure = str(failed)
        return _graded(answer, record["gold"], written) | {"form": form, "number": number, "failure": failure}

    text_jobs = [(record, number) for record in records for number in range(texts)]
    for (record, _), result in zip(text_jobs, run(text, text_jobs), strict=True):
        record["texts"].append(result)
    for form, (turns, count) in forms.items():
        jobs = [(record, form, turns, number) for record in records for number in range(count)]
        for (record, *_), result in zip(jobs, run(derivation, jobs), strict=True):
            record["derivations"].append(result)
    return records


def _graded(answer: str | None, gold: str, written: Written) -> dict[str, Any]:
    return {
        "answer": answer, "right": right(answer, gold), "text": written.text, "tokens": written.output_tokens,
        "mean_logprob": written.mean_logprob, "lowest_logprob": written.lowest_logprob, "reason": written.reason,
    }  # fmt: skip


if __name__ == "__main__":
    main()
