"""The tutor's graph: edges and routers only; what happens in a node is in nodes.py."""

from __future__ import annotations

import time
from typing import Any, Protocol

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agent import events, nodes
from agent.context import TutorContext
from agent.domain import Route
from agent.metering import metered
from agent.state import TutorState, WorkedText


class Node(Protocol):
    """A node's function; its name is the node's."""

    __name__: str

    def __call__(self, state: TutorState, runtime: nodes.TutorRuntime) -> nodes.Update: ...


Graph = CompiledStateGraph[TutorState, TutorContext, TutorState, TutorState]

# A step is at most three writes (two rewrites) and as many checks; the other nodes run once each.
RECURSION_LIMIT = 40 * 3 * 2 + 20


def build_graph(checkpointer: BaseCheckpointSaver[Any] | None = None) -> Graph:
    """The whole tutor. The derivation runs beside the text: both branch from the problem and meet in cross_check."""
    graph = StateGraph(TutorState, context_schema=TutorContext)
    graph.add_node("route_problem", observed(nodes.route_problem))
    graph.add_node("solve_symbolic", observed(nodes.solve_symbolic))
    graph.add_node("work_through", _working_graph())
    graph.add_node("write_derivation", observed(nodes.write_derivation))
    graph.add_node("cross_check", observed(nodes.cross_check))
    graph.add_node("derive_again", observed(nodes.derive_again))
    graph.add_node("correct_solution", observed(nodes.correct_solution))
    graph.add_node("give_answer", observed(nodes.give_answer))
    graph.add_edge(START, "route_problem")
    graph.add_conditional_edges(
        "route_problem", after_routing, ["solve_symbolic", "work_through", "write_derivation", "give_answer"]
    )
    graph.add_conditional_edges("solve_symbolic", after_symbolic, ["work_through", "write_derivation"])
    graph.add_edge("work_through", "cross_check")
    graph.add_edge("write_derivation", "cross_check")
    graph.add_conditional_edges(
        "cross_check",
        after_cross_check,
        {"still open": "derive_again", "corrected": "correct_solution", "settled": "give_answer"},
    )
    graph.add_edge("derive_again", "cross_check")
    graph.add_edge("correct_solution", "give_answer")
    graph.add_edge("give_answer", END)
    return graph.compile(checkpointer=checkpointer, name="tutor")


def _working_graph() -> CompiledStateGraph[TutorState, TutorContext, TutorState, WorkedText]:
    """From the problem to a written solution: examples, plan, then a step and its check, in a loop."""
    graph = StateGraph(TutorState, context_schema=TutorContext, output_schema=WorkedText)
    graph.add_node("retrieve_examples", observed(nodes.retrieve_examples))
    graph.add_node("make_plan", observed(nodes.make_plan))
    graph.add_node("write_step", observed(nodes.write_step))
    graph.add_node("verify_step", observed(nodes.verify_step))
    graph.add_edge(START, "retrieve_examples")
    graph.add_edge("retrieve_examples", "make_plan")
    graph.add_edge("make_plan", "write_step")
    graph.add_edge("write_step", "verify_step")
    graph.add_conditional_edges("verify_step", after_verification, {"next or rewrite": "write_step", "done": END})
    return graph.compile(name="work_through")


def after_routing(state: TutorState) -> list[str]:
    if not state["route"].solves:
        return ["give_answer"]
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
    return "corrected" if state["corrected_by"] is not None else "settled"


def observed(node: Node) -> Node:
    """The node with its start, its end and its cost told to whoever listens."""
    name = node.__name__

    def run(state: TutorState, runtime: nodes.TutorRuntime) -> nodes.Update:
        runtime.stream_writer(events.NodeStarted(name))
        started = time.perf_counter()
        with metered() as calls:
            update = node(state, runtime)
        runtime.stream_writer(
            events.NodeFinished(
                node=name,
                seconds=round(time.perf_counter() - started, 4),
                received={key: _short(value) for key, value in state.items() if value},
                returned={key: _short(value) for key, value in update.items()},
                prompt_tokens=sum(call.prompt_tokens for call in calls),
                cached_tokens=sum(call.cached_tokens for call in calls),
                output_tokens=sum(call.output_tokens for call in calls),
            )
        )
        return update

    run.__name__ = name
    return run


def _short(value: Any, length: int = 160) -> str:
    text = str(value)
    return text if len(text) <= length else text[: length - 1] + "…"
