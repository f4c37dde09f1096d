"""Two further checks of an answer, measured on gathered evidence: are they worth their tokens?

    python bench/further_checks.py bench/runs/evidence-gsm8k_train-s501.jsonl --sample 48
    python bench/further_checks.py bench/runs/gsm8k_train-n200-s2026.jsonl     # of bench/accuracy.py, with its texts

Backward (Self-Verification, Weng et al. 2022, arXiv 2212.09561): one number of the problem is masked, the answer is put
in, and a program must recover the number. Translation (Prove, Toh et al. 2024, arXiv 2410.12608): a program written
from the problem and the solution must reproduce the solution's answer. For each: how often the text's answer is right
where the check passes and where it does not, beside the agreement with one program from the problem alone. Answers go
to bench/runs/further-NAME.jsonl as they come; a run goes on from there.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from accuracy import RUNS, append, read_jsonl, wilson
from langchain_core.messages import BaseMessage, HumanMessage
from rich.console import Console
from rich.progress import track

from agent.assembly import Tutor, open_tutor
from agent.derivations import DERIVATION_END
from agent.domain import Verdict
from agent.errors import CheckFailed
from agent.prompts import worked_turns
from agent.settings import load_settings, quiet_third_parties

Record = dict[str, Any]
TOKENS = 320


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("evidence", type=Path)
    parser.add_argument("--sample", type=int, default=48)
    parser.add_argument("--workers", type=int, default=8)
    options = parser.parse_args()
    quiet_third_parties()
    written = by_problem(read_jsonl(options.evidence))
    chosen = [w for w in written.values() if {"text", "program"} <= w.keys() and w["text"]["answer"]][: options.sample]
    kept = RUNS / f"further-{options.evidence.stem}.jsonl"
    results = read_jsonl(kept) if kept.exists() else []
    done = {result["id"] for result in results}
    waiting = [w for w in chosen if w["text"]["id"] not in done]
    with (
        open_tutor(load_settings(parallel=max(options.workers, 2), retrieval=False)) as tutor,
        ThreadPoolExecutor(options.workers) as pool,
    ):
        answered = pool.map(lambda w: check(tutor, w), waiting)
        for result in track(answered, total=len(waiting), console=Console(stderr=True)):
            append(kept, result)
            results.append(result)
    report(results)


def by_problem(records: list[Record]) -> dict[str, dict[str, Record]]:
    """The text and the first program of each problem, of evidence's records or of accuracy's."""
    written: dict[str, dict[str, Record]] = {}
    for record in records:
        if "tutor" in record:
            tutor = record["tutor"]
            written[record["id"]] = {
                "text": {**record, "text": tutor["text"], "answer": tutor["text_answer"], "right": tutor["text_right"]},
                **{form: {"answer": answer} for form, number, answer in tutor["derived"] if not number},
            }
        elif record["number"] == 0:
            written.setdefault(record["id"], {})[record["form"]] = record
    return written


def check(tutor: Tutor, written: dict[str, Record]) -> Record:
    text, program = written["text"], written["program"]
    same = tutor.context.verifier.same_value
    result: Record = {
        "id": text["id"], "right": text["right"], "tokens": {},
        "passes": {"program": _same(same, program["answer"], text["answer"])},
    }  # fmt: skip
    if "tokens" in program:  # accuracy counts those of all nodes together
        result["tokens"]["program"] = program["tokens"]
    masked = mask(text["problem"], str(text["answer"]))
    if masked is not None:
        value, tokens = derive(tutor, masked[0])
        result["passes"]["backward"] = _same(same, value, masked[1])
        result["tokens"]["backward"] = tokens
    request = f"{text['problem']}\n\nA solution:\n{text['text']}\n\nWrite this solution as a program."
    value, tokens = derive(tutor, request)
    result["passes"]["translation"] = _same(same, value, text["answer"])
    result["tokens"]["translation"] = tokens
    return result


def mask(problem: str, answer: str) -> tuple[str, str] | None:
    """The problem with its last number that stands in it once replaced by X, and that number; None without one."""
    numbers = re.findall(r"(?<![\w.,/])\d+(?![\w.,/%]*\d)", problem)
    once = [number for number in numbers if numbers.count(number) == 1]
    if not once:
        return None
    hidden = once[-1]
    place = re.search(rf"(?<![\w.,/]){hidden}(?![\w.,/%]*\d)", problem)
    assert place is not None
    asked = problem[: place.start()] + "X" + problem[place.end() :]
    return f"{asked}\nThe answer to this question is {answer}. What is X?", hidden


def derive(tutor: Tutor, request: str) -> tuple[str | None, int]:
    turns: list[BaseMessage] = [*worked_turns("program"), HumanMessage(request)]
    written = tutor.context.model.stream(turns, max_tokens=TOKENS, stop=DERIVATION_END)
    try:
        return tutor.context.verifier.evaluate_derivation(written.text), written.output_tokens
    except CheckFailed:
        return None, written.output_tokens


def _same(same_value: Callable[[str, str], Verdict], first: str | None, second: str | None) -> bool:
    return first is not None and second is not None and same_value(first, second) is Verdict.VERIFIED


def report(results: list[Record]) -> None:
    out = sys.stdout.write
    out("| check | n | passes | text right where it passes | 95 % interval | right where it does not | its tokens |\n")
    out("|---|---|---|---|---|---|---|\n")
    alone = ["program", "backward", "translation"]
    combined = [("program", "backward"), ("program", "translation")]
    for names in [(name,) for name in alone] + combined:
        these = [r for r in results if all(name in r["passes"] for name in names)]
        passing = [r for r in these if all(r["passes"][name] for name in names)]
        failing = [r for r in these if r not in passing]
        good, bad = sum(r["right"] for r in passing), sum(r["right"] for r in failing)
        low, high = wilson(good, len(passing))
        tokens = sum(r["tokens"].get(name, 0) for r in these for name in names) / max(len(these), 1)
        out(f"| {' and '.join(names)} | {len(these)} | {len(passing)} | {good} | {low:.1%} to {high:.1%} | "
            f"{bad} of {len(failing)} | {tokens:.0f} |\n")  # fmt: skip


if __name__ == "__main__":
    main()
