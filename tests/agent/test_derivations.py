"""Which derivations are asked for, and that one written from the same words is never counted as a further one."""

from __future__ import annotations

import pytest
from langchain_core.messages import BaseMessage

from agent.derivations import FIRST, INSTEAD, TEMPERATURE, Request, derive, next_round
from agent.domain import Derivation, Effort
from agent.models.loaded import Written

PROBLEM = "Ann has 3 pens. She buys 4 more. How many has she now?"
ONE_SENTENCE = "How many pens has Ann, who had 3 and buys 4 more?"


def asked(problem: str, *requests: Request) -> tuple[list[Derivation], list[tuple[float, str]]]:
    seen: list[tuple[float, str]] = []

    def ask(request: Request, turns: list[BaseMessage]) -> Written:
        seen.append((request.temperature, str(turns[-1].content)))
        return Written("answer = 7", False, "stop")

    return derive(requests, problem, ask, lambda _text: "7", lambda _derivation: None), seen


def test_a_retold_derivation_reads_the_question_first_and_has_a_name_of_its_own() -> None:
    (derivation,), ((temperature, told),) = asked(PROBLEM, Request("program", retold=True))
    assert told == "How many has she now? Ann has 3 pens. She buys 4 more."
    assert (derivation.form, derivation.sample, temperature) == ("program-question-first", 0, 0.0)


def test_what_cannot_be_retold_is_drawn_as_a_sample_instead() -> None:
    (derivation,), ((temperature, told),) = asked(ONE_SENTENCE, Request("program", retold=True))
    assert told == ONE_SENTENCE
    assert (derivation.form, derivation.sample, temperature) == ("program", INSTEAD, TEMPERATURE)


@pytest.mark.parametrize("effort", list(Effort))
@pytest.mark.parametrize("problem", [PROBLEM, ONE_SENTENCE])
def test_no_round_asks_for_the_same_derivation_twice(effort: Effort, problem: str) -> None:
    """Written from the same words in the same form by the same draw, it would agree with itself."""
    requests = [FIRST]
    while more := next_round(effort, len(requests)):
        requests += more
    keys = [(told.name, told.sample) for told in (request.possible(problem) for request in requests)]
    assert len(set(keys)) == len(keys)
