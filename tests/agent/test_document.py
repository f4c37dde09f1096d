"""The JSON document is what docs/JSON.md says it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from agent import events
from agent.document import solution_document
from agent.domain import Badge, Claim, Derivation, Plan, Route, Solution, Step, Verdict
from agent.errors import ModelFailed

DOCUMENTED = Path(__file__).resolve().parents[2] / "docs" / "JSON.md"
STEP = Step(1, "4 × 2 = 8", (Claim("4 × 2 = 8", Verdict.VERIFIED, "right"),))
SOLUTION = Solution(
    "p", Route.WORD_PROBLEM, "8", Badge(Verdict.VERIFIED, "agrees"), (STEP,), Plan("?", (), "a"),
    derivations=(Derivation("program", "answer = 8", "8"),),
)  # fmt: skip
TIMED = [
    (0.1, events.PlanWritten(Plan("?", (), "a"))),
    (0.5, events.TokenWritten(1, "4")),
    (1.5, events.NodeFinished("write_step", 1.4, {}, {}, 100, 90, 7)),
    (1.6, events.AnswerWritten("8")),
    (2.0, events.BadgeSet(SOLUTION.badge)),
    (2.1, events.AnswerGiven(SOLUTION)),
]


def test_every_name_of_the_document_is_documented_and_there() -> None:
    document = solution_document(TIMED, thread="t", model="m")
    named = set(re.findall(r"^\| `(\w+)` \|", DOCUMENTED.read_text(encoding="utf-8"), re.M))
    assert named == set(document)


def test_the_document_says_when_what_was_there_and_what_it_cost() -> None:
    document = json.loads(json.dumps(solution_document(TIMED, thread="t", model="m")))
    assert document["seconds"] == {"first_text": 0.1, "first_token": 0.5, "answer": 1.6, "badge": 2.0}
    assert document["tokens"] == {"prompt": 100, "cached": 90, "written": 7}
    assert document["badge"] == {"verdict": "verified", "mark": "✔", "reason": "agrees", "confidence": None}
    assert document["steps"][0]["verdict"] == "verified"


def test_an_answer_that_was_cut_off_is_no_document() -> None:
    with pytest.raises(ModelFailed, match="--resume"):
        solution_document(TIMED[:-1], thread="t", model="m")


def test_every_event_is_documented() -> None:
    text = DOCUMENTED.read_text(encoding="utf-8")
    kinds = [kind.__name__ for kind in events.TutorEvent.__subclasses__()]
    assert kinds
    assert all(f"`{kind}`" in text for kind in kinds)
