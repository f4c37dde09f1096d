"""Weigh what derivations of the retold problem say of an answer, and choose the threshold of "verified" with them.

    python bench/calibrate_retold.py bench/runs/evidence-NAME-sS.jsonl --cases CASES.jsonl [--write]

Counts how many right answers most of these derivations give, and how many wrong ones: answers of the text that other
derivations give too, and that are open, as the tutor asks only then. `--cases` are more of them, one JSON object a
line: `id`, `right`, `agreeing` (of three); wrong answers that derivations agree on are rare, so they are sought out
among all problems that were ever solved, and only their own frequencies enter (Bayes' rule needs no more). The
threshold is the lowest with which all verdicts together keep the precision aimed at; "nothing shared" makes counts and
threshold of each problem without it. The model of confidence.json stays as it is: give evidence that it was
not fitted on.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from accuracy import read_jsonl
from calibrate import FITTED, FOLDS, Row, asked_for, grouped, lower, rows_of
from replay import Outcome, Written, replay
from sklearn.model_selection import GroupKFold

from agent.domain import Effort, Verdict
from agent.verification.confidence import Calibration, Retold

LEAST = 0.7  # no answer is verified that the estimate itself doubts, however well the others do
Counts = tuple[tuple[int, int], tuple[int, int]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("evidence", type=Path, nargs="+")
    parser.add_argument("--cases", type=Path, nargs="*", default=[])
    parser.add_argument("--precision", type=float, default=0.98, help="aimed at by the threshold, out of sample")
    parser.add_argument("--write", action="store_true", help="write it into confidence.json")
    options = parser.parse_args()
    *_, needed = asked_for(Effort.NORMAL)
    keys = {("text", 0), *((request.name, request.sample) for request in needed)}
    everything = grouped([record for file in options.evidence for record in read_jsonl(file)])
    records = [written for written in everything if keys <= written.keys()]
    if not records:
        raise SystemExit(f"No problem has all of {sorted(keys)}: gather them with bench/evidence.py.")
    rows = [
        row for record in records for row in rows_of(record, Effort.NORMAL, retold=True) if row.support.may_be_answer
    ]
    cases = [case for file in options.cases for case in read_jsonl(file)]
    content = json.loads(FITTED.read_text(encoding="utf-8"))
    base = Calibration(content["coefficients"], content["threshold"])
    chosen = fit(rows, cases, base, options.precision)
    report(rows, cases, base, chosen, len(records))
    for effort, found in nothing_shared(records, rows, cases, base, options.precision).items():
        if len(found) == len({row.problem for row in rows}):
            marked = [outcome["right"] for outcome in found if outcome["verdict"] is Verdict.VERIFIED]
            line(f"nothing shared, effort {effort.value}", marked, len(records), [])
    if options.write:
        content["retold"] = {
            "command": "python bench/calibrate_retold.py " + " ".join(sys.argv[1:]),
            "problems": len(records), "cases": len(cases), "right": chosen.right, "wrong": chosen.wrong,
            "threshold": chosen.threshold,
        }  # fmt: skip
        FITTED.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def counted(rows: Sequence[Row], cases: Sequence[dict[str, Any]], base: Calibration) -> Counts:
    """Right answers that most retold derivations do not give, and that they do; and wrong ones."""
    right, wrong = [0, 0], [0, 0]
    settled = {
        row.problem
        for row in rows
        if not row.support.retold.asked and may_be_verified(row) and base.of(row.features) >= base.threshold
    }
    for row in rows:
        support = row.support
        if support.retold.asked and support.in_text and support.told.agreeing and row.problem not in settled:
            (right if row.right else wrong)[support.retold.most_agree] += 1
    for case in cases:
        (right if case["right"] else wrong)[case["agreeing"] >= 2] += 1
    return (right[0], right[1]), (wrong[0], wrong[1])


def may_be_verified(row: Row) -> bool:
    return row.support.in_text and row.support.may_be_verified


def fit(rows: Sequence[Row], cases: Sequence[dict[str, Any]], base: Calibration, precision: float) -> Retold:
    """Counts of all rows, and the lowest threshold whose verdicts keep the precision, each judged by other folds."""
    believed = out_of_sample(rows, cases, base)
    best = 1.0
    for candidate in sorted({round(value, 3) for value in believed if value >= LEAST}, reverse=True):
        before, after = verdicts(rows, believed, base, candidate)
        verified = before + after
        if verified and sum(verified) / len(verified) >= precision:
            best = candidate
    return Retold(*counted(rows, cases, base), best)


def out_of_sample(rows: Sequence[Row], cases: Sequence[dict[str, Any]], base: Calibration) -> list[float]:
    """Each row's confidence, with counts that its problem is not in."""
    believed = [0.0] * len(rows)
    groups = [row.problem for row in rows]
    for train, test in GroupKFold(FOLDS, shuffle=True, random_state=0).split(groups, groups=groups):
        made = Retold(*counted([rows[i] for i in train], cases, base), 1.0)
        calibration = Calibration(base.coefficients, base.threshold, made)
        for i in test:
            believed[i] = calibration.confidence(rows[i].support)
    return believed


def verdicts(
    rows: Sequence[Row], believed: Sequence[float], base: Calibration, threshold: float
) -> tuple[list[bool], list[bool]]:
    """For each problem that gets verified, whether rightly: before any retold derivation, and after.

    The first round that suffices ends it.
    """
    calibration = Calibration(base.coefficients, base.threshold, Retold((0, 0), (0, 0), threshold))
    outcome: tuple[dict[str, bool], dict[str, bool]] = {}, {}
    for row, value in zip(rows, believed, strict=True):  # in the order of the rounds
        known = row.problem in outcome[0] or row.problem in outcome[1]
        if not known and may_be_verified(row) and calibration.suffices(value, row.support):
            outcome[bool(row.support.retold.asked)][row.problem] = row.right
    return list(outcome[0].values()), list(outcome[1].values())


def nothing_shared(
    records: Sequence[Written], rows: Sequence[Row], cases: Sequence[dict[str, Any]], base: Calibration, aim: float
) -> dict[Effort, list[Outcome]]:
    """The tutor's verdicts on each fold by counts and a threshold that were made on the other nine, at each effort."""
    outcomes: dict[Effort, list[Outcome]] = {Effort.NORMAL: [], Effort.HIGH: []}
    by_problem = {written["text", 0]["id"]: written for written in records}
    groups = [row.problem for row in rows]
    for train, test in GroupKFold(FOLDS, shuffle=True, random_state=1).split(groups, groups=groups):
        made = fit([rows[i] for i in train], cases, base, aim)
        calibration = Calibration(base.coefficients, base.threshold, made)
        for effort, found in outcomes.items():
            judged = (replay(by_problem[name], effort, calibration) for name in {groups[i] for i in test})
            found += [outcome for outcome in judged if outcome is not None]
    return outcomes


def report(rows: Sequence[Row], cases: Sequence[dict[str, Any]], base: Calibration, chosen: Retold, n: int) -> None:
    out = sys.stdout.write
    out(f"n = {n} problems, {len(cases)} further cases\n\n| most of the retold derivations | right | wrong | "
        "likelihood ratio |\n|---|---|---|---|\n")  # fmt: skip
    for most_agree, name in enumerate(("give another answer, or none", "give this answer")):
        ratio = math.exp(chosen.log_ratio(bool(most_agree)))
        out(f"| {name} | {chosen.right[most_agree]} | {chosen.wrong[most_agree]} | {ratio:.2f} |\n")
    believed = out_of_sample(rows, cases, base)
    out("\n| threshold once retold | verified | coverage | precision | at least | of them once retold |\n"
        "|---|---|---|---|---|---|\n")  # fmt: skip
    for threshold in sorted({0.7, 0.8, 0.85, 0.9, 0.94, 0.96, 2.0, chosen.threshold}):
        before, after = verdicts(rows, believed, base, threshold)
        name = "none is asked" if threshold > 1 else f"{threshold:.3f}"
        line(name + (" (chosen)" if threshold == chosen.threshold else ""), before + after, n, after)


def line(name: str, outcome: Sequence[bool], n: int, after: Sequence[bool]) -> None:
    good = sum(outcome)
    share = f"{good / len(outcome):.1%} ({good} of {len(outcome)})" if outcome else "-"
    sys.stdout.write(
        f"| {name} | {len(outcome)} | {len(outcome) / n:.1%} | {share} | {lower(good, len(outcome)):.1%} | "
        f"{f'{sum(after)} of {len(after)}' if after else ''} |\n"
    )


if __name__ == "__main__":
    main()
