"""Knows what a program that a step is written as prints, and judges the output that the step claims; serves claims.

A model that writes Python into its solution goes on with what it takes for the output, and often that is not it. No
Python is run: lines that only assign are read as a derivation, in the whitelist language, and worked out exactly.
Whatever else such a program holds (loops, conditions, imports that are used) leaves its output unverified.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import sympy

from agent.domain import Claim, Correction, Verdict
from agent.errors import CheckFailed, Unreadable
from agent.verification.derivation import value_of
from agent.verification.tolerance import is_rounding
from agent.verification.writing import unread

MAX_PROGRAMS = 3
MAX_PRINTED, MAX_PLACES, MAX_LINE = 10, 3, 200
_FENCE = "```"
_PROGRAM, _OUTPUT = {"python", "py", "python3", ""}, {"output", "text", "plaintext", "console", "stdout", ""}
_LEADS_TO_OUTPUT = re.compile(r"[^\n]{0,60}\b(?:outputs?|prints?|results?)\b[^\n]{0,60}", re.I)
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*(?:\s*=\s*[A-Za-z_]\w*)*\s*=\s*[\w\s.+\-*/%(),]+")
_LOADS = re.compile(r"(?:from\s+[\w.]+\s+)?import\s+[\w, *]+")  # what is used of it must be in our language
_BEHIND_PRINT = re.compile(r"\)\s*#[^()]*$")
_PRINT = re.compile(r"print\((?P<printed>.*)\)")
_TEXT = re.compile(r"""(?P<f>f?)(?P<quote>["'])(?P<text>[^"']*)(?P=quote)(?:\s*,\s*(?P<value>[^"']+))?""")
_PLACE = re.compile(r"\{([^{}]*)\}")
_VALUE = re.compile(r"[\w\s.+\-*/%(),]+")
_FORMAT = re.compile(r",?\.\d{1,2}f")
_NUMBER = re.compile(r"-?[0-9]{1,30}(?:,[0-9]{3}){0,8}(?:\.[0-9]{1,30})?(?:e[-+][0-9]{2,3}|/[1-9][0-9]{0,29})?")
_MODULE = re.compile(r"\b(?:sympy|sp|math|numpy|np)\.(?=[A-Za-z])")
_RATIONAL = re.compile(r"\bRational\(\s*(-?\d+)\s*,\s*(\d+)\s*\)")
_CLOSE = Fraction(1, 10**9)  # relative: Python prints 16 digits of a float


@dataclass(frozen=True, slots=True)
class _Block:
    """What stands between two fences, and where, without the fences' own lines; `opened` is where the first begins."""

    language: str
    opened: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Place:
    """A value in a printed line: its expression, and how Python would format it."""

    expression: str
    form: str = ""


def outputs_claimed(text: str) -> Iterator[Claim]:
    """One claim for each program in a step that is followed by its output; offsets are into `text`."""
    blocks = list(_blocks(text))
    pairs = [(program, output) for program, output in pairwise(blocks) if _is_output_of(program, output, text)]
    for program, output in pairs[:MAX_PROGRAMS]:
        written = f"program with output {' '.join(text[output.start : output.end].split())[:60]}"
        try:
            yield _judged(text[program.start : program.end], output, text, written)
        except (CheckFailed, Unreadable) as failed:
            yield unread(written, f"What the program prints was not worked out. {failed}")


def _blocks(text: str) -> Iterator[_Block]:
    at, opened = 0, None
    for line in text.splitlines(keepends=True):
        fence = line.strip()
        if fence.startswith(_FENCE):
            if opened is None:
                opened = _Block(fence.removeprefix(_FENCE).strip().lower(), at, at + len(line), 0)
            else:
                yield _Block(opened.language, opened.opened, opened.start, at)
                opened = None
        at += len(line)


def _is_output_of(program: _Block, output: _Block, text: str) -> bool:
    if program.language not in _PROGRAM or output.language not in _OUTPUT:
        return False
    if "print(" not in text[program.start : program.end] or "print(" in text[output.start : output.end]:
        return False
    between = text[program.end : output.opened].strip().removeprefix(_FENCE).strip()
    return (not between and output.language != "") or bool(_LEADS_TO_OUTPUT.fullmatch(between))


def _judged(program: str, output: _Block, text: str, written: str) -> Claim:
    printed = list(_printed(program))
    lines = text[output.start : output.end].split("\n")
    shown = [line.strip() for line in lines if line.strip()]
    if len(shown) != len(printed):
        return unread(written, "The output has not as many lines as the program prints.")
    expected: list[str] = []
    wrong = False
    for line, (pattern, values, forms) in zip(shown, printed, strict=True):
        found = re.fullmatch(pattern, line) if len(line) <= MAX_LINE else None
        if found is None or not all(_NUMBER.fullmatch(number) for number in found.groups()):
            return unread(written, f"The output “{line[:60]}” is not of the form that the program prints.")
        holds = [_same(value, number) for value, number in zip(values, found.groups(), strict=True)]
        wrong = wrong or not all(holds)
        expected.append(_put_in(line, found, [
            None if held else _as_printed(value, form, number)
            for held, value, form, number in zip(holds, values, forms, found.groups(), strict=True)
        ]))  # fmt: skip
    if not wrong:
        return Claim(written, Verdict.VERIFIED, "The program was worked out, and it prints that.")
    if re.search(r"\bround\b", program):
        return unread(written, "The program rounds, which is done in more than one way.")
    reason = f"The output is false: the program prints {'; '.join(expected)}."
    end = text.find("\n", output.end) + 1 or len(text)  # behind the closing fence: there the text can go on
    replacement = "\n".join([*expected, _FENCE, ""])
    return Claim(written, Verdict.REFUTED, reason, Correction(output.start, end, replacement))


def _printed(program: str) -> Iterator[tuple[str, list[Fraction], list[str]]]:
    """Each printed line: a pattern with a group for each value, the values, and how they are formatted."""
    before: list[str] = []
    names: dict[str, str] = {}
    count = 0
    for raw in program.splitlines():
        line = raw.strip()
        line = _BEHIND_PRINT.sub(")", line) if line.startswith("print(") else line.partition("#")[0].strip()
        if not line or _LOADS.fullmatch(line):
            continue
        if found := _PRINT.fullmatch(line):
            count += 1
            if count > MAX_PRINTED:
                raise CheckFailed(f"It prints more than {MAX_PRINTED} lines.")
            pieces = _pieces(found["printed"].strip())
            places = [piece for piece in pieces if isinstance(piece, _Place)]
            if len(places) > MAX_PLACES:
                raise CheckFailed(f"It prints more than {MAX_PLACES} values on a line.")
            pattern = "".join("(.+?)" if isinstance(piece, _Place) else re.escape(piece) for piece in pieces)
            yield pattern, [_value(before, place.expression) for place in places], [place.form for place in places]
        elif _ASSIGNMENT.fullmatch(line):
            for name in re.findall(r"[A-Za-z_]\w*", line):
                if names.setdefault(name.lower(), name) != name:
                    raise CheckFailed(f"It has two names that differ in capitals alone: “{name}”.")
            before.append(line)
        else:
            raise CheckFailed(f"It does more than assign and print: “{line[:60]}”.")


def _pieces(printed: str) -> list[str | _Place]:
    """What print() is given, as text and values."""
    found = _TEXT.fullmatch(printed)
    if found is None:
        return [_place(printed)]
    parts = _PLACE.split(found["text"]) if found["f"] else [found["text"]]
    pieces: list[str | _Place] = [_place(part) if number % 2 else part for number, part in enumerate(parts)]
    if found["value"]:
        pieces += [" ", _place(found["value"])]
    return pieces


def _place(written: str) -> _Place:
    expression, _, form = written.partition(":")
    if not _VALUE.fullmatch(expression) or (form and not _FORMAT.fullmatch(form)):
        raise CheckFailed(f"It prints something else than values: “{written[:60]}”.")
    return _Place(expression.strip(), form)


def _value(before: list[str], expression: str) -> Fraction:
    """The value of an expression after these assignments. Raises CheckFailed."""
    lines = [re.sub(r"\banswer\b", "answer_before", line) for line in [*before, f"printed = {expression}"]]
    lines = [_RATIONAL.sub(r"(\1/\2)", _MODULE.sub("", line)) for line in lines]
    value: sympy.Expr = value_of("\n".join([*lines, "answer = printed"]))
    return Fraction(int(value.p), int(value.q)) if value.is_Rational else Fraction(str(value.evalf(30)))


def _same(value: Fraction, shown: str) -> bool:
    number = Fraction(shown.replace(",", ""))
    close = abs(number - value) <= _CLOSE * max(abs(value), Fraction(1))
    return close or ("e" not in shown and (number < 0) == (value < 0) and is_rounding(value, shown))


def _put_in(line: str, found: re.Match[str], right: list[str | None]) -> str:
    """The printed line with these in place of its values; None leaves one as it is."""
    for group in range(len(right), 0, -1):
        if (value := right[group - 1]) is not None:
            line = line[: found.start(group)] + value + line[found.end(group) :]
    return line


def _as_printed(value: Fraction, form: str, like: str) -> str:
    if form:
        return format(float(value), form)
    if "/" in like:
        return str(value)
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.10g}"
