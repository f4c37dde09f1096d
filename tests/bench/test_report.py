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


def report(folder: Path, mine: list[dict[str, Any]], others: list[dict[str, Any]]) -> str:
    for name, records in (("adapted", mine), ("base", others)):
        lines = "".join(json.dumps(one) + "\n" for one in records)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    command = [sys.executable, str(BENCH / "report.py"), str(folder / "adapted.jsonl")]
    ended = subprocess.run(
        [*command, "--against", str(folder / "base.jsonl")], capture_output=True, text=True, timeout=300
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


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
