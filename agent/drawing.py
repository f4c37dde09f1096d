"""The graph as a picture, offline: Mermaid, DOT, SVG and PNG from one layered layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from agent.errors import BadInput, StorageFailed

KINDS = (".svg", ".png", ".dot", ".mmd")
BOX_WIDTH, BOX_HEIGHT, MARGIN = 170.0, 40.0, 30.0
INK, FILL, EDGE, LOOP, LIT, FAINT = "#1f2933", "#e8f0fe", "#52606d", "#b44d12", "#c9e7cf", "#c5ccd3"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A node: its centre in pixels and its label."""

    label: str
    centre: Point


@dataclass(frozen=True, slots=True)
class Arrow:
    """An edge as a polyline in pixels. `conditional`: taken or not by a router; `back`: it closes a loop.

    `ends` are the labels of the boxes that it joins.
    """

    ends: tuple[str, str]
    points: tuple[Point, ...]
    conditional: bool
    back: bool


@dataclass(frozen=True, slots=True)
class Layout:
    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def mermaid(graph: Any) -> str:
    """Mermaid source of a compiled LangGraph graph, its subgraphs opened."""
    return str(graph.get_graph(xray=True).draw_mermaid())


def draw_to_file(graph: Any, file: Path) -> None:
    """Write the drawing in the format of the file's ending. Raises BadInput for another ending."""
    writers: dict[str, Callable[[], bytes]] = {
        ".mmd": lambda: mermaid(graph).encode(),
        ".dot": lambda: dot(graph).encode(),
        ".svg": lambda: svg(lay_out(graph)).encode(),
        ".png": lambda: png(lay_out(graph)),
    }
    if file.suffix not in writers:
        raise BadInput(f"The graph can be drawn as {', '.join(KINDS)}, not as “{file.suffix or file.name}”.")
    try:
        file.write_bytes(writers[file.suffix]())
    except OSError as refused:
        raise StorageFailed(f"{file} cannot be written ({refused.strerror}): choose another place.") from refused


def _label(node_id: str) -> str:
    if node_id.endswith(":__end__"):
        return f"end of {node_id.split(':', 1)[0]}"
    return {"__start__": "start", "__end__": "end"}.get(node_id, node_id.rsplit(":", 1)[-1])


def labelled_edges(graph: Any) -> list[tuple[str, str, bool]]:
    """(source, target, conditional) by the labels of the drawing."""
    return [(_label(a), _label(b), conditional) for a, b, conditional in _edges(graph)]


def _edges(graph: Any) -> list[tuple[str, str, bool]]:
    return [(edge.source, edge.target, bool(edge.conditional)) for edge in graph.get_graph(xray=True).edges]


def dot(graph: Any) -> str:
    """DOT source for Graphviz."""
    drawn = graph.get_graph(xray=True)
    lines = [
        "digraph tutor {",
        '  node [shape=box, style="rounded,filled", fillcolor="#e8f0fe", fontname="sans-serif"];',
    ]
    lines += [f'  "{node}" [label="{_label(node)}"];' for node in drawn.nodes]
    lines += [f'  "{a}" -> "{b}"{" [style=dashed]" if conditional else ""};' for a, b, conditional in _edges(graph)]
    return "\n".join([*lines, "}", ""])


def lay_out(graph: Any) -> Layout:
    """Place nodes in layers (Sugiyama, Tagawa and Toda 1981, as grandalf does it); sizes in pixels."""
    from grandalf.graphs import Edge, Graph, Vertex
    from grandalf.layouts import SugiyamaLayout
    from grandalf.routing import EdgeViewer, route_with_lines

    names = list(graph.get_graph(xray=True).nodes)
    vertices = {name: Vertex(name) for name in names}
    for vertex in vertices.values():
        vertex.view = type("View", (), {"w": BOX_WIDTH, "h": BOX_HEIGHT, "xy": (0.0, 0.0)})()
    pairs = _edges(graph)
    edges = [Edge(vertices[a], vertices[b], data=(conditional,)) for a, b, conditional in pairs]
    for edge in edges:
        edge.view = EdgeViewer()
    component = Graph(list(vertices.values()), edges).C[0]
    sugiyama = SugiyamaLayout(component)
    sugiyama.xspace, sugiyama.yspace = 40.0, 45.0
    sugiyama.route_edge = route_with_lines
    sugiyama.init_all(roots=[vertices["__start__"]])
    sugiyama.draw()
    bends = [x for edge in edges for x, _ in edge.view._pts]
    half = BOX_WIDTH / 2
    left = min(min(v.view.xy[0] for v in vertices.values()) - half, *bends) - 2 * MARGIN
    right = max(max(v.view.xy[0] for v in vertices.values()) + half, *bends) + 2 * MARGIN
    top = min(v.view.xy[1] for v in vertices.values()) - BOX_HEIGHT / 2 - MARGIN
    place = {name: (v.view.xy[0] - left, v.view.xy[1] - top) for name, v in vertices.items()}
    arrows = [
        _arrow(
            (_label(a), _label(b)),
            place[a],
            place[b],
            [(x - left, y - top) for x, y in edge.view._pts[1:-1]],
            conditional,
        )
        for (a, b, conditional), edge in zip(pairs, edges, strict=True)
    ]
    height = max(y for _, y in place.values()) + BOX_HEIGHT / 2 + MARGIN
    return Layout(right - left, height, tuple(Box(_label(n), place[n]) for n in names), tuple(arrows))


def _arrow(ends: tuple[str, str], source: Point, target: Point, bends: list[Point], conditional: bool) -> Arrow:
    if target[1] <= source[1]:  # a loop: beside the boxes, so that it does not hide behind them
        side = max(source[0], target[0]) + BOX_WIDTH / 2 + MARGIN
        points = (
            (source[0] + BOX_WIDTH / 2, source[1]), (side, source[1]), (side, target[1]),
            (target[0] + BOX_WIDTH / 2, target[1]),
        )  # fmt: skip
        return Arrow(ends, points, conditional, True)
    between = [bend for bend in bends if source[1] + BOX_HEIGHT / 2 < bend[1] < target[1] - BOX_HEIGHT / 2]
    start, end = (source[0], source[1] + BOX_HEIGHT / 2), (target[0], target[1] - BOX_HEIGHT / 2)
    return Arrow(ends, (start, *between, end), conditional, False)


def _head(points: tuple[Point, ...], size: float = 8.0) -> tuple[Point, Point, Point]:
    (x0, y0), (x1, y1) = points[-2:]
    length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1e-6)
    dx, dy = (x1 - x0) / length * size, (y1 - y0) / length * size
    return (x1, y1), (x1 - dx - dy / 2, y1 - dy + dx / 2), (x1 - dx + dy / 2, y1 - dy - dx / 2)


def svg(
    layout: Layout, runs: Mapping[str, int] | None = None, passes: Mapping[tuple[str, str], int] | None = None
) -> str:
    """A self-contained SVG document; conditional edges are dashed, loops coloured.

    With `runs` and `passes`, how often each node ran and each edge was gone, the way that was taken is lit up: the
    rest is faint, a node that ran more than once says so, and so does a loop.
    """
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{layout.width:.0f}" height="{layout.height:.0f}" '
        f'viewBox="0 0 {layout.width:.0f} {layout.height:.0f}" font-family="sans-serif" font-size="14">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    # What was gone is drawn last, so that nothing faint lies over it.
    for arrow in sorted(layout.arrows, key=lambda arrow: (passes or {}).get(arrow.ends, 0)):
        gone = (passes or {}).get(arrow.ends, 0)
        colour = LOOP if arrow.back else EDGE
        if passes is not None and not gone:
            colour = FAINT
        dashes = ' stroke-dasharray="5 4"' if arrow.conditional else ""
        width = 2.5 if gone else 1.5
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in arrow.points)
        head = " ".join(f"{x:.1f},{y:.1f}" for x, y in _head(arrow.points))
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="{width}"{dashes}/>')
        parts.append(f'<polygon points="{head}" fill="{colour}"/>')
        if gone and arrow.back:
            (x, y0), (_, y1) = arrow.points[1:3]
            parts.append(
                f'<text x="{x - 4:.1f}" y="{(y0 + y1) / 2 + 5:.1f}" text-anchor="end" fill="{LOOP}">{gone} ×</text>'
            )
    for box in layout.boxes:
        x, y = box.centre
        ran = (runs or {}).get(box.label, 0)
        fill, ink = (FILL, INK) if runs is None else (LIT, INK) if ran else ("white", EDGE)
        label = escape(box.label) + (f" × {ran}" if ran > 1 else "")
        parts.append(
            f'<rect x="{x - BOX_WIDTH / 2:.1f}" y="{y - BOX_HEIGHT / 2:.1f}" width="{BOX_WIDTH}" '
            f'height="{BOX_HEIGHT}" rx="8" fill="{fill}" stroke="{ink if runs is None or ran else FAINT}"/>'
            f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" fill="{ink}">{label}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def png(layout: Layout, scale: int = 2) -> bytes:
    """A PNG picture of the same layout, `scale` pixels to a layout pixel."""
    import io

    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (int(layout.width * scale), int(layout.height * scale)), "white")
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(14 * scale)
    for arrow in layout.arrows:
        colour = LOOP if arrow.back else EDGE
        points = [(x * scale, y * scale) for x, y in arrow.points]
        for start, end in pairwise(points):
            _stroke(pen, start, end, colour, scale, dashed=arrow.conditional)
        pen.polygon([(x * scale, y * scale) for x, y in _head(arrow.points)], fill=colour)
    for box in layout.boxes:
        x, y = box.centre[0] * scale, box.centre[1] * scale
        half = (BOX_WIDTH * scale / 2, BOX_HEIGHT * scale / 2)
        pen.rounded_rectangle(
            (x - half[0], y - half[1], x + half[0], y + half[1]),
            8 * scale,
            fill=FILL,
            outline=INK,
            width=scale,
        )
        pen.text((x, y), box.label, fill=INK, font=font, anchor="mm")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _stroke(pen: Any, start: Point, end: Point, colour: str, scale: int, *, dashed: bool) -> None:
    length = max(((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5, 1e-6)
    dash, gap = (5 * scale, 4 * scale) if dashed else (length, 0.0)
    at = 0.0
    while at < length:
        a, b = at / length, min(at + dash, length) / length
        pen.line(
            [
                (start[0] + (end[0] - start[0]) * a, start[1] + (end[1] - start[1]) * a),
                (start[0] + (end[0] - start[0]) * b, start[1] + (end[1] - start[1]) * b),
            ],
            fill=colour, width=max(int(1.5 * scale), 1),
        )  # fmt: skip
        at += dash + gap
