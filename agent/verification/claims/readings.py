"""Knows the ways in which a written quantity may be meant, and their exact values; serves the claims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from agent.errors import Unreadable
from agent.verification.claims.statements import Quantity
from agent.verification.reading.extraction import Kind, Token
from agent.verification.reading.notation import normalise

_TIGHT_FRACTION = re.compile(r"(?<=[/*])(\s+)([0-9]+/[0-9]+)(?![0-9./])")
_DIVIDED_TWICE = re.compile(r"([0-9.]+)\s*/\s*([0-9.]+)\s*/\s*([0-9.]+)")
_LONG_POWER = re.compile(r"\^([0-9])([0-9]+)")
_ADDED_PERCENT = re.compile(r"(.+?)([+-])\s*\(([0-9.]+)/100\)")
_DEGREES = re.compile(r"\s*(?:\^\{?\\circ\}?|°)")
_FLAT = re.compile(r"[0-9.+\-*/\s]+")
_PIECE = re.compile(r"[0-9.]+|[+\-*/]")


def expression(quantity: Quantity, text: str, *, percent_as_unit: bool = False) -> str:
    """The quantity in the parser's ASCII, without its units; with `percent_as_unit` 20% is 20 and not 1/5."""
    if quantity.has(Kind.FUNCTION):
        degrees = _DEGREES.match(text, quantity.end)
        return normalise(text[quantity.start : degrees.end() if degrees else quantity.end])
    out: list[str] = []
    end = quantity.start
    for token in quantity.tokens:
        if token.start > end and token.kind is not Kind.POSTFIX:
            out.append(" ")
        end = token.end
        if token.kind is Kind.CURRENCY or (token.kind is Kind.PERCENT and percent_as_unit):
            continue
        if token.kind is Kind.PERCENT:
            out.append("%")
        elif token.kind is Kind.OPERATOR:
            out.append({"": "*", "//": "/"}.get(token.value, token.value))
        else:
            out.append({"[": "(", "]": ")"}.get(token.value, token.value))
    return normalise("".join(out).strip())


def exact_value(written: str) -> Any:
    """The exact number that an ASCII expression stands for, as a SymPy number. Raises Unreadable."""
    from agent.verification.reading.language import parse_expression  # brings SymPy: not before it is needed

    value = parse_expression(written, implicit=True)
    if not value.is_number or value.is_finite is not True or value.is_real is not True:
        raise Unreadable("This is not a real number; write it with numbers only.")
    return value


def as_fraction(value: Any) -> Fraction | None:
    """A SymPy rational as a Fraction, anything else as None."""
    return Fraction(int(value.p), int(value.q)) if value.is_Rational else None


def readings(quantity: Quantity, text: str) -> Iterator[tuple[str, str]]:
    """Other usual readings of a quantity, each with the convention that it rests on."""
    written = expression(quantity, text)
    grouped = _TIGHT_FRACTION.sub(r"\1(\2)", written)
    if grouped != written:
        yield grouped, "with the fraction read as one number"
    long_powers = [(place, token) for place, token in enumerate(quantity.tokens) if _LONG_POWER.fullmatch(token.value)]
    if long_powers:
        place, token = long_powers[0]
        shorter = replace(token, value=_LONG_POWER.sub(r"^(\1)*\2", token.value))
        yield expression(_with_token(quantity, place, shorter), text), "with one digit as the power"
    if quantity.has(Kind.PERCENT):
        yield expression(quantity, text, percent_as_unit=True), "with per cent as the unit"
        added = _ADDED_PERCENT.fullmatch(written)
        if added:
            yield (
                f"({added[1]})*(1{added[2]}{added[3]}/100)",
                "with the per cent taken of the amount before it",
            )


def from_left_to_right(quantity: Quantity, text: str) -> str | None:
    """The expression as a simple calculator works it out, precedence aside; None where that is the same."""
    written = expression(quantity, text)
    pieces = _PIECE.findall(written)
    operators = set(pieces[1::2])
    if not _FLAT.fullmatch(written) or not (operators & {"+", "-"} and operators & {"*", "/"}):
        return None
    if len(pieces) % 2 == 0 or any(piece in "+-*/" for piece in pieces[::2]):
        return None
    folded = str(pieces[0])
    for operator, operand in zip(pieces[1::2], pieces[2::2], strict=True):
        folded = f"({folded}{operator}{operand})"
    return folded


def as_compound_fraction(quantity: Quantity, text: str) -> str | None:
    """a / b / c as a / (b/c), as fractions of fractions may be meant; None without such a division."""
    written = expression(quantity, text)
    changed = _DIVIDED_TWICE.sub(r"(\1)/(\2/\3)", written, count=1)
    return changed if changed != written else None


def without_mixed_numbers(quantity: Quantity, text: str) -> str:
    """The expression with 2\\frac{1}{2} taken as a product."""
    for place, (first, second) in enumerate(pairwise(quantity.tokens)):
        if first.kind is Kind.NUMBER and second.value.startswith("\\"):
            quantity = _with_token(quantity, place, replace(first, value=f"{first.value}*"))
    return expression(quantity, text)


def spread(quantity: Quantity, text: str, given: str) -> Fraction:
    """How far the value may move if its decimals, where the problem does not give them, were rounded.

    One unit in the last place for each number with two or more decimals. Raises Unreadable.
    """
    total = Fraction(0)
    centre = as_fraction(exact_value(expression(quantity, text)))
    for place, token in enumerate(quantity.tokens):
        _, _, behind = token.value.partition(".")
        if token.kind is not Kind.NUMBER or len(behind) < 2 or not behind.isdecimal() or centre is None:
            continue
        if re.search(rf"(?<![0-9.]){re.escape(token.value)}(?![0-9])", given):
            continue
        moved = f"({normalise(token.value)}+1/{10 ** len(behind)})"
        shifted = _with_token(quantity, place, replace(token, kind=Kind.ATOM, value=moved))
        value = as_fraction(exact_value(expression(shifted, text)))
        if value is not None:
            total += abs(value - centre)
    return total


def _with_token(quantity: Quantity, place: int, token: Token) -> Quantity:
    return replace(quantity, tokens=(*quantity.tokens[:place], token, *quantity.tokens[place + 1 :]))
