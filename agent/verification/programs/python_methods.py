"""The methods of lists, texts, sets, dicts and formulas that a program which is followed may call.

Serves case_expressions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import partial

from agent.verification.programs.python_functions import Functions
from agent.verification.programs.python_modules import Module, costly
from agent.verification.programs.python_symbols import Formula, as_float, put_in
from agent.verification.programs.python_values import MAX_TEXT, Value, apply, compare, is_number, key

METHODS_OF_FORMULAS = ("diff", "expand", "factor", "simplify")


class Methods:
    """What `value.name` calls, within the program's budget."""

    def __init__(self, functions: Functions, modules: dict[str, Module]) -> None:
        self._symbolic = modules["sympy"].members
        budget = self._budget = functions.budget

        def count(values: Value, item: Value) -> int:
            return sum(compare("==", one, item, budget) for one in values)

        def sort(values: Value, **how: Value) -> None:
            values[:] = functions.sorted(values, **how)

        def of_sets(operator: str) -> Callable[..., Value]:
            return lambda value, other: apply(operator, value, other, budget)

        # A method that goes through all of its value charges for that first.
        self._known: dict[tuple[type, str], Callable[..., Value]] = {
            (list, "append"): lambda value, item: value.append(item),
            (list, "copy"): budget.listed,
            (list, "count"): count,
            (list, "extend"): lambda value, items: value.extend(budget.listed(items)),
            (list, "index"): functions.index,
            (list, "insert"): lambda value, at, item: value.insert(at, item) if budget.weigh(value) else None,
            (list, "pop"): lambda value, at=-1: value.pop(at),
            (list, "remove"): lambda value, item: value.__delitem__(functions.index(value, item)),
            (list, "reverse"): lambda value: value.reverse() if budget.weigh(value) else None,
            (list, "sort"): sort,
            (tuple, "count"): count,
            (set, "add"): lambda value, item: value.add(key(item, budget)),
            (set, "difference"): of_sets("-"),
            (set, "discard"): lambda value, item: value.discard(key(item, budget)),
            (set, "intersection"): of_sets("&"),
            (set, "remove"): lambda value, item: value.remove(key(item, budget)),
            (set, "union"): of_sets("|"),
            (set, "update"): lambda value, items: value.update(functions.set(items)),
            (dict, "get"): lambda value, item, other=None: value.get(key(item, budget), other),
            (dict, "items"): lambda value: value.items(),
            (dict, "keys"): lambda value: value.keys(),
            (dict, "values"): lambda value: value.values(),
            (str, "count"): lambda value, part: _after(budget.weigh(value), value.count(part)),
            (str, "endswith"): lambda value, part: value.endswith(part),
            (str, "index"): lambda value, part: value.index(part),
            (str, "isdigit"): lambda value: budget.weigh(value) > 0 and value.isdigit(),
            (str, "join"): functions.join,
            (str, "split"): lambda value, by=None: _after(budget.weigh(value), value.split(by)),
            (str, "startswith"): lambda value, part: value.startswith(part),
            (str, "zfill"): lambda value, width: functions.text(value.zfill(min(width, MAX_TEXT + 1))),
        }
        self._whole = functions.whole

    def find(self, value: Value, name: str) -> Callable[..., Value] | None:
        """None where it is not known."""
        if isinstance(value, Formula):
            return self._of_formula(value, name)
        if name in ("evalf", "n") and isinstance(value, Fraction):
            return lambda: float(value)
        # SymPy's numbers have a property of that name, which is no function: as Python has it, they are left alone.
        if name == "is_integer" and is_number(value) and (self._budget.exact or not isinstance(value, Fraction)):
            return lambda: self._whole(value, math.floor) == value
        method = self._known.get((type(value), name))
        return partial(method, value) if method is not None else None

    def _of_formula(self, value: Formula, name: str) -> Callable[..., Value] | None:
        if name in METHODS_OF_FORMULAS:
            return partial(self._symbolic[name], value)
        of_formulas: dict[str, Callable[..., Value]] = {"evalf": as_float, "subs": put_in}
        known = of_formulas.get(name)
        return partial(costly(known, self._budget), value) if known is not None else None


def _after(charged: int, value: Value) -> Value:
    """The value, once it has been charged for."""
    return value
