"""The functions and methods that a program which tries cases may call, each within the program's budget.

Serves case_programs.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import sympy

from agent.errors import CheckFailed
from agent.verification.python_printing import Piece, pieces_of
from agent.verification.python_symbols import (
    Equation,
    Formula,
    as_float,
    changed,
    expression_of,
    put_in,
    solved,
    square_root_of,
    symbol,
    unknowns_of,
)
from agent.verification.python_values import (
    BITS_A_STEP,
    FORMULA_STEPS,
    MAX_BITS,
    MAX_TEXT,
    Budget,
    Value,
    apply,
    bits,
    bounded,
    compare,
    divide,
    holds_floats,
    inexact,
    is_number,
    key,
    power,
    square_root,
    tell_apart,
    truth,
    whole,
)

MAX_FACTORIAL = 500
_MISSING = object()  # where None may be meant
MAX_CHOSEN = 100  # things taken together, in one combination


@dataclass(frozen=True, slots=True)
class Module:
    """What a program can import."""

    members: dict[str, Value]


class Functions:
    """The functions that a program may call, by name."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self.printed: list[tuple[Piece, ...]] = []  # line by line
        self.built_in: dict[str, Callable[..., Value]] = {
            "abs": abs, "all": self._all, "any": self._any, "bool": truth, "dict": self._dict, "divmod": self._divmod,
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
                "ceil": lambda x: whole(self._number(x), math.ceil), "comb": self._counted(math.comb), "e": math.e,
                "factorial": self._counted(math.factorial), "floor": lambda x: whole(self._number(x), math.floor),
                "gcd": math.gcd, "inf": math.inf, "isqrt": math.isqrt, "lcm": math.lcm,
                "perm": self._counted(math.perm), "pi": math.pi, "pow": power, "prod": self._prod,
                "sqrt": self._square_root, "trunc": lambda x: whole(self._number(x), int),
                **{name: getattr(math, name) for name in ("log", "log2", "log10", "exp", "sin", "cos", "tan", "asin",
                                                          "acos", "atan", "atan2", "radians", "degrees", "hypot")},
            },
            "itertools": {
                "combinations": self._chosen(itertools.combinations),
                "combinations_with_replacement": self._chosen(itertools.combinations_with_replacement),
                "permutations": self._permutations, "product": self._product,
            },
            "sympy": self._symbolic(),
            "fractions": {"Fraction": lambda top, bottom=1: divide(self._exact(top), self._exact(bottom))},
        }  # fmt: skip

    def _symbolic(self) -> dict[str, Value]:
        known: dict[str, Callable[..., Value]] = {
            "Eq": lambda left, right=0: Equation(expression_of(left), expression_of(right)), "Integer": self._exact,
            "N": as_float, "Rational": lambda top, bottom=1: self._exact(top) / self._exact(bottom),
            "Symbol": lambda name, **kind: symbol(name, kind),
            "binomial": lambda n, k: Fraction(self._counted(math.comb)(n, k)), "diff": changed(sympy.diff),
            "expand": changed(sympy.expand), "factor": changed(sympy.factor),
            "factorial": lambda n: Fraction(self._counted(math.factorial)(n)),
            "gcd": lambda *given: Fraction(math.gcd(*given)), "lcm": lambda *given: Fraction(math.lcm(*given)),
            "simplify": changed(sympy.simplify), "solve": self._solve, "sqrt": square_root_of, "symbols": self._symbols,
        }  # fmt: skip
        return {name: self._costly(function) for name, function in known.items()}

    def _costly(self, function: Callable[..., Value]) -> Callable[..., Value]:
        def call(*given: Value, **options: Value) -> Value:
            self._budget.charge(FORMULA_STEPS)
            return function(*given, **options)

        return call

    def _symbols(self, names: Value, **kind: Value) -> Value:
        if not isinstance(names, str) or len(names) > 200:
            raise CheckFailed("An unknown of the program has no name that is known.")
        found = tuple(symbol(name, kind) for name in names.replace(",", " ").split())
        return found[0] if len(found) == 1 and "," not in names else found

    def _solve(self, equations: Value, *unknowns: Value) -> Value:
        self._budget.charge(10 * FORMULA_STEPS)
        several = isinstance(equations, list | tuple)
        given = list(equations) if several else [equations]
        asked = list(unknowns[0]) if len(unknowns) == 1 and isinstance(unknowns[0], list | tuple) else list(unknowns)
        if not asked:
            asked = unknowns_of(given)
            return solved(given, asked, one=not several and len(asked) == 1)
        return solved(given, asked, one=not several and len(unknowns) == 1 and asked[0] is unknowns[0])

    def method(self, value: Value, name: str) -> Callable[..., Value] | None:
        """What `value.name` calls; None where it is not known."""
        known: dict[tuple[type, str], Callable[..., Value]] = {
            (list, "append"): lambda item: value.append(item),
            (list, "extend"): lambda items: value.extend(self._budget.listed(items)),
            (list, "pop"): lambda at=-1: value.pop(at),
            (list, "sort"): lambda **how: value.__setitem__(slice(None), self._sorted(value, **how)),
            (list, "index"): lambda item: self._index(value, item), (str, "index"): lambda part: value.index(part),
            (list, "count"): lambda item: sum(compare("==", one, item, self._budget) for one in value),
            (tuple, "count"): lambda item: sum(compare("==", one, item, self._budget) for one in value),
            (set, "add"): lambda item: value.add(key(item, self._budget)),
            (set, "union"): lambda other: apply("|", value, other, self._budget),
            (set, "intersection"): lambda other: apply("&", value, other, self._budget),
            (set, "difference"): lambda other: apply("-", value, other, self._budget),
            (dict, "get"): lambda item, other=None: value.get(key(item, self._budget), other),
            (dict, "keys"): lambda: value.keys(), (dict, "values"): lambda: value.values(),
            (dict, "items"): lambda: value.items(),
            (list, "copy"): lambda: self._budget.listed(value), (list, "reverse"): lambda: value.reverse(),
            (list, "insert"): lambda at, item: value.insert(at, item) if self._budget.weigh(value) else None,
            (list, "remove"): lambda item: value.pop(self._index(value, item)),
            (set, "update"): lambda items: value.update(self._set(items)),
            (set, "discard"): lambda item: value.discard(key(item, self._budget)),
            (set, "remove"): lambda item: value.remove(key(item, self._budget)),
            (str, "split"): lambda by=None: value.split(by) if self._budget.weigh(value) else [],
            (str, "count"): lambda part: value.count(part) if self._budget.weigh(value) else 0,
            (str, "join"): lambda parts: self._join(value, parts),
            (str, "isdigit"): lambda: self._budget.weigh(value) > 0 and value.isdigit(),
            (str, "startswith"): lambda part: value.startswith(part),
            (str, "endswith"): lambda part: value.endswith(part),
            (str, "zfill"): lambda width: self._text(value.zfill(min(width, MAX_TEXT + 1))),
        }  # fmt: skip
        if isinstance(value, Formula):
            if name in ("diff", "expand", "factor", "simplify"):
                return partial(self.modules["sympy"].members[name], value)
            return partial(put_in, value) if name == "subs" else partial(as_float, value) if name == "evalf" else None
        if name in ("evalf", "n") and isinstance(value, Fraction):
            return lambda: float(value)
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

    def _exact(self, value: Value) -> Fraction:
        if not isinstance(value, int | Fraction):
            raise CheckFailed("The program makes a fraction of something that is no exact number.")
        return Fraction(value)

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

    def _int(self, value: Value = 0, *base: Value) -> int:
        if isinstance(value, str):
            if len(value) > MAX_BITS // 4:
                raise CheckFailed("A number in the program is too large.")
            return int(value, *base)
        return whole(self._number(value), int) if not base else int(value, *base)

    def _square_root(self, value: Value) -> Value:
        root = square_root(value)
        return root if self._budget.exact else float(root)

    def _float(self, value: Value) -> Value:
        if isinstance(value, Formula):
            return as_float(value)
        if value in ("inf", "-inf"):
            return math.copysign(math.inf, -1 if value.startswith("-") else 1)
        number = self._number(value)
        return number if isinstance(number, float) else Fraction(number) if self._budget.exact else float(number)

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
        self._number(value)
        if isinstance(value, float):
            scaled = value * 10.0 ** (digits or 0) - 0.5
            whole(scaled, math.floor)
        rounded = round(Fraction(value), digits) if digits is not None else round(Fraction(value))
        return float(rounded) if isinstance(value, float) and not self._budget.exact and digits is not None else rounded

    def _pow(self, base: Value, exponent: Value, modulus: Value = None) -> Value:
        if modulus is None:
            return bounded(power(base, exponent))
        if exponent.bit_length() > MAX_BITS:
            raise CheckFailed("A power in the program is too large.")
        self._budget.charge(exponent.bit_length())
        return pow(base, exponent, modulus)

    def _divmod(self, left: Value, right: Value) -> tuple[Value, Value]:
        return apply("//", left, right, self._budget), apply("%", left, right, self._budget)

    def _print(self, *values: Value) -> None:
        line: tuple[Piece, ...] = ()
        for value in values:
            line += (" ", *pieces_of(value)) if line else pieces_of(value)
        self._budget.charge(len(line))
        self.printed.append(line)

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
        return all(truth(item) for item in self._budget.items(values))

    def _any(self, values: Value) -> bool:
        return any(truth(item) for item in self._budget.items(values))

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
        size = 1 + max((bits(item) for item in known if is_number(item)), default=0) // BITS_A_STEP
        self._budget.charge(self._budget.weigh(known) * max(1, len(known).bit_length()) * size)
        if not holds_floats(known):
            return
        if not all(map(is_number, known)):
            raise CheckFailed("The program puts lists of inexact numbers in order.")
        for first, second in itertools.pairwise(sorted(known)):
            if inexact(first, second) and not math.isinf(second) and not math.isinf(first):
                tell_apart(first, second)

    def _sorted(self, values: Value, *, key: Value = None, reverse: Value = False) -> list[Value]:
        known = self._budget.listed(values)
        keys = known if key is None else [key(item) for item in known]
        self._ordered(keys)
        order = sorted(range(len(known)), key=keys.__getitem__, reverse=bool(reverse))
        return [known[at] for at in order]

    def _min(self, *values: Value, key: Value = None, default: Value = _MISSING) -> Value:
        return self._most(values, default, key, min)

    def _max(self, *values: Value, key: Value = None, default: Value = _MISSING) -> Value:
        return self._most(values, default, key, max)

    def _most(self, values: tuple[Value, ...], default: Value, key: Value, choose: Callable[..., int]) -> Value:
        known = self._budget.listed(values[0] if len(values) == 1 else values)
        if not known and default is not _MISSING:
            return default
        keys = known if key is None else [key(item) for item in known]
        self._ordered(keys)
        return known[choose(range(len(known)), key=keys.__getitem__)]

    def _next(self, values: Value, default: Value = _MISSING) -> Value:
        if not isinstance(values, Iterator):
            raise CheckFailed("The program takes the next of something that is no iterator.")
        for item in self._budget.items(values):
            return item
        if default is _MISSING:
            raise CheckFailed("The program looks for something that it does not find.")
        return default

    def _reversed(self, values: Value) -> Iterator[Value]:
        if not isinstance(values, list | tuple | str | range):
            raise CheckFailed("The program turns something around that is no list.")
        return self._budget.items(reversed(values))

    def _enumerate(self, values: Value, start: Value = 0) -> Iterator[Value]:
        return enumerate(self._budget.items(values), start)

    def _zip(self, *values: Value) -> Iterator[Value]:
        return zip(*map(self._budget.items, values), strict=False)

    def _map(self, function: Value, *values: Value) -> Iterator[Value]:
        return (function(*given) for given in zip(*map(self._budget.items, values), strict=False))

    def _filter(self, function: Value, values: Value) -> Iterator[Value]:
        return (item for item in self._budget.items(values) if truth(item if function is None else function(item)))

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
