"""Python's own functions, as a program that is followed may call them, each within the program's budget.

Serves case_expressions, with python_modules and python_methods.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

from agent.errors import CheckFailed
from agent.verification.programs.python_printing import Piece, pieces_of
from agent.verification.programs.python_symbols import (
    Formula,
    as_float,
)
from agent.verification.programs.python_values import (
    BITS_A_STEP,
    CLOSE,
    MAX_BITS,
    MAX_TEXT,
    Budget,
    Value,
    apply,
    bits,
    bounded,
    compare,
    holds_floats,
    inexact,
    is_number,
    key,
    square_root,
    tell_apart,
    truth,
    whole,
)

MAX_FACTORIAL = 500
_MISSING = object()  # where None may be meant
MAX_CHOSEN = 100  # things taken together, in one combination


class Functions:
    """The functions that a program may call without an import, and what modules and methods share with them."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.printed: list[tuple[Piece, ...]] = []  # line by line
        self.built_in: dict[str, Callable[..., Value]] = {
            "abs": abs, "all": self._all, "any": self._any, "bool": self._truth, "dict": self._dict,
            "divmod": self._divmod, "enumerate": self._enumerate, "filter": self._filter, "float": self._float,
            "frozenset": self.set, "int": self._int, "len": self._len, "list": self._list, "map": self._map,
            "max": self._max, "min": self._min, "next": self._next, "pow": self._pow, "print": self._print,
            "range": self._range, "reversed": self._reversed, "round": self._round, "set": self.set,
            "sorted": self.sorted, "str": self._str, "sum": self._sum, "tuple": self._tuple, "zip": self._zip,
        }  # fmt: skip

    def text(self, text: str) -> str:
        self.budget.charge(1 + len(text) // 16)
        return str(bounded(text))

    def join(self, between: str, parts: Value) -> str:
        known = self.budget.listed(parts)
        if sum(len(between) + len(part) for part in known) > MAX_TEXT + len(between):
            raise CheckFailed("A text in the program is too long.")
        return self.text(between.join(known))

    def index(self, values: list[Value], item: Value) -> int:
        for at, one in enumerate(values):
            if compare("==", one, item, self.budget):
                return at
        raise CheckFailed("The program looks for something that it does not find.")

    def _truth(self, value: Value = False) -> bool:
        return truth(value, self.budget)

    def whole(self, value: Value, to_whole: Callable[[Value], int]) -> int:
        return whole(self.number(value), to_whole, self.budget)

    def inexact(self, value: Value) -> Value:
        """What Python gives as a float: one, where it is calculated as Python has it."""
        return self.number(value) if self.budget.exact else float(self.number(value))

    def exact(self, value: Value) -> Fraction:
        if not isinstance(value, int | Fraction):
            raise CheckFailed("The program makes a fraction of something that is no exact number.")
        return Fraction(value)

    def counted(self, count: Callable[..., int]) -> Callable[..., int]:
        def counted(*given: Value) -> int:
            if not all(isinstance(n, int) and 0 <= n <= MAX_FACTORIAL for n in given):
                raise CheckFailed("A number of choices in the program is too large.")
            self.budget.charge(10)
            return count(*given)

        return counted

    def _range(self, *limits: Value) -> range:
        if not all(isinstance(limit, int) for limit in limits):
            raise CheckFailed("The program counts in steps that are no whole numbers.")
        return range(*limits)

    def _int(self, value: Value = 0, *base: Value) -> int:
        if isinstance(value, str):
            if len(value) > MAX_BITS // 4:
                raise CheckFailed("A number in the program is too large.")
            return int(value, *base)
        return self.whole(value, int) if not base else int(value, *base)

    def square_root(self, value: Value) -> Value:
        return square_root(value) if self.budget.exact else math.sqrt(self.number(value))

    def _float(self, value: Value) -> Value:
        if isinstance(value, Formula):
            return as_float(value)
        if value in ("inf", "-inf"):
            return math.copysign(math.inf, -1 if value.startswith("-") else 1)
        number = self.number(value)
        return number if isinstance(number, float) else Fraction(number) if self.budget.exact else float(number)

    def number(self, value: Value) -> Value:
        if not is_number(value):
            raise CheckFailed("The program calculates with something that is no number.")
        return value

    def _str(self, value: Value) -> str:
        if not isinstance(value, int | str) or isinstance(value, bool):
            raise CheckFailed("The program writes something out that is no whole number.")
        return self.text(str(value))

    def _round(self, value: Value, digits: Value = None) -> Value:
        if digits is not None and (not isinstance(digits, int) or abs(digits) > 30):
            raise CheckFailed("The program rounds to too many digits.")
        if not self.budget.exact:
            return self._rounded(self.number(value), digits)
        if isinstance(self.number(value), float):
            self.whole(value * 10.0 ** (digits or 0) - 0.5, math.floor)
        return round(Fraction(value), digits) if digits is not None else round(Fraction(value))

    def _rounded(self, value: Value, digits: Value) -> Value:
        """As Python rounds. Raises CheckFailed where SymPy or numpy would round, and may come to another value."""
        if digits is not None and isinstance(value, Fraction):
            raise CheckFailed("The program rounds an exact number.")
        rounded = round(value, digits)
        if self.budget.numpy and digits is not None and isinstance(value, float):
            scaled = value * 10.0**digits
            if abs(abs(scaled - math.floor(scaled)) - 0.5) < CLOSE * max(1.0, abs(scaled)):
                raise CheckFailed("The program rounds where numpy may round to another number.")
        return rounded

    def _pow(self, base: Value, exponent: Value, modulus: Value = None) -> Value:
        if modulus is None:
            return apply("**", base, exponent, self.budget)
        if max(number.bit_length() for number in (base, exponent, modulus)) > MAX_BITS // 4:
            raise CheckFailed("A power in the program is too large.")
        self.budget.charge(1 + exponent.bit_length() * (1 + modulus.bit_length() // BITS_A_STEP))
        return pow(base, exponent, modulus)

    def _divmod(self, left: Value, right: Value) -> tuple[Value, Value]:
        return apply("//", left, right, self.budget), apply("%", left, right, self.budget)

    def _print(self, *values: Value) -> None:
        line: tuple[Piece, ...] = ()
        for value in values:
            if self.budget.numpy and isinstance(value, list | tuple) and holds_floats(value):
                raise CheckFailed("The program prints a list of numbers that may be numpy's.")
            line += (" ", *pieces_of(value)) if line else pieces_of(value)
        self.budget.charge(len(line))
        self.printed.append(line)

    def _len(self, value: Value) -> int:
        return len(value)

    def _list(self, value: Value = ()) -> list[Value]:
        return self.budget.listed(value)

    def _tuple(self, value: Value = ()) -> tuple[Value, ...]:
        return tuple(self.budget.listed(value))

    def set(self, value: Value = ()) -> set[Value]:
        return {key(item, self.budget) for item in self.budget.items(value)}

    def _dict(self, value: Value = ()) -> dict[Value, Value]:
        pairs = value.items() if isinstance(value, dict) else self.budget.items(value)
        return {key(name, self.budget): item for name, item in pairs}

    def _all(self, values: Value) -> bool:
        return all(self._truth(item) for item in self.budget.items(values))

    def _any(self, values: Value) -> bool:
        return any(self._truth(item) for item in self.budget.items(values))

    def _sum(self, values: Value, start: Value = 0) -> Value:
        total = start
        for item in self.budget.items(values):
            total = apply("+", total, item, self.budget)
        return total

    def prod(self, values: Value) -> Value:
        total: Value = 1
        for item in self.budget.items(values):
            total = apply("*", total, item, self.budget)
        return total

    def _ordered(self, values: Iterable[Value]) -> None:
        """Charge for putting them in order, which is theirs only where inexact ones can be told apart."""
        known = list(values)
        size = 1 + max((bits(item) for item in known if is_number(item)), default=0) // BITS_A_STEP
        self.budget.charge(self.budget.weigh(known) * max(1, len(known).bit_length()) * size)
        if not self.budget.exact or not holds_floats(known):
            return
        if not all(map(is_number, known)):
            raise CheckFailed("The program puts lists of inexact numbers in order.")
        for first, second in itertools.pairwise(sorted(known)):
            if inexact(first, second) and not math.isinf(second) and not math.isinf(first):
                tell_apart(first, second, self.budget)

    def sorted(self, values: Value, *, key: Value = None, reverse: Value = False) -> list[Value]:
        known = self.budget.listed(values)
        keys = known if key is None else [key(item) for item in known]
        self._ordered(keys)
        order = sorted(range(len(known)), key=keys.__getitem__, reverse=bool(reverse))
        return [known[at] for at in order]

    def _min(self, *values: Value, key: Value = None, default: Value = _MISSING) -> Value:
        return self._most(values, default, key, min)

    def _max(self, *values: Value, key: Value = None, default: Value = _MISSING) -> Value:
        return self._most(values, default, key, max)

    def _most(self, values: tuple[Value, ...], default: Value, key: Value, choose: Callable[..., int]) -> Value:
        known = self.budget.listed(values[0] if len(values) == 1 else values)
        if not known and default is not _MISSING:
            return default
        keys = known if key is None else [key(item) for item in known]
        self._ordered(keys)
        return known[choose(range(len(known)), key=keys.__getitem__)]

    def _next(self, values: Value, default: Value = _MISSING) -> Value:
        if not isinstance(values, Iterator):
            raise CheckFailed("The program takes the next of something that is no iterator.")
        for item in self.budget.items(values):
            return item
        if default is _MISSING:
            raise CheckFailed("The program looks for something that it does not find.")
        return default

    def _reversed(self, values: Value) -> Iterator[Value]:
        if not isinstance(values, list | tuple | str | range):
            raise CheckFailed("The program turns something around that is no list.")
        return self.budget.items(reversed(values))

    def _enumerate(self, values: Value, start: Value = 0) -> Iterator[Value]:
        return enumerate(self.budget.items(values), start)

    def _zip(self, *values: Value) -> Iterator[Value]:
        return zip(*map(self.budget.items, values), strict=False)

    def _map(self, function: Value, *values: Value) -> Iterator[Value]:
        if not values:
            raise CheckFailed("The program goes through nothing.")
        return (bounded(function(*given)) for given in zip(*map(self.budget.items, values), strict=False))

    def _filter(self, function: Value, values: Value) -> Iterator[Value]:
        return (item for item in self.budget.items(values) if self._truth(item if function is None else function(item)))

    def chosen(self, choose: Callable[[list[Value], int], Iterator[Value]]) -> Callable[..., Iterator[Value]]:
        def chosen(values: Value, size: Value) -> Iterator[Value]:
            if not isinstance(size, int) or size > MAX_CHOSEN:
                raise CheckFailed("The program goes through too many things at once.")
            return self._tuples(choose(self.budget.listed(values), size), size)

        return chosen

    def permutations(self, values: Value, size: Value = None) -> Iterator[Value]:
        known = self.budget.listed(values)
        size = len(known) if size is None else size
        if not isinstance(size, int) or size > MAX_CHOSEN:
            raise CheckFailed("The program goes through too many things at once.")
        return self._tuples(itertools.permutations(known, size), size)

    def product(self, *values: Value, repeat: Value = 1) -> Iterator[Value]:
        if not isinstance(repeat, int) or repeat * len(values) > MAX_CHOSEN:
            raise CheckFailed("The program goes through too many things at once.")
        pools = [self.budget.listed(one) for one in values]
        return self._tuples(itertools.product(*pools, repeat=repeat), repeat * len(pools))

    def _tuples(self, tuples: Iterator[Value], size: int) -> Iterator[Value]:
        for one in tuples:
            self.budget.charge(size)
            yield one
