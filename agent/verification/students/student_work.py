"""Where a student's work leaves every way to the answer that is known. Serves the checking of work, in the worker.

It is no proof that a step is wrong: another way may be right as well. Whoever accuses needs the answer to be wrong too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from agent.errors import CheckFailed
from agent.verification.derivations.derivation import values_of
from agent.verification.derivations.known_quantities import Numbers, Quantity, known_quantities
from agent.verification.reading.quantities import literals_of, numbers_given, numbers_in_words
from agent.verification.students.student_steps import Result, final_number, results_of

MAX_STEPS = 40
_TIME = re.compile(r"(?i)\b(?:hour|minute|second|hr|min)s?\b")
_HUNDRED = re.compile(r"(?i)%|percent|per cent|\$|\bcents?\b|\bmeters?\b|\bcentimeters?\b")


class Reach(StrEnum):
    """What is known of a step's results."""

    ON_THE_WAY = "on the way"  # a quantity of a derivation, or one that leads to such a quantity
    OFF_THE_WAY = "off the way"  # no quantity of any derivation
    NOTHING = "nothing"  # the step arrives at no number


@dataclass(frozen=True, slots=True)
class Finding:
    """One step; `calculation` is the one that the finding rests on, "" for none."""

    reach: Reach
    calculation: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """What there is to say of a whole solution; steps are counted from 0.

    `leaves` is the first step that leaves the known ways, None for none; `last_result` the step where the final number
    was calculated last, `final` that number and `final_is_known` whether it lies on a known way; `unused` are the given
    numbers that the derivations use and the work does not.
    """

    findings: tuple[Finding, ...]
    leaves: int | None
    last_result: int | None
    final: str | None
    final_is_known: bool
    unused: tuple[str, ...]


def examine_work(problem: str, steps: Sequence[str], programs: Sequence[str]) -> Examined:
    """Compare the results of each step with the quantities of the derivations, as functions of the given numbers.

    A program that tries cases shows no way that a student could leave; where there are no others, nothing is found.
    """
    steps = list(steps)[:MAX_STEPS]
    ways = [program for program in programs if _shows_a_way(program)]
    if programs and not ways:
        return Examined((Finding(Reach.NOTHING),) * len(steps), None, None, None, False, ())
    numbers = Numbers(problem)
    known = known_quantities(numbers, ways)
    factors = _unit_factors(problem)
    results = results_of(steps, problem, numbers, known)
    bases = {quantity[0] for quantity in known - numbers.quantities}
    led_on: set[Fraction] = set()
    findings: list[Finding] = []
    for arrived_at in reversed(results):
        off = [r for r in arrived_at if r.value not in led_on and not _is_known(r, known, bases, factors, numbers)]
        for result in arrived_at:
            if result not in off and result.operands:
                led_on |= set(result.operands)
        if off:
            findings.append(Finding(Reach.OFF_THE_WAY, off[0].text))
        elif arrived_at:
            calculated = [result for result in arrived_at if result.operands] or arrived_at
            findings.append(Finding(Reach.ON_THE_WAY, calculated[-1].text))
        else:
            findings.append(Finding(Reach.NOTHING))
    findings.reverse()
    leaves = next((place for place, one in enumerate(findings) if one.reach is Reach.OFF_THE_WAY), None)
    final = final_number(steps, results)
    last = [n for n, arrived_at in enumerate(results) if any(r.value == final and r.operands for r in arrived_at)]
    stated = [n for n, arrived_at in enumerate(results) if any(r.value == final for r in arrived_at)]
    return Examined(
        findings=tuple(findings), leaves=leaves, last_result=max(last or stated, default=None),
        final=None if final is None else str(final), final_is_known=final in bases,
        unused=tuple(str(value) for value in _unused(problem, steps, ways)),
    )  # fmt: skip


def _shows_a_way(program: str) -> bool:
    try:
        return bool(values_of(program))
    except CheckFailed:
        return False


def _unused(problem: str, steps: Sequence[str], programs: Sequence[str]) -> list[Fraction]:
    """The numbers that the problem gives in digits, that every program uses, and that stand nowhere in the work."""
    work = "\n".join(steps)
    written = set(numbers_given(work)) | numbers_in_words(work)
    forms = {value: {value, value / 100, 1 - value / 100, 1 + value / 100} for value in numbers_given(problem)}
    missing = [value for value in forms if value > 1 and not forms[value] & written]
    return [value for value in missing if programs and all(_uses(program, forms[value]) for program in programs)]


def _uses(program: str, forms: set[Fraction]) -> bool:
    literals = {value for line in program.splitlines() for _, _, value in literals_of(line.partition("#")[0])}
    return bool(forms & literals)


def _is_known(
    result: Result, known: set[Quantity], bases: set[Fraction], factors: Sequence[Fraction], numbers: Numbers
) -> bool:
    if not result.readings:  # only stated: its value is all there is to compare
        return any(result.value * factor in bases for factor in factors) or numbers.gives(result.value)
    return any(tuple(v * factor for v in reading) in known for reading in result.readings for factor in factors)


def _unit_factors(problem: str) -> list[Fraction]:
    """The factors of conversions that the problem's words allow: hours and minutes, per cent and cents."""
    factors = [Fraction(1)]
    if _TIME.search(problem):
        factors += [Fraction(60), Fraction(1, 60)]
    if _HUNDRED.search(problem):
        factors += [Fraction(100), Fraction(1, 100)]
    return factors
