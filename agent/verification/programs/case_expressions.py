"""The expressions of a program that tries cases, turned into functions that give their values. Serves case_programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from agent.errors import CheckFailed
from agent.verification.programs.case_names import Expression, Node, Scope, Target, known_name, number, shown, text
from agent.verification.programs.python_functions import Functions
from agent.verification.programs.python_methods import Methods
from agent.verification.programs.python_modules import Module, modules
from agent.verification.programs.python_printing import Line, Piece, pieces_of
from agent.verification.programs.python_values import Budget, Value, apply, bounded, compare, key, truth

MAX_NESTING = 40
MAX_PIECES = 100  # of a text with values set in


class Expressions:
    """Turns parso's nodes into functions; raises CheckFailed for those that are not known."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.functions = Functions(budget)
        self.modules = modules(self.functions)
        self._methods = Methods(self.functions, self.modules)
        self.assigned: set[str] = set()  # by the function that is being read

    def target(self, node: Node, depth: int) -> Target:
        if depth > MAX_NESTING:
            raise CheckFailed("The program is nested too deeply.")
        if node.type == "name":
            name = known_name(node)
            self.assigned.add(name)
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
                value = number(node.value, exact=self.budget.exact)
                return lambda scope: value
            case "string":
                written = text(node.value)
                return lambda scope: written
            case "fstring":
                return self._line(node.children, depth)
            case "keyword" if node.value in ("True", "False", "None"):
                constant = {"True": True, "False": False, "None": None}[node.value]
                return lambda scope: constant
            case "name":
                return self._name(known_name(node))
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
                return lambda scope: not truth(denied(scope), self.budget)
            case "test" if len(node.children) == 5:
                yes, condition, no = (self.expression(child, depth) for child in node.children[::2])
                return lambda scope: yes(scope) if truth(condition(scope), self.budget) else no(scope)
            case "lambdef":
                return self._lambda(node, depth)
            case "atom_expr":
                return self._chain(node.children, depth)
            case "atom":
                return self._atom(node, depth)
            case "testlist_star_expr" | "testlist" | "exprlist" | "testlist_comp" | "subscriptlist":
                parts = [self.expression(child, depth) for child in node.children[::2]]
                return lambda scope: tuple(part(scope) for part in parts)
        raise CheckFailed(f"The program has more in it than is known: “{shown(node)}”.")

    def _line(self, children: Sequence[Node], depth: int) -> Expression:
        """A text with values set in: f"{total} cups"."""
        parts: list[str | tuple[Expression, str]] = []
        for child in children[1:-1]:
            if child.type == "fstring_string" and not set("\\{}") & set(child.value):
                parts.append(child.value)
                continue
            inner = child.children[1:-1] if child.type == "fstring_expr" else []
            form = inner[-1].get_code()[1:] if len(inner) == 2 and inner[-1].type == "fstring_format_spec" else ""
            if len(inner) != (2 if form else 1):
                raise CheckFailed("The program sets values into a text in a way that is not known.")
            parts.append((self.expression(inner[0], depth), form))

        def value(scope: Scope) -> Line:
            pieces: tuple[Piece, ...] = ()
            for part in parts:
                pieces += (part,) if isinstance(part, str) else pieces_of(part[0](scope), part[1])
                self.budget.charge(len(pieces))
                if len(pieces) > MAX_PIECES:
                    raise CheckFailed("A text in the program is too long.")
            return Line(pieces)

        return value

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
            return apply("*", -1, found, self.budget) if sign == "-" else apply("+", 0, found, self.budget)

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
                if truth(found, self.budget) is stops:
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
                plain.append(self._each(*argument.children, depth=depth))
            elif argument.children[0].type == "name" and len(argument.children) == 3:
                named[argument.children[0].value] = self.expression(argument.children[2], depth)
            else:
                raise CheckFailed(f"The program has more in it than is known: “{shown(argument)}”.")

        def value(scope: Scope) -> Value:
            self.budget.charge(2)
            called = function(scope)
            if not callable(called):
                raise CheckFailed("The program calls something that is no function.")
            given = [one(scope) for one in plain]
            options = {name: one(scope) for name, one in named.items()}
            return bounded(called(*given, **options))

        return value

    def _member(self, owner: Expression, name: str) -> Expression:
        def value(scope: Scope) -> Value:
            known = owner(scope)
            found = known.members.get(name) if isinstance(known, Module) else self._methods.find(known, name)
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
            each = self._each(*inner[0].children, depth=depth)
            return each if opening.value == "(" else lambda scope: list(each(scope))
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
                pairs = self._each(children[0], children[3], children[2], depth=depth)
                return lambda scope: {key(name, self.budget): value for name, value in pairs(scope)}
            names = [self.expression(child, depth) for child in children[::4]]
            values = [self.expression(child, depth) for child in children[2::4]]
            return lambda scope: {
                key(name(scope), self.budget): value(scope) for name, value in zip(names, values, strict=True)
            }
        if len(children) > 1 and children[1].type in ("sync_comp_for", "comp_for"):
            items = self._each(*children, depth=depth)
            return lambda scope: {key(item, self.budget) for item in items(scope)}
        members = [self.expression(child, depth) for child in children[::2]]
        return lambda scope: {key(member(scope), self.budget) for member in members}

    def _each(self, item: Node, loops: Node, value: Node = None, *, depth: int) -> Callable[[Scope], Iterator[Value]]:
        """All that `item` (or the pair of it and `value`) is worth in the loops, each as it is asked for."""
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

        def go(scope: Scope, at: int, outermost: Value) -> Iterator[Value]:
            if at == len(steps):
                self.budget.charge()
                yield (first(scope), second(scope)) if second is not None else first(scope)
                return
            target, values = steps[at]
            if target is None:
                if truth(values(scope), self.budget):
                    yield from go(scope, at + 1, None)
                return
            for one in self.budget.items(values(scope) if at else outermost):
                target(scope, one)
                yield from go(scope, at + 1, None)

        return lambda scope: go(Scope(around=scope), 0, steps[0][1](scope))

    def _lambda(self, node: Node, depth: int) -> Expression:
        names = [parameter.name.value for parameter in node.get_params()]
        if any(parameter.default is not None or parameter.star_count for parameter in node.get_params()):
            raise CheckFailed("A function of the program takes its arguments in a way that is not known.")
        body = self.expression(node.children[-1], depth)

        def value(scope: Scope) -> Value:
            def call(*given: Value) -> Value:
                self.budget.charge(2)
                return body(Scope(dict(zip(names, given, strict=True)), scope))

            return call

        return value
