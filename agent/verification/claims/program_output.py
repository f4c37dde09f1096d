"""Knows what a program that a step is written as prints, and judges the output that the step claims; serves claims.

A model that writes Python into its solution goes on with what it takes for the output, and often that is not it. No
Python is run: case_programs follows the program, in Python's own integers and floats. What it does not know of Python
leaves the output unverified.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from agent.domain import Claim, Correction, Verdict
from agent.errors import CheckFailed
from agent.verification.claims.writing import unread
from agent.verification.programs.case_programs import printed_by_cases
from agent.verification.programs.python_printing import Piece
from agent.verification.reading.tolerance import is_rounding

MAX_PROGRAMS = 3
MAX_PRINTED, MAX_PLACES, MAX_LINE = 10, 3, 200
_OPENING, _CLOSING = re.compile(r"\s*```[ \t]*(?:(\w+)\s*)?"), re.compile(r"\s*`{3,}\s*")
_PROGRAM, _OUTPUT = {"python", "py", "python3", ""}, {"output", "text", "plaintext", "console", "stdout", ""}
_LEADS_TO_OUTPUT = re.compile(r"[^\n]{0,60}\b(?:outputs?|prints?|results?)\b[^\n]{0,60}", re.I)
_LEADS_ELSEWHERE = re.compile(
    r"\b(?:if|would|should|instead|expect\w*|format|wrong|incorrect|without|not|other|another|second|different|before"
    r"|previous|example|method)\b",
    re.I,
)
_FORMAT = re.compile(r",?\.\d{1,2}f|,")
_ESCAPED_SPACE_AROUND = re.compile(r"\A(?:\\ )+|(?:\\ )+\Z")
_DIGIT_BEFORE, _DIGIT_AFTER = re.compile(r"[0-9.,]$"), re.compile(r"[.,]?[0-9]")
_PART_OF_NUMBER = re.compile(r"[0-9.,/e+-]*")
_NUMBER = re.compile(r"-?[0-9]{1,30}(?:,[0-9]{3}){0,8}(?:\.[0-9]{1,30})?(?:e[-+][0-9]{2,3}|/[1-9][0-9]{0,29})?")
_CLOSE = Fraction(1, 10**9)  # relative, of floats: their last digits may be shown or not


Number = int | float | Fraction


@dataclass(frozen=True, slots=True)
class _Block:
    """What stands between two fences, and where, without the fences' own lines; `opened` is where the first begins,
    `closed` where the second ends."""

    language: str
    opened: int
    start: int
    end: int
    closed: int


@dataclass(frozen=True, slots=True)
class _Place:
    """A value in a printed line, and how Python writes it."""

    value: Number
    written: str


def outputs_claimed(text: str) -> Iterator[Claim]:
    """One claim for each program in a step that is followed by its output; offsets are into `text`."""
    pairs = [(program, output) for program, output in pairwise(_blocks(text)) if _is_output_of(program, output, text)]
    for program, output in pairs[:MAX_PROGRAMS]:
        written = f"program with output {' '.join(text[output.start : output.end].split())[:60]}"
        try:
            yield _judged(text[program.start : program.end], output, text, written)
        except CheckFailed as failed:
            yield unread(written, f"What the program prints was not worked out. {failed}")


def _blocks(text: str) -> Iterator[_Block]:
    at, opened = 0, None
    for line in text.split("\n"):
        after = min(at + len(line) + 1, len(text))
        if opened is None and (found := _OPENING.fullmatch(line)):
            opened = ((found[1] or "").lower(), at, after)
        elif opened is not None and _CLOSING.fullmatch(line):
            yield _Block(*opened, at, after)
            opened = None
        at = after


def _is_output_of(program: _Block, output: _Block, text: str) -> bool:
    if program.language not in _PROGRAM or output.language not in _OUTPUT:
        return False
    if "print(" not in text[program.start : program.end] or "print(" in text[output.start : output.end]:
        return False
    between = text[program.closed : output.opened].strip()
    if not between:
        return output.language != ""
    return bool(_LEADS_TO_OUTPUT.fullmatch(between)) and not _LEADS_ELSEWHERE.search(between)


def _judged(program: str, output: _Block, text: str, written: str) -> Claim:
    printed = [[_place_of(piece) for piece in line] for line in printed_by_cases(_dedented(program))]
    if len(printed) > MAX_PRINTED:
        raise CheckFailed(f"It prints more than {MAX_PRINTED} lines.")
    if any(sum(isinstance(piece, _Place) for piece in line) > MAX_PLACES for line in printed):
        raise CheckFailed(f"It prints more than {MAX_PLACES} values on a line.")
    shown = [line for line in text[output.start : output.end].split("\n") if line.strip()]
    if len(shown) != len(printed):
        return unread(written, "The output has not as many lines as the program prints.")
    expected = [_as_it_should_be(line, pieces) for line, pieces in zip(shown, printed, strict=True)]
    if expected == shown:
        return Claim(written, Verdict.VERIFIED, "The program was worked out, and it prints that.")
    reason = f"The output is false: the program prints {'; '.join(line.strip() for line in expected)}."
    # With the closing fence and its line feed, so that the text can go on behind it.
    fence = text[output.end : output.closed]
    replacement = "\n".join([*expected, fence if fence.endswith("\n") else f"{fence}\n"])
    return Claim(written, Verdict.REFUTED, reason, Correction(output.start, output.closed, replacement))


def _as_it_should_be(shown: str, pieces: list[str | _Place]) -> str:
    """The line itself where it shows the values of the program, however rounded; else the line with the right ones.

    Raises CheckFailed where it is not of the form that the program prints.
    """
    line = shown.strip()
    places = [piece for piece in pieces if isinstance(piece, _Place)]
    should_be = "".join(piece.written if isinstance(piece, _Place) else piece for piece in pieces).strip()
    if line == should_be:
        return shown
    pattern = "".join("(.+?)" if isinstance(piece, _Place) else re.escape(piece) for piece in pieces)
    pattern = _ESCAPED_SPACE_AROUND.sub("", pattern)  # the line has been stripped too
    found = re.fullmatch(pattern, line) if len(line) <= MAX_LINE else None
    if found is None or not all(_NUMBER.fullmatch(number) for number in found.groups()):
        raise CheckFailed(f"The output “{line[:60]}” is not of the form that it prints.")
    for at, piece in enumerate(pieces):
        before, after = (
            "".join(one for one in part if isinstance(one, str)) for part in (pieces[:at], pieces[at + 1 :])
        )
        if isinstance(piece, _Place) and (_DIGIT_BEFORE.search(before) or _DIGIT_AFTER.match(after)):
            raise CheckFailed("It prints a number and digits that cannot be told apart.")
    for first, second in pairwise(at for at, piece in enumerate(pieces) if isinstance(piece, _Place)):
        if _PART_OF_NUMBER.fullmatch("".join(map(str, pieces[first + 1 : second]))):
            raise CheckFailed("It prints numbers that cannot be told apart.")
    for group in range(len(places), 0, -1):
        place, number = places[group - 1], found[group]
        if not _same(place, number):
            line = line[: found.start(group)] + place.written + line[found.end(group) :]
    return shown if line == shown.strip() else shown[: len(shown) - len(shown.lstrip())] + line


def _dedented(program: str) -> str:
    return textwrap.dedent(program.replace("\r\n", "\n").expandtabs())


def _place_of(piece: Piece) -> str | _Place:
    return piece if isinstance(piece, str) else _formatted(piece.value, piece.form)


def _formatted(value: Number, form: str) -> _Place:
    if form and not _FORMAT.fullmatch(form):
        raise CheckFailed(f"It prints in a format of its own: “{form[:60]}”.")
    if isinstance(value, float) and not math.isfinite(value):
        raise CheckFailed("It prints something that is no number.")
    try:
        if isinstance(value, float) and not form:
            return _Place(value, f"{value:.15g}")  # 99, where a float's last digits make it 99.00000000000001
        return _Place(
            value, format(float(value) if isinstance(value, Fraction) else value, form) if form else str(value)
        )
    except (ArithmeticError, ValueError):
        raise CheckFailed("A number in it is too large to print.") from None


def _same(place: _Place, shown: str) -> bool:
    """Whether a printed value is shown as it is, or rounded; whole numbers of Python are exact."""
    value, number = Fraction(place.value), Fraction(shown.replace(",", ""))
    if number == value:
        return True
    if isinstance(place.value, float) and abs(number - value) <= _CLOSE * abs(value):
        return True
    if abs(value) < Fraction(1, 10**15) and number == 0:
        return True
    if "e" in shown or "/" in shown:
        digits, exponent = [*shown.split("e"), "0"][:2]
        return "e" in shown and is_rounding(value / Fraction(10) ** int(exponent), digits)
    return (number < 0) == (value < 0) and is_rounding(value, shown)
