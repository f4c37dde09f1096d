"""A run of bench/accuracy.py as Markdown tables, and its reliability diagram as SVG.

    python bench/report.py bench/records/gsm8k_train-n200-s11.jsonl [--diagram bench/reliability.svg]
    python bench/report.py bench/records/gsm8k_train-n200-s11-high.jsonl --effort normal
    python bench/report.py bench/records/WITH-ADAPTER.jsonl --against bench/records/BASE.jsonl

The second says what a run at a higher effort had given by the end of a lower one's rounds, which it goes through first.
The third pairs two runs on the problems that both have: a model with an adapter and without, or two models.
Intervals are Wilson's (95 %), p is McNemar's exact one, the badge's lower bound Clopper and Pearson's.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from accuracy import clopper_pearson_lower, mcnemar, read_jsonl, wilson

from agent.derivations import next_round
from agent.domain import Effort

Record = dict[str, Any]
BINS = ((0.0, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.0))
SIZE, MARGIN = 360, 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("records", type=Path, nargs="+")
    parser.add_argument("--against", type=Path, help="records of another run of the same problems, to pair with")
    parser.add_argument("--effort", type=Effort, help="as this effort, lower than the run's, had left the problems")
    parser.add_argument("--diagram", type=Path)
    options = parser.parse_args()
    if options.against and len(options.records) != 1:
        parser.error("--against pairs one file of records with another: name one")
    everything = []
    for file in options.records:
        records = read_jsonl(file)
        if options.effort and any("rounds" not in r["tutor"] for r in records):
            parser.error(f"{file} was recorded without its rounds: run bench/accuracy.py again for --effort")
        records = [at_effort(r, options.effort) if options.effort else r for r in records]
        everything += records
        report(records, file.stem)
        if options.against:
            paired(records, read_jsonl(options.against), file.stem, options.against.stem)
    if options.diagram:
        options.diagram.write_text(diagram(bins(everything), len(everything)), encoding="utf-8")


def budget(effort: Effort) -> int:
    """How many derivations this effort asks for at the most."""
    asked = 1
    while more := next_round(effort, asked):
        asked += len(more)
    return asked


def at_effort(record: Record, effort: Effort) -> Record:
    """The record as `effort` leaves it: the verdict after its last round, or after an earlier one that settled it.

    Seconds are the whole run's.
    """
    tutor = record["tutor"]
    within = [r for r in tutor["rounds"] if r["derivations"] <= budget(effort)]
    if not within:
        return record  # declined, or explained in words: no round was asked for
    last = within[-1]
    return {**record, "tutor": {**tutor, **last, "derived": tutor["derived"][: last["derivations"]]}}


# What a run says of a problem: label, whether it is right, and the arm that has its costs.
ARMS: tuple[tuple[str, Callable[[Record], bool], str], ...] = (
    ("bare model, one call", lambda r: r["bare"]["right"], "bare"),
    ("bare model, self-consistency", lambda r: r["vote"]["right"], "vote"),
    ("tutor, its text alone", lambda r: r["tutor"]["text_right"], ""),
    ("tutor", lambda r: r["tutor"]["right"], "tutor"),
)


def arms_of(records: Sequence[Record]) -> list[tuple[str, Callable[[Record], bool], str]]:
    """The arms that every record has: bench/accuracy.py --no-vote leaves one out."""
    return [arm for arm in ARMS if not arm[2] or all(arm[2] in r for r in records)]


def report(records: Sequence[Record], name: str) -> None:
    n = len(records)
    out = sys.stdout.write
    out(f"### {name}: n = {n}\n\n| | right | 95 % interval | tokens written | seconds |\n|---|---|---|---|---|\n")
    for label, is_right, arm in arms_of(records):
        count = sum(map(is_right, records))
        low, high = wilson(count, n)
        costs = [f"{statistics.mean(r[arm][key] for r in records):.0f}" if arm else "" for key in ("tokens", "seconds")]
        out(f"| {label} | {count} of {n} ({count / n:.1%}) | {low:.1%} to {high:.1%} | {costs[0]} | {costs[1]} |\n")
    out("\nTokens and seconds are means a problem; seconds with several problems at the same time.\n\n")
    out("| paired | gained | lost | points | McNemar p |\n|---|---|---|---|---|\n")
    for first, second in ((3, 0), (3, 1), (2, 0), (3, 2)):
        (label, mine, _), (other, theirs, _) = ARMS[first], ARMS[second]
        if ARMS[second] not in arms_of(records):
            continue
        gained = sum(mine(r) and not theirs(r) for r in records)
        lost = sum(theirs(r) and not mine(r) for r in records)
        out(f"| {label} against {other} | {gained} | {lost} | {100 * (gained - lost) / n:+.1f} | "
            f"{mcnemar(gained, lost):.3g} |\n")  # fmt: skip
    badges(records)
    details(records)


def paired(records: Sequence[Record], others: Sequence[Record], name: str, other: str) -> None:
    """Each arm of a run against the same arm of another, on the problems that both have (the same id and answer)."""
    theirs = {(r["id"], r["gold"]): r for r in others}
    pairs = [(r, theirs[r["id"], r["gold"]]) for r in records if (r["id"], r["gold"]) in theirs]
    out, n = sys.stdout.write, len(pairs)
    out(f"\n### {name} against {other}: n = {n} problems of both\n\n")
    if not pairs:
        out("No problem has a record in both.\n")
        return
    out(f"| | {name} | {other} | gained | lost | points | McNemar p |\n|---|---|---|---|---|---|---|\n")
    for label, is_right, _ in arms_of([r for pair in pairs for r in pair]):
        rights = [(is_right(mine), is_right(its)) for mine, its in pairs]
        gained, lost = rights.count((True, False)), rights.count((False, True))
        both = rights.count((True, True))
        out(f"| {label} | {both + gained} of {n} | {both + lost} of {n} | {gained} | {lost} | "
            f"{100 * (gained - lost) / n:+.1f} | {mcnemar(gained, lost):.3g} |\n")  # fmt: skip


def badges(records: Sequence[Record]) -> None:
    n, out = len(records), sys.stdout.write
    out("\n| badge | problems | right | share | 95 % interval |\n|---|---|---|---|---|\n")
    for verdict, mark in (("verified", "✔"), ("unverified", "◌"), ("refuted", "✘")):
        these = [r for r in records if r["tutor"]["verdict"] == verdict]
        if these:
            good = sum(r["tutor"]["right"] for r in these)
            low, high = wilson(good, len(these))
            out(f"| {mark} {verdict} | {len(these)} ({len(these) / n:.1%}) | {good} | {good / len(these):.1%} | "
                f"{low:.1%} to {high:.1%} |\n")  # fmt: skip
    verified = [r for r in records if r["tutor"]["verdict"] == "verified"]
    good = sum(r["tutor"]["right"] for r in verified)
    if verified:
        bound = clopper_pearson_lower(good, len(verified))
        out(f"\n**Precision of ✔ {good / len(verified):.1%} ({good} of {len(verified)}; exact 95 % bound: at least "
            f"{bound:.1%}) at a coverage of {len(verified) / n:.1%}.**\n")  # fmt: skip
    out("\n| confidence | problems | right | share |\n|---|---|---|---|\n")
    for low, high, good, count, _ in bins(records):
        out(f"| {low:.2f} to {high:.2f} | {count} | {good} | {good / count:.1%} |\n")


def details(records: Sequence[Record]) -> None:
    out = sys.stdout.write
    looped = [r for r in records if r["tutor"]["sent_back"]]
    helped = sum(r["tutor"]["text_right"] and not r["bare"]["right"] for r in looped)
    hurt = sum(r["bare"]["right"] and not r["tutor"]["text_right"] for r in looped)
    out(f"\nSteps sent back: {sum(r['tutor']['sent_back'] for r in looped)} in {len(looped)} problems; against the "
        f"bare model's text {helped} of these were gained, {hurt} lost.\n")  # fmt: skip
    corrected = [r for r in records if r["tutor"]["corrected"]]
    out(f"Answers corrected by agreeing derivations: {len(corrected)}, right in "
        f"{sum(r['tutor']['right'] for r in corrected)}, the text's own answer right in "
        f"{sum(r['tutor']['text_right'] for r in corrected)}.\n")  # fmt: skip
    for r in records:
        if r["tutor"]["verdict"] == "verified" and not r["tutor"]["right"]:
            out(f"Verified but wrong: {r['id']}: {r['tutor']['answer']}, right is {r['gold']}; the bare model gave "
                f"{r['bare']['answer']}; derivations {r['tutor']['derived']}.\n")  # fmt: skip
    for r in records:
        for arm in ("bare", "vote", "tutor"):
            if arm in r and r[arm]["right"] != r[arm]["same"]:
                out(f"Graded differently by Math-Verify ({r[arm]['right']}) and by ours ({r[arm]['same']}): {r['id']}, "
                    f"{arm}: {r[arm]['answer']} for {r['gold']}.\n")  # fmt: skip


def bins(records: Sequence[Record]) -> list[tuple[float, float, int, int, float]]:
    """(from, to, right, all, mean confidence) of the answers that have a confidence; empty bins left out."""
    found = []
    for low, high in BINS:
        these = [r["tutor"] for r in records if r["tutor"]["confidence"] is not None
                 and low <= r["tutor"]["confidence"] < (high if high < 1 else 1.01)]  # fmt: skip
        if these:
            mean = statistics.mean(t["confidence"] for t in these)
            found.append((low, high, sum(t["right"] for t in these), len(these), mean))
    return found


def diagram(points: Sequence[tuple[float, float, int, int, float]], n: int) -> str:
    """Confidence against accuracy, a point a bin with its Wilson interval; on the diagonal where it is calibrated."""

    def at(x: float, y: float) -> tuple[float, float]:
        return MARGIN + x * SIZE, MARGIN + (1 - y) * SIZE

    (x0, y0), (x1, y1) = at(0, 0), at(1, 1)
    width = SIZE + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {width}" font-family="sans-serif" '
        f'font-size="12" role="img"><title>Confidence against accuracy, n = {n}</title>',
        f'<rect width="{width}" height="{width}" fill="white"/>',
        f'<rect x="{x0}" y="{y1}" width="{SIZE}" height="{SIZE}" fill="none" stroke="#888"/>',
        f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}" stroke="#bbb" stroke-dasharray="4 4"/>',
        f'<text x="{width / 2}" y="{width - 12}" text-anchor="middle">confidence</text>',
        f'<text x="16" y="{width / 2}" text-anchor="middle" transform="rotate(-90 16 {width / 2})">share right</text>',
        f'<text x="{width / 2}" y="24" text-anchor="middle">Confidence against accuracy, n = {n}</text>',
    ]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        (x, y), (_, left) = at(tick, 0), at(0, tick)
        parts.append(f'<text x="{x}" y="{y + 16}" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text x="{x0 - 6}" y="{left + 4}" text-anchor="end">{tick:g}</text>')
    for _, _, good, count, mean in points:
        low, high = wilson(good, count)
        (x, y), (_, bottom), (_, top) = at(mean, good / count), at(mean, low), at(mean, high)
        parts.append(f'<line x1="{x:.1f}" y1="{bottom:.1f}" x2="{x:.1f}" y2="{top:.1f}" stroke="#2563a8"/>')
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#2563a8"/>')
        parts.append(f'<text x="{x + 6:.1f}" y="{y + 14:.1f}" font-size="10" fill="#444">{count}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    main()
