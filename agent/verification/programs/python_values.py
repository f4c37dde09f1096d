"""What a program that tries cases calculates with: exact numbers, texts and lists.

There are two ways. Exactly: division and decimals are fractions, unlike Python's; a root or a sine that is no fraction
is a float, and whatever hangs on a float's last digits is refused. Or as Python has it, in its own floats, last digits
and all. Every step is charged to a budget, and nothing grows beyond it. Serves python_functions and case_programs.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any

from agent.errors import CheckFailed
from agent.verification.programs.python_symbols import Equation, Formula, apply_to_formulas, compare_formulas

Value = Any  # int, Fraction, float, bool, None, str, Formula, list, tuple, set, dict, range, iterator or function

MAX_STEPS = 200_000
MAX_BITS = 4_000
BITS_A_STEP = 64
MAX_TEXT = 10_000
FORMULA_STEPS = 500  # that an operation of SymPy's is worth
MAX_DEPTH = 3  # of lists in lists
CANCELLED = 1e-6  # what is left of two floats, of the larger one, where their last digits would decide
CLOSE = 1e-9  # floats nearer than this to one another are not told apart

_CONTAINERS = (list, tuple, set, dict)


def is_number(value: Value) -> bool:
    return isinstance(value, int | Fraction | float)


class Budget:
    """The steps that are left, and whether it is calculated exactly or as Python has it.

    Raises CheckFailed when the steps are spent.
    """

    def __init__(self, steps: int = MAX_STEPS, *, exact: bool = True) -> None:
        self.left = steps
        self.exact = exact
        self.from_floats = False  # whether a float went into a formula, whose values SymPy has as floats then
        self.numpy = False  # whether it was imported: its numbers are rounded and shown in another way
        self.backwards = False  # the order in which sets are gone through
        self.order_matters = False  # whether one was
        self.lost = 1.0  # by how much the errors of inexact numbers have grown

    def charge(self, steps: int = 1) -> None:
        self.left -= steps
        if self.left < 0:
            raise CheckFailed("The program takes too many steps to be followed.")

    def into_formulas(self, *given: Value) -> None:
        """Note what goes into a formula. Raises CheckFailed for a float, where it is calculated exactly."""
        if any(isinstance(one, float) for one in given):
            if self.exact:
                raise CheckFailed("An inexact number goes into a formula.")
            self.from_floats = True

    def items(self, value: Value) -> Iterator[Value]:
        """What a loop over the value goes through, each item charged.

        The order of a set is Python's own affair: a program is followed in two orders (`backwards`) where it matters.
        """
        if isinstance(value, set) and len(value) > 1:
            self.charge(self.weigh(value) + len(value) * len(value).bit_length())
            self.order_matters = True
            yield from self._in_order(value)
            return
        if not isinstance(value, Iterable):
            raise CheckFailed("The program goes through something that is no list.")
        for item in value:
            self.charge()
            yield item

    def _in_order(self, values: set[Value]) -> Iterator[Value]:
        size = len(values)
        for item in sorted(values, key=lambda item: (str(type(item)), item), reverse=self.backwards):
            if len(values) != size:
                raise CheckFailed("The program changes a set that it goes through.")
            self.charge()
            yield item

    def weigh(self, value: Value, depth: int = 0) -> int:
        """Charge for all that lies in a value, before it is compared or copied as a whole; how much it is."""
        if isinstance(value, str):
            self.charge(1 + len(value) // 16)
            return len(value)
        if not isinstance(value, _CONTAINERS):
            return 1
        if depth == MAX_DEPTH:
            raise CheckFailed("The program's lists are nested too deeply.")
        self.charge(1 + len(value))
        parts = itertools.chain(value, value.values()) if isinstance(value, dict) else value
        return 1 + sum(self.weigh(item, depth + 1) for item in parts if isinstance(item, (*_CONTAINERS, str)))

    def listed(self, value: Value) -> list[Value]:
        return list(self.items(value))


def bounded(value: Value) -> Value:
    """The value. Raises CheckFailed where it is too large."""
    if isinstance(value, Fraction):
        size = max(value.numerator.bit_length(), value.denominator.bit_length())
    else:
        size = value.bit_length() if isinstance(value, int) else 0
    if size > MAX_BITS or isinstance(value, complex) or (isinstance(value, float) and math.isnan(value)):
        raise CheckFailed("A number in the program is too large.")
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise CheckFailed("A text in the program is too long.")
    return value


def _sum(left: Value, right: Value) -> Value:
    total = left + right
    if inexact(total) and 0 < abs(total) < CANCELLED * max(abs(left), abs(right)):
        raise CheckFailed("The program takes inexact numbers from each other that are almost the same.")
    return total


def divide(left: Value, right: Value) -> Value:
    if isinstance(left, float) or isinstance(right, float):
        return left / right
    return Fraction(left) / Fraction(right)


def _floor_divide(left: Value, right: Value) -> Value:
    if inexact(left, right):
        _require_apart(left / right)
        return left // right
    return left // right if isinstance(left, int) and isinstance(right, int) else Fraction(left // right)


def _remainder(left: Value, right: Value) -> Value:
    if not inexact(left, right):
        return left % right
    _require_apart(left / right)
    return left % right


def inexact(*values: Value) -> bool:
    return any(isinstance(value, float) for value in values)


def whole(value: Value, to_whole: Callable[[Value], int], budget: Budget) -> int:
    """A number made whole. Raises CheckFailed where a float is so near to where that jumps that its last digits decide,
    and it is calculated exactly."""
    if isinstance(value, float) and budget.exact:
        _require_apart(value)
    return int(to_whole(value))


def _require_apart(value: float) -> None:
    if abs(value - round(value)) < CLOSE * max(1.0, abs(value)):
        raise CheckFailed("The program makes an inexact number whole where its last digits would decide.")


def power(base: Value, exponent: Value) -> Value:
    if isinstance(exponent, int) and isinstance(base, int | Fraction):
        size = max(base.numerator.bit_length(), base.denominator.bit_length())
        if size * abs(exponent) > MAX_BITS:
            raise CheckFailed("A power in the program is too large.")
        return base**exponent if exponent >= 0 else Fraction(base) ** exponent
    if isinstance(exponent, Fraction) and isinstance(base, int | Fraction) and base >= 0 and exponent.denominator == 2:
        return power(square_root(base), exponent.numerator)
    if base < 0 and exponent != int(exponent):
        raise CheckFailed("The program takes a root of a negative number.")
    return float(base) ** float(exponent)


def _power_as_python(base: Value, exponent: Value) -> Value:
    if isinstance(exponent, Fraction) and exponent.denominator != 1:
        raise CheckFailed("The program takes a root of an exact number.")  # a formula to SymPy, a float to Python
    if inexact(base, exponent) or isinstance(base, Fraction) or isinstance(exponent, Fraction):
        return power(base, exponent)
    return power(base, exponent) if exponent >= 0 else float(base) ** exponent


def square_root(value: Value) -> Value:
    """Exactly where it is a fraction, else as a float."""
    if value < 0:
        raise CheckFailed("The program takes a root of a negative number.")
    if isinstance(value, float):
        return math.sqrt(value)
    value = Fraction(value)
    top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
    exact = top * top == value.numerator and bottom * bottom == value.denominator
    return Fraction(top, bottom) if exact else math.sqrt(value)


_ARITHMETIC: dict[str, Callable[[Value, Value], Value]] = {
    "+": lambda a, b: _sum(a, b), "-": lambda a, b: _sum(a, -b), "*": lambda a, b: a * b, "/": divide,
    "//": _floor_divide, "%": _remainder, "**": power,
}  # fmt: skip
_AS_PYTHON: dict[str, Callable[[Value, Value], Value]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "//": lambda a, b: a // b, "%": lambda a, b: a % b, "**": _power_as_python,
}  # fmt: skip
_ON_SETS: dict[str, Callable[[Value, Value], Value]] = {
    "-": lambda a, b: a - b, "&": lambda a, b: a & b, "|": lambda a, b: a | b, "^": lambda a, b: a ^ b,
}  # fmt: skip


def apply(operator: str, left: Value, right: Value, budget: Budget) -> Value:
    """`left operator right`. Raises CheckFailed for what is no arithmetic, and what has no bounded value."""
    budget.charge()
    if is_number(left) and is_number(right) and operator in _ARITHMETIC:
        budget.charge((bits(left) + bits(right)) // BITS_A_STEP)
        if not budget.exact:
            return bounded(_AS_PYTHON[operator](left, right))
        value = _ARITHMETIC[operator](left, right)
        if operator in "+-" and inexact(value) and 0 < abs(value) < max(abs(left), abs(right)):
            budget.lost *= float(max(abs(left), abs(right)) / abs(value))
            if budget.lost > 1 / CANCELLED:
                raise CheckFailed("The errors of the program's inexact numbers grow too large.")
        return bounded(value)
    if isinstance(left, Formula) or isinstance(right, Formula):
        budget.charge(FORMULA_STEPS)
        budget.into_formulas(left, right)
        return bounded(apply_to_formulas(operator, left, right))
    if isinstance(left, set) and isinstance(right, set) and operator in _ON_SETS:
        budget.charge(budget.weigh(left) + budget.weigh(right))
        return _ON_SETS[operator](left, right)
    if operator == "+" and type(left) is type(right) and isinstance(left, list | tuple | str):
        budget.charge(len(left) + len(right))
        return bounded(left + right)
    if operator == "*" and isinstance(left, list | tuple | str) and isinstance(right, int):
        budget.charge(len(left) * max(right, 0))
        return bounded(left * right)
    raise CheckFailed(f"The program calculates “{operator}” with something that is no number.")


def compare(operator: str, left: Value, right: Value, budget: Budget) -> bool:
    """Raises CheckFailed where an inexact number is too close to the other to tell, and where there is no order."""
    budget.charge()
    if operator in ("in", "not in"):
        return contains(right, left, budget) is (operator == "in")
    if operator in ("is", "is not"):
        if left is not None and right is not None and not isinstance(right, bool):
            raise CheckFailed("The program asks whether two things are the same object.")
        return (left is right) is (operator == "is")
    numbers = is_number(left) and is_number(right)
    if callable(left) or callable(right):
        raise CheckFailed("The program compares a function.")
    exact_number = isinstance(left, Fraction | Formula) or isinstance(right, Fraction | Formula)
    floats = budget.from_floats or isinstance(left, float) or isinstance(right, float)
    if not budget.exact and exact_number and floats:
        # To SymPy an exact number never equals a float, and what came from floats is one.
        raise CheckFailed("The program compares exact with inexact numbers.")
    if isinstance(left, Formula) or isinstance(right, Formula):
        budget.charge(FORMULA_STEPS)
        budget.into_formulas(left, right)
        return compare_formulas(operator, left, right, exact=budget.exact)
    if not numbers:
        budget.charge(budget.weigh(left) + budget.weigh(right))
        if budget.exact and (holds_floats(left) or holds_floats(right)):
            raise CheckFailed("The program compares lists of inexact numbers.")
    else:
        budget.charge((bits(left) + bits(right)) // BITS_A_STEP)
    if numbers and inexact(left, right) and not (math.isinf(left) or math.isinf(right)):
        tell_apart(left, right, budget)
    found = {
        "==": lambda: left == right, "!=": lambda: left != right, "<>": lambda: left != right,
        "<": lambda: left < right, ">": lambda: left > right, "<=": lambda: left <= right, ">=": lambda: left >= right,
    }.get(operator)  # fmt: skip
    if found is None:
        raise CheckFailed(f"The program compares with “{operator}”.")
    return bool(found())


def truth(value: Value, budget: Budget) -> bool:
    """Whether a condition holds. Raises CheckFailed where an inexact number is too near to zero to tell.

    And for what is no value of its own: a function, an unknown, an equation.
    """
    if callable(value) or isinstance(value, Formula | Equation):
        raise CheckFailed("The program takes something for a condition that is none.")
    if isinstance(value, float):
        tell_apart(value, 0, budget)
    return bool(value)


def holds_floats(value: Value) -> bool:
    """Whether one of the numbers in a value is inexact; the value has been weighed, so that it is not nested deeply."""
    parts = itertools.chain(value, value.values()) if isinstance(value, dict) else value
    return isinstance(value, float) or (isinstance(value, _CONTAINERS) and any(map(holds_floats, parts)))


def bits(value: Value) -> int:
    return 0 if isinstance(value, float) else int(max(value.numerator.bit_length(), value.denominator.bit_length()))


def tell_apart(left: Value, right: Value, budget: Budget) -> None:
    """Raises CheckFailed where two inexact numbers are too close, and it is calculated exactly."""
    if budget.exact and abs(left - right) <= CLOSE * max(1.0, abs(left), abs(right)):
        raise CheckFailed("The program compares inexact numbers that are too close to tell apart.")


def contains(values: Value, value: Value, budget: Budget) -> bool:
    if isinstance(values, range):
        if isinstance(value, float) and math.isfinite(value):
            tell_apart(value, round(value), budget)
            value = Fraction(value)
        whole = isinstance(value, int | Fraction) and value.denominator == 1
        return whole and int(value) in values  # for anything else Python would go through them all
    if isinstance(values, str):
        if not isinstance(value, str):
            raise CheckFailed("The program looks for something in a text that is no text.")
        budget.weigh(values)
        return value in values
    if isinstance(values, set | dict):
        return key(value, budget) in values
    return any(compare("==", item, value, budget) for item in budget.items(values))


def key(value: Value, budget: Budget) -> Value:
    """A value that a set or a dict may hold."""
    budget.weigh(value)
    kept = isinstance(value, int | Fraction | str | tuple | Formula) and not holds_floats(value)
    named = not isinstance(value, Formula) or value.expression.is_Symbol
    if not ((kept and named) or (isinstance(value, float) and not budget.exact)):
        raise CheckFailed("The program keeps something in a set that is no exact number, text or tuple.")
    return value
