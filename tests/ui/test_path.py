"""The way through the graph is read off the times of the nodes: loops counted, untaken branches left out."""

from __future__ import annotations

from agent.drawing import labelled_edges, lay_out, svg
from agent.events import NodeFinished
from agent.graph import build_graph
from ui.answer import Visit
from ui.path import way_taken


def visit(node: str, began: float, seconds: float) -> Visit:
    return Visit(node, began, NodeFinished(node, seconds, {}, {}, 0, 0, 0))


WORD_PROBLEM = [
    visit("route_problem", 0.0, 0.1),
    visit("retrieve_examples", 0.1, 0.1),
    visit("write_derivation", 0.1, 3.0),
    visit("make_plan", 0.2, 0.0),
    visit("write_step", 0.2, 1.0),
    visit("verify_step", 1.2, 0.1),
    visit("write_step", 1.3, 1.0),
    visit("verify_step", 2.3, 0.1),
    visit("cross_check", 3.1, 0.1),
    visit("derive_again", 3.2, 1.0),
    visit("cross_check", 4.2, 0.1),
    visit("give_answer", 4.3, 0.0),
]


def test_branches_that_meet_loops_and_the_branch_that_was_not_taken() -> None:
    graph = build_graph()
    way = way_taken(WORD_PROBLEM, labelled_edges(graph))
    assert way.runs["write_step"] == 2
    assert way.passes["verify_step", "write_step"] == 1
    assert way.passes["make_plan", "write_step"] == 1
    assert way.passes["end of work_through", "cross_check"] == 1
    assert way.passes["write_derivation", "cross_check"] == 1
    assert way.passes["derive_again", "cross_check"] == 1
    assert way.passes["cross_check", "give_answer"] == 1
    assert way.passes["give_answer", "end"] == 1
    assert ("route_problem", "give_answer") not in way.passes
    assert ("route_problem", "solve_symbolic") not in way.passes
    drawn = svg(lay_out(graph), way.runs, way.passes)
    assert "write_step × 2" in drawn
    assert ">1 ×</text>" in drawn
    assert "solve_symbolic ×" not in drawn


def test_a_declined_message_goes_straight_to_the_end() -> None:
    way = way_taken([visit("route_problem", 0.0, 0.1), visit("give_answer", 0.1, 0.0)], labelled_edges(build_graph()))
    assert set(way.passes) == {("start", "route_problem"), ("route_problem", "give_answer"), ("give_answer", "end")}


def test_nothing_that_ran_is_no_way() -> None:
    assert not way_taken([Visit("route_problem", 0.0)], labelled_edges(build_graph())).passes
