"""A solution as one JSON document; its schema is described in docs/JSON.md."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from agent import events
from agent.domain import Solution
from agent.errors import ModelFailed

SCHEMA_VERSION = 1


def solution_document(timed: Sequence[tuple[float, events.TutorEvent]], *, thread: str, model: str) -> dict[str, Any]:
    """The document of one answered problem. `timed` holds (seconds since the start, event) pairs.

    Raises ModelFailed where the events end before an answer was given.
    """
    solution = next((e.solution for _, e in timed if isinstance(e, events.AnswerGiven)), None)
    if solution is None:
        raise ModelFailed("The answer was cut off before it was finished: continue it with --thread NAME --resume.")
    finished = [(at, event) for at, event in timed if isinstance(event, events.NodeFinished)]
    return {
        "schema": SCHEMA_VERSION,
        "thread": thread,
        "model": model,
        **_solution(solution),
        "seconds": {
            "first_text": _first(timed, events.PlanWritten, events.TokenWritten),
            "first_token": _first(timed, events.TokenWritten),
            "answer": _first(timed, events.AnswerWritten),
            "badge": _first(timed, events.BadgeSet),
        },
        "tokens": {
            "prompt": sum(event.prompt_tokens for _, event in finished),
            "cached": sum(event.cached_tokens for _, event in finished),
            "written": sum(event.output_tokens for _, event in finished),
        },
        "trace": [{"at": round(at, 3), **event.to_json()} for at, event in finished],
    }


def _solution(solution: Solution) -> dict[str, Any]:
    document = dataclasses.asdict(solution)
    document["badge"]["mark"] = solution.badge.verdict.mark
    for shown, step in zip(document["steps"], solution.steps, strict=True):
        shown["verdict"] = step.verdict.value
    return document


def _first(timed: Sequence[tuple[float, events.TutorEvent]], *kinds: type[events.TutorEvent]) -> float | None:
    return next((round(at, 3) for at, event in timed if isinstance(event, kinds)), None)
