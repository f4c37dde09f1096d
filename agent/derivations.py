"""Second derivations of an answer, each written from the problem alone: which forms, and in which order.

Serves the nodes write_derivation and derive_again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context
from dataclasses import dataclass

from langchain_core.messages import BaseMessage, HumanMessage

from agent.domain import QUESTION_FIRST, Derivation, Effort
from agent.errors import CheckFailed, ContextFull
from agent.models.loaded import Written
from agent.prompts import worked_turns
from agent.retelling import question_first

DERIVATION_END = ["\n```\n", "\n\n\n"]
TEMPERATURE = 0.7
INSTEAD = 3  # the sample that takes the place of a retold derivation; no round asks for it otherwise


@dataclass(frozen=True, slots=True)
class Request:
    """One derivation to ask for: `sample` 0 is written greedily, others are drawn at TEMPERATURE.

    With `retold`, the model reads the problem with its question first.
    """

    form: str
    sample: int = 0
    retold: bool = False

    @property
    def temperature(self) -> float:
        return TEMPERATURE if self.sample else 0.0

    @property
    def name(self) -> str:
        return self.form + QUESTION_FIRST if self.retold else self.form

    def possible(self, problem: str) -> Request:
        """This request, or a drawn sample in its place where the problem cannot be retold.

        Written greedily from the same words, it would agree with what is there already and prove nothing.
        """
        return Request(self.form, sample=INSTEAD) if self.retold and question_first(problem) is None else self

    def turns(self, problem: str) -> list[BaseMessage]:
        told = question_first(problem) if self.retold else None
        return [*worked_turns(self.form), HumanMessage(told or problem)]


FIRST = Request("program")

# What is asked for beside the text, and then, round by round, while the verdict is open. Each round runs side by side.
_FORMS = (Request("function"), Request("sentences"))
_RETOLD = tuple(Request(form, retold=True) for form in ("program", "function", "sentences"))
_ROUNDS: dict[Effort, tuple[tuple[Request, ...], ...]] = {
    Effort.LOW: (),
    Effort.NORMAL: (_FORMS, _RETOLD),
    Effort.HIGH: (
        _FORMS,
        _RETOLD,
        (Request("program", 1), Request("function", 1), Request("sentences", 1)),
        (Request("program", 2), Request("function", 2), Request("sentences", 2)),
    ),
}


def next_round(effort: Effort, written: int) -> Sequence[Request]:
    """What to ask for after `written` derivations; nothing where the budget is spent."""
    asked = 1
    for requests in _ROUNDS[effort]:
        if asked >= written:
            return requests
        asked += len(requests)
    return ()


def derive(
    requests: Sequence[Request],
    problem: str,
    ask: Callable[[Request, list[BaseMessage]], Written],
    evaluate: Callable[[str], str],
    told: Callable[[Derivation], None],
) -> list[Derivation]:
    """Have the derivations written side by side, and evaluate them; each is `told` as soon as it is there.

    Whatever is wrong with one is its failure, never an agreement; errors of the model are raised.
    """

    def one(request: Request) -> Derivation:
        try:
            written = ask(request, request.turns(problem))
        except ContextFull:
            why = "The problem is too long for the model's context."
            return Derivation(request.name, "", None, why, request.sample)
        return evaluated(request, written, evaluate)

    with ThreadPoolExecutor(len(requests), thread_name_prefix="derivation") as threads:
        running = [threads.submit(copy_context().run, one, request.possible(problem)) for request in requests]
        for finished in as_completed(running):
            told(finished.result())
        return [future.result() for future in running]


def evaluated(request: Request, written: Written, evaluate: Callable[[str], str]) -> Derivation:
    """What was written, with the answer that it gives."""
    answer, failure = None, None
    try:
        answer = evaluate(written.text)
    except CheckFailed as failed:
        failure = str(failed)
    return Derivation(request.name, written.text.strip(), answer, failure, request.sample, written.likelihood)
