"""The tutor's verdicts on gathered evidence, as it would have asked for it: the badge at each effort, without a model.

    python bench/replay.py bench/runs/evidence-NAME-sS.jsonl [--calibration OTHER.json]

Reads what bench/evidence.py gathered with `--loop text` and the forms of an effort, and goes through the rounds of
agent/derivations.py with the tutor's own rule (agent/verification/verdicts.py). Beside the bare model, whose one call
the text is, where the loop has nothing to put right in it. Every problem is taken for one that is worked through.
Evidence that a calibration was fitted on says nothing about it: give other problems.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from accuracy import clopper_pearson_lower, mcnemar, read_jsonl, right, wilson
from calibrate import FITTED, InThisProcess, asked_for, derivation_of, grouped, likelihood_of, text_of

from agent.domain import Effort, Route, Step, Verdict
from agent.verification.claims.claims import check_step
from agent.verification.confidence import Calibration, Evidence, calibration_of
from agent.verification.verdicts import judge

Written = dict[tuple[str, int], dict[str, Any]]
Outcome = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("evidence", type=Path, nargs="+")
    parser.add_argument("--calibration", type=Path, default=FITTED)
    parser.add_argument("--efforts", type=Effort, nargs="+", default=list(Effort))
    parser.add_argument("--records", type=Path, help="keep each problem's verdict there, a JSON object a line")
    options = parser.parse_args()
    calibration = calibration_of(json.loads(options.calibration.read_text(encoding="utf-8")))
    problems = grouped([record for file in options.evidence for record in read_jsonl(file)])
    kept = []
    for effort in options.efforts:
        with get_context("fork").Pool() as pool:
            outcomes = pool.starmap(replay, [(written, effort, calibration) for written in problems], chunksize=4)
        whole = [outcome for outcome in outcomes if outcome is not None]
        if whole:
            report(effort, whole, len(outcomes) - len(whole))
            kept += [json.dumps({"effort": effort, **outcome}, ensure_ascii=False) + "\n" for outcome in whole]
    if options.records:
        options.records.write_text("".join(kept), encoding="utf-8")


def replay(written: Written, effort: Effort, calibration: Calibration) -> Outcome | None:
    """The verdict on one problem, with what it cost, after as many rounds as the tutor would have asked for.

    None where it asks for more than was gathered.
    """
    if ("text", 0) not in written:
        return None
    bare, text = written["text", 0], text_of(written)
    steps = [Step(1, text["text"], tuple(check_step(text["text"], problem=text["problem"])))]
    ended = text.get("ended") or ("out of room" if text["reason"] == "length" else "finished")
    compare = Remembered()
    rounds = list(asked_for(effort))
    for number, asked in enumerate(rounds):
        if not all((request.name, request.sample) in written for request in asked):
            return None
        derivations = [derivation_of(request, written) for request in asked]
        judgement = judge(
            route=Route.WORD_PROBLEM, steps=steps, ended=ended,
            evidence=Evidence(text["problem"], text["answer"], likelihood_of(text), derivations), symbolic=None,
            compare=compare, calibration=calibration,
        )  # fmt: skip
        if not judgement.open or number == len(rounds) - 1:
            break
    tokens = text["tokens"] + sum(written[request.name, request.sample]["tokens"] for request in asked)
    return {
        "id": text["id"], "bare": bare["right"], "text": text["right"], "right": right(judgement.answer, text["gold"]),
        "verdict": judgement.badge.verdict, "confidence": judgement.badge.confidence, "answer": judgement.answer,
        "gold": text["gold"], "corrected": judgement.corrected_by is not None, "bare_tokens": bare["tokens"],
        "text_tokens": text["tokens"], "tokens": tokens,
    }  # fmt: skip


class Remembered(InThisProcess):
    """Each comparison once: the rounds ask for the same ones again."""

    def __init__(self) -> None:
        self.same_value = cache(InThisProcess.same_value)  # type: ignore[misc]
        self.same_function = cache(InThisProcess.same_function)  # type: ignore[misc]
        self.oddities = cache(InThisProcess.oddities)  # type: ignore[misc]


def report(effort: Effort, outcomes: Sequence[Outcome], left_out: int) -> None:
    out = sys.stdout.write
    n = len(outcomes)
    bare, tutor = sum(o["bare"] for o in outcomes), sum(o["right"] for o in outcomes)
    gained = sum(o["right"] and not o["bare"] for o in outcomes)
    lost = sum(o["bare"] and not o["right"] for o in outcomes)
    marked = [o for o in outcomes if o["verdict"] is Verdict.VERIFIED]
    good = sum(o["right"] for o in marked)
    changed = [o for o in outcomes if o["corrected"]]
    gone = f" ({left_out} left out: they ask for more than was gathered)" if left_out else ""
    out(f"### effort {effort.value}: n = {n}{gone}\n\n| | right | 95 % interval | tokens |\n|---|---|---|---|\n")
    text = sum(o["text"] for o in outcomes)
    for name, count, key in (
        ("bare model, one call", bare, "bare_tokens"), ("tutor, its text alone", text, "text_tokens"),
        ("tutor", tutor, "tokens"),
    ):  # fmt: skip
        low, high = wilson(count, n)
        out(f"| {name} | {count} of {n} ({count / n:.1%}) | {low:.1%} to {high:.1%} | "
            f"{sum(o[key] for o in outcomes) / n:.0f} |\n")  # fmt: skip
    out(f"\n{gained} gained, {lost} lost, {(tutor - bare) / n:+.1%}, McNemar p {mcnemar(gained, lost):.2g}; "
        f"corrected {len(changed)}, right {sum(o['right'] for o in changed)}, "
        f"the text {sum(o['text'] for o in changed)}\n")  # fmt: skip
    if marked:
        out(f"verified {len(marked)} ({len(marked) / n:.1%}), right {good} ({good / len(marked):.1%}; at least "
            f"{clopper_pearson_lower(good, len(marked)):.1%}, Clopper-Pearson)\n")  # fmt: skip
        for wrong in (o for o in marked if not o["right"]):
            out(f"- {wrong['id']}: verified {wrong['answer']}, right is {wrong['gold']} ({wrong['confidence']})\n")
    out("\n")


if __name__ == "__main__":
    main()
