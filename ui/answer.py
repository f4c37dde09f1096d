"""An answer as far as it has come: the events of a question, folded into what a page shows. No Streamlit here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from pydantic import TypeAdapter, ValidationError

from agent import events
from agent.domain import Badge, Derivation, Example, Hint, Picture, Plan, Route, Step
from agent.errors import StorageFailed

TimedEvent = tuple[float, events.TutorEvent]


@dataclass(frozen=True, slots=True)
class Refuted:
    """A version of a step that was shown false, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as it stands: `checked` is None while it is being written."""

    number: int
    text: str
    checked: Step | None = None
    refuted: tuple[Refuted, ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """One run of a node: `began` in seconds after the question; `finished` is None while it runs."""

    node: str
    began: float
    finished: events.NodeFinished | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything a page shows of one answer. `complete` once the tutor has said all."""

    route: Route | None = None
    plan: Plan | None = None
    steps: tuple[ShownStep, ...] = ()
    result: str | None = None
    badge: Badge | None = None
    derivations: tuple[Derivation, ...] = ()
    examples: tuple[Example, ...] = ()
    formulas: tuple[str, ...] = ()
    set_aside: tuple[Step, ...] = ()
    visits: tuple[Visit, ...] = ()
    picture: Picture | None = None
    hint: Hint | None = None
    seconds: float = 0.0
    complete: bool = False

    @property
    def solves(self) -> bool:
        """Whether it is a solution, or will be one; the other replies are words alone."""
        return self.route is None or self.route.solves

    @property
    def running(self) -> tuple[Visit, ...]:
        return tuple(visit for visit in self.visits if visit.finished is None)


def folded(happened: Iterable[TimedEvent], start: Answer | None = None) -> Answer:
    return reduce(after, happened, start or Answer())


def after(answer: Answer, timed: TimedEvent) -> Answer:
    """The answer after one more event."""
    at, event = timed
    return replace(_after(answer, at, event), seconds=max(at, answer.seconds))


def _after(answer: Answer, at: float, event: events.TutorEvent) -> Answer:
    match event:
        case events.NodeStarted(node=node):
            return replace(answer, visits=(*answer.visits, Visit(node, at)))
        case events.NodeFinished():
            return replace(answer, visits=_left(answer.visits, at, event))
        case events.ProblemRouted(route=route):
            return replace(answer, route=route)
        case events.ExamplesFound(examples=examples):
            return replace(answer, examples=examples)
        case events.PlanWritten(plan=plan):
            return replace(answer, plan=plan)
        case events.TokenWritten(step=number, text=text):
            step = _step(answer, number)
            return _with(answer, replace(step, text=step.text + text, checked=None))
        case events.StepRefuted(step=number, claim=claim, kept=kept):
            step = _step(answer, number)
            refuted = Refuted(step.text, claim.reason)
            return _with(answer, ShownStep(number, kept, None, (*step.refuted, refuted)))
        case events.StepChecked(step=checked):
            return _with(answer, replace(_step(answer, checked.number), text=checked.text, checked=checked))
        case events.AnswerWritten(answer=result):
            return replace(answer, result=result)
        case events.PictureDrawn(picture=picture):
            return replace(answer, picture=picture)
        case events.DerivationWritten(derivation=derivation):
            return replace(answer, derivations=(*answer.derivations, derivation))
        case events.SolutionCorrected(answer=result, steps=steps):
            aside = tuple(step.checked or Step(step.number, step.text) for step in answer.steps)
            shown = tuple(ShownStep(step.number, step.text, step) for step in steps)
            return replace(answer, result=result, steps=shown, set_aside=aside)
        case events.HintGiven(hint=hint):
            return replace(answer, hint=hint)
        case events.BadgeSet(badge=badge):
            return replace(answer, badge=badge)
        case events.AnswerGiven():
            return _given(answer, event)
    return answer


def _given(answer: Answer, event: events.AnswerGiven) -> Answer:
    """The solution as a whole is the last word, but for why a step was refuted, which only the events say."""
    solution = event.solution
    why = {} if solution.set_aside else {step.number: step.refuted for step in answer.steps}
    steps = tuple(ShownStep(step.number, step.text, step, why.get(step.number, ())) for step in solution.steps)
    return replace(
        answer, route=solution.route, steps=steps, result=solution.answer, badge=solution.badge, plan=solution.plan,
        derivations=solution.derivations, examples=solution.examples, formulas=solution.formulas,
        set_aside=solution.set_aside, complete=True,
    )  # fmt: skip


def _step(answer: Answer, number: int) -> ShownStep:
    return next((step for step in answer.steps if step.number == number), ShownStep(number, ""))


def _with(answer: Answer, step: ShownStep) -> Answer:
    others = tuple(other for other in answer.steps if other.number != step.number)
    return replace(answer, steps=tuple(sorted((*others, step), key=lambda shown: shown.number)))


def _left(visits: Sequence[Visit], at: float, finished: events.NodeFinished) -> tuple[Visit, ...]:
    """The visit that began last with that node has ended; one whose beginning is not known began when it must have."""
    for position in range(len(visits) - 1, -1, -1):
        if visits[position].node == finished.node and visits[position].finished is None:
            ended = replace(visits[position], finished=finished)
            return (*visits[:position], ended, *visits[position + 1 :])
    return (*visits, Visit(finished.node, max(at - finished.seconds, 0.0), finished))


_KINDS: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(kind)
    for name, kind in vars(events).items()
    if isinstance(kind, type) and issubclass(kind, events.TutorEvent) and kind is not events.TutorEvent
}


def to_record(happened: Iterable[TimedEvent]) -> list[list[Any]]:
    """Events as JSON values for the store; neighbouring pieces of a step's text become one."""
    merged: list[TimedEvent] = []
    for at, event in happened:
        last = merged[-1][1] if merged else None
        if isinstance(event, events.TokenWritten) and isinstance(last, events.TokenWritten) and last.step == event.step:
            merged[-1] = (merged[-1][0], events.TokenWritten(event.step, last.text + event.text))
        else:
            merged.append((at, event))
    return [[round(at, 3), event.to_json()] for at, event in merged]


def from_record(record: Any) -> list[TimedEvent]:
    """The events of a record. Raises StorageFailed for one that is none of ours."""
    try:
        found: list[TimedEvent] = []
        for at, values in record:
            fields = {name: value for name, value in values.items() if name != "event"}
            found.append((float(at), _KINDS[values["event"]].validate_python(fields)))
    except (KeyError, TypeError, ValueError, AttributeError, ValidationError):
        raise StorageFailed("This answer was kept in a form that cannot be read any more: ask again.") from None
    return found


def up_to(happened: Sequence[TimedEvent], checkpoint: str) -> list[TimedEvent]:
    """What had happened when that checkpoint was kept."""
    for position, (_, event) in enumerate(happened):
        if isinstance(event, events.CheckpointKept) and event.name == checkpoint:
            return list(happened[: position + 1])
    return []


def for_resuming(happened: Sequence[TimedEvent]) -> list[TimedEvent]:
    """What is kept of an answer that was cut off when it goes on: no half-written step, no node that did not end."""
    answer = folded(happened)
    half = {step.number for step in answer.steps if step.checked is None}
    broken = {(visit.node, visit.began) for visit in answer.running}
    return [
        (at, event)
        for at, event in happened
        if not (isinstance(event, events.TokenWritten | events.StepRefuted) and event.step in half)
        and not (isinstance(event, events.NodeStarted) and (event.node, at) in broken)
    ]
