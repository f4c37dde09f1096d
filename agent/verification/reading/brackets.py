"""Knows which brackets of a step belong to arithmetic and which to the prose; serves the statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agent.verification.reading.extraction import Kind, Token

PARTS = {"half": "(1/2)", "third": "(1/3)", "quarter": "(1/4)", "twice": "2", "double": "2", "triple": "3"}


def settled_brackets(pieces: Sequence[Token]) -> list[Token]:
    """Brackets around an equation or a remark become ends of statements; lone ones cannot be read."""
    pieces = _without_remarks(pieces)
    stops: set[int] = set()
    lone: set[int] = set()
    opened: list[tuple[int, bool]] = []
    for place, token in enumerate(pieces):
        if token.kind is Kind.OPEN:
            opened.append((place, place + 1 < len(pieces) and _is_remark(pieces[place + 1])))
        elif token.kind is Kind.CLOSE:
            if not opened:
                lone.add(place)
                continue
            partner, encloses = opened.pop()
            if encloses:
                stops |= {partner, place}
        elif token.kind in {Kind.RELATION, Kind.STOP}:
            opened = [(partner, True) for partner, _ in opened[:40]]
    lone |= {partner for partner, _ in opened}
    return [
        replace(token, kind=Kind.STOP) if place in stops else replace(token, kind=Kind.ODD) if place in lone else token
        for place, token in enumerate(pieces)
    ]


def _is_remark(first: Token) -> bool:
    return first.kind is Kind.WORD and first.value.lower() not in PARTS


def _without_remarks(pieces: Sequence[Token]) -> list[Token]:
    """Without the brackets that hold words only: "$12 (adult tickets)" is an amount with its unit."""
    dropped: set[int] = set()
    opened = -1
    for place, token in enumerate(pieces):
        if token.kind is Kind.OPEN:
            opened = place
        elif token.kind is Kind.CLOSE and opened >= 0:
            beside = pieces[opened - 1].kind if opened else Kind.STOP
            raised = place + 1 < len(pieces) and pieces[place + 1].kind in {Kind.POSTFIX, Kind.OPEN}
            touching = opened > 0 and pieces[opened - 1].end == pieces[opened].start  # .1(minutes) is a product
            if not touching and beside in {Kind.NUMBER, Kind.WORD, Kind.PERCENT} and place > opened + 1 and not raised:
                dropped |= {opened, place}
            opened = -1
        elif token.kind is not Kind.WORD:
            opened = -1
    return [token for place, token in enumerate(pieces) if place not in dropped]
