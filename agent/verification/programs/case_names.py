"""The words that a program which tries cases is made of: its names and where they hold, its numbers and texts.

Serves case_expressions and case_programs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from agent.errors import CheckFailed
from agent.verification.programs.python_values import Value

_INTEGER = re.compile(r"0|[1-9][0-9]*(?:_[0-9]+)*")
_DECIMAL = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_STRING = re.compile(r"""(["'])(?P<text>(?:(?!\1)[^\\\n]|\\[nt\\"'])*)\1""")
_ESCAPES = {"\\n": "\n", "\\t": "\t", "\\\\": "\\", '\\"': '"', "\\'": "'"}

Node = Any  # parso's trees have no types that would tell a leaf from a branch


@dataclass(slots=True)
class Scope:
    """The names of a program, of a function's call, or of a comprehension, within those `around` it."""

    values: dict[str, Value] = field(default_factory=dict)
    around: Scope | None = None
    own: frozenset[str] = frozenset()  # what a function assigns: never the name of the same kind around it

    def find(self, name: str, otherwise: Value = None) -> Value:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.values:
                return scope.values[name]
            if name in scope.own:
                raise CheckFailed(f"“{name[:40]}” has no value yet in the program.")
            scope = scope.around
        if otherwise is None:
            raise CheckFailed(f"“{name[:40]}” has no value in the program.")
        return otherwise


Expression = Callable[[Scope], Value]
Target = Callable[[Scope, Value], None]


def shown(node: Node, length: int = 60) -> str:
    """A piece of a program as it was written."""
    return str(node.get_code(include_prefix=False))[:length]


def known_name(node: Node) -> str:
    name = str(node.value)
    if not name.isascii() or len(name) > 60:
        raise CheckFailed(f"A name in the program is not known: “{name[:40]}”.")
    return name


def number(text: str, *, exact: bool) -> int | Fraction | float:
    if len(text) > 100 or not (_INTEGER.fullmatch(text) or _DECIMAL.fullmatch(text)):
        raise CheckFailed(f"A number in the program is written in a way that is not known: “{text[:40]}”.")
    if _INTEGER.fullmatch(text):
        return int(text)
    return Fraction(text) if exact else float(text)


def text(literal: str) -> str:
    """What stands between the quotes."""
    found = _STRING.fullmatch(literal)
    if found is None:
        raise CheckFailed("A text in the program is written in a way that is not known.")
    return re.sub(r"\\.", lambda escape: _ESCAPES[escape[0]], found["text"])
