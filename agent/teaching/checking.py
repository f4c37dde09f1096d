"""Checks a student's work with the tutor's model and verifier, for the command line, the chat and the graph alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from langchain_core.messages import BaseMessage

from agent import events
from agent.context import TutorContext
from agent.derivations import DERIVATION_END, Request, derive
from agent.domain import Derivation
from agent.errors import BadInput, Interrupted
from agent.metering import MeteredCall, note
from agent.models.loaded import Written
from agent.routing import MAX_CHARACTERS
from agent.teaching.reviews import WorkReview
from agent.teaching.work import derive_for_work, review_work, split_work

# Where a message goes over from the problem to what the student made of it.
_WORK_BEGINS = re.compile(
    r"(?im)^\W*(?:(?:and )?(?:here (?:is|are)|this is|below is|check) )?(?:what i did|my (?:work|solution|answer|steps"
    r"|attempt|calculation|working|try))\b[^\n:]{0,60}(?::|\n|\.\s)"
)


def check_work(
    context: TutorContext, problem: str, work: str, told: Callable[[events.TutorEvent], None]
) -> WorkReview:  # fmt: skip
    """Solve `problem` apart from `work`, then judge the work's steps by it; what happens is `told` as it happens.

    Raises BadInput where there is no problem or no work, Interrupted where it was stopped, and what the model raises.
    """
    if not problem.strip():
        raise BadInput("There is no problem here: give the problem that the work belongs to.")
    if len(problem) > MAX_CHARACTERS:
        raise BadInput(f"The problem is longer than {MAX_CHARACTERS:,} characters: give it without the text around it.")
    steps = split_work(work)
    told(events.WorkRead(tuple(steps)))

    def ask(request: Request, turns: list[BaseMessage]) -> Written:
        room, drawn = context.limits.derivation_tokens, context.limits.seed + request.sample
        written = context.model.stream(
            turns, max_tokens=room, stop=DERIVATION_END, temperature=request.temperature, seed=drawn,
            cancel=context.cancelled,
        )  # fmt: skip
        note(MeteredCall(turns, room, request.temperature, drawn, written))
        if written.reason == "cancelled":
            raise Interrupted("The check was stopped: nothing of it was kept.")
        return written

    def derivations(requests: Sequence[Request]) -> list[Derivation]:
        return derive(
            requests, problem, ask, context.verifier.evaluate_derivation,
            lambda derivation: told(events.DerivationWritten(derivation)),
        )  # fmt: skip

    try:
        found = derive_for_work(derivations)
    except BaseException:
        context.cancelled.set()  # the other derivations stop as well
        raise
    review = review_work(problem, steps, found, context.verifier, context.calibration)
    told(events.WorkReviewed(review))
    return review


def problem_and_work(message: str, previous: str = "") -> tuple[str, str]:
    """A chat message as a problem and the work on it. Work alone belongs to the `previous` problem.

    Raises BadInput where one of the two is missing.
    """
    begins = _WORK_BEGINS.search(message)
    if begins is None:
        problem, work = previous, message
    else:
        problem, work = message[: begins.start()].strip() or previous, message[begins.end() :]
    if not problem.strip() or not work.strip():
        raise BadInput("I need the problem and your steps: write the problem, then “My work:”, then your steps.")
    return problem.strip(), work.strip()
