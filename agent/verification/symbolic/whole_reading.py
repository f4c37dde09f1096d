"""Knows how whole numbers are read from formulas, and how an answer that is one is handed back."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from agent.errors import Unreadable
from agent.verification.symbolic.exact_reading import Worked
from agent.verification.symbolic.formula_tree import Node, read_tree, value_at


def whole(text: str) -> int:
    """The whole number that a formula is. Raises Unreadable for anything else, and beyond formula_tree's bounds."""
    return whole_of(read_tree(text))


def whole_of(tree: Node) -> int:
    """The whole number that a formula's tree is. Raises Unreadable for anything else."""
    value = value_at(tree, {})
    if not isinstance(value, Fraction) or value.denominator != 1:
        raise Unreadable("This is no whole number.")
    return int(value)


def worked_number(answer: int, method: str, steps: Sequence[str], check: str, agrees: bool) -> Worked:
    return Worked(str(answer), str(answer), method, tuple(steps), check, agrees)
