"""Knows how remainders, digits and number bases are worked out exactly, each in two ways; serves whole_numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from agent.errors import Unreadable
from agent.verification.recognition.tasks import SymbolicTask
from agent.verification.symbolic.exact_reading import Worked, read_exact
from agent.verification.symbolic.formula_tree import Node, read_tree, value_at, written
from agent.verification.symbolic.whole_reading import whole, worked_number

_LONGEST_CYCLE = 10**4
_DIGITS = "0123456789ABCDEF"


def modulo(task: SymbolicTask) -> Worked | None:
    divisor = {"units digit": 10, "tens digit": 100}.get(task.question) or int(task.expressions[1])
    if not 1 < divisor <= 10**6:
        return None
    tree = read_tree(task.expressions[0])
    if "/" in _kinds(tree) or _is_negative(tree):
        return None  # remainders of fractions, and two customs for negative numbers
    found = _residue(tree, divisor, _power_by_squaring)
    try:
        second = whole(task.expressions[0]) % divisor
        way = "The number itself, written out and divided, leaves the same."
    except Unreadable:
        if divisor > _LONGEST_CYCLE:
            return None
        second = _residue(tree, divisor, _power_by_cycle)
        way = "Going through the powers one by one until they repeat leaves the same."
    answer = found // 10 if task.question == "tens digit" else found
    steps = [f"Only what is left after division by {divisor} matters, at every step of the calculation."]
    steps.append(f"That is {found}." if answer == found else f"That is {found:02d}, so the tens digit is {answer}.")
    return worked_number(answer, f"calculating modulo {divisor}", steps, way, found == second)


def _is_negative(tree: Node) -> bool:
    try:
        return bool(value_at(tree, {}) < 0)
    except Unreadable:
        return any(node == "-" or node == "neg" for node in _kinds(tree))  # too large to say


def _kinds(tree: Node) -> Iterable[str]:
    yield tree.kind
    for part in tree.parts:
        yield from _kinds(part)


def _residue(tree: Node, divisor: int, power: Callable[[int, int, int], int]) -> int:
    """The formula's value modulo `divisor`, without ever writing the whole number out. Raises Unreadable."""
    if tree.kind == "number":
        return whole(tree.text) % divisor
    if tree.kind == "group":
        return _residue(tree.parts[0], divisor, power)
    if tree.kind == "neg":
        return -_residue(tree.parts[0], divisor, power) % divisor
    if tree.kind == "^":
        exponent = value_at(tree.parts[1], {})
        if not isinstance(exponent, Fraction) or exponent.denominator != 1 or not 0 <= exponent <= 10**9:
            raise Unreadable("The exponent is no whole number.")
        if exponent == 0 and value_at(tree.parts[0], {}) == 0:
            raise Unreadable("0^0 has no value.")
        return power(_residue(tree.parts[0], divisor, power), int(exponent), divisor)
    if tree.kind not in {"+", "-", "*"}:
        return int(read_exact(written(tree))) % divisor  # a factorial or a binomial, by SymPy
    left, right = (_residue(part, divisor, power) for part in tree.parts)
    return (left + right if tree.kind == "+" else left - right if tree.kind == "-" else left * right) % divisor


def _power_by_squaring(base: int, exponent: int, divisor: int) -> int:
    return pow(base, exponent, divisor)


def _power_by_cycle(base: int, exponent: int, divisor: int) -> int:
    seen: dict[int, int] = {}
    values: list[int] = []
    value = 1 % divisor
    while value not in seen and len(values) <= exponent:
        seen[value] = len(values)
        values.append(value)
        value = value * base % divisor
    if exponent < len(values):
        return values[exponent]
    start = seen[value]
    return values[start + (exponent - start) % (len(values) - start)]


def digits_of(numbers: Sequence[int], *, add: bool) -> Worked | None:
    (n,) = numbers
    if n < 0:
        return None
    digits = str(n)
    found = sum(map(int, digits)) if add else len(digits)
    second, rest = 0, n
    while rest:
        rest, digit = divmod(rest, 10)
        second += digit if add else 1
    steps = [f"Written out, the number is {digits}."] if len(digits) <= 60 else [f"It has {len(digits)} digits."]
    check = "Taking the digits off one by one, by division by 10, gives the same."
    return worked_number(found, "writing the number out", steps, check, found == max(second, 0 if add else 1))


def zeros_at_the_end(numbers: Sequence[int]) -> Worked | None:
    (n,) = numbers  # the factorial itself, within formula_tree's bounds
    digits = str(n)
    found = len(digits) - len(digits.rstrip("0"))
    second, rest = 0, n
    while rest % 5 == 0:
        rest //= 5
        second += 1
    steps = [
        "A zero at the end is a factor of 10, and there are at least as many factors of 2 as of 5.",
        f"5 divides it {second} times.",
    ]
    return worked_number(
        found, "counting the factors 5", steps, "Writing the number out shows as many zeros.", found == second
    )


def in_base(pieces: Sequence[str], base: int) -> Worked | None:
    terms: list[str] = []
    values: list[int] = []
    for piece in pieces:
        if piece in {"+", "-", "*"}:
            terms.append(piece)
            continue
        digits, _, of = piece.partition("_")
        value = sum(int(digit, 16) * int(of) ** place for place, digit in enumerate(reversed(digits)))
        if value != int(digits, int(of)):
            return None
        values.append(value)
        terms.append(str(value))
    total = whole("".join(terms))
    if not 0 <= total < 10**18:
        return None
    digits, rest = "", total
    while rest or not digits:
        rest, digit = divmod(rest, base)
        digits = _DIGITS[digit] + digits
    answer = digits if base == 10 else f"{digits}_{base}"
    steps = [f"In base 10: {' '.join(terms)}" + (f" = {total}." if len(terms) > 1 else ".")]
    if base != 10:
        steps.append(f"Dividing by {base} again and again, the remainders read backwards are {digits}.")
    agrees = int(digits, base) == total
    latex = digits if base == 10 else f"{digits}_{{{base}}}"
    return Worked(answer, latex, "place values", tuple(steps), "Reading the digits back gives the same number.", agrees)
