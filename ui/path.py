"""The way that an answer took through the graph: how often each node ran, and how often each edge was gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ui.answer import Visit

SLACK = 0.05  # seconds by which kept times may be off: they are rounded, and nodes run side by side

Edge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Way:
    runs: Counter[str]
    passes: Counter[Edge]


@dataclass(frozen=True, slots=True)
class _Stay:
    node: str
    began: float
    ended: float


def way_taken(visits: Sequence[Visit], edges: Sequence[tuple[str, str, bool]]) -> Way:
    """`edges` are (source, target, conditional), with the graph's own beginnings and ends among the names.

    A node was reached over its plain edges from all nodes that ended since it last began (branches that meet),
    else over the conditional edge from the one that ended last.
    """
    stays = _stays(visits)
    passes: Counter[Edge] = Counter()
    began_before: dict[str, float] = {}
    for stay in stays:
        since = began_before.get(stay.node, -1.0)
        plain: list[str] = []
        chosen: _Stay | None = None
        for source, target, conditional in edges:
            last = _last_ended(stays, source, since, stay.began) if target == stay.node else None
            if last is None:
                continue
            if not conditional:
                plain.append(source)
            elif chosen is None or last.ended > chosen.ended:
                chosen = last
        for source in plain or ([chosen.node] if chosen else []):
            passes[source, stay.node] += 1
        began_before[stay.node] = stay.began
    return Way(Counter(stay.node for stay in stays), passes)


def _last_ended(stays: Sequence[_Stay], node: str, since: float, until: float) -> _Stay | None:
    fresh = [stay for stay in stays if stay.node == node and since < stay.ended <= until + SLACK]
    return fresh[-1] if fresh else None


def _stays(visits: Sequence[Visit]) -> list[_Stay]:
    """The finished visits, with the places of the graph that are no nodes: its start, its end, its subgraph's end."""
    done = [_Stay(visit.node, visit.began, visit.began + visit.finished.seconds) for visit in visits if visit.finished]
    if not done:
        return []
    stays = [_Stay("start", 0.0, 0.0), *done]
    written = [stay for stay in done if stay.node == "verify_step"]
    if written and any(stay.node == "cross_check" for stay in done):
        stays.append(_Stay("end of work_through", written[-1].ended, written[-1].ended))
    answered = [stay for stay in done if stay.node == "give_answer"]
    stays += [_Stay("end", stay.ended, stay.ended) for stay in answered]
    return sorted(stays, key=lambda stay: stay.began)
