"""Fit the confidence of a verdict on gathered evidence, and choose the threshold of "verified".

    python bench/calibrate.py bench/runs/evidence-*.jsonl --effort normal --precision 0.98

Every problem gives one row for each answer that was found, after each round of derivations, as the tutor would ask for
them. Probabilities for the table and the threshold are out of sample (10 folds, a problem in one fold only). Writes
agent/verification/confidence.json. What derivations of the retold problem say is weighed by bench/calibrate_retold.py.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from accuracy import read_jsonl, right
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from agent.derivations import FIRST, Request, next_round
from agent.domain import Derivation, Effort, Likelihood
from agent.verification.answers.answers_expected import oddities_of_answer
from agent.verification.answers.equivalence import same_value
from agent.verification.confidence import Calibration, Evidence, Support, features, weigh
from agent.verification.derivations.functions import same_function

FITTED = Path(__file__).parents[1] / "agent" / "verification" / "confidence.json"
FOLDS = 10


@dataclass(frozen=True)
class Row:
    """One answer of one problem after one round: the model's inputs and the truth."""

    problem: str
    round: int
    support: Support
    features: dict[str, float]
    right: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("evidence", type=Path, nargs="+")
    parser.add_argument("--effort", type=Effort, default=Effort.NORMAL)
    parser.add_argument(
        "--judged-at", type=Effort, help="print the table of this effort; fitted is on --effort's rounds"
    )
    parser.add_argument("--precision", type=float, default=0.98, help="aimed at, out of sample, by the threshold")
    parser.add_argument("--strength", type=float, default=0.1, help="C of the L2-regularised regression")
    parser.add_argument("--write", action="store_true", help="write confidence.json; without it, only the table")
    options = parser.parse_args()
    everything = grouped([record for file in options.evidence for record in read_jsonl(file)])
    judged_at = options.judged_at or options.effort
    if options.write and judged_at != options.effort:
        raise SystemExit("--write takes the rounds that the model is fitted on: leave --judged-at out.")
    *_, needed = asked_for(judged_at, retold=False)
    keys = {("text", 0), *((request.name, request.sample) for request in needed)}
    records = [written for written in everything if keys <= written.keys()]
    if not records:
        raise SystemExit(f"No problem has all of {sorted(keys)}: gather them with bench/evidence.py.")
    rows = [row for record in records for row in rows_of(record, judged_at) if row.support.may_be_answer]
    believed = out_of_sample(rows, options.strength, sum(1 for _ in asked_for(options.effort, retold=False)))
    chosen = choose_threshold(rows, believed, options.precision)
    report(records, rows, believed, chosen)
    if options.write:
        coefficients = fit(rows, options.strength)
        outcome = verdicts(rows, believed, chosen)
        content = {
            "about": "A logistic model of how likely an answer is to be right; see agent/verification/confidence.py.",
            "commands": [
                "python bench/evidence.py gsm8k_train.jsonl --only bench/records/calibration-problems-s2027.jsonl"
                " --seed 2027 --loop text program function sentences",
                "python bench/calibrate.py " + " ".join(sys.argv[1:]),
            ],
            "model": "qwen2.5-coder-1.5b",
            "problems": len(records),
            "out of sample": {
                "verified": len(outcome), "of them right": sum(outcome),
                "precision at least (exact 95 %)": round(lower(sum(outcome), len(outcome)), 3),
            },
            "threshold": chosen,
            "coefficients": coefficients,
        }  # fmt: skip
        if known := json.loads(FITTED.read_text(encoding="utf-8")).get("retold"):
            content["retold"] = known
        FITTED.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


class InThisProcess:
    """Comparisons without the worker: these texts have all been read in it before."""

    same_value = staticmethod(same_value)
    same_function = staticmethod(same_function)
    oddities = staticmethod(oddities_of_answer)


def grouped(records: Sequence[dict[str, Any]]) -> list[dict[tuple[str, int], dict[str, Any]]]:
    """The generations of each problem by form and number; only of problems that have every one that is asked for."""
    problems: dict[str, dict[tuple[str, int], dict[str, Any]]] = {}
    for record in records:
        problems.setdefault(record["id"], {})[record["form"], record["number"]] = record
    return list(problems.values())


def asked_for(effort: Effort, *, retold: bool = True) -> Iterator[list[Request]]:
    """The derivations that are there after each round, as the tutor asks for them.

    Without `retold` up to the round that tells the problem anew.
    """
    asked: list[Request] = [FIRST]
    while True:
        yield asked
        more = next_round(effort, len(asked))
        if not more or (not retold and any(request.retold for request in more)):
            return
        asked = [*asked, *more]


def rows_of(written: dict[tuple[str, int], dict[str, Any]], effort: Effort, *, retold: bool = False) -> Iterator[Row]:
    """The answers to one problem, with what speaks for them after each round."""
    text = text_of(written)
    for number, asked in enumerate(asked_for(effort, retold=retold)):
        derivations = [derivation_of(request, written) for request in asked]
        evidence = Evidence(text["problem"], text["answer"], likelihood_of(text), derivations)
        for support in weigh(evidence, InThisProcess()):
            correct = right(support.answer, text["gold"])
            yield Row(text["id"], number, support, features(support), correct)


def text_of(written: dict[tuple[str, int], dict[str, Any]]) -> dict[str, Any]:
    """The solution: as the tutor's loop left it, where something in the bare text is refuted."""
    return written.get(("loop", 0), written["text", 0])


def derivation_of(request: Request, written: dict[tuple[str, int], dict[str, Any]]) -> Derivation:
    found = written[request.name, request.sample]
    told = request.possible(found["problem"])
    return Derivation(
        told.name, found["text"], found["answer"], found["failure"] or None, told.sample, likelihood_of(found)
    )


def likelihood_of(record: dict[str, Any]) -> Likelihood | None:
    known = record["likelihood"]
    return Likelihood(**known) if known else None


def fit(rows: Sequence[Row], strength: float) -> dict[str, dict[str, float]]:
    """Coefficients by name, each with the mean and spread that its feature is scaled by."""
    names = sorted({name for row in rows for name in row.features})
    known = np.array([[row.features.get(name, np.nan) for name in names] for row in rows])
    means, spreads = np.nanmean(known, axis=0), np.nanstd(known, axis=0)
    spreads[spreads == 0] = 1.0
    scaled = np.nan_to_num((known - means) / spreads, nan=0.0)  # not known: at the mean
    counts = Counter(row.problem for row in rows)
    model = LogisticRegression(C=strength, max_iter=2000)
    model.fit(scaled, [row.right for row in rows], sample_weight=[1 / counts[row.problem] for row in rows])
    terms = {
        name: {"weight": round(float(w), 4), "mean": round(float(m), 4), "spread": round(float(s), 4)}
        for name, w, m, s in zip(names, model.coef_[0], means, spreads, strict=True)
    }
    return {"intercept": {"weight": round(float(model.intercept_[0]), 4)}, **terms}


def out_of_sample(rows: Sequence[Row], strength: float, rounds: int) -> list[float]:
    """Each row's confidence by a model that did not see its problem, fitted on the rows of the first `rounds`."""
    believed = [0.0] * len(rows)
    groups = [row.problem for row in rows]
    folds = GroupKFold(min(FOLDS, len(set(groups))), shuffle=True, random_state=0)
    for train, test in folds.split(groups, groups=groups):
        coefficients = fit([rows[i] for i in train if rows[i].round < rounds], strength)
        for i in test:
            believed[i] = Calibration(coefficients, 1.0).of(rows[i].features)
    return believed


def verdicts(rows: Sequence[Row], believed: Sequence[float], threshold: float) -> list[bool]:
    """For each problem that gets verified, whether rightly: the first round that reaches the threshold ends it."""
    outcome: dict[str, bool] = {}
    for row, value in zip(rows, believed, strict=True):  # in the order of the rounds
        if row.problem not in outcome and row.support.in_text and row.support.may_be_verified and value >= threshold:
            outcome[row.problem] = row.right
    return list(outcome.values())


def choose_threshold(rows: Sequence[Row], believed: Sequence[float], precision: float) -> float:
    """The lowest threshold from which on the precision, out of sample, is as aimed at; 1 where none is."""
    best = 1.0
    for candidate in sorted({round(value, 3) for value in believed if value > 0.5}, reverse=True):
        outcome = verdicts(rows, believed, candidate)
        if outcome and sum(outcome) / len(outcome) >= precision:
            best = candidate
    return best


def lower(successes: int, n: int) -> float:
    return float(binomtest(successes, n).proportion_ci(method="exact").low) if n else 0.0


def report(records: Sequence[dict[str, Any]], rows: Sequence[Row], believed: Sequence[float], chosen: float) -> None:
    """Print what each part gives by itself, and the trade of coverage for precision."""
    out = sys.stdout.write
    n = len(records)
    out(f"n = {n} problems; the text is right in {sum(text_of(r)['right'] for r in records) / n:.1%}\n")
    out("\n| threshold | verified | coverage | precision | at least |\n|---|---|---|---|---|\n")
    for threshold in sorted({0.5, 0.7, 0.8, 0.85, 0.9, 0.92, 0.94, 0.96, 0.97, 0.98, chosen}):
        outcome = verdicts(rows, believed, threshold)
        if outcome:
            out(f"| {threshold:.3f}{' (chosen)' if threshold == chosen else ''} | {len(outcome)} | "
                f"{len(outcome) / n:.1%} | {sum(outcome) / len(outcome):.1%} | "
                f"{lower(sum(outcome), len(outcome)):.1%} |\n")  # fmt: skip
    out("\nCorrections and votes after the last round:\n")
    last = max(row.round for row in rows)
    final: dict[str, list[tuple[float, Row]]] = {}
    for row, value in zip(rows, believed, strict=True):
        if row.round == last:
            final.setdefault(row.problem, []).append((value, row))
    best = [max(answers, key=lambda pair: pair[0]) for answers in final.values()]
    out(f"the likeliest answer is right in {sum(row.right for _, row in best)} of {n}\n")
    changed = [row for _, row in best if not row.support.in_text and row.support.independent]
    out(f"it is another one than the text's, with two derivations for it, in {len(changed)}; right in "
        f"{sum(row.right for row in changed)}\n")  # fmt: skip


if __name__ == "__main__":
    warnings.simplefilter("ignore", RuntimeWarning)  # a feature that no row of a fold knows has no mean
    main()
