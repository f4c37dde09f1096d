"""The tutor's graph: edges and routers only; what happens in a node is in nodes.py."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agent import events, nodes
from agent.context import TutorContext
from agent.domain import Route
from agent.inspection import in_full, in_words
from agent.metering import metered
from agent.state import Question, TutorState, WorkedText
from agent.teaching import nodes as teaching


class Node(Protocol):
    """A node's function; its name is the node's."""

    __name__: str

    def __call__(self, state: TutorState, runtime: nodes.TutorRuntime) -> nodes.Update: ...


Graph = CompiledStateGraph[TutorState, TutorContext, Question, TutorState]
Context = Callable[[], TutorContext]

# Where a message goes that is answered in words; what is not here gets the reply that its routing wrote.
TEACHING = {
    Route.HINT: "give_hint",
    Route.FOLLOW_UP: "answer_follow_up",
    Route.OBJECTION: "weigh_objection",
    Route.SUPPORT: "encourage",
    Route.CHECK: "check_work",
}

# A step is at most three writes (two rewrites) and as many checks; the other nodes run once each.
RECURSION_LIMIT = 40 * 3 * 2 + 20


def build_graph(checkpointer: BaseCheckpointSaver[Any] | None = None, context: Context | None = None) -> Graph:
    """The whole tutor. The derivation runs beside the text: both branch from the problem and meet in cross_check.

    `context` is asked for the nodes' context where whoever runs the graph cannot pass one (LangGraph's server).
    """
    graph = StateGraph(TutorState, context_schema=TutorContext if context is None else None, input_schema=Question)
    graph.add_node("route_problem", observed(nodes.route_problem, context))
    graph.add_node("solve_symbolic", observed(nodes.solve_symbolic, context))
    graph.add_node("work_through", _working_graph(context))
    graph.add_node("write_derivation", observed(nodes.write_derivation, context))
    graph.add_node("cross_check", observed(nodes.cross_check, context))
    graph.add_node("derive_again", observed(nodes.derive_again, context))
    graph.add_node("correct_solution", observed(nodes.correct_solution, context))
    graph.add_node("give_answer", observed(nodes.give_answer, context))
    graph.add_node("give_hint", observed(teaching.give_hint, context))
    graph.add_node("answer_follow_up", observed(teaching.answer_follow_up, context))
    graph.add_node("weigh_objection", observed(teaching.weigh_objection, context))
    graph.add_node("encourage", observed(teaching.encourage, context))
    graph.add_node("check_work", observed(teaching.check_work, context))
    graph.add_edge(START, "route_problem")
    graph.add_conditional_edges(
        "route_problem",
        after_routing,
        ["solve_symbolic", "work_through", "write_derivation", "give_answer", *TEACHING.values()],
    )
    graph.add_conditional_edges("solve_symbolic", after_symbolic, ["work_through", "write_derivation"])
    graph.add_edge("work_through", "cross_check")
    graph.add_edge("write_derivation", "cross_check")
    graph.add_conditional_edges(
        "cross_check",
        after_cross_check,
        {
            "still open": "derive_again",
            "corrected": "correct_solution",
            "settled": "give_answer",
            "withheld": "give_hint",
        },
    )
    graph.add_edge("derive_again", "cross_check")
    graph.add_conditional_edges("correct_solution", at_the_end, {"settled": "give_answer", "withheld": "give_hint"})
    for node in ("give_answer", *TEACHING.values()):
        graph.add_edge(node, END)
    return graph.compile(checkpointer=checkpointer, name="tutor")


def _working_graph(context: Context | None) -> CompiledStateGraph[TutorState, TutorContext, TutorState, WorkedText]:
    """From the problem to a written solution: examples, plan, then a step and its check, in a loop."""
    schema = TutorContext if context is None else None
    graph = StateGraph(TutorState, context_schema=schema, output_schema=WorkedText)
    graph.add_node("retrieve_examples", observed(nodes.retrieve_examples, context))
    graph.add_node("make_plan", observed(nodes.make_plan, context))
    graph.add_node("write_step", observed(nodes.write_step, context))
    graph.add_node("verify_step", observed(nodes.verify_step, context))
    graph.add_edge(START, "retrieve_examples")
    graph.add_edge("retrieve_examples", "make_plan")
    graph.add_edge("make_plan", "write_step")
    graph.add_edge("write_step", "verify_step")
    graph.add_conditional_edges("verify_step", after_verification, {"next or rewrite": "write_step", "done": END})
    return graph.compile(name="work_through")


def after_routing(state: TutorState) -> list[str]:
    if not state["route"].solves:
        return [TEACHING.get(state["route"], "give_answer")]
    if state["route"] is Route.SYMBOLIC:
        return ["solve_symbolic"]
    return ["work_through", "write_derivation"] if state["route"] is Route.WORD_PROBLEM else ["work_through"]


def after_symbolic(state: TutorState) -> list[str]:
    return ["work_through"] if state["symbolic"] is not None else ["work_through", "write_derivation"]


def after_verification(state: TutorState) -> str:
    return "done" if state["ended"] else "next or rewrite"


def after_cross_check(state: TutorState) -> str:
    if state["open"]:
        return "still open"
    return "corrected" if state["corrected_by"] is not None else at_the_end(state)


def at_the_end(state: TutorState) -> str:
    return "withheld" if state["withheld"] else "settled"


def observed(node: Node, context: Context | None = None) -> Node:
    """The node with its start, its end and its cost told to whoever listens; while a solution is withheld, no more."""
    name = node.__name__

    def run(state: TutorState, runtime: nodes.TutorRuntime) -> nodes.Update:
        if context is not None:
            runtime = runtime.override(context=context())
        tell = runtime.stream_writer
        if state.get("withheld") and name not in TEACHING.values():
            runtime = runtime.override(stream_writer=lambda _: None)
        tell(events.NodeStarted(name))
        started = time.perf_counter()
        with metered() as calls:
            update = node(state, runtime)
        seconds = round(time.perf_counter() - started, 4)
        received = {key: value for key, value in state.items() if value}
        silent = (
            state.get("withheld") or update.get("withheld") or Route.HINT in (state.get("route"), update.get("route"))
        )
        if not silent:
            tell(
                events.NodeInspected(name, in_full(received), in_full(update), tuple(in_words(call) for call in calls))
            )
        tell(
            events.NodeFinished(
                node=name,
                seconds=seconds,
                received={} if silent else {key: _short(value) for key, value in received.items()},
                returned={} if silent else {key: _short(value) for key, value in update.items()},
                prompt_tokens=sum(call.written.prompt_tokens for call in calls),
                cached_tokens=sum(call.written.cached_tokens for call in calls),
                output_tokens=sum(call.written.output_tokens for call in calls),
            )
        )
        return update

    run.__name__ = name
    return run


def _short(value: Any, length: int = 160) -> str:
    text = str(value)
    return text if len(text) <= length else text[: length - 1] + "…"
