"""The state that travels through the graph and is kept, thread by thread, by the checkpointer."""

from __future__ import annotations

from typing import (
    Annotated,
    Any,
    NotRequired,  # pydantic, which describes the state to Studio, asks for this one
)

from langchain_core.messages import AnyMessage
from langgraph.graph.message import add_messages
from typing_extensions import TypedDict

from agent.domain import Badge, Claim, Derivation, Example, Lesson, Likelihood, Plan, Route, Step
from agent.intents import Intent


class WorkedText(TypedDict, total=False):
    """What working through a problem writes: the subgraph's output, apart from the derivation's keys."""

    examples: list[Example]
    plan: Plan | None
    steps: list[Step]
    draft: str  # the text of the step at hand, not checked yet
    rewrites: int  # of the step at hand
    replaced: list[str]  # its refuted versions
    refuted: Claim | None  # what must be put right when it is written again
    ended: str  # "" while the text goes on, else one of the reasons of nodes.ENDINGS
    written_answer: str | None
    likelihood: Likelihood | None  # of all that was written of the text


class TutorState(WorkedText, total=False):
    """Only `messages` grows over a thread; all other keys but the last two are replaced at the start of a question."""

    messages: Annotated[list[AnyMessage], add_messages]
    problem: str  # the student's message
    question: str  # the problem by itself: a follow-up together with what it follows
    follow_up: bool
    route: Route
    reply: str  # of a route that does not solve: the whole answer, in words
    symbolic: dict[str, Any] | None  # SymbolicAnswer.to_json()
    derivations: list[Derivation]
    open: bool  # whether more derivations are asked for
    corrected_by: Derivation | None  # whose answer takes the place of the text's
    set_aside: list[Step]  # the text's steps, where a derivation took their place
    answer: str | None
    badge: Badge | None
    formulas: list[str]
    intent: Intent | None  # what the message asks for beyond being solved
    rung: int | None  # the hint that is asked for in so many words: a number, 0 for the next one
    meant: Route | None  # how the student wants the message taken, where its routing guessed wrong
    withheld: bool  # whether the solution is worked out for its hints, and not shown
    lesson: Lesson | None  # what the conversation is about: not wiped by a new message, only by a new problem
    small_steps: bool  # how the student wants things explained: kept until she says otherwise


class Question(TypedDict):
    """What a question begins with.

    With a `rung`, a hint is asked for: that one of the ladder, 0 for the next. `meant` is how the message is taken.
    """

    problem: str
    rung: NotRequired[int | None]
    meant: NotRequired[Route | None]


def fresh_question(problem: str) -> TutorState:
    """The state in which a question is worked on: all of the question before it is wiped but what it was about."""
    return TutorState(
        problem=problem,
        question=problem,
        follow_up=False,
        route=Route.WORD_PROBLEM,
        reply="",
        symbolic=None,
        examples=[],
        plan=None,
        steps=[],
        draft="",
        rewrites=0,
        replaced=[],
        refuted=None,
        ended="",
        written_answer=None,
        likelihood=None,
        derivations=[],
        open=False,
        corrected_by=None,
        set_aside=[],
        answer=None,
        badge=None,
        formulas=[],
        intent=None,
        rung=None,
        meant=None,
        withheld=False,
    )
