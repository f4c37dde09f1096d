"""How often a form of derivation is right by itself, on the same problems, for choosing and improving the forms.

    python bench/derivations.py ../shared/data/gsm8k_train.jsonl --sample 100 --seed 21 program terse

A form is a prompt of agent/prompts with worked examples, or a file of that layout. Prints Markdown: right, readable,
tokens, and the paired comparison of the first form with each other one.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from accuracy import RUNS, mcnemar, read_jsonl, right, wilson
from langchain_core.messages import BaseMessage, HumanMessage
from rich.console import Console
from rich.progress import track

from agent.assembly import Tutor, open_tutor
from agent.errors import CheckFailed
from agent.nodes import DERIVATION_END
from agent.prompts import worked_turns, worked_turns_of
from agent.settings import load_settings, quiet_third_parties


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problems", type=Path)
    parser.add_argument("forms", nargs="+")
    parser.add_argument("--sample", type=int, default=100)
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--workers", type=int, default=8)
    options = parser.parse_args()
    quiet_third_parties()
    chosen = random.Random(options.seed).sample(read_jsonl(options.problems), options.sample)
    results: dict[str, list[tuple[bool, bool, int]]] = {}
    RUNS.mkdir(exist_ok=True)
    with open_tutor(load_settings(parallel=options.workers, retrieval=False)) as tutor:
        for form in options.forms:
            turns = worked_turns_of(Path(form).read_text(encoding="utf-8")) if "." in form else worked_turns(form)
            tutor.context.model.keep_prefix(turns)
            one = [(tutor, turns, row["problem"], row["answer"], row["id"], form) for row in chosen]
            with ThreadPoolExecutor(options.workers) as pool:
                waiting = pool.map(lambda given: derive(*given), one)
                results[form] = list(
                    track(waiting, total=len(one), description=Path(form).stem, console=Console(stderr=True))
                )
    report(results, options)


def derive(tutor: Tutor, turns: tuple[BaseMessage, ...], problem: str, gold: str, row: str, form: str
           ) -> tuple[bool, bool, int]:  # fmt: skip
    """(right, readable, tokens) of one derivation."""
    written = tutor.context.model.stream([*turns, HumanMessage(problem)], max_tokens=320, stop=DERIVATION_END)
    answer, failure = None, ""
    try:
        answer = tutor.context.verifier.evaluate_derivation(written.text)
    except CheckFailed as failed:
        failure = str(failed)
    correct = right(answer, gold)
    with (RUNS / "derivations.jsonl").open("a", encoding="utf-8") as out:
        record = {"id": row, "form": form, "text": written.text, "answer": answer, "gold": gold, "right": correct,
                  "failure": failure, "logprob": written.mean_logprob}  # fmt: skip
        out.write(json.dumps(record, ensure_ascii=False) + "\n")
    return correct, answer is not None, written.output_tokens


def report(results: dict[str, list[tuple[bool, bool, int]]], options: argparse.Namespace) -> None:
    out = sys.stdout.write
    n = options.sample
    out(f"\n{options.problems.stem}, n = {n}, seed {options.seed}\n\n")
    out("| form | right | 95 % interval | readable | tokens |\n|---|---|---|---|---|\n")
    for form, rows in results.items():
        good = sum(correct for correct, _, _ in rows)
        low, high = wilson(good, n)
        out(f"| {Path(form).stem} | {good / n:.1%} | {low:.1%} to {high:.1%} | "
            f"{sum(row[1] for row in rows) / n:.1%} | {sum(row[2] for row in rows) / n:.0f} |\n")  # fmt: skip
    first, *others = results
    for other in others:
        gained = sum(b[0] and not a[0] for a, b in zip(results[first], results[other], strict=True))
        lost = sum(a[0] and not b[0] for a, b in zip(results[first], results[other], strict=True))
        out(f"\n{Path(other).stem} against {Path(first).stem}: {gained} gained, {lost} lost, "
            f"McNemar p = {mcnemar(gained, lost):.2f}.\n")  # fmt: skip


if __name__ == "__main__":
    main()
