"""Accuracy of the tutor against its own model: the same problems, the same server, one run, paired.

    python bench/accuracy.py ../shared/data/gsm8k_train.jsonl --sample 200 --seed 11 --workers 8
    python bench/report.py bench/records/gsm8k_train-n200-s11.jsonl

With --adapter FILE the model is measured with it; bench/report.py pairs such a run with one of the base.

Reads JSON Lines of `problem` and `answer`. For every problem: (i) the bare model, one plain step-by-step call;
(ii) the tutor; (iii) the bare model with self-consistency: its greedy solution and further ones at temperature 0.7, as
many as the tutor's tokens pay for at the length of the greedy one, rounded up, and the answer that most of them give
(Wang et al. 2022; the earliest where two are as frequent, so that of two samples the second is not drawn: it cannot
change anything). Every item's record, texts included, is appended to bench/runs/NAME.jsonl, so that
a run that was cut off goes on where it stopped. What the report needs, without any text of the data, is written to
bench/records/NAME.jsonl; a run goes on from those records too.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import random
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from itertools import accumulate
from pathlib import Path
from typing import Any

from langchain_core.messages import HumanMessage
from langchain_core.runnables import RunnableConfig
from langgraph.types import StateSnapshot
from rich.console import Console
from rich.progress import Progress

from agent import events
from agent.assembly import Tutor, open_tutor
from agent.derivations import TEMPERATURE
from agent.domain import Likelihood, Verdict
from agent.parsing import final_answer
from agent.prompts import render
from agent.settings import load_settings, quiet_third_parties
from agent.verification.answers.equivalence import same_value

RUNS = Path(__file__).parent / "runs"
RECORDS = Path(__file__).parent / "records"
TEXTS = {"text", "texts", "refutations", "reason"}
MOST_SAMPLES = 16
BARE_TOKENS = 1024  # the tutor's own limit on a solution's text

Record = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problems", type=Path)
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--levels", type=int, nargs="*", help="only problems of these levels (MATH)")
    parser.add_argument("--only", type=Path, help="records or evidence: their problems alone, in their order")
    parser.add_argument("--without", type=Path, nargs="*", default=[], help="evidence files: leave their problems out")
    parser.add_argument(
        "--besides", type=Path, nargs="*", default=[], help="records: do not solve their problems again"
    )
    parser.add_argument("--workers", type=int, default=8, help="problems at the same time")
    parser.add_argument("--effort", default="normal", help="the record says what lower efforts would have given, too")
    parser.add_argument("--no-vote", action="store_true", help="leave out (iii), which costs most at a high effort")
    parser.add_argument("--model", help="a model of `mathlearn models list` or a GGUF file; else that of the settings")
    parser.add_argument("--adapter", type=Path, help="a LoRA adapter for it, as `mathlearn solve --adapter` takes it")
    parser.add_argument("--name", default="")
    options = parser.parse_args()
    run(options, options.name or name_of(options))


def name_of(options: argparse.Namespace) -> str:
    """The run's own name: runs that differ in their model or adapter never go on from each other's records."""
    about = [options.problems.stem, f"n{options.sample}", f"s{options.seed}"]
    about += [Path(options.model).stem] if options.model else []
    if options.adapter:
        place = options.adapter.resolve()
        about += [place.parent.name, place.stem]  # an adapter's own name is often just "adapter"
    return "-".join(about)


def read_jsonl(file: Path) -> list[Record]:
    """The objects of a JSON Lines file. Only a line feed ends a line: texts hold other separators."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]


def run(options: argparse.Namespace, name: str) -> None:
    """Solve what has no record yet, a few problems at a time."""
    quiet_third_parties()
    seen = {record["id"] for file in options.without for record in read_jsonl(file)}
    rows = [row for row in read_jsonl(options.problems) if not options.levels or row["level"] in options.levels]
    rows = [row for row in rows if row["id"] not in seen]
    chosen = choose(rows, options)
    whole, kept = RUNS / f"{name}.jsonl", RECORDS / f"{name}.jsonl"
    for folder in (RUNS, RECORDS):
        folder.mkdir(exist_ok=True)
    elsewhere = {record["id"] for file in options.besides for record in read_jsonl(file)}
    chosen = [row for row in chosen if row["id"] not in elsewhere]
    done = {record["id"] for record in read_jsonl(kept)} if kept.exists() else set()
    settings = load_settings(
        parallel=2 * options.workers, seed=options.seed, retrieval=False, effort=options.effort, model=options.model,
        adapter=options.adapter,
    )  # fmt: skip
    writing = threading.Lock()
    with open_tutor(settings) as tutor, Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("problems", total=len(chosen), completed=len(done))

        def one(row: Record) -> None:
            record = {"id": row["id"], "problem": row["problem"], "gold": row["answer"]}
            record |= solve_all(tutor, row, vote=not options.no_vote)
            with writing:
                append(whole, record)
                append(kept, without_texts(record))
            progress.advance(task)

        with ThreadPoolExecutor(options.workers) as pool:
            list(pool.map(one, [row for row in chosen if row["id"] not in done]))


def choose(rows: list[Record], options: argparse.Namespace) -> list[Record]:
    """The problems of --only, or a sample by the seed."""
    if options.only is None:
        return random.Random(options.seed).sample(rows, min(options.sample, len(rows)))
    known = {row["id"]: row for row in rows}
    ids = dict.fromkeys(record["id"] for record in read_jsonl(options.only))
    return [known[name] for name in ids if name in known]


def append(file: Path, record: Record) -> None:
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(record, ensure_ascii=False) + "\n")


def without_texts(record: Record) -> Record:
    """The record without the data's text and without the model's, which repeats it."""
    arms = {
        name: {key: value for key, value in record[name].items() if key not in TEXTS}
        for name in ("bare", "vote", "tutor")
        if name in record
    }
    return {"id": record["id"], "gold": record["gold"], **arms}


def solve_all(tutor: Tutor, row: Record, vote: bool) -> Record:
    """The bare model's, the tutor's and the vote's answers to one problem, graded."""
    gold, problem = row["answer"], row["problem"]
    bare = write_bare(tutor, problem, 0)
    solved = solve_as_tutor(tutor, problem, gold)
    if not vote:
        return {"bare": {**bare, **graded(bare["answer"], gold)}, "tutor": solved}
    paid_for = min(math.ceil(solved["tokens"] / max(bare["tokens"], 1)), MOST_SAMPLES)
    samples = [bare]
    if paid_for > 2 or bare["answer"] is None:
        samples += [write_bare(tutor, problem, number) for number in range(1, paid_for)]
    voted = majority([sample["answer"] for sample in samples], tutor.context.verifier.same_value)
    return {
        "bare": {**bare, **graded(bare["answer"], gold)},
        "vote": {
            "answer": voted, **graded(voted, gold), "paid_for": paid_for,
            "answers": [sample["answer"] for sample in samples],
            "tokens": sum(sample["tokens"] for sample in samples),
            "seconds": round(sum(sample["seconds"] for sample in samples), 2),
            "texts": [sample["text"] for sample in samples[1:]],
        },
        "tutor": solved,
    }  # fmt: skip


def write_bare(tutor: Tutor, problem: str, number: int) -> Record:
    """One plain step-by-step solution: number 0 greedily, others at TEMPERATURE."""
    started = time.perf_counter()
    written = tutor.context.model.stream(
        [HumanMessage(render("solve", problem=problem))], max_tokens=BARE_TOKENS,
        temperature=TEMPERATURE if number else 0.0, seed=number,
    )  # fmt: skip
    return {
        "answer": final_answer(written.text), "text": written.text, "tokens": written.output_tokens,
        "seconds": round(time.perf_counter() - started, 2),
    }  # fmt: skip


def majority(answers: list[str | None], same_value: Callable[[str, str], Verdict]) -> str | None:
    """The most frequent answer, the earliest of equally frequent ones; solutions without an answer do not vote."""
    groups: list[list[str]] = []
    for answer in answers:
        if answer is None:
            continue
        group = next((group for group in groups if same_value(group[0], answer) is Verdict.VERIFIED), None)
        if group is None:
            groups.append([answer])
        else:
            group.append(answer)
    return max(groups, key=len)[0] if groups else None


def solve_as_tutor(tutor: Tutor, problem: str, gold: str) -> Record:
    started = time.perf_counter()
    session = tutor.session()
    timed = [(time.perf_counter() - started, event) for event in session.ask(problem)]
    thread: RunnableConfig = {"configurable": {"thread_id": session.thread_id}}
    state = session.graph.get_state(thread).values
    solution = next(event.solution for _, event in timed if isinstance(event, events.AnswerGiven))
    # The text's own answer, before the cross-check had any say in it.
    text = "\n\n".join(step.text for step in solution.set_aside or solution.steps)
    text_answer = final_answer(text)
    costs = [event for _, event in timed if isinstance(event, events.NodeFinished)]
    refuted = [event for _, event in timed if isinstance(event, events.StepRefuted)]
    return {
        "answer": solution.answer, **graded(solution.answer, gold), "route": solution.route,
        "text_answer": text_answer, "text_right": graded(text_answer, gold)["right"],
        "verdict": solution.badge.verdict, "confidence": solution.badge.confidence, "reason": solution.badge.reason,
        "corrected": bool(solution.set_aside), "sent_back": len(refuted),
        "derived": [[d.form, d.sample, d.answer] for d in solution.derivations], "ended": state["ended"],
        # What another rule needs to be tried on this run later, beside the run's texts.
        "likelihood": known(state["likelihood"]), "likelihoods": [known(d.likelihood) for d in solution.derivations],
        "rounds": rounds(reversed(list(session.graph.get_state_history(thread))), costs, gold),
        "tokens": sum(event.output_tokens for event in costs), "seconds": round(timed[-1][0], 2),
        "answer_seconds": next((round(at, 2) for at, e in timed if isinstance(e, events.AnswerWritten)), None),
        "text": text, "texts": [[d.form, d.text, d.failure] for d in solution.derivations],
        "refutations": [event.claim.reason for event in refuted],
    }  # fmt: skip


def rounds(history: Iterable[StateSnapshot], costs: list[events.NodeFinished], gold: str) -> list[Record]:
    """The verdict after each cross-check, with the derivations and the tokens that it took until then.

    What a lower effort gives is the verdict after its last round, or an earlier one that settled it: a higher effort
    goes through the same rounds first, and adds to them.
    """
    totals = list(accumulate(cost.output_tokens for cost in costs))
    spent = (total for cost, total in zip(costs, totals, strict=True) if cost.node == "cross_check")
    checked = (
        s.values
        for s in history
        if "derive_again" in s.next
        or "correct_solution" in s.next
        or ("give_answer" in s.next and s.values["badge"] and not s.values["corrected_by"])
    )
    return [
        {
            "derivations": len(values["derivations"]), "answer": values["answer"], **graded(values["answer"], gold),
            "verdict": values["badge"].verdict, "confidence": values["badge"].confidence,
            "corrected": values["corrected_by"] is not None, "tokens": tokens,
        }
        for values, tokens in zip(checked, spent, strict=True)
    ]  # fmt: skip


def known(likelihood: Likelihood | None) -> Record | None:
    return asdict(likelihood) if likelihood else None


def graded(answer: str | None, gold: str) -> Record:
    """`right` by Math-Verify, which is not ours, and `same` by our own equivalence."""
    same = answer is not None and same_value(answer, gold) is Verdict.VERIFIED
    return {"right": right(answer, gold), "same": same}


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


if __name__ == "__main__":
    main()
