"""Whether two derivations agree as functions of the problem's numbers, and not only in the value they give.

2 + 2 and 2 × 2 give the same value and are different functions. Each number that both derivations take from the
problem is changed in both at once; where the results part ways, the agreement was a coincidence. Serves confidence.
"""

from __future__ import annotations

from fractions import Fraction

import sympy

from agent.domain import Verdict
from agent.errors import CheckFailed
from agent.verification.derivations.derivation import MAX_CHARACTERS, value_of
from agent.verification.reading.quantities import literals_of, numbers_given

MAX_CHANGED = 8
# What a number is changed to, as multiples of it that keep whole numbers whole: no shared divisors with common numbers.
_FACTORS = (3, 7)


def same_function(problem: str, first: str, second: str) -> Verdict:
    """Verified where the results stay equal under every change of a number that both derivations use.

    Refuted where a change parts them. Unverified where no number could be changed in both, or where neither can be
    evaluated any more (a change may leave the domain of a root or a negative count).
    """
    if max(len(first), len(second)) > MAX_CHARACTERS or None in (_result(first), _result(second)):
        return Verdict.UNVERIFIED
    compared = 0
    for value in numbers_given(problem)[:MAX_CHANGED]:
        for factor in _FACTORS:
            changed = [_changed(program, value, factor) for program in (first, second)]
            if None in changed:
                continue
            results = [_result(str(program)) for program in changed]
            if None in results:
                continue
            if results[0] != results[1]:
                return Verdict.REFUTED
            compared += 1
    return Verdict.VERIFIED if compared else Verdict.UNVERIFIED


def _changed(program: str, value: Fraction, factor: int) -> str | None:
    """The program with a number of the problem multiplied wherever it stands; None where it does not stand in it."""
    lines, found = [], False
    for line in program.splitlines():
        code, mark, remark = line.partition("#")
        for start, end, literal in reversed(literals_of(code)):
            if literal == value:
                found = True
                new = literal * factor
                shown = str(new.numerator) if new.denominator == 1 else f"({new.numerator}/{new.denominator})"
                code = code[:start] + shown + code[end:]
        lines.append(code + mark + remark)
    return "\n".join(lines) if found else None


def _result(program: str) -> sympy.Expr | None:
    try:
        return value_of(program)
    except CheckFailed:
        return None
