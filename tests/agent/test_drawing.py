"""The graph can be drawn offline in every format, and the drawing shows what the graph is."""

import struct
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from agent.drawing import draw_to_file, lay_out, mermaid
from agent.errors import BadInput
from agent.graph import build_graph

NODES = {
    "route_problem",
    "retrieve_examples",
    "make_plan",
    "write_step",
    "verify_step",
    "cross_check",
    "derive_again",
    "correct_solution",
    "give_answer",
}


def test_mermaid_names_every_node() -> None:
    source = mermaid(build_graph())
    assert all(node in source for node in NODES)


def test_every_format_is_written_and_well_formed(tmp_path: Path) -> None:
    graph = build_graph()
    for kind in ("svg", "png", "dot", "mmd"):
        draw_to_file(graph, tmp_path / f"graph.{kind}")
    labels = {element.text for element in ElementTree.parse(tmp_path / "graph.svg").iter() if element.text}
    assert labels >= NODES
    picture = (tmp_path / "graph.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert width > 300
    assert height > 500
    assert '"route_problem" -> ' in (tmp_path / "graph.dot").read_text()


def test_no_two_boxes_overlap_and_each_loop_is_drawn_as_one() -> None:
    layout = lay_out(build_graph())
    centres = [box.centre for box in layout.boxes]
    for number, (x, y) in enumerate(centres):
        assert all(abs(x - a) >= 170 or abs(y - b) >= 40 for a, b in centres[number + 1 :])
    assert sum(arrow.back for arrow in layout.arrows) == 2  # the step that is rewritten, the verdict that is open


def test_another_format_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\.svg"):
        draw_to_file(build_graph(), tmp_path / "graph.pdf")
