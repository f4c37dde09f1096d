"""The nodes that help a student along: hints, follow-ups, objections, encouragement. Edges are in agent/graph.py."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langgraph.runtime import Runtime

from agent import events
from agent.context import TutorContext
from agent.domain import Badge, Hint, Lesson, Route, Solution, Verdict
from agent.errors import BadInput
from agent.intents import Intent
from agent.state import TutorState
from agent.teaching.explanations import why
from agent.teaching.follow_ups import another_way, badge_of, in_language, in_simpler_words, wants_small_steps
from agent.teaching.hints import is_trusted, ladder, secrets_at
from agent.teaching.lessons import lesson_of
from agent.teaching.nodes_work import check_student_work
from agent.teaching.objections import weigh, weigh_answer
from agent.teaching.support import comfort
from agent.teaching.translation import translated

Update = dict[str, Any]
TutorRuntime = Runtime[TutorContext]


def give_hint(state: TutorState, runtime: TutorRuntime) -> Update:
    """The next rung of the ladder, or the one that is asked for; the last one is the solution itself."""
    lesson = state["lesson"]
    if lesson is None or state["withheld"]:  # its solution has just been worked out
        lesson = lesson_of(state["question"], _solution(state), state["symbolic"], runtime.context.verifier)
    hints = ladder(lesson)
    wanted = state["rung"] or lesson.hints_given + 1
    hint = hints[-1] if state["intent"] is Intent.SHOW else hints[min(wanted, len(hints)) - 1]
    lesson = replace(lesson, hints_given=max(lesson.hints_given, hint.number))
    if hint.kind != "show":
        secrets = secrets_at(lesson, hint.about)
        hint = replace(hint, text=translated(hint.text, lesson.question, runtime, secrets))
    runtime.stream_writer(events.HintGiven(hint))
    if hint.kind == "show":
        return {**_show(lesson, state, runtime), "lesson": lesson}
    return {**_reply(Route.HINT, hint.text, _badge_of_hint(hint, lesson), state, runtime), "lesson": lesson}


def answer_follow_up(state: TutorState, runtime: TutorRuntime) -> Update:
    """Answer a question about the solution that is there: from its steps, by another way, or in other words."""
    lesson = state["lesson"]
    if lesson is None:
        text = "There is no solution in this conversation yet: ask me a problem first."
        return _reply(Route.FOLLOW_UP, text, Badge(Verdict.UNVERIFIED, "No problem was solved."), state, runtime)
    message, intent = state["problem"], state["intent"]
    small = wants_small_steps(intent, message, state.get("small_steps", False))
    if intent is Intent.ANOTHER_WAY:
        text, badge = another_way(lesson, runtime, small_steps=small)
    elif intent is Intent.SIMPLER:
        text, badge = in_simpler_words(lesson, message, runtime, small_steps=small)
    elif intent is Intent.LANGUAGE:
        text, badge = in_language(lesson, message, runtime, small_steps=small)
    else:
        text, badge = translated(why(lesson, message, small_steps=small), lesson.question, runtime), badge_of(lesson)
    return {**_reply(Route.FOLLOW_UP, text, badge, state, runtime), "small_steps": small}


def weigh_objection(state: TutorState, runtime: TutorRuntime) -> Update:
    """Check what the message claims, and agree or disagree by evidence alone."""
    verdict, text = weigh(state["problem"], state["lesson"], runtime.context.verifier)
    reason = {
        Verdict.VERIFIED: "The claim holds.",
        Verdict.REFUTED: "The claim was checked, and does not hold.",
        Verdict.UNVERIFIED: "The claim could not be checked.",
    }[verdict]
    text = translated(text, state["question"], runtime)
    return _reply(Route.OBJECTION, text, Badge(verdict, reason), state, runtime)


def encourage(state: TutorState, runtime: TutorRuntime) -> Update:
    """A kind word without praise that nobody has earned, and one small step, if there is a problem to take it on."""
    lesson = state["lesson"]
    hint = _next_hint(lesson) if lesson is not None else None
    if lesson is not None and hint is not None:
        lesson = replace(lesson, hints_given=hint.number)
    secrets = secrets_at(lesson, hint.about) if lesson is not None and hint is not None else []
    text = comfort(state["problem"], lesson, hint.text if hint else "")
    text = translated(text, state["question"], runtime, secrets)
    badge = Badge(Verdict.UNVERIFIED, "No problem was solved.")
    return {**_reply(Route.SUPPORT, text, badge, state, runtime), "lesson": lesson, "small_steps": True}


def check_work(state: TutorState, runtime: TutorRuntime) -> Update:
    """Go through the student's own work; a bare answer or a single statement is weighed without a model call."""
    lesson, message = state["lesson"], state["problem"].strip()
    checked = None if "\n" in message else weigh_answer(message, lesson, runtime.context.verifier)
    if checked is not None:
        verdict, text = checked
        update: Update = {}
        if verdict is Verdict.REFUTED and lesson is not None and (hint := _next_hint(lesson)) is not None:
            text += f" {hint.text}"
            update = {"lesson": replace(lesson, hints_given=hint.number)}
        return {**_reply(Route.CHECK, text, Badge(verdict, "Checked by calculation."), state, runtime), **update}
    try:
        text = str(check_student_work(state, runtime)["reply"])
    except BadInput as missing:
        text = str(missing)
    return _reply(Route.CHECK, text, Badge(Verdict.UNVERIFIED, "A review of your own work."), state, runtime)


def _next_hint(lesson: Lesson) -> Hint | None:
    """The hint that the student has not seen yet, None where only the solution is left."""
    hints = ladder(lesson)[:-1]
    return hints[lesson.hints_given] if lesson.hints_given < len(hints) else None


def _solution(state: TutorState) -> Solution:
    badge = state["badge"]
    assert badge is not None  # cross_check sets it on the way here  # noqa: S101
    return Solution(
        problem=state["problem"], route=state["route"], answer=state["answer"], badge=badge,
        steps=tuple(state["steps"]), plan=state["plan"], derivations=tuple(state["derivations"]),
        set_aside=tuple(state["set_aside"]),
    )  # fmt: skip


def _show(lesson: Lesson, state: TutorState, runtime: TutorRuntime) -> Update:
    """Show a solution that was withheld, step by step, as if it were written now."""
    solution = lesson.solution
    for step in solution.steps:
        runtime.stream_writer(events.TokenWritten(step.number, step.text))
        runtime.stream_writer(events.StepChecked(step))
    runtime.stream_writer(events.BadgeSet(solution.badge))
    runtime.stream_writer(events.AnswerGiven(solution))
    text = "\n\n".join(step.text for step in solution.steps) or solution.answer or ""
    return {"badge": solution.badge, "answer": solution.answer, "messages": _exchange(state, text)}


def _reply(route: Route, text: str, badge: Badge, state: TutorState, runtime: TutorRuntime) -> Update:
    """A reply in words, which ends the message."""
    runtime.stream_writer(events.BadgeSet(badge))
    runtime.stream_writer(events.AnswerGiven(Solution(state["problem"], route, text, badge)))
    return {"route": route, "badge": badge, "answer": text, "messages": _exchange(state, text)}


def _exchange(state: TutorState, text: str) -> list[BaseMessage]:
    return [HumanMessage(state["problem"]), AIMessage(text)]


def _badge_of_hint(hint: Hint, lesson: Lesson) -> Badge:
    if is_trusted(lesson):
        return Badge(Verdict.VERIFIED, f"Hint {hint.number} of {hint.total}, from a verified solution.")
    return Badge(Verdict.UNVERIFIED, f"Hint {hint.number} of {hint.total}; the solution behind it is not verified.")
