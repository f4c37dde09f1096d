"""Reads arithmetic from untrusted text, expressions, assignments and equations in prose, with a whitelist parser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

MAX_TOKENS = 120
MAX_DEPTH = 24
MAX_DIGITS = 18
MAX_LINE = 400
# How far before an equals sign the expression may begin.
MAX_LEFT_TOKENS = 28


class Unreadable(ValueError):
    """The text is no arithmetic of this language. Raised and met within the index alone."""


@dataclass(frozen=True, slots=True)
class Number:
    value: Fraction


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Negation:
    inner: Expression


@dataclass(frozen=True, slots=True)
class Operation:
    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Expression, ...]


Expression = Number | Name | Negation | Operation | Call

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?P<percent>\s?%)?"
    r"|(?P<name>[A-Za-z_]\w*)|(?P<operator>\*\*|//|[-+*/^(),×÷·−–x]))"
)
_PLAIN = {"×": "*", "÷": "/", "·": "*", "−": "-", "–": "-", "**": "^", "//": "/"}
_ASSIGNMENT = re.compile(r"\s*([A-Za-z_]\w*)\s*=(?!=)(.+)")
# In prose: units and money signs are passed over, and these end a stretch of arithmetic.
_PROSE = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?|\.\d+)(?P<percent>\s?%)?|(?P<operator>[-+*/^()×÷·−–=])"
    r"|(?P<times>\bx\b)|(?P<word>[A-Za-z°€$£\\]+)|(?P<stop>[^\s])"
)

STOP = ";"

_Token = str | Fraction


def read_expression(text: str) -> Expression:
    """Raises Unreadable for anything but numbers, names, + − × ÷ ^, brackets and calls."""
    tokens = _tokens(text)
    reader = _Reader(tokens)
    expression = reader.sum(0)
    if reader.place != len(tokens):
        raise Unreadable(f"what follows “{text[:40]}” is no arithmetic")
    return expression


def read_assignment(line: str) -> tuple[str, Expression] | None:
    """(name, what is assigned), None for a blank line or remark. Raises Unreadable for any other line."""
    text = line.partition("#")[0].strip().removeprefix("return ").rstrip(";,")
    if not text or text.startswith(("```", "def ")):
        return None
    found = _ASSIGNMENT.fullmatch(text[:MAX_LINE])
    if not found:
        raise Unreadable(f"“{text[:40]}” is no assignment")
    return found[1], read_expression(found[2])


def equations_in(prose: str, most: int) -> list[tuple[Expression, Fraction | None]]:
    """Equations `calculation = number` of a worked solution, line by line, with units and words passed over."""
    found: list[tuple[Expression, Fraction | None]] = []
    for line in prose.splitlines():
        sides = _sides(line[:MAX_LINE])
        for left, right in pairwise(sides):
            expression = _ends_with_arithmetic(left)
            if expression is not None:
                found.append((expression, right[0] if right and isinstance(right[0], Fraction) else None))
                if len(found) == most:
                    return found
    return found


def _sides(line: str) -> list[list[_Token]]:
    """The line's tokens, split at equals signs; a stop within a side empties what went before it."""
    sides: list[list[_Token]] = [[]]
    for match in _PROSE.finditer(line):
        if match["number"] and len(match["number"]) <= MAX_DIGITS:
            sides[-1].append(_number(match["number"], match["percent"]))
        elif match["number"]:
            sides[-1].append(STOP)
        elif match["times"]:
            sides[-1].append("*")
        elif match["operator"] == "=":
            sides.append([])
        elif match["operator"]:
            sides[-1].append(_PLAIN.get(match["operator"], match["operator"]))
        elif match["stop"]:
            sides[-1].append(match["stop"])
    return sides


def _ends_with_arithmetic(side: list[_Token]) -> Expression | None:
    """The longest calculation at the end of a side, at least one operation in it."""
    tail = side[-MAX_LEFT_TOKENS:]
    for start, piece in enumerate(tail):
        if not (isinstance(piece, Fraction) or piece == "("):
            continue
        reader = _Reader(tail[start:])
        try:
            expression = reader.sum(0)
        except Unreadable:
            continue
        if reader.place == len(tail) - start and isinstance(expression, Operation):
            return expression
    return None


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    place, text = 0, text.replace("$", "").strip()
    while place < len(text):
        match = _TOKEN.match(text, place)
        if not match or len(tokens) >= MAX_TOKENS:
            raise Unreadable(f"“{text[:40]}” is no arithmetic")
        place = match.end()
        if match["number"]:
            tokens.append(_number(match["number"], match["percent"]))
        elif match["name"]:
            tokens.append(
                "*" if match["name"] == "x" and tokens and isinstance(tokens[-1], Fraction) else match["name"]
            )
        else:
            tokens.append(_PLAIN.get(match["operator"], match["operator"]))
    return tokens


def _number(digits: str, percent: str | None) -> Fraction:
    plain = digits.replace(",", "")
    if len(plain) > MAX_DIGITS:
        raise Unreadable("a number with too many digits")
    return Fraction(plain) / (100 if percent else 1)


class _Reader:
    """Recursive descent over tokens; every method leaves `place` behind what it has read."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.place = 0

    def sum(self, depth: int) -> Expression:
        if depth > MAX_DEPTH:
            raise Unreadable("too many brackets within brackets")
        left = self._product(depth)
        while (operator := self._next("+", "-")) is not None:
            left = Operation(operator, left, self._product(depth))
        return left

    def _product(self, depth: int) -> Expression:
        left = self._power(depth)
        while (operator := self._next("*", "/")) is not None:
            left = Operation(operator, left, self._power(depth))
        return left

    def _power(self, depth: int) -> Expression:
        base = self._atom(depth)
        if self._next("^") is not None:
            return Operation("^", base, self._atom(depth))
        return base

    def _atom(self, depth: int) -> Expression:
        if self.place >= len(self.tokens):
            raise Unreadable("the expression ends too early")
        piece = self.tokens[self.place]
        self.place += 1
        if isinstance(piece, Fraction):
            return Number(piece)
        if piece == "-":
            return Negation(self._atom(depth + 1)) if depth <= MAX_DEPTH else self.sum(depth + 1)
        if piece == "(":
            inner = self.sum(depth + 1)
            self._close()
            return inner
        if not piece.isidentifier():
            raise Unreadable(f"“{piece}” is out of place")
        if self._next("(") is None:
            return Name(piece)
        arguments = [self.sum(depth + 1)]
        while self._next(",") is not None:
            arguments.append(self.sum(depth + 1))
        self._close()
        return Call(piece, tuple(arguments))

    def _close(self) -> None:
        if self._next(")") is None:
            raise Unreadable("a bracket is left open")

    def _next(self, *operators: str) -> str | None:
        if self.place < len(self.tokens) and (piece := self.tokens[self.place]) in operators:
            self.place += 1
            return str(piece)
        return None
