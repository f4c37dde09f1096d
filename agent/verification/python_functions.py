"""The functions and methods that a program which tries cases may call, each within the program's budget.

Serves case_programs.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from agent.errors import CheckFailed
from agent.verification.python_values import (
    MAX_BITS,
    MAX_TEXT,
    Budget,
    Value,
    apply,
    bounded,
    compare,
    divide,
    inexact,
    is_number,
    key,
    power,
    square_root,
    tell_apart,
    whole,
)

MAX_FACTORIAL = 500
MAX_CHOSEN = 100  # things taken together, in one combination


@dataclass(frozen=True, slots=True)
class Module:
    """What a program can import."""

    members: dict[str, Value]


class Functions:
    """The functions that a program may call, by name."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self.printed: Value = None  # the last value that was printed by itself
        self.built_in: dict[str, Callable[..., Value]] = {
            "abs": abs, "all": self._all, "any": self._any, "bool": bool, "dict": self._dict, "divmod": self._divmod,
            "enumerate": self._enumerate, "filter": self._filter, "float": self._float, "frozenset": self._set,
            "int": self._int, "len": self._len, "list": self._list, "map": self._map, "max": self._max,
            "min": self._min, "next": self._next, "pow": self._pow, "print": self._print,
            "range": self._range, "reversed": self._reversed, "round": self._round, "set": self._set,
            "sorted": self._sorted, "str": self._str, "sum": self._sum, "tuple": self._tuple, "zip": self._zip,
        }  # fmt: skip
        self.modules = {name: Module(members) for name, members in self._members().items()}

    def _members(self) -> dict[str, dict[str, Value]]:
        return {
            "math": {
                "ceil": lambda x: whole(x, math.ceil), "comb": self._counted(math.comb), "e": math.e,
                "factorial": self._counted(math.factorial), "floor": lambda x: whole(x, math.floor),
                "gcd": math.gcd, "inf": math.inf, "isqrt": math.isqrt, "lcm": math.lcm,
                "perm": self._counted(math.perm), "pi": math.pi, "pow": power, "prod": self._prod,
                "sqrt": square_root, "trunc": self._int,
                **{name: getattr(math, name) for name in ("log", "log2", "log10", "exp", "sin", "cos", "tan", "asin",
                                                          "acos", "atan", "atan2", "radians", "degrees", "hypot")},
            },
            "itertools": {
                "combinations": self._chosen(itertools.combinations),
                "combinations_with_replacement": self._chosen(itertools.combinations_with_replacement),
                "permutations": self._permutations, "product": self._product,
            },
            "fractions": {"Fraction": lambda top, bottom=1: divide(self._exact(top), self._exact(bottom))},
        }  # fmt: skip

    def method(self, value: Value, name: str) -> Callable[..., Value] | None:
        """What `value.name` calls; None where it is not known."""
        known: dict[tuple[type, str], Callable[..., Value]] = {
            (list, "append"): lambda item: value.append(item),
            (list, "extend"): lambda items: value.extend(self._budget.listed(items)),
            (list, "pop"): lambda at=-1: value.pop(at),
            (list, "sort"): lambda reverse=False: value.__setitem__(slice(None), self._sorted(value, reverse)),
            (list, "index"): lambda item: self._index(value, item), (str, "index"): lambda part: value.index(part),
            (list, "count"): lambda item: sum(compare("==", one, item, self._budget) for one in value),
            (tuple, "count"): lambda item: sum(compare("==", one, item, self._budget) for one in value),
            (set, "add"): lambda item: value.add(key(item, self._budget)),
            (set, "union"): lambda other: apply("|", value, other, self._budget),
            (set, "intersection"): lambda other: apply("&", value, other, self._budget),
            (set, "difference"): lambda other: apply("-", value, other, self._budget),
            (dict, "get"): lambda item, other=None: value.get(key(item, self._budget), other),
            (dict, "keys"): lambda: self._budget.listed(value),
            (dict, "values"): lambda: self._budget.listed(value.values()),
            (dict, "items"): lambda: self._budget.listed(value.items()),
            (str, "count"): lambda part: value.count(str(part)) if self._budget.weigh(value) else 0,
            (str, "join"): lambda parts: self._join(value, parts),
            (str, "isdigit"): lambda: value.isdigit(), (str, "startswith"): lambda part: value.startswith(part),
            (str, "endswith"): lambda part: value.endswith(part),
            (str, "zfill"): lambda width: self._text(value.zfill(min(width, MAX_TEXT + 1))),
        }  # fmt: skip
        if name == "is_integer" and is_number(value):
            return lambda: isinstance(value, int) or (inexact(value) and whole(value, math.floor) == value)
        return known.get((type(value), name))

    def _text(self, text: str) -> str:
        self._budget.charge(1 + len(text) // 16)
        return str(bounded(text))

    def _join(self, between: str, parts: Value) -> str:
        known = self._budget.listed(parts)
        if sum(len(between) + len(part) for part in known) > MAX_TEXT + len(between):
            raise CheckFailed("A text in the program is too long.")
        return self._text(between.join(known))

    def _index(self, values: list[Value], item: Value) -> int:
        for at, one in enumerate(values):
            if compare("==", one, item, self._budget):
                return at
        raise CheckFailed("The program looks for something that it does not find.")

    def _exact(self, value: Value) -> int | Fraction:
        if not isinstance(value, int | Fraction):
            raise CheckFailed("The program makes a fraction of something that is no exact number.")
        return value

    def _counted(self, count: Callable[..., int]) -> Callable[..., int]:
        def counted(*given: Value) -> int:
            if not all(isinstance(n, int) and 0 <= n <= MAX_FACTORIAL for n in given):
                raise CheckFailed("A number of choices in the program is too large.")
            self._budget.charge(10)
            return count(*given)

        return counted

    def _range(self, *limits: Value) -> range:
        if not all(isinstance(limit, int) for limit in limits):
            raise CheckFailed("The program counts in steps that are no whole numbers.")
        return range(*limits)

    def _int(self, value: Value = 0, base: Value = 10) -> int:
        if isinstance(value, str):
            if len(value) > MAX_BITS // 4:
                raise CheckFailed("A number in the program is too large.")
            return int(value, base)
        return whole(value, int)

    def _float(self, value: Value) -> Value:
        if value in ("inf", "-inf"):
            return math.copysign(math.inf, -1 if value.startswith("-") else 1)
        return self._number(value)

    def _number(self, value: Value) -> Value:
        if not is_number(value):
            raise CheckFailed("The program calculates with something that is no number.")
        return value

    def _str(self, value: Value) -> str:
        if not isinstance(value, int | str) or isinstance(value, bool):
            raise CheckFailed("The program writes something out that is no whole number.")
        return self._text(str(value))

    def _round(self, value: Value, digits: Value = None) -> Value:
        if digits is not None and (not isinstance(digits, int) or abs(digits) > 30):
            raise CheckFailed("The program rounds to too many digits.")
        if isinstance(value, float):
            scaled = value * 10.0 ** (digits or 0) - 0.5
            whole(scaled, math.floor)
            value = Fraction(value)
        return round(Fraction(value), digits) if digits is not None else round(Fraction(value))

    def _pow(self, base: Value, exponent: Value, modulus: Value = None) -> Value:
        if modulus is None:
            return bounded(power(base, exponent))
        if exponent.bit_length() > MAX_BITS:
            raise CheckFailed("A power in the program is too large.")
        self._budget.charge(exponent.bit_length())
        return pow(base, exponent, modulus)

    def _divmod(self, left: Value, right: Value) -> tuple[Value, Value]:
        return apply("//", left, right, self._budget), apply("%", left, right, self._budget)

    def _print(self, *values: Value, **how: Value) -> None:
        self.printed = values[0] if len(values) == 1 else None

    def _len(self, value: Value) -> int:
        return len(value)

    def _list(self, value: Value = ()) -> list[Value]:
        return self._budget.listed(value)

    def _tuple(self, value: Value = ()) -> tuple[Value, ...]:
        return tuple(self._budget.listed(value))

    def _set(self, value: Value = ()) -> set[Value]:
        return {key(item, self._budget) for item in self._budget.items(value)}

    def _dict(self, value: Value = ()) -> dict[Value, Value]:
        pairs = value.items() if isinstance(value, dict) else self._budget.items(value)
        return {key(name, self._budget): item for name, item in pairs}

    def _all(self, values: Value) -> bool:
        return all(self._budget.items(values))

    def _any(self, values: Value) -> bool:
        return any(self._budget.items(values))

    def _sum(self, values: Value, start: Value = 0) -> Value:
        total = start
        for item in self._budget.items(values):
            total = apply("+", total, item, self._budget)
        return total

    def _prod(self, values: Value) -> Value:
        total: Value = 1
        for item in self._budget.items(values):
            total = apply("*", total, item, self._budget)
        return total

    def _ordered(self, values: Iterable[Value]) -> None:
        """Charge for putting them in order, which is theirs only where inexact ones can be told apart."""
        known = list(values)
        self._budget.charge(self._budget.weigh(known) * max(1, len(known).bit_length()))
        exact = sorted(known) if inexact(*known) else []
        for first, second in itertools.pairwise(exact):
            if inexact(first, second) and not math.isinf(second) and not math.isinf(first):
                tell_apart(first, second)

    def _sorted(self, values: Value, reverse: Value = False) -> list[Value]:
        known = self._budget.listed(values)
        self._ordered(known)
        return sorted(known, reverse=bool(reverse))

    def _min(self, *values: Value, default: Value = None) -> Value:
        return self._most(values, default, min)

    def _max(self, *values: Value, default: Value = None) -> Value:
        return self._most(values, default, max)

    def _most(self, values: tuple[Value, ...], default: Value, choose: Callable[[list[Value]], Value]) -> Value:
        known = self._budget.listed(values[0] if len(values) == 1 else values)
        if not known and default is not None:
            return default
        self._ordered(known)
        return choose(known)

    def _next(self, values: Value, default: Value = None) -> Value:
        for item in self._budget.items(values):
            return item
        if default is None:
            raise CheckFailed("The program looks for something that it does not find.")
        return default

    def _reversed(self, values: Value) -> list[Value]:
        return self._budget.listed(values)[::-1]

    def _enumerate(self, values: Value, start: Value = 0) -> list[Value]:
        return list(enumerate(self._budget.items(values), start))

    def _zip(self, *values: Value) -> list[Value]:
        return list(zip(*map(self._budget.items, values), strict=False))

    def _map(self, function: Value, *values: Value) -> list[Value]:
        return [function(*given) for given in zip(*map(self._budget.items, values), strict=False)]

    def _filter(self, function: Value, values: Value) -> list[Value]:
        return [item for item in self._budget.items(values) if (item if function is None else function(item))]

    def _chosen(self, choose: Callable[[list[Value], int], Iterator[Value]]) -> Callable[..., Iterator[Value]]:
        def chosen(values: Value, size: Value) -> Iterator[Value]:
            if not isinstance(size, int) or size > MAX_CHOSEN:
                raise CheckFailed("The program goes through too many things at once.")
            return self._tuples(choose(self._budget.listed(values), size), size)

        return chosen

    def _permutations(self, values: Value, size: Value = None) -> Iterator[Value]:
        known = self._budget.listed(values)
        size = len(known) if size is None else size
        if not isinstance(size, int) or size > MAX_CHOSEN:
            raise CheckFailed("The program goes through too many things at once.")
        return self._tuples(itertools.permutations(known, size), size)

    def _product(self, *values: Value, repeat: Value = 1) -> Iterator[Value]:
        if not isinstance(repeat, int) or repeat * len(values) > MAX_CHOSEN:
            raise CheckFailed("The program goes through too many things at once.")
        pools = [self._budget.listed(one) for one in values]
        return self._tuples(itertools.product(*pools, repeat=repeat), repeat * len(pools))

    def _tuples(self, tuples: Iterator[Value], size: int) -> Iterator[Value]:
        for one in tuples:
            self._budget.charge(size)
            yield one
