"""What a program that is followed prints: text, and numbers with the format that is asked for.

Serves python_functions, case_programs and program_output.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from agent.errors import CheckFailed
from agent.verification.programs.python_symbols import Formula
from agent.verification.programs.python_values import Value, is_number

MAX_LISTED = 3
_BEFORE_NUMBER = re.compile(r"(?:^|[:=$€£]|(?<![A-Za-z0-9])\(|(?<![-+*/^])\s)$")
_AFTER_NUMBER = re.compile(
    r"(?:%|[.)])*\s*(?:$|(?<=\s)(?!(?:pi|sqrt|times|over|mod|hundred|thousand|million|billion|dozen|squared|cubed)\b)[A-Za-z])"
)
_SHOWN_AS_IT_IS = re.compile(r",?(?:\.[1-9]\d?f)?")
_NO_TEXT = "The program compares a text with values set in."


@dataclass(frozen=True, slots=True)
class Printed:
    """A number in a line that is printed, and the format that is asked for; "" for none."""

    value: int | Fraction | float
    form: str = ""


Piece = str | Printed


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A text with values set in, as an f-string writes it: to be printed, and nothing else."""

    pieces: tuple[Piece, ...]

    def __eq__(self, other: object) -> bool:
        raise CheckFailed(_NO_TEXT)

    def __bool__(self) -> bool:
        raise CheckFailed(_NO_TEXT)

    def __hash__(self) -> int:
        raise CheckFailed(_NO_TEXT)


def pieces_of(value: Value, form: str = "") -> tuple[Piece, ...]:
    """What is written of a value. Raises CheckFailed for all but numbers, texts and short lists of numbers."""
    if isinstance(value, Line) and not form:
        return value.pieces
    if isinstance(value, str) and not form:
        return (value,)
    if is_number(value) and not isinstance(value, bool):
        return (Printed(value, form),)
    listed: Sequence[tuple[Piece, ...]] = ()
    if isinstance(value, list | tuple) and not form:
        listed = [(Printed(one),) for one in value if is_number(one) and not isinstance(one, bool)]
    elif isinstance(value, dict) and not form:
        listed = [
            (f"{name.expression}: ", Printed(one))
            for name, one in value.items()
            if isinstance(name, Formula) and is_number(one)
        ]
    if not listed or not len(listed) == len(value) <= MAX_LISTED:
        raise CheckFailed("The program prints something that is neither a number nor a text.")
    opening, closing = "[]" if isinstance(value, list) else "{}" if isinstance(value, dict) else "()"
    if isinstance(value, tuple) and len(value) == 1:
        closing = ",)"
    pieces = [piece for part in listed for piece in (", ", *part)]
    return (opening, *pieces[1:], closing)


def number_told(line: tuple[Piece, ...]) -> Value:
    """The one number that a line tells, with words around it: "Total: 12 cups". None for any other line."""
    places = [at for at, piece in enumerate(line) if isinstance(piece, Printed)]
    if len(places) != 1:
        return None
    (at,) = places
    before, after = ("".join(map(str, part)) for part in (line[:at], line[at + 1 :]))
    number = line[at]
    if not isinstance(number, Printed) or not _BEFORE_NUMBER.search(before) or not _AFTER_NUMBER.match(after):
        return None
    whole = isinstance(number.value, int | Fraction) and number.value.denominator == 1
    return number.value if _SHOWN_AS_IT_IS.fullmatch(number.form) or (number.form == ".0f" and whole) else None
