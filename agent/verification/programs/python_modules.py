"""The modules that a program which is followed can import: math, itertools, fractions, and of numpy and SymPy a part.

Serves case_expressions, python_methods and case_programs.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import sympy

from agent.errors import CheckFailed
from agent.verification.programs.python_functions import Functions
from agent.verification.programs.python_symbols import (
    Equation,
    as_float,
    changed,
    expression_of,
    solved,
    square_root_of,
    symbol,
)
from agent.verification.programs.python_values import FORMULA_STEPS, Budget, Value, apply

MAX_NAMES = 200  # characters of the names of unknowns, made at once
_OF_FLOATS = (
    "acos", "asin", "atan", "atan2", "cos", "degrees", "exp", "hypot", "log", "log10", "log2", "radians", "sin", "tan",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Module:
    """What a program can import."""

    members: dict[str, Value]


def modules(functions: Functions) -> dict[str, Module]:
    """By the name under which they are imported."""
    members = {
        "math": _math(functions), "numpy": _numpy(functions), "sympy": _sympy(functions),
        "fractions": {"Fraction": lambda top, bottom=1: functions.exact(top) / functions.exact(bottom)},
        "itertools": {
            "combinations": functions.chosen(itertools.combinations),
            "combinations_with_replacement": functions.chosen(itertools.combinations_with_replacement),
            "permutations": functions.permutations, "product": functions.product,
        },
    }  # fmt: skip
    return {name: Module(known) for name, known in members.items()}


def _math(functions: Functions) -> dict[str, Value]:
    return {
        "ceil": lambda x: functions.whole(x, math.ceil), "comb": functions.counted(math.comb), "e": math.e,
        "fabs": lambda x: functions.inexact(abs(x)), "factorial": functions.counted(math.factorial),
        "floor": lambda x: functions.whole(x, math.floor), "gcd": _common(math.gcd, functions.budget),
        "inf": math.inf, "isqrt": math.isqrt,
        "lcm": _common(math.lcm, functions.budget), "perm": functions.counted(math.perm), "pi": math.pi,
        "pow": lambda base, exponent: _power(functions, base, exponent),
        "prod": functions.prod, "sqrt": functions.square_root, "trunc": lambda x: functions.whole(x, int),
        **{name: getattr(math, name) for name in _OF_FLOATS},
    }  # fmt: skip


def _power(functions: Functions, base: Value, exponent: Value) -> Value:
    if functions.budget.exact:
        return apply("**", base, exponent, functions.budget)
    return math.pow(functions.number(base), functions.number(exponent))


def _common(function: Callable[..., int], budget: Budget) -> Callable[..., int]:
    """The greatest common divisor or least common multiple, charged by the size of the numbers."""

    def call(*numbers: Value) -> int:
        budget.charge(1 + sum(number.bit_length() for number in numbers) // 4)
        return function(*numbers)

    return call


def _numpy(functions: Functions) -> dict[str, Value]:
    """What numpy has of single numbers: as math has it, but that what is made whole stays a float."""
    known = _math(functions)
    return {
        **{name: known[name] for name in ("e", "fabs", "inf", "pi", "sqrt")},
        "ceil": lambda x: functions.inexact(known["ceil"](x)),
        "floor": lambda x: functions.inexact(known["floor"](x)),
    }


def _sympy(functions: Functions) -> dict[str, Value]:
    known: dict[str, Callable[..., Value]] = {
        "Eq": lambda left, right=0: Equation(expression_of(left), expression_of(right)),
        "Integer": lambda value: Fraction(int(functions.exact(value))),
        "N": as_float, "Rational": lambda top, bottom=1: functions.exact(top) / functions.exact(bottom),
        "Symbol": lambda name, **kind: symbol(name, kind),
        "binomial": lambda n, k: Fraction(functions.counted(math.comb)(n, k)), "diff": changed(sympy.diff),
        "expand": changed(sympy.expand), "factor": changed(sympy.factor),
        "factorial": lambda n: Fraction(functions.counted(math.factorial)(n)),
        "gcd": lambda *given: Fraction(math.gcd(*given)), "lcm": lambda *given: Fraction(math.lcm(*given)),
        "simplify": changed(sympy.simplify),
        "solve": lambda equations, *unknowns: _solve(functions.budget, equations, *unknowns),
        "sqrt": square_root_of, "symbols": _symbols,
    }  # fmt: skip
    return {name: costly(function, functions.budget) for name, function in known.items()}


def costly(function: Callable[..., Value], budget: Budget) -> Callable[..., Value]:
    """A function of SymPy's, charged for. Raises CheckFailed where it is given a float, and calculated exactly."""

    def call(*given: Value, **options: Value) -> Value:
        budget.charge(FORMULA_STEPS)
        budget.into_formulas(*given)
        return function(*given, **options)

    return call


def _symbols(names: Value, **kind: Value) -> Value:
    if not isinstance(names, str) or len(names) > MAX_NAMES:
        raise CheckFailed("An unknown of the program has no name that is known.")
    found = tuple(symbol(name, kind) for name in names.replace(",", " ").split())
    return found[0] if len(found) == 1 and "," not in names else found


def _solve(budget: Budget, equations: Value, *unknowns: Value) -> Value:
    budget.charge(10 * FORMULA_STEPS)
    several = isinstance(equations, list | tuple)
    listed = len(unknowns) == 1 and isinstance(unknowns[0], list | tuple)
    given = list(equations) if several else [equations]
    budget.into_formulas(*given)
    found = solved(given, list(unknowns[0]) if listed else list(unknowns), several=several, listed=listed)
    if budget.from_floats and isinstance(found, list) and len(found) > 1:
        raise CheckFailed(
            "The program solves an equation with inexact numbers, and the order of its solutions is open."
        )
    return found
