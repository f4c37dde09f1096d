"""The words for what is found in a student's work. Plain data, for every package that shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from agent.domain import Claim, Derivation


class StepVerdict(StrEnum):
    """What is said of a step."""

    RIGHT = "right"  # its calculation holds and lies on a way to the answer
    WRONG = "wrong"  # with evidence
    ASKED = "asked about"
    OPEN = "open"  # nothing is known against it, and nothing for it
    AFTER = "after the first wrong step"


class Outcome(StrEnum):
    """What came of the work as a whole."""

    RIGHT = "right answer, and every step holds"
    RIGHT_OTHER_WAY = "right answer, by a way that is not clear"
    AGREED = "an answer that is reached another way as well, which is not enough to call it right"
    WRONG_ANSWER = "wrong answer, and the first wrong step is known"
    WRONG_ANSWER_RIGHT_WAY = "right steps, but not to what is asked"
    DOUBTFUL = "perhaps wrong: a step to look at again"
    UNDECIDED = "nothing could be made out"


class Fault(StrEnum):
    """Why the pointed step is pointed at."""

    CALCULATION = "its calculation is false"
    OFF_THE_WAY = "what it arrives at lies on no way to the answer"
    NOT_ASKED = "what it arrives at is not what is asked for"


@dataclass(frozen=True, slots=True)
class ReviewedStep:
    """`claims` are the step checker's; `calculation` is what the verdict rests on, "" for nothing."""

    number: int
    text: str
    verdict: StepVerdict
    claims: tuple[Claim, ...] = ()
    calculation: str = ""


@dataclass(frozen=True, slots=True)
class WorkReview:
    """`pointed` is the number of the step that is wrong or asked about, None for none; `fault` says why.

    `unused` are given numbers that stand nowhere in the work. `answer` is the student's; `confidence` is how sure it is
    that the derivations' answer is right, 0 where there is none.
    """

    problem: str
    steps: tuple[ReviewedStep, ...]
    outcome: Outcome
    answer: str | None
    pointed: int | None = None
    fault: Fault | None = None
    unused: tuple[str, ...] = ()
    confidence: float = 0.0
    derivations: tuple[Derivation, ...] = ()

    @property
    def confirms(self) -> bool:
        """Whether the answer is called right."""
        return self.outcome in (Outcome.RIGHT, Outcome.RIGHT_OTHER_WAY)

    @property
    def accuses(self) -> bool:
        """Whether a step is called wrong, and not only asked about."""
        return any(step.verdict is StepVerdict.WRONG for step in self.steps)
