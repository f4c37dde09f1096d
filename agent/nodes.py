"""The graph's nodes, one function each: what it is given in the state, what keys it returns. Edges are in graph.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langgraph.runtime import Runtime

from agent import events
from agent.calls import ask_derivations, ask_model
from agent.context import TutorContext
from agent.derivations import FIRST, Request, next_round
from agent.domain import Badge, Claim, Derivation, Example, Route, Solution, Step, Verdict
from agent.errors import ContextFull
from agent.intents import Intent
from agent.models.loaded import Written
from agent.parsing import CALCULATED_ALIKE, cited_example, describe_plan, final_answer, formulas_used, step_is_open
from agent.prompts import render
from agent.routing import decide, decide_as
from agent.state import TutorState, fresh_question
from agent.teaching.changes import changed_problem
from agent.teaching.lessons import lesson_of
from agent.verification.confidence import Evidence
from agent.verification.verdicts import judge

STEP_END = "\n\n"  # the blank line that the model itself puts between its steps
EXAMPLES_SHOWN = 3
# Why a text ended. Only the first two are the model's own ending.
ANSWERED, FINISHED, STEP_CAP, OUT_OF_ROOM, REPEATING = (
    "answered",
    "finished",
    "step cap",
    "out of room",
    "repeating",
)

Update = dict[str, Any]
TutorRuntime = Runtime[TutorContext]


def route_problem(state: TutorState, runtime: TutorRuntime) -> Update:
    """Wipe what the question before left, and decide without a model call how this one is answered."""
    rung = state.get("rung")
    lesson = state.get("lesson")
    previous = lesson.question if lesson is not None else _last_question(state)
    meant = state.get("meant")
    decision = decide_as(meant, state["problem"], previous) if meant else decide(state["problem"], previous)
    if decision.intent is Intent.CHANGED and (changed := changed_problem(previous, state["problem"])):
        decision = replace(decision, route=decide(changed).route, question=changed, follow_up=False)
    if rung is not None and decision.route in (Route.WORD_PROBLEM, Route.SYMBOLIC):
        decision = replace(decision, route=Route.HINT)  # the student wants to be helped, whatever the wording
    runtime.stream_writer(events.ProblemRouted(decision.route, decision.follow_up))
    update: Update = {
        **fresh_question(state["problem"]), "route": decision.route, "question": decision.question,
        "follow_up": decision.follow_up, "reply": decision.reply, "intent": decision.intent, "lesson": lesson,
        "rung": rung, "meant": meant,
    }  # fmt: skip
    if decision.route is Route.HINT and (lesson is None or lesson.question != decision.question):
        worked = decide(decision.question)  # hints need a solution: it is worked out first, and not shown
        solvable = worked.route in (Route.WORD_PROBLEM, Route.SYMBOLIC)
        update |= {"route": worked.route, "question": worked.question, "reply": worked.reply, "withheld": solvable}
    return update


def _last_question(state: TutorState) -> str:
    """What was asked before, passing over what was declined: nothing can follow up on that."""
    asked = (str(message.content) for message in reversed(state["messages"]) if isinstance(message, HumanMessage))
    return next((message for message in asked if decide(message).route is not Route.DECLINED), "")


def solve_symbolic(state: TutorState, runtime: TutorRuntime) -> Update:
    """Let SymPy compute the exact answer; where it cannot, the problem is worked out like any other."""
    found = runtime.context.verifier.solve_symbolic(state["question"])
    if found is None:
        return {"symbolic": None, "route": Route.WORD_PROBLEM}
    runtime.stream_writer(events.AnswerWritten(found.answer))
    if found.checked and (picture := runtime.context.verifier.picture(state["question"], found.answer)):
        runtime.stream_writer(events.PictureDrawn(picture))
    return {"symbolic": found.to_json()}


def retrieve_examples(state: TutorState, runtime: TutorRuntime) -> Update:
    """Find worked problems of a similar meaning to show beside the solution; the model's prompt is left alone."""
    search = runtime.context.search
    if search is None:
        runtime.stream_writer(events.ExamplesFound((), "Retrieval is switched off."))
        return {"examples": []}
    nearest = search.search(state["question"], EXAMPLES_SHOWN)
    found = [example for example in nearest if example.similarity >= search.near_from]
    nearest_one = max((example.similarity for example in nearest), default=0.0)
    reason = f"The nearest has similarity {nearest_one:.2f}; from {search.near_from:.2f} on they are shown"
    reason += ", and kept out of the prompt, where they did not make solutions better." if found else ": none is."
    runtime.stream_writer(events.ExamplesFound(tuple(found), reason))
    return {"examples": found}


def make_plan(state: TutorState, runtime: TutorRuntime) -> Update:
    """Say what is asked, what is given and how it will be tackled, at once and without a model call."""
    plan = describe_plan(state["question"], state["route"], state["examples"])
    runtime.stream_writer(events.PlanWritten(plan))
    return {"plan": plan}


def write_step(state: TutorState, runtime: TutorRuntime) -> Update:
    """Write one step, as a continuation of the assistant's own message up to its next blank line."""
    number = len(state["steps"]) + 1
    finished = "".join(step.text + STEP_END for step in state["steps"])
    draft = state["draft"]
    ended, likelihood = "", state["likelihood"]
    while not ended:
        room = runtime.context.limits.answer_tokens - (len(finished) + len(draft)) // 4
        try:
            written = _continue_text(state, runtime, finished, draft, max(room, 1))
        except ContextFull:
            ended = OUT_OF_ROOM
            break
        draft += written.text
        likelihood = written.likelihood.joined(likelihood) if written.likelihood else likelihood
        if written.ended or not written.text.strip():
            ended = FINISHED
        elif written.reason == "length" or room <= 0:
            ended = OUT_OF_ROOM
        elif not step_is_open(draft):
            break
        else:
            draft += STEP_END
            runtime.stream_writer(events.TokenWritten(number, STEP_END))
    if not ended and draft.strip() in {step.text.strip() for step in state["steps"]}:
        return {"draft": "", "ended": REPEATING}
    return {"draft": draft, "ended": ended, "likelihood": likelihood}


def verify_step(state: TutorState, runtime: TutorRuntime) -> Update:
    """Check every claim of the step; put a false calculation right, send a false statement back."""
    draft = state["draft"]
    if not draft.strip():
        return {"draft": "", "written_answer": _answer_of(state["steps"])}
    claims = runtime.context.verifier.check_step(
        draft, earlier=[step.text for step in state["steps"]], problem=state["question"]
    )
    step = Step(len(state["steps"]) + 1, draft, tuple(claims), tuple(state["replaced"]))
    if step.refutation is not None and state["rewrites"] < runtime.context.limits.max_rewrites:
        return _send_back(state, runtime, step, step.refutation)
    runtime.stream_writer(events.StepChecked(step))
    steps = [*state["steps"], step]
    answer = _answer_of(steps) if state["ended"] or "\\boxed" in draft else None
    ended = state["ended"] or (ANSWERED if answer and state["route"] is not Route.CONCEPT else "")
    if not ended and len(steps) >= runtime.context.limits.max_steps:
        ended, answer = STEP_CAP, _answer_of(steps)
    if ended and answer and state["route"] is Route.WORD_PROBLEM:
        runtime.stream_writer(events.AnswerWritten(answer))
    return {
        "steps": steps, "draft": "", "rewrites": 0, "replaced": [], "refuted": None,
        "ended": ended, "written_answer": answer,
    }  # fmt: skip


def write_derivation(state: TutorState, runtime: TutorRuntime) -> Update:
    """Derive the answer a second time, as a program from the problem alone, while the solution is written."""
    return {"derivations": _derive([FIRST], state, runtime)}


def cross_check(state: TutorState, runtime: TutorRuntime) -> Update:
    """Hold the written answer against what was derived apart from it, and say what follows."""
    derivations = state["derivations"]
    judgement = judge(
        route=state["route"], steps=state["steps"], ended=state["ended"], symbolic=state["symbolic"],
        evidence=Evidence(state["question"], state["written_answer"], state["likelihood"], derivations),
        compare=runtime.context.verifier, calibration=runtime.context.calibration,
    )  # fmt: skip
    more = bool(next_round(runtime.context.limits.effort, len(derivations))) if judgement.open else False
    if not more and judgement.corrected_by is None:
        runtime.stream_writer(events.BadgeSet(judgement.badge))
    return {
        "badge": judgement.badge, "answer": judgement.answer, "steps": list(judgement.steps), "open": more,
        "corrected_by": judgement.corrected_by,
    }  # fmt: skip


def derive_again(state: TutorState, runtime: TutorRuntime) -> Update:
    """Ask for the next derivations, side by side, because it is still open whether the answer is right."""
    known = list(state["derivations"])
    requests = next_round(runtime.context.limits.effort, len(known))
    return {"derivations": known + _derive(requests, state, runtime)}


def correct_solution(state: TutorState, runtime: TutorRuntime) -> Update:
    """Put the agreed derivation, line by line with its values, in the place of a solution that it contradicts."""
    derivation, badge, verifier = state["corrected_by"], state["badge"], runtime.context.verifier
    assert derivation is not None  # the edge that leads here asks for it  # noqa: S101
    assert badge is not None  # noqa: S101
    steps: list[Step] = []
    for line in verifier.explain_derivation(derivation.text):
        claims = verifier.check_step(line, earlier=[step.text for step in steps], problem=state["question"])
        steps.append(Step(len(steps) + 1, line, tuple(claims)))
    runtime.stream_writer(events.SolutionCorrected(str(state["answer"]), tuple(steps)))
    runtime.stream_writer(events.BadgeSet(badge))
    return {"steps": steps, "set_aside": list(state["steps"])}


def give_answer(state: TutorState, runtime: TutorRuntime) -> Update:
    """Put the whole solution together and keep the exchange in the conversation."""
    badge, answer = state["badge"], state["answer"]
    if not state["route"].solves:
        badge, answer = badge or Badge(Verdict.UNVERIFIED, "No problem was solved."), state["reply"]
        runtime.stream_writer(events.BadgeSet(badge))
    assert badge is not None  # cross_check sets it on every other way here  # noqa: S101
    formulas = formulas_used(state["steps"])
    examples = _examples_by_calculation(state, runtime) or state["examples"]
    solution = Solution(
        problem=state["problem"], route=state["route"], answer=answer, badge=badge, steps=tuple(state["steps"]),
        plan=state["plan"], formulas=tuple(formulas), derivations=tuple(state["derivations"]),
        examples=tuple(examples), set_aside=tuple(state["set_aside"]),
    )  # fmt: skip
    runtime.stream_writer(events.AnswerGiven(solution))
    text = STEP_END.join(step.text for step in state["steps"]) or answer or ""
    lesson = state["lesson"]
    if state["route"] in (Route.WORD_PROBLEM, Route.SYMBOLIC):
        lesson = lesson_of(state["question"], solution, state["symbolic"], runtime.context.verifier)
    return {
        "badge": badge, "answer": answer, "formulas": formulas, "examples": examples, "lesson": lesson,
        "messages": [HumanMessage(state["problem"]), AIMessage(text)],
    }  # fmt: skip


def _examples_by_calculation(state: TutorState, runtime: TutorRuntime) -> list[Example]:
    """The similar problems chosen again, by what a derivation of the given answer calculates; none without one.

    One that works by the method that the plan names stays among them.
    """
    answer, same = state["answer"], runtime.context.verifier.same_value
    agreeing = (
        derivation
        for derivation in state["derivations"]
        if answer and derivation.answer and same(derivation.answer, answer) is Verdict.VERIFIED
    )
    derivation = next(agreeing, None)
    search = runtime.context.search
    if derivation is None or search is None:
        return []
    nearest = search.search(state["question"], EXAMPLES_SHOWN, derivation=derivation.text)
    found = [e for e in nearest if e.likeness >= CALCULATED_ALIKE or e.similarity >= search.near_from]
    if not any(example.likeness >= CALCULATED_ALIKE for example in found):
        return []
    cited = cited_example(state["route"], state["examples"])
    if cited is not None and all(example.method != cited.method for example in found):
        found = [*found[: EXAMPLES_SHOWN - 1], cited]
    reason = "Chosen again by the calculation of a derivation that reaches the answer."
    runtime.stream_writer(events.ExamplesFound(tuple(found), reason))
    return found


def _conversation(state: TutorState, language: str) -> list[BaseMessage]:
    """The turns before the step at hand: the last exchange where this follows up on it, then the problem."""
    if state["symbolic"] is not None:
        request = render("explain_symbolic", problem=state["question"], answer=state["symbolic"]["answer"])
    else:
        # A follow-up is asked after the exchange before it; every other question stands by itself.
        problem = state["problem"] if state["follow_up"] else state["question"]
        request = render("concept" if state["route"] is Route.CONCEPT else "solve", problem=problem)
    if language:
        request += "\n\n" + render("language", language=language)
    earlier = state["messages"][-2:] if state["follow_up"] else []
    return [*earlier, HumanMessage(request)]


def _continue_text(state: TutorState, runtime: TutorRuntime, finished: str, draft: str, room: int) -> Written:
    """Ask for what follows `finished + draft`; a refuted step is named, with its counterexample, before `draft`."""
    limits = runtime.context.limits
    turns = _conversation(state, limits.language)
    number = len(state["steps"]) + 1
    model = runtime.context.model
    said = finished + draft
    if state["refuted"] is not None:
        turns += [AIMessage(finished)] if finished else []
        turns += [HumanMessage(render("rewrite", step=state["replaced"][-1], reason=state["refuted"].reason))]
        said = draft
    if said:
        turns += [AIMessage(said)]
        turns += [] if model.continues else [HumanMessage(render("continue"))]

    def on_token(token: str) -> None:
        runtime.stream_writer(events.TokenWritten(number, token))

    return ask_model(
        runtime, turns, max_tokens=room, stop=[STEP_END], temperature=limits.temperature, on_token=on_token
    )  # fmt: skip


def _send_back(state: TutorState, runtime: TutorRuntime, step: Step, refutation: Claim) -> Update:
    """The state in which a refuted step is written again: from its corrected text, or from nothing."""
    kept = ""
    if refutation.correction is not None:
        correction = refutation.correction
        kept = step.text[: correction.start] + correction.replacement
    runtime.stream_writer(events.StepRefuted(step.number, refutation, kept))
    return {
        "draft": kept, "refuted": None if kept else refutation, "rewrites": state["rewrites"] + 1,
        "replaced": [*state["replaced"], step.text], "ended": "",
    }  # fmt: skip


def _answer_of(steps: list[Step]) -> str | None:
    return final_answer(STEP_END.join(step.text for step in steps)) if steps else None


def _derive(requests: Sequence[Request], state: TutorState, runtime: TutorRuntime) -> list[Derivation]:
    return ask_derivations(
        runtime, requests, state["question"],
        lambda derivation: runtime.stream_writer(events.DerivationWritten(derivation)),
    )  # fmt: skip
