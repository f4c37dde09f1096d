"""Knows which statements of a step can be checked exactly, and judges them; serves the solving graph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from agent.domain import Claim, Correction, Verdict
from agent.errors import Unreadable
from agent.verification.claims.calculus_claims import calculus_claims
from agent.verification.claims.congruences import judge_congruence
from agent.verification.claims.doubts import Background, changes_size, context_doubt, doubt
from agent.verification.claims.identities import judge_symbols
from agent.verification.claims.measured import (
    Conversion,
    conversion,
    holds_in_units,
    may_be_rate,
    may_go_on,
    unit_doubt,
)
from agent.verification.claims.number_facts import number_facts
from agent.verification.claims.program_output import outputs_claimed
from agent.verification.claims.ratios_and_times import ratios_and_times
from agent.verification.claims.readings import exact_value, expression, readings
from agent.verification.claims.stated import Stated, ends, stands_alone, without_signs
from agent.verification.claims.statements import Quantity, Statement, statements
from agent.verification.claims.transformations import transformations
from agent.verification.claims.worded import worded_statements
from agent.verification.claims.writing import tidy, unread
from agent.verification.reading.extraction import Kind
from agent.verification.reading.notation import normalise
from agent.verification.reading.quantities import first_untraced
from agent.verification.reading.tolerance import decimals, is_near, is_rounding, rewritten

MAX_CLAIMS = 40
MAX_CHARACTERS = 8_000
_TELLS = re.compile(r"[0-9=]|\\int|\\frac")
_CODE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_LEADING_IN = {"is", "it", "that", "so", "this", "which", "and", "thus", "therefore", "since", "then", "are", "hence"}
_ROUNDING = re.compile(r"(?i)\b(?:round|about|approx|rough|nearly|almost|around|close to|nearest|estimat)")


def check_step(text: str, earlier: Sequence[str] = (), problem: str = "") -> list[Claim]:
    """Find the statements between numbers in one step and judge each exactly.

    `text` is Markdown with LaTeX, as the model wrote it. `problem` is the question: its decimals are exact,
    the step's own may be rounded. `earlier` holds the steps before: a base or modulus named there counts.
    A claim is refuted only where no usual reading makes it true; what may be meant otherwise is unverified
    and says why. Offsets of corrections are offsets into `text`. Nothing is raised.
    At most `MAX_CLAIMS` claims come back, and only the first `MAX_CHARACTERS` characters are read.
    """
    claims: list[Claim] = []
    strange: Claim | None = None  # one a step is enough
    given = Background(problem, "\n".join([problem, *earlier])[-MAX_CHARACTERS:])
    try:
        claims += outputs_claimed(text[:MAX_CHARACTERS])
        told = _told(text[:MAX_CHARACTERS], given)
        waiting = list(told)
        for statement in statements(text[:MAX_CHARACTERS]):
            while waiting and waiting[0].start < statement.end:
                claims.append(waiting.pop(0).claim)
            if len(claims) >= MAX_CLAIMS - 1:
                claims.append(unread(text[statement.start : statement.end], "The step has too many statements."))
                break
            if any(one.start < statement.end and statement.start < one.end for one in told):
                continue
            claims += _judged(statement, text, given)
            if problem and not strange:
                strange = _from_nowhere(statement, text, given)
                claims += [strange] if strange else []
        claims += [one.claim for one in waiting[: max(MAX_CLAIMS - len(claims), 0)]]
    except Exception as error:  # one statement's trouble is no reason to lose the step
        claims.append(unread(text[:80], f"The step could not be read ({type(error).__name__})."))
    if len(text) > MAX_CHARACTERS:
        claims.append(unread("…", f"Only the first {MAX_CHARACTERS} characters of the step were read."))
    return claims


def _told(text: str, given: Background) -> list[Stated]:
    """What whole sentences and lines say, in order; of two in one place the one that began first, or is longer."""
    if not _TELLS.search(text):
        return []
    text = _CODE.sub(lambda code: " " * len(code[0]), text)  # where x = x + 1 is no equation
    plain = without_signs(text)
    readers = (number_facts, ratios_and_times, calculus_claims)
    found = [one for reader in readers for one in reader(text, given) if stands_alone(plain, one.start, one.end)]
    found += [stated for reader in (_worded, transformations) for stated in reader(text, given)]
    kept: list[Stated] = []
    for stated in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or stated.start >= kept[-1].end:
            kept.append(stated)
    return kept


def _worded(text: str, given: Background) -> Iterator[Stated]:
    """Calculations whose result is told with a verb: confirmed, or refuted where nothing stands before them."""
    for worded in worded_statements(text):
        statement = worded.statement
        left, right = statement.left.to_end, statement.right.from_start
        if left is None or right is None:
            continue
        written = tidy(text[statement.start : statement.end])
        units = conversion(left, right, worded.text) is not None
        if not ends(worded.text, right.end) and not (units and ends(worded.text, _behind_words(statement))):
            continue  # 3 + 4 is 2 too many
        # An amount of money is compared with an amount of money.
        signs = {"$" in text[statement.start : left.end], "$" in text[left.end : statement.end]}
        alone = len(signs) == 1 and not units and all(word.lower() in _LEADING_IN for word in left.before)
        numbers = [token for token in left.tokens if token.kind is Kind.NUMBER]
        fraction = len(left.tokens) == 3 and len(numbers) == 2 and left.tokens[1].value == "/"
        alone = alone and not fraction and not left.units  # 1/4 is 10, so the whole is 40; 3 tens plus 2 ones is 32
        try:
            claims = list(_equality(statement, left, right, worded.text, given, written))
        except (Unreadable, ArithmeticError, ValueError, TypeError, RecursionError, AttributeError):
            continue
        for claim in claims:
            if claim.verdict is Verdict.VERIFIED or (claim.verdict is Verdict.REFUTED and alone):
                yield Stated(statement.start, statement.end, claim)


def _behind_words(statement: Statement) -> int:
    """Where the words behind the last number of a statement end."""
    return max(token.end for token in statement.right.tokens)


def _from_nowhere(statement: Statement, text: str, given: Background) -> Claim | None:
    """A doubt about a calculation with a number that neither the problem nor what was written before gives."""
    side = statement.left.to_end
    if side is None or statement.relation not in {"=", "≈"} or not side.has(Kind.OPERATOR):
        return None
    numbers = [token.value.replace(",", "") for token in side.tokens if token.kind is Kind.NUMBER]
    before = f"{given.everything[len(given.problem) :]}\n{text[: statement.start]}"
    number = first_untraced(numbers, given.problem, before)
    if number is None:
        return None
    reason = f"The number {number} is neither in the problem nor calculated before."
    return unread(tidy(text[statement.start : statement.end]), reason)


def _judged(statement: Statement, text: str, given: Background) -> Iterator[Claim]:
    written = tidy(text[statement.start : statement.end])
    left, right = statement.left.to_end, statement.right.from_start
    try:
        if left is None or right is None:
            yield from judge_symbols(statement, text, given, written)
        elif statement.relation == "=":
            yield from _equality(statement, left, right, text, given, written)
        elif statement.relation == "≈":
            yield from _approximation(left, right, text, written)
        elif statement.relation in {"<", ">", "≤", "≥", "≠"}:
            yield from _order(statement, left, right, text, given, written)
        else:
            yield from judge_congruence(statement, left, right, text, given, written)
    except Unreadable as error:
        yield unread(written, str(error))
    except (ArithmeticError, ValueError, TypeError, RecursionError, AttributeError) as error:
        yield unread(written, f"The statement could not be worked out ({type(error).__name__}).")


def _equality(
    statement: Statement, left: Quantity, right: Quantity, text: str, given: Background, written: str
) -> Iterator[Claim]:
    if left.number is not None and right.number is not None:
        stated = conversion(left, right, text)
        if stated is not None:
            yield _converted(stated, statement, left, right, text, given, written)
        elif left.number.value != right.number.value and not (left.before or statement.chain > 2):
            yield from _two_numbers(statement, left, right, text, written)
        return
    value, result = exact_value(expression(left, text)), exact_value(expression(right, text))
    if right.blocked:
        yield unread(written, f"What follows the result (“{right.blocked}”) may belong to it.")
        return
    if word := changes_size(left, right):
        yield unread(written, f"The word “{word}” changes the size of a number.")
        return
    same = _equal(value, result)
    if same is None:
        yield unread(written, "The sides agree closely, but could not be proved equal.")
        return
    if same:
        wrong_units = unit_doubt(left, right)
        verdict = Verdict.UNVERIFIED if wrong_units else Verdict.VERIFIED
        yield Claim(written, verdict, wrong_units or f"{written} is right.")
        return
    if holds_in_units(left, right, result):
        yield Claim(written, Verdict.VERIFIED, f"{written} is right.")
        return
    rounded = _rounded(value, right, text, statement)
    if rounded:
        yield Claim(written, Verdict.VERIFIED, f"{written} is right, {rounded}.")
        return
    if convention := _other_reading(left, right, text):
        yield Claim(written, Verdict.VERIFIED, f"{written} is right, {convention}.")
        return
    if ground := doubt(statement, left, right, text, given):
        yield unread(written, ground)
        return
    yield _refuted(left, right, value, text, written)


def _two_numbers(statement: Statement, left: Quantity, right: Quantity, text: str, written: str) -> Iterator[Claim]:
    """Numbers on both sides: 1/2 = 0.5 is confirmed; mere names are left alone."""
    value, result = exact_value(expression(left, text)), exact_value(expression(right, text))
    rounded = not value.is_integer and _rounded(value, right, text, statement)
    if (_equal(value, result) or rounded) and not left.units and not right.trailing:
        yield Claim(written, Verdict.VERIFIED, f"{written} is right.")
    else:
        yield unread(written, "Two numbers with nothing to calculate: units or names decide.")


def _converted(
    stated: Conversion,
    statement: Statement,
    left: Quantity,
    right: Quantity,
    text: str,
    given: Background,
    written: str,
) -> Claim:
    """A false conversion is refuted, unless the problem makes the units its own or the words leave it open."""
    number, unit = right.number, right.units[0]
    written = written if written.endswith(unit) else f"{written} {unit}"
    if stated.value == stated.result or (number is not None and is_rounding(stated.value, number.value)):
        return Claim(written, Verdict.VERIFIED, f"{written} is right.")
    span = _result_span(right)
    ground = context_doubt(statement, text, given)
    led_in = any(word.lower() not in _LEADING_IN for word in left.before)  # "half of 2 hours = 60 minutes"
    if stated.loose or span is None or ground or led_in or statement.chain > 2 or stated.value == 0:
        return unread(written, ground or "What is equated here may be no conversion of units.")
    start, end, shown = span
    replacement = rewritten(stated.value, shown.removeprefix("-"), False)
    before = f"{given.everything}\n{text[: statement.start]}"
    if may_go_on(stated, text[right.end : right.end + 80]):
        return unread(written, "A rest may have been left out or follow.")
    # 3 inches = 15 miles on a map; 8 hours = 120 minutes where each hour of work earns 15 minutes of rest.
    if replacement is None or may_be_rate(stated, before):
        return unread(written, "The problem may relate these units in a way of its own.")
    reason = f"{written} is false: {tidy(text[statement.start : start])} {replacement} {unit}."
    return Claim(written, Verdict.REFUTED, reason, Correction(start, end, replacement))


def _equal(value: Any, result: Any) -> bool | None:
    """Whether two exact numbers are equal; None where that is too hard to tell."""
    if value.is_Rational and result.is_Rational:
        return bool(value == result)
    difference = value - result
    if abs(difference.evalf(30)) > 1e-15 * (1 + abs(value.evalf(15))):
        return False
    import sympy

    reduced = sympy.radsimp(sympy.expand(difference))
    return True if reduced == 0 or sympy.sqrtdenest(reduced).expand() == 0 else None


def _rounded(value: Any, right: Quantity, text: str, statement: Statement) -> str:
    number = right.number
    if number is None or number.kind is not Kind.NUMBER:
        return ""
    near = _rational(value)
    if right.has(Kind.PERCENT):
        near *= 100
    signed = exact_value(expression(right, text, percent_as_unit=True))
    if (near < 0) != bool(signed < 0):
        return ""
    if is_rounding(near, number.value):
        return f"rounded to {decimals(number.value)} decimal{'s' * (decimals(number.value) > 1)}"
    around = text[max(statement.start - 60, 0) : statement.end + 60]
    whole = not decimals(number.value) and abs(near - _rational(signed)) <= Fraction(1, 2)
    return "as a rounded number" if whole and _ROUNDING.search(around) else ""


def _rational(value: Any) -> Fraction:
    """The value itself if rational, else to 30 digits: enough to see what it rounds to."""
    if value.is_Rational:
        return Fraction(int(value.p), int(value.q))
    return Fraction(str(value.evalf(30)))


def _other_reading(left: Quantity, right: Quantity, text: str) -> str:
    plain = exact_value(expression(left, text)), exact_value(expression(right, text))
    lefts = [(exact_value(written), convention) for written, convention in readings(left, text)]
    rights = [(exact_value(written), convention) for written, convention in readings(right, text)]
    for value, convention in lefts:
        if value == plain[1]:
            return convention
    for result, convention in rights:
        if result == plain[0]:
            return convention
    for value, convention in lefts:
        if any(value == result for result, other in rights if other == convention):
            return convention
    number = right.number
    if number is not None and any(
        value.is_Rational and is_rounding(_rational(value), number.value)
        for value in [*(value for value, _ in lefts), *([plain[0]] if right.has(Kind.PERCENT) else [])]
    ):
        return "rounded"
    return ""


def _approximation(left: Quantity, right: Quantity, text: str, written: str) -> Iterator[Claim]:
    value, result = exact_value(expression(left, text)), exact_value(expression(right, text))
    near = is_near(_rational(value), _rational(result), right.number.value if right.number else "")
    if right.blocked or right.has(Kind.PERCENT) or left.units or left.number is not None:
        near = near or None
    if near:
        yield Claim(written, Verdict.VERIFIED, f"{written} is right to the digits shown.")
    elif near is None or right.trailing:
        yield unread(written, "It is not clear how close an approximation is meant.")
    else:
        fraction = _rational(value)
        about = rewritten(fraction, right.number.value) if right.number else None
        right_value = f": {tidy(text[left.start : left.end])} ≈ {about}" if about else ""
        yield Claim(written, Verdict.REFUTED, f"{written} is false{right_value}.")


def _order(
    statement: Statement, left: Quantity, right: Quantity, text: str, given: Background, written: str
) -> Iterator[Claim]:
    value, result = exact_value(expression(left, text)), exact_value(expression(right, text))
    equal = _equal(value, result)
    if equal is None:
        yield unread(written, "The sides are too close to be told apart.")
        return
    below = not equal and bool((value - result).evalf(30) < 0)
    holds = {"<": below, ">": not below and not equal, "≤": below or equal, "≥": not below, "≠": not equal}
    if right.blocked or left.units or right.trailing or left.has(Kind.PERCENT) != right.has(Kind.PERCENT):
        yield unread(written, "Units or words may change what is compared.")
    elif holds[statement.relation]:
        yield Claim(written, Verdict.VERIFIED, f"{written} is right.")
    elif left.number is not None or (ground := doubt(statement, left, right, text, given)):
        yield unread(written, "The comparison may be a condition, not a statement." if left.number else ground)
    else:
        yield Claim(written, Verdict.REFUTED, f"{written} is false.")


def _refuted(left: Quantity, right: Quantity, value: Any, text: str, written: str) -> Claim:
    calculation = tidy(text[left.start : left.end])
    exact = Fraction(int(value.p), int(value.q)) if value.is_Rational else None
    span = _result_span(right)
    if exact is None or span is None:
        return Claim(written, Verdict.REFUTED, f"{written} is false.")
    if right.has(Kind.PERCENT):
        if "100" in calculation:
            return Claim(written, Verdict.REFUTED, f"{written} is false.")
        exact *= 100
    start, end, shown = span
    replacement = rewritten(exact, shown.removeprefix("-"), right.has(Kind.CURRENCY))
    if replacement is None or (right.has(Kind.CURRENCY) and exact < 0):
        return Claim(written, Verdict.REFUTED, f"{written} is false.")
    amount = tidy(text[right.start : start] + replacement + text[end : right.end])
    sign = "=" if _stands_for(replacement, exact) else "≈"
    reason = f"{written} is false: {calculation} {sign} {amount}."
    return Claim(written, Verdict.REFUTED, reason, Correction(start, end, replacement))


def _stands_for(replacement: str, exact: Fraction) -> bool:
    value = _rational(exact_value(normalise(replacement)))
    return value == exact


def _result_span(right: Quantity) -> tuple[int, int, str] | None:
    """Where the single number on the right stands: its offsets and its spelling, with its sign."""
    tokens = [token for token in right.tokens if token.kind not in {Kind.CURRENCY, Kind.PERCENT}]
    sign = ""
    start = tokens[0].start
    if tokens[0].kind is Kind.OPERATOR and len(tokens) > 1:
        if tokens[0].value != "-" or tokens[1].start != tokens[0].end:
            return None
        sign, tokens = "-", tokens[1:]
    is_number = len(tokens) == 1 and tokens[0].kind in {Kind.NUMBER, Kind.ATOM} and "(" not in tokens[0].value
    is_fraction = [token.kind for token in tokens] == [Kind.NUMBER, Kind.OPERATOR, Kind.NUMBER]
    if not is_number and not (is_fraction and tokens[1].value == "/"):
        return None
    spelling = tokens[0].value if is_number else f"{tokens[0].value}/{tokens[2].value}"
    return start, tokens[-1].end, sign + spelling
