"""Does a worked neighbour in the prompt help? python bench/neighbours.py --derivations FILE [--count 100] [--texts 40]

The queries are those of the gold standard `structure` (GSM8K train) whose derivation bench/evidence.py has written; the
neighbours come from the rest of GSM8K train. Each query is put to the model without and with one worked neighbour as
the last example before it: the nearest by our embedder, and the nearest by the calculation that the derivation
made (what the tutor shows as “similar”). `program` is the derivation of the cross-check, `text` the plain step-by-step
solution. Greedy; paired on the same queries; calls are kept in bench/runs/neighbours.jsonl and not made again, and
what the table needs, without any text, in bench/records/neighbours.jsonl.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from accuracy import BARE_TOKENS, RECORDS, RUNS, append, mcnemar, read_jsonl, right, wilson
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from rich.console import Console
from rich.progress import track

from agent.assembly import Tutor, open_tutor
from agent.derivations import DERIVATION_END
from agent.errors import CheckFailed
from agent.parsing import final_answer
from agent.prompts import render, worked_turns
from agent.settings import load_settings, quiet_third_parties
from finetune.sources import Row
from finetune.targets import program
from index.embedder import open_embedder
from index.retrievers import by_structure, dense, derived_structures
from index.standards import structure_standard

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
CALLS = RUNS / "neighbours.jsonl"
DERIVATION_TOKENS = 320
NONE, MEANING, CALCULATION = "none", "nearest by our embedder", "nearest by calculation"

Record = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of gsm8k_train.jsonl")
    parser.add_argument("--derivations", type=Path, required=True, help="what bench/evidence.py wrote of the queries")
    parser.add_argument("--count", type=int, default=100, help="queries for the derivation")
    parser.add_argument("--texts", type=int, default=40, help="queries for the text")
    parser.add_argument("--workers", type=int, default=8)
    options = parser.parse_args()
    quiet_third_parties()
    RUNS.mkdir(exist_ok=True)
    asked = queries(options.data, options.derivations)[: max(options.count, options.texts)]
    jobs = [(one, "program", by) for one in asked[: options.count] for by in (NONE, MEANING, CALCULATION)]
    jobs += [(one, "text", by) for one in asked[: options.texts] for by in (NONE, MEANING)]
    with open_tutor(load_settings(parallel=options.workers, retrieval=False)) as tutor:
        records = made(tutor, jobs, options.workers)
    keep(records)
    for form in ("program", "text"):
        report(form, [record for record in records if record["form"] == form])


def queries(data: Path, derivations: Path) -> list[Record]:
    """Each with its two neighbours, in the standard's order, which was drawn at random; those that have both."""
    file = data / "gsm8k_train.jsonl"
    standard, rows = structure_standard(file), read_jsonl(file)
    written = {row["problem"]: row for row in read_jsonl(derivations) if row["form"] == "program" and not row["number"]}
    structures = derived_structures(list(written.values()))
    meaning = dense(open_embedder(), Path(".cache/retrieval"))
    rankings = {MEANING: meaning(standard), CALCULATION: by_structure(structures, meaning)(standard)}
    found = []
    for place, query in enumerate(standard.queries):
        own = rows[query.place]
        if own["problem"] not in written:
            continue
        near = {name: neighbour(rows, ranking[place], query.left_out) for name, ranking in rankings.items()}
        if all(near.values()):
            bare = written[own["problem"]]
            found.append({"problem": own["problem"], "answer": own["answer"], "near": near, "bare": bare})
    return found


def neighbour(rows: Sequence[Record], ranking: np.ndarray[Any, Any], left_out: frozenset[int]) -> Record | None:
    """The first in the ranking whose solution can be written as a program as well."""
    for place in map(int, ranking):
        row = rows[place]
        written = program(Row("GSM8K", row["problem"], row["solution"], row["answer"], row["solution_annotated"]))
        if place not in left_out and written is not None:
            return {"problem": row["problem"], "text": row["solution"], "program": f"```\n{written}\n```"}
    return None


def made(tutor: Tutor, jobs: Sequence[tuple[Record, str, str]], workers: int) -> list[Record]:
    known = {key(record): record for record in read_jsonl(CALLS)} if CALLS.exists() else {}
    writing = threading.Lock()
    tutor.context.model.keep_prefix(worked_turns("program"))

    def one(job: tuple[Record, str, str]) -> Record:
        query, form, by = job
        name = (query["problem"], form, by)
        if name not in known:
            known[name] = {"problem": query["problem"], "form": form, "by": by, **call(tutor, query, form, by)}
            with writing:
                append(CALLS, known[name])
        return known[name]

    with ThreadPoolExecutor(workers) as pool:
        return list(track(pool.map(one, jobs), "asking", total=len(jobs), console=Console(stderr=True)))


def key(record: Record) -> tuple[str, str, str]:
    return record["problem"], record["form"], record["by"]


def call(tutor: Tutor, query: Record, form: str, by: str) -> Record:
    model, near = tutor.context.model, query["near"].get(by)
    if form == "program" and near is None:  # the derivation that the search went by, greedy as well
        return {name: query["bare"][name] for name in ("answer", "right", "text", "prompt_tokens", "tokens")}
    if form == "text":
        shown: list[BaseMessage] = []
        if near is not None:
            shown = [HumanMessage(render("solve", problem=near["problem"])), AIMessage(near["text"])]
        written = model.stream(
            [*shown, HumanMessage(render("solve", problem=query["problem"]))], max_tokens=BARE_TOKENS
        )  # fmt: skip
        answer = final_answer(written.text)
    else:
        turns = list(worked_turns("program"))
        if near is not None:
            turns += [HumanMessage(near["problem"]), AIMessage(near["program"])]
        turns.append(HumanMessage(query["problem"]))
        written = model.stream(turns, max_tokens=DERIVATION_TOKENS, stop=DERIVATION_END)
        try:
            answer = tutor.context.verifier.evaluate_derivation(written.text)
        except CheckFailed:
            answer = None
    return {
        "answer": answer, "right": right(answer, query["answer"]), "text": written.text,
        "prompt_tokens": written.prompt_tokens, "tokens": written.output_tokens,
    }  # fmt: skip


def keep(records: Sequence[Record]) -> None:
    """What the report needs, each problem by a digest: no text of the data is kept in the repository."""
    fields = ("form", "by", "right", "prompt_tokens", "tokens")
    RECORDS.mkdir(exist_ok=True)
    with (RECORDS / CALLS.name).open("w", encoding="utf-8") as file:
        for record in records:
            digest = hashlib.blake2b(record["problem"].encode(), digest_size=8).hexdigest()
            file.write(json.dumps({"problem": digest, **{name: record[name] for name in fields}}) + "\n")


def report(form: str, records: Sequence[Record]) -> None:
    arms: dict[str, dict[str, Record]] = {}
    for record in records:
        arms.setdefault(record["by"], {})[record["problem"]] = record
    base = arms.get(NONE, {})
    print(f"| {form}, with a neighbour | right | prompt tokens more | tokens written | gained, lost, p |")
    print("|---|---|---|---|---|")
    for by, written in arms.items():
        n, good = len(written), sum(record["right"] for record in written.values())
        low, high = wilson(good, n)
        both = [(record["right"], base[problem]["right"]) for problem, record in written.items()]
        gained, lost = sum(a and not b for a, b in both), sum(b and not a for a, b in both)
        more = sum(record["prompt_tokens"] - base[problem]["prompt_tokens"] for problem, record in written.items()) / n
        tokens = sum(record["tokens"] for record in written.values()) / n
        print(
            f"| {by} | {good} of {n} ({good / n:.1%}; {low:.1%} to {high:.1%}) | {more:.0f} | {tokens:.0f} "
            f"| {f'{gained}, {lost}, {mcnemar(gained, lost):.2g}' if by != NONE else ''} |"
        )
    print()


if __name__ == "__main__":
    main()
