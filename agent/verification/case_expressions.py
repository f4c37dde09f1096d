"""The expressions of a program that tries cases, turned into functions that give their values. Serves case_programs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from agent.errors import CheckFailed
from agent.verification.python_functions import Functions, Module
from agent.verification.python_values import Budget, Value, apply, bounded, compare, is_number, key

MAX_NESTING = 40

_INTEGER = re.compile(r"0|[1-9][0-9]*(?:_[0-9]+)*")
_DECIMAL = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_STRING = re.compile(r"""(["'])([^"'\\\n]*)\1""")

Node = Any  # parso's trees have no types that would tell a leaf from a branch


@dataclass(slots=True)
class Scope:
    """The names of a program, of a function's call, or of a comprehension, within those `around` it."""

    values: dict[str, Value] = field(default_factory=dict)
    around: Scope | None = None

    def find(self, name: str, otherwise: Value = None) -> Value:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.values:
                return scope.values[name]
            scope = scope.around
        if otherwise is None:
            raise CheckFailed(f"“{name[:40]}” has no value in the program.")
        return otherwise


Expression = Callable[[Scope], Value]
Target = Callable[[Scope, Value], None]


def shown(node: Node, length: int = 60) -> str:
    """A piece of a program as it was written."""
    return str(node.get_code(include_prefix=False))[:length]


class Expressions:
    """Turns parso's nodes into functions; raises CheckFailed for those that are not known."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.functions = Functions(budget)

    def target(self, node: Node, depth: int) -> Target:
        if depth > MAX_NESTING:
            raise CheckFailed("The program is nested too deeply.")
        if node.type == "name":
            name = node.value
            return lambda scope, value: scope.values.__setitem__(name, value)
        if node.type == "atom" and node.children[0].value == "(" and len(node.children) == 3:
            return self.target(node.children[1], depth + 1)
        if node.type in ("testlist_star_expr", "exprlist", "testlist_comp"):
            targets = [self.target(child, depth + 1) for child in node.children[::2]]

            def unpack(scope: Scope, value: Value) -> None:
                given = self.budget.listed(value)
                for target, one in zip(targets, given, strict=True):
                    target(scope, one)

            return unpack
        picked = node.children[-1] if node.type == "atom_expr" else None
        if picked is not None and picked.type == "trailer" and picked.children[0].value == "[":
            owner = self._chain(node.children[:-1], depth)
            place = self.expression(node.children[-1].children[1], depth)

            def put(scope: Scope, value: Value) -> None:
                known = owner(scope)
                if not isinstance(known, list | dict):
                    raise CheckFailed("The program changes something that is no list.")
                at = place(scope)
                known[key(at, self.budget) if isinstance(known, dict) else at] = value

            return put
        raise CheckFailed(f"The program assigns to something that is no name: “{shown(node)}”.")

    def expression(self, node: Node, depth: int) -> Expression:
        if depth > MAX_NESTING:
            raise CheckFailed("The program is nested too deeply.")
        depth += 1
        match node.type:
            case "number":
                number = _number(node.value)
                return lambda scope: number
            case "string":
                text = _STRING.fullmatch(node.value)
                if text is None:
                    raise CheckFailed("A text in the program is written in a way that is not known.")
                return lambda scope: text[2]
            case "keyword" if node.value in ("True", "False", "None"):
                constant = {"True": True, "False": False, "None": None}[node.value]
                return lambda scope: constant
            case "name":
                return self._name(node.value)
            case "arith_expr" | "term" | "expr" | "and_expr" | "xor_expr":
                return self._operations(node.children, depth)
            case "power":
                base, exponent = self._chain(node.children[:-2], depth), self.expression(node.children[-1], depth)
                return lambda scope: apply("**", base(scope), exponent(scope), self.budget)
            case "factor":
                return self._sign(node, depth)
            case "comparison":
                return self._comparison(node.children, depth)
            case "and_test" | "or_test":
                return self._junction([self.expression(child, depth) for child in node.children[::2]], node.type)
            case "not_test":
                denied = self.expression(node.children[1], depth)
                return lambda scope: not denied(scope)
            case "test" if len(node.children) == 5:
                yes, condition, no = (self.expression(child, depth) for child in node.children[::2])
                return lambda scope: yes(scope) if condition(scope) else no(scope)
            case "atom_expr":
                return self._chain(node.children, depth)
            case "atom":
                return self._atom(node, depth)
            case "testlist_star_expr" | "testlist" | "exprlist" | "testlist_comp" | "subscriptlist":
                parts = [self.expression(child, depth) for child in node.children[::2]]
                return lambda scope: tuple(part(scope) for part in parts)
        raise CheckFailed(f"The program has more in it than is known: “{shown(node)}”.")

    def _name(self, name: str) -> Expression:
        built_in = self.functions.built_in.get(name)
        return lambda scope: scope.find(name, built_in)

    def _operations(self, children: Sequence[Node], depth: int) -> Expression:
        first, *others = (self.expression(child, depth) for child in children[::2])
        pairs = list(zip([child.value for child in children[1::2]], others, strict=True))

        def value(scope: Scope) -> Value:
            total = first(scope)
            for operator, other in pairs:
                total = apply(operator, total, other(scope), self.budget)
            return total

        return value

    def _sign(self, node: Node, depth: int) -> Expression:
        sign, operand = node.children[0].value, self.expression(node.children[1], depth)
        if sign == "~":
            raise CheckFailed("The program calculates with single bits.")

        def value(scope: Scope) -> Value:
            found = operand(scope)
            if not is_number(found):
                raise CheckFailed("The program calculates with something that is no number.")
            return -found if sign == "-" else found

        return value

    def _comparison(self, children: Sequence[Node], depth: int) -> Expression:
        sides = [self.expression(child, depth) for child in children[::2]]
        signs = [shown(child) for child in children[1::2]]

        def value(scope: Scope) -> bool:
            left = sides[0](scope)
            for sign, side in zip(signs, sides[1:], strict=True):
                right = side(scope)
                if not compare(sign, left, right, self.budget):
                    return False
                left = right
            return True

        return value

    def _junction(self, parts: Sequence[Expression], kind: str) -> Expression:
        stops = kind == "or_test"

        def value(scope: Scope) -> Value:
            found: Value = None
            for part in parts:
                found = part(scope)
                if bool(found) is stops:
                    break
            return found

        return value

    def _chain(self, children: Sequence[Node], depth: int) -> Expression:
        """A name or a value with what is called, picked or looked up of it, from the left."""
        value = self.expression(children[0], depth)
        for trailer in children[1:]:
            kind = trailer.children[0].value if trailer.type == "trailer" else ""
            if kind == "(":
                value = self._call(value, trailer, depth)
            elif kind == "[":
                value = self._item(value, trailer.children[1], depth)
            elif kind == ".":
                value = self._member(value, trailer.children[1].value)
            else:
                raise CheckFailed(f"The program has more in it than is known: “{shown(trailer)}”.")
        return value

    def _call(self, function: Expression, trailer: Node, depth: int) -> Expression:
        inner = trailer.children[1:-1]
        given = inner[0].children[::2] if inner and inner[0].type == "arglist" else inner
        plain: list[Expression] = []
        named: dict[str, Expression] = {}
        for argument in given:
            if argument.type != "argument":
                plain.append(self.expression(argument, depth))
            elif argument.children[1].type in ("sync_comp_for", "comp_for"):
                plain.append(self._comprehension(*argument.children, depth=depth))
            elif argument.children[0].type == "name" and len(argument.children) == 3:
                named[argument.children[0].value] = self.expression(argument.children[2], depth)
            else:
                raise CheckFailed(f"The program has more in it than is known: “{shown(argument)}”.")

        def value(scope: Scope) -> Value:
            self.budget.charge(2)
            called = function(scope)
            if not callable(called):
                raise CheckFailed("The program calls something that is no function.")
            return bounded(called(*(one(scope) for one in plain), **{name: one(scope) for name, one in named.items()}))

        return value

    def _member(self, owner: Expression, name: str) -> Expression:
        def value(scope: Scope) -> Value:
            known = owner(scope)
            found = known.members.get(name) if isinstance(known, Module) else self.functions.method(known, name)
            if found is None:
                raise CheckFailed(f"The program uses more than is known: “{name[:40]}”.")
            return found

        return value

    def _item(self, owner: Expression, place: Node, depth: int) -> Expression:
        if place.type == "subscript" or (place.type == "operator" and place.value == ":"):
            return self._slice(owner, place, depth)
        at = self.expression(place, depth)

        def value(scope: Scope) -> Value:
            self.budget.charge()
            known = owner(scope)
            if isinstance(known, dict):
                return known[key(at(scope), self.budget)]
            if not isinstance(known, list | tuple | str | range):
                raise CheckFailed("The program picks an item of something that is no list.")
            return known[at(scope)]

        return value

    def _slice(self, owner: Expression, place: Node, depth: int) -> Expression:
        limits: list[Expression | None] = [None, None, None]
        at = 0
        for child in getattr(place, "children", [place]):
            if child.type == "sliceop":
                limits[2] = self.expression(child.children[1], depth) if len(child.children) > 1 else None
            elif child.type == "operator" and child.value == ":":
                at += 1
            else:
                limits[at] = self.expression(child, depth)

        def value(scope: Scope) -> Value:
            known = owner(scope)
            if not isinstance(known, list | tuple | str):
                raise CheckFailed("The program picks items of something that is no list.")
            self.budget.charge(1 + len(known))
            return known[slice(*(limit(scope) if limit is not None else None for limit in limits))]

        return value

    def _atom(self, node: Node, depth: int) -> Expression:
        opening, *inner, _ = node.children
        if opening.type != "operator" or len(inner) > 1:
            raise CheckFailed(f"The program has more in it than is known: “{shown(node)}”.")
        if opening.value == "{":
            return self._braces(inner, depth)
        if not inner:
            return (lambda scope: ()) if opening.value == "(" else (lambda scope: [])
        several = inner[0].type == "testlist_comp"
        if several and inner[0].children[1].type in ("sync_comp_for", "comp_for"):
            return self._comprehension(*inner[0].children, depth=depth)
        value = self.expression(inner[0], depth)
        if opening.value == "(":
            return value
        return (lambda scope: list(value(scope))) if several else (lambda scope: [value(scope)])

    def _braces(self, inner: Sequence[Node], depth: int) -> Expression:
        if not inner:
            return lambda scope: {}
        children = inner[0].children if inner[0].type == "dictorsetmaker" else inner
        if len(children) > 1 and children[1].type == "operator" and children[1].value == ":":
            if len(children) == 4 and children[3].type != "operator":
                pairs = self._comprehension(children[0], children[3], children[2], depth=depth)
                return lambda scope: {key(name, self.budget): value for name, value in pairs(scope)}
            names = [self.expression(child, depth) for child in children[::4]]
            values = [self.expression(child, depth) for child in children[2::4]]
            return lambda scope: {
                key(name(scope), self.budget): value(scope) for name, value in zip(names, values, strict=True)
            }
        if len(children) > 1 and children[1].type in ("sync_comp_for", "comp_for"):
            items = self._comprehension(*children, depth=depth)
            return lambda scope: {key(item, self.budget) for item in items(scope)}
        members = [self.expression(child, depth) for child in children[::2]]
        return lambda scope: {key(member(scope), self.budget) for member in members}

    def _comprehension(self, item: Node, loops: Node, value: Node = None, *, depth: int) -> Expression:
        """All that `item` (or the pair of it and `value`) is worth in the loops, as a list."""
        first = self.expression(item, depth)
        second = self.expression(value, depth) if value is not None else None
        steps: list[tuple[Target | None, Expression]] = []
        node = loops
        while node is not None:
            if node.type == "sync_comp_for":
                steps.append((self.target(node.children[1], depth), self.expression(node.children[3], depth)))
                node = node.children[4] if len(node.children) > 4 else None
            elif node.type == "comp_if":
                steps.append((None, self.expression(node.children[1], depth)))
                node = node.children[2] if len(node.children) > 2 else None
            else:
                raise CheckFailed(f"The program has more in it than is known: “{shown(node)}”.")
        if len(steps) > MAX_NESTING:
            raise CheckFailed("The program is nested too deeply.")

        def collect(scope: Scope, at: int, found: list[Value]) -> None:
            if at == len(steps):
                self.budget.charge()
                found.append((first(scope), second(scope)) if second is not None else first(scope))
                return
            target, values = steps[at]
            if target is None:
                if values(scope):
                    collect(scope, at + 1, found)
                return
            for one in self.budget.items(values(scope)):
                target(scope, one)
                collect(scope, at + 1, found)

        def listed(scope: Scope) -> list[Value]:
            found: list[Value] = []
            collect(Scope(around=scope), 0, found)
            return found

        return listed


def _number(text: str) -> int | Fraction:
    if len(text) > 100 or not (_INTEGER.fullmatch(text) or _DECIMAL.fullmatch(text)):
        raise CheckFailed(f"A number in the program is written in a way that is not known: “{text[:40]}”.")
    value = Fraction(text)
    return int(value) if value.denominator == 1 else value
