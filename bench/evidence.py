"""Gather what a verdict's confidence is fitted on: for each problem one solution and many derivations, graded.

    python bench/evidence.py ../shared/data/gsm8k_train.jsonl --sample 150 --seed 501 text program:3 terse

`text` is the plain step-by-step solution; any other form is a prompt of agent/prompts with worked examples, or a file
of that layout. `program:3` writes it once greedily and twice at temperature 0.7; `program-question-first` reads the
problem with its question first. One record a generation is appended to
bench/runs/evidence-NAME-sSEED.jsonl, and what is there already is not written again: a run goes on where it stopped,
and forms can be added later. Written in rounds of a few problems and one form at a time, so that the server keeps a
form's examples. `--forms` prints how often each form is right, and how often it agrees with the text, and ends.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from accuracy import BARE_TOKENS, RUNS, choose, mcnemar, read_jsonl, right, wilson
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from rich.console import Console
from rich.progress import Progress

from agent.assembly import Tutor, open_tutor
from agent.derivations import DERIVATION_END, TEMPERATURE, Request
from agent.domain import QUESTION_FIRST, Likelihood, Verdict
from agent.errors import CheckFailed
from agent.models.loaded import Written
from agent.parsing import final_answer
from agent.prompts import render, worked_turns, worked_turns_of
from agent.retelling import question_first
from agent.settings import load_settings, quiet_third_parties
from agent.verification.answers.equivalence import same_value
from agent.verification.claims.claims import check_step

TEXT, LOOP = "text", "loop"
DERIVATION_TOKENS = 320
ROUND = 48
REWRITES = 6

Record = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problems", type=Path)
    parser.add_argument("forms", nargs="*")
    parser.add_argument("--sample", type=int, default=150)
    parser.add_argument("--seed", type=int, default=501)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--only", type=Path, help="records or evidence: their problems alone")
    parser.add_argument("--levels", type=int, nargs="*", help="only problems of these levels (MATH)")
    parser.add_argument("--loop", action="store_true", help="put right what is refuted in a text, and go on from there")
    parser.add_argument("--forms", dest="only_report", action="store_true")
    options = parser.parse_intermixed_args()
    file = RUNS / f"evidence-{options.problems.stem}-s{options.seed}.jsonl"
    if options.only_report:
        report(read_jsonl(file))
        return
    quiet_third_parties()
    RUNS.mkdir(exist_ok=True)
    rows = [row for row in read_jsonl(options.problems) if not options.levels or row["level"] in options.levels]
    chosen = choose(rows, options)
    forms = {Path(name).stem: (name, int(count or 1)) for name, _, count in (f.partition(":") for f in options.forms)}
    known = {key(record) for record in read_jsonl(file)} if file.exists() else set()
    writing = threading.Lock()
    refuted: dict[str, Record] = {}
    with (
        open_tutor(load_settings(parallel=options.workers, retrieval=False)) as tutor,
        Progress(console=Console(stderr=True)) as progress,
        ThreadPoolExecutor(options.workers) as pool,
    ):
        waiting = [
            [(row, form, number) for row in chosen[start : start + ROUND] for number in range(count)
             if (row["id"], form, number) not in known]
            for start in range(0, len(chosen), ROUND) for form, (_, count) in forms.items()
        ]  # fmt: skip
        turns = {form: _turns(name) for form, (name, _) in forms.items() if form != TEXT}
        for known_turns in turns.values():
            tutor.context.model.keep_prefix(known_turns)
        task = progress.add_task("generations", total=sum(map(len, waiting)))

        def one(job: tuple[Record, str, int]) -> None:
            row, form, number = job
            record = {"id": row["id"], "form": form, "number": number, "problem": row["problem"], "gold": row["answer"]}
            if form == LOOP:
                record |= put_right(tutor, refuted[row["id"]])
            else:
                record |= generate(tutor, row, form, turns.get(form, ()), number)
            with writing, file.open("a", encoding="utf-8") as out:
                out.write(json.dumps(record, ensure_ascii=False) + "\n")
            progress.advance(task)

        for jobs in waiting:
            list(pool.map(one, jobs))
        if options.loop:
            refuted |= refuted_texts(read_jsonl(file), chosen)
            progress.update(task, total=sum(map(len, waiting)) + len(refuted))
            list(pool.map(one, [(row, LOOP, 0) for row in chosen if row["id"] in refuted]))


def refuted_texts(records: Sequence[Record], rows: Sequence[Record]) -> dict[str, Record]:
    """The texts of these problems with a calculation or an output that can be put right, and was not yet."""
    looped, asked = {record["id"] for record in records if record["form"] == LOOP}, {row["id"] for row in rows}
    texts = [record for record in records if record["form"] == TEXT and record["id"] in asked - looped]
    return {text["id"]: text for text in texts if _corrected(text["text"], text["problem"]) is not None}


def _corrected(text: str, problem: str) -> str | None:
    """The text up to its first refuted claim, with that put right; None where there is none."""
    for claim in check_step(text, problem=problem):
        if claim.verdict is Verdict.REFUTED and (correction := claim.correction):
            return text[: correction.start] + correction.replacement
    return None


def put_right(tutor: Tutor, text: Record) -> Record:
    """The solution as the tutor's loop leaves it: what is false put right, and written on from there; graded."""
    written, tokens = text["text"], text["tokens"]
    likelihood = Likelihood(**text["likelihood"]) if text["likelihood"] else None
    turns: list[BaseMessage] = [HumanMessage(render("solve", problem=text["problem"]))]
    for _ in range(REWRITES):
        kept = _corrected(written, text["problem"])
        if kept is None:
            break
        more = tutor.context.model.stream([*turns, AIMessage(kept)], max_tokens=BARE_TOKENS)
        written, tokens = kept + more.text, tokens + more.output_tokens
        likelihood = more.likelihood.joined(likelihood) if more.likelihood else likelihood
    ended = Written(written, True, "end", text["prompt_tokens"], output_tokens=tokens, likelihood=likelihood)
    return _graded(final_answer(written), text["gold"], ended) | {"failure": ""}


def key(record: Record) -> tuple[str, str, int]:
    return record["id"], record["form"], record["number"]


def _turns(name: str) -> Sequence[Any]:
    name = name.removesuffix(QUESTION_FIRST)
    return worked_turns_of(Path(name).read_text(encoding="utf-8")) if "." in name else worked_turns(name)


def generate(tutor: Tutor, row: Record, form: str, turns: Sequence[Any], number: int) -> Record:
    """One solution (without `turns`) or one derivation, evaluated and graded."""
    failure = ""
    request = Request(form.removesuffix(QUESTION_FIRST), number, form.endswith(QUESTION_FIRST)).possible(row["problem"])
    told = question_first(row["problem"]) if request.retold else None
    number = request.sample
    temperature = TEMPERATURE if number else 0.0
    if not turns:
        request = [HumanMessage(render("solve", problem=row["problem"]))]
        written = tutor.context.model.stream(request, max_tokens=BARE_TOKENS, temperature=temperature, seed=number)
        answer = final_answer(written.text)
    else:
        written = tutor.context.model.stream(
            [*turns, HumanMessage(told or row["problem"])], max_tokens=DERIVATION_TOKENS, stop=DERIVATION_END,
            temperature=temperature, seed=number,
        )  # fmt: skip
        try:
            answer = tutor.context.verifier.evaluate_derivation(written.text)
        except CheckFailed as failed:
            answer, failure = None, str(failed)
    return _graded(answer, row["answer"], written) | {"failure": failure}


def _graded(answer: str | None, gold: str, written: Written) -> Record:
    return {
        "answer": answer, "right": right(answer, gold), "text": written.text, "tokens": written.output_tokens,
        "prompt_tokens": written.prompt_tokens,
        "reason": written.reason, "likelihood": asdict(written.likelihood) if written.likelihood else None,
    }  # fmt: skip


def report(records: Sequence[Record]) -> None:
    """Each form by itself, with the first one as the pair's other half, and its agreement with the text."""
    out = sys.stdout.write
    by_form: dict[tuple[str, int], dict[str, Record]] = {}
    for record in records:
        by_form.setdefault((record["form"], record["number"]), {})[record["id"]] = record
    texts = by_form.get((TEXT, 0), {})
    base = by_form.get(("program", 0), {})
    out("| form | n | right | 95 % interval | readable | tokens | agrees with the text | of these right | "
        "against program: gained, lost, p |\n|---|---|---|---|---|---|---|---|---|\n")  # fmt: skip
    for (form, number), written in sorted(by_form.items()):
        n, good = len(written), sum(r["right"] for r in written.values())
        low, high = wilson(good, n)
        agree = [texts[i] for i, r in written.items() if i in texts and r["answer"] and texts[i]["answer"]
                 and same_value(r["answer"], texts[i]["answer"]).value == "verified"]  # fmt: skip
        both = [(r, base[i]) for i, r in written.items() if i in base]
        gained = sum(a["right"] and not b["right"] for a, b in both)
        lost = sum(b["right"] and not a["right"] for a, b in both)
        out(f"| {form} {number} | {n} | {good / n:.1%} | {low:.1%} to {high:.1%} | "
            f"{sum(r['answer'] is not None for r in written.values()) / n:.1%} | "
            f"{sum(r['tokens'] for r in written.values()) / n:.0f} | {len(agree)} | {sum(r['right'] for r in agree)} | "
            f"{gained}, {lost}, {mcnemar(gained, lost):.2f} |\n")  # fmt: skip


if __name__ == "__main__":
    main()
