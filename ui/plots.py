"""A picture of the problem as an interactive chart: its graphs, marked points, the solution on the number line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from agent.domain import Picture, Stretch

if TYPE_CHECKING:
    import altair as alt

HEIGHT = 280
LINE_HEIGHT = 70
COLOURS = ["#1f77b4", "#e6772e"]  # told apart by the colour-blind, on light and on dark
SOLUTION = "#2a9d5c"


def draw_picture(picture: Picture) -> None:
    names = [f"y = {curve.name}" for curve in picture.curves]
    if names:
        st.altair_chart(graph(picture), width="stretch")
    if picture.solution and not _only_points(picture.solution):
        st.altair_chart(number_line(picture), width="stretch")
    st.caption(described(picture))


def described(picture: Picture) -> str:
    """What the chart shows, in words: for a screen reader, and for who wonders where it comes from."""
    parts = [" and ".join(f"y = {curve.name}" for curve in picture.curves)]
    if picture.marks:
        parts.append("marked: " + ", ".join(f"({x:.4g}, {y:.4g})" for x, y in picture.marks))
    if picture.shaded:
        parts.append(f"shaded from {picture.shaded[0]:.4g} to {picture.shaded[1]:.4g}")
    return "Calculated from the problem's own formula · " + " · ".join(part for part in parts if part)


def graph(picture: Picture) -> alt.LayerChart | alt.FacetChart:
    import altair as alt

    left, right, bottom, top = picture.window
    rows = [
        {"x": x, "y": y, "curve": f"y = {curve.name}", "part": part}
        for curve in picture.curves
        for part, points in enumerate(_unbroken(curve.points))
        for x, y in points
    ]
    x = alt.X("x:Q", title=picture.unknown, scale=alt.Scale(domain=[left, right], nice=False))
    y = alt.Y("y:Q", title=None, scale=alt.Scale(domain=[bottom, top], nice=False))
    names = [f"y = {curve.name}" for curve in picture.curves]
    colour = alt.Color(
        "curve:N", title=None, scale=alt.Scale(domain=names, range=COLOURS[: len(names)]),
        legend=alt.Legend(orient="top", labelLimit=600),
    )  # fmt: skip
    layers: list[Any] = []
    if picture.shaded:
        first, last = sorted(picture.shaded)
        inside = [row for row in rows if row["curve"] == names[0] and first <= float(str(row["x"])) <= last]
        area = alt.Chart(alt.InlineData(values=inside)).mark_area(opacity=0.25, color=COLOURS[0], clip=True)
        layers.append(area.encode(x=x, y=y))
    layers += [_axis(alt, "x", left, right), _axis(alt, "y", bottom, top)]
    lines = alt.Chart(alt.InlineData(values=rows)).mark_line(clip=True, strokeWidth=2.5)
    layers.append(lines.encode(x=x, y=y, color=colour, detail="part:N"))
    if picture.marks:
        marked = [{"x": at, "y": height} for at, height in picture.marks]
        points = alt.Chart(alt.InlineData(values=marked)).mark_point(filled=True, size=90, color=SOLUTION, opacity=1)
        tips = [alt.Tooltip("x:Q", title=picture.unknown, format=".5~g"), alt.Tooltip("y:Q", format=".5~g")]
        layers.append(points.encode(x=x, y=y, tooltip=tips))
    return alt.layer(*layers).properties(height=HEIGHT).interactive()


def _axis(alt: Any, name: str, low: float, high: float) -> Any:
    """The line where the other coordinate is 0, where it is within the picture."""
    zero = alt.Chart(alt.InlineData(values=[{"at": 0}]))
    if name == "x":
        return zero.mark_rule(color="gray", opacity=0.6 if low <= 0 <= high else 0).encode(x="at:Q")
    return zero.mark_rule(color="gray", opacity=0.6 if low <= 0 <= high else 0, clip=True).encode(y="at:Q")


def number_line(picture: Picture) -> alt.LayerChart | alt.FacetChart:
    import altair as alt

    left, right = picture.window[:2]
    x = alt.X("low:Q", title=None, scale=alt.Scale(domain=[left, right], nice=False))
    parts = [
        {"low": left if part.low is None else part.low, "high": right if part.high is None else part.high}
        for part in picture.solution
    ]
    ends = [
        {"low": at, "fill": "belongs" if belongs else "does not belong"}
        for part in picture.solution
        for at, belongs in ((part.low, part.low_belongs), (part.high, part.high_belongs))
        if at is not None
    ]
    base = alt.Chart(alt.InlineData(values=[{"low": left, "high": right}]))
    layers: list[Any] = [base.mark_rule(color="gray", opacity=0.6).encode(x=x, x2="high:Q")]
    solution = alt.Chart(alt.InlineData(values=parts)).mark_rule(color=SOLUTION, strokeWidth=6)
    layers.append(solution.encode(x=x, x2="high:Q"))
    for filled in (True, False):
        said = "belongs" if filled else "does not belong"
        these = alt.Chart(alt.InlineData(values=[end for end in ends if end["fill"] == said]))
        drawn = these.mark_point(
            filled=True, size=120, opacity=1, stroke=SOLUTION, strokeWidth=2.5, fill=SOLUTION if filled else "white"
        )
        tips = [alt.Tooltip("low:Q", title=picture.unknown, format=".5~g"), alt.Tooltip("fill:N", title="this end")]
        layers.append(drawn.encode(x=x, tooltip=tips))
    return alt.layer(*layers).properties(height=LINE_HEIGHT)


def _only_points(solution: tuple[Stretch, ...]) -> bool:
    return all(part.low is not None and part.low == part.high for part in solution)


def _unbroken(points: tuple[tuple[float, float | None], ...]) -> list[list[tuple[float, float]]]:
    """The curve's pieces between the places where it is undefined or broken."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for x, y in points:
        if y is None:
            pieces.append([])
        else:
            pieces[-1].append((x, y))
    return [piece for piece in pieces if piece]
