"""What the accuracy report says of two runs: a model with an adapter and without, problem by problem."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

BENCH = Path(__file__).resolve().parents[2] / "bench"


def record(number: int, bare: bool, tutor: bool, gold: str = "1") -> dict[str, Any]:
    arm = {"right": bare, "same": bare, "answer": "1" if bare else "2", "tokens": 10, "seconds": 1.0}
    solved = {
        **arm, "right": tutor, "same": tutor, "text_right": bare, "verdict": "unverified", "confidence": None,
        "sent_back": 0, "corrected": False, "derived": [],
    }  # fmt: skip
    return {"id": f"p{number}", "gold": gold, "bare": arm, "vote": arm, "tutor": solved}


def kept(folder: Path, name: str, records: list[dict[str, Any]]) -> str:
    file = folder / f"{name}.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return str(file)


def reported(*options: str) -> str:
    command = [sys.executable, str(BENCH / "report.py"), *options]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def report(folder: Path, mine: list[dict[str, Any]], others: list[dict[str, Any]]) -> str:
    return reported(kept(folder, "adapted", mine), "--against", kept(folder, "base", others))


def test_two_runs_are_paired_on_the_problems_that_both_have(tmp_path: Path) -> None:
    """Of ten common problems the adapter gains seven and loses one; another problem, and one whose gold answer
    differs, are in one run alone. The exact two-sided p of 7 against 1 is 2 (1 + 8) / 2^8."""
    adapted = [record(n, bare=n != 0, tutor=n != 0) for n in range(10)]
    base = [record(n, bare=n in (0, 8, 9), tutor=n != 0) for n in reversed(range(10))]
    said = report(
        tmp_path,
        [*adapted, record(20, bare=True, tutor=True), record(30, bare=True, tutor=True)],
        [*base, record(21, bare=True, tutor=True), record(30, bare=False, tutor=False, gold="7")],
    )
    assert "### adapted against base: n = 10 problems of both" in said
    assert "| bare model, one call | 9 of 10 | 3 of 10 | 7 | 1 | +60.0 | 0.0703 |" in said
    assert "| tutor | 9 of 10 | 9 of 10 | 0 | 0 | +0.0 | 1 |" in said


def test_runs_without_a_common_problem_are_not_compared(tmp_path: Path) -> None:
    said = report(tmp_path, [record(1, bare=True, tutor=True)], [record(2, bare=True, tutor=True)])
    assert "No problem has a record in both." in said


def after_round(derivations: int, verdict: str, right: bool, tokens: int) -> dict[str, Any]:
    return {
        "derivations": derivations, "answer": "1" if right else "2", "right": right, "same": right,
        "verdict": verdict, "confidence": 0.95 if verdict == "verified" else 0.6, "corrected": False, "tokens": tokens,
    }  # fmt: skip


def test_a_run_at_high_effort_says_what_lower_efforts_had_given(tmp_path: Path) -> None:
    """One problem is verified in normal's last round, rightly; one in high's last round alone, and wrongly."""
    early, late = record(1, bare=True, tutor=True), record(2, bare=True, tutor=False)
    rounds = {
        1: [after_round(1, "unverified", True, 10), after_round(3, "verified", True, 30)],
        2: [after_round(1, "unverified", True, 10), after_round(3, "unverified", True, 30),
            after_round(6, "unverified", True, 60), after_round(9, "verified", False, 90)],
    }  # fmt: skip
    for number, one in ((1, early), (2, late)):
        one["tutor"] |= {"rounds": rounds[number], **rounds[number][-1]}
    file = kept(tmp_path, "high", [early, late])
    assert "1 of 2; exact 95 % bound: at least 1.3%) at a coverage of 100.0%" in reported(file)
    normal = reported(file, "--effort", "normal")
    assert "1 of 1; exact 95 % bound: at least 2.5%) at a coverage of 50.0%" in normal
    assert "| tutor | 2 of 2 (100.0%) | 34.2% to 100.0% | 45 |" in normal
    low = reported(file, "--effort", "low")
    assert "Precision" not in low
    assert "| tutor | 2 of 2 (100.0%) | 34.2% to 100.0% | 10 |" in low


def test_a_run_without_the_vote_has_no_row_for_it(tmp_path: Path) -> None:
    records = [record(n, bare=True, tutor=True) for n in range(3)]
    for one in records:
        del one["vote"]
    said = reported(kept(tmp_path, "run", records))
    assert "self-consistency" not in said
    assert "| tutor against bare model, one call | 0 | 0 | +0.0 | 1 |" in said
