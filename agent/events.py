"""What a front end may see while a problem is solved: small immutable events, each one JSON object."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from agent.domain import Badge, Claim, Derivation, Example, Hint, Picture, Plan, Route, Solution, Step
from agent.teaching.reviews import WorkReview


@dataclass(frozen=True, slots=True)
class TutorEvent:
    """The root of all events."""

    def to_json(self) -> dict[str, Any]:
        """A JSON object with the event's name under "event"."""
        return {"event": type(self).__name__, **dataclasses.asdict(self)}


@dataclass(frozen=True, slots=True)
class NodeStarted(TutorEvent):
    node: str


@dataclass(frozen=True, slots=True)
class ModelCall:
    """A call of the model: who said what (`messages` are role and text), how it was to write, what it wrote."""

    messages: tuple[tuple[str, str], ...]
    written: str
    temperature: float
    seed: int
    max_tokens: int
    prompt_tokens: int
    cached_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class NodeInspected(TutorEvent):
    """What a node got and gave in full, and its model calls as they were sent; its NodeFinished follows."""

    node: str
    received: dict[str, str]
    returned: dict[str, str]
    calls: tuple[ModelCall, ...]


@dataclass(frozen=True, slots=True)
class CheckpointKept(TutorEvent):
    """The conversation is kept as it is now, under `name`; the nodes `following` run next. It can be gone on from."""

    name: str
    following: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NodeFinished(TutorEvent):
    """`received` and `returned` are the node's keys with short values; times in seconds, sizes in tokens."""

    node: str
    seconds: float
    received: dict[str, str]
    returned: dict[str, str]
    prompt_tokens: int
    cached_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class ProblemRouted(TutorEvent):
    route: Route
    follow_up: bool


@dataclass(frozen=True, slots=True)
class ExamplesFound(TutorEvent):
    examples: tuple[Example, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class PlanWritten(TutorEvent):
    plan: Plan


@dataclass(frozen=True, slots=True)
class TokenWritten(TutorEvent):
    """A piece of the text of step `step`."""

    step: int
    text: str


@dataclass(frozen=True, slots=True)
class StepRefuted(TutorEvent):
    """Step `step` is false as written: its text goes back to `kept`, from where it is written again."""

    step: int
    claim: Claim
    kept: str


@dataclass(frozen=True, slots=True)
class StepChecked(TutorEvent):
    step: Step


@dataclass(frozen=True, slots=True)
class AnswerWritten(TutorEvent):
    """The solution has reached an answer; the cross-check may still be at work."""

    answer: str


@dataclass(frozen=True, slots=True)
class PictureDrawn(TutorEvent):
    """A graph of the problem, calculated from its own formulas and its exact answer."""

    picture: Picture


@dataclass(frozen=True, slots=True)
class DerivationWritten(TutorEvent):
    derivation: Derivation


@dataclass(frozen=True, slots=True)
class SolutionCorrected(TutorEvent):
    """The solution that was shown gives way to these steps, from derivations that agree on another answer."""

    answer: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class HintGiven(TutorEvent):
    """The next hint, checked against what it must not give away."""

    hint: Hint


@dataclass(frozen=True, slots=True)
class BadgeSet(TutorEvent):
    badge: Badge


@dataclass(frozen=True, slots=True)
class AnswerGiven(TutorEvent):
    """The end: the whole solution, its badge in it."""

    solution: Solution


@dataclass(frozen=True, slots=True)
class WorkRead(TutorEvent):
    """A student's solution, cut into its steps; the problem is now solved apart from it."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkReviewed(TutorEvent):
    """The end of a check of a student's work."""

    review: WorkReview
