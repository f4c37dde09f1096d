"""Programs with loops, conditions and lists, followed step by step. No Python is run.

parso reads the program; what is known of its syntax is turned into functions of our own, everything else is refused.
Steps are counted (python_values). Serves derivation, exactly, and program_output, in Python's own numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from parso.grammar import load_grammar
from parso.parser import ParserSyntaxError
from sympy.polys.polyerrors import BasePolynomialError

from agent.errors import CheckFailed
from agent.verification.programs.case_expressions import MAX_NESTING, Expressions
from agent.verification.programs.case_names import Expression, Node, Scope, shown
from agent.verification.programs.python_modules import Module
from agent.verification.programs.python_printing import Piece, number_told
from agent.verification.programs.python_symbols import Formula, irrational
from agent.verification.programs.python_values import Budget, Value, apply, truth

MAX_CHARACTERS = 4_000
MAX_CALLS = 40  # of functions within functions

_TRIES = re.compile(
    r"^\s*(?:for|while|if|def)\b|\bif\b.+\belse\b|[-+*/%]=|;\s*\w+\s*=|\bfor\s+\w+(?:\s*,\s*\w+)*\s+in\b|[=(]\s*\[|\bitertools\b"
    r"|\b(?:map|filter|str|len|set|sorted|sum|permutations|combinations|symbols|Symbol|solve)\(",
    re.M,
)
_FENCE = re.compile(r"^\s*```.*$", re.M)


@dataclass(frozen=True, slots=True)
class _Signal:
    """What ends a block before its end: "break", "continue", or "return" with a value."""

    kind: str
    value: Value = None


Statement = Callable[[Scope], _Signal | None]


def tries_cases(program: str) -> bool:
    """Whether a text has what only a program that tries cases has: a loop, a condition, a list."""
    return len(program) <= MAX_CHARACTERS and _TRIES.search(program) is not None


def answer_by_cases(program: str) -> str:
    """The exact number that the program comes to: `answer`, or what its function returns, or else prints last.

    Raises CheckFailed with the reason where it is no program of this kind, takes too many steps, or ends on anything
    but one exact number.
    """
    tree = _tree(code_of(program))

    def followed(statements: _Statements) -> Value:
        return statements.result(statements.follow(tree))

    with _refusing_errors():
        value = _in_any_order(followed, exact=True)
    if isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    if isinstance(value, Formula):
        return irrational(value)
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise CheckFailed("The program ends on something else than one exact number.")
    return str(value)


def printed_by_cases(code: str) -> list[tuple[Piece, ...]]:
    """What a program prints, line by line, in Python's own numbers. Raises CheckFailed."""
    tree = _tree(code)

    def followed(statements: _Statements) -> list[tuple[Piece, ...]]:
        statements.follow(tree)
        return statements.printed

    with _refusing_errors():
        printed: list[tuple[Piece, ...]] = _in_any_order(followed, exact=False)
    return printed


def _in_any_order(followed: Callable[[_Statements], Any], *, exact: bool) -> Any:
    """What a program comes to. Raises CheckFailed where it comes to something else with its sets in another order."""
    budget = Budget(exact=exact)
    found = followed(_Statements(budget))
    if budget.order_matters:
        other = Budget(exact=exact)
        other.backwards = True
        if followed(_Statements(other)) != found:
            raise CheckFailed("What the program comes to hangs on the order of a set.")
    return found


def _tree(code: str) -> Node:
    if len(code) > MAX_CHARACTERS:
        raise CheckFailed(f"The program is longer than {MAX_CHARACTERS:,} characters.")
    try:
        return _grammar().parse(code, error_recovery=False)
    except (ParserSyntaxError, RecursionError):
        raise CheckFailed("It is no program that can be read.") from None


_ERRORS = (
    ArithmeticError, ValueError, TypeError, LookupError, AttributeError, RuntimeError, StopIteration, MemoryError,
)  # fmt: skip


@contextmanager
def _refusing_errors() -> Iterator[None]:
    """What Python itself would raise, or what is nested too deeply for us, as a CheckFailed."""
    try:
        yield
    except (*_ERRORS, BasePolynomialError) as error:
        raise CheckFailed(f"The program cannot be followed to its end ({type(error).__name__}).") from None


def code_of(program: str) -> str:
    """The program without what stands around its code block. Raises CheckFailed."""
    if len(program) > MAX_CHARACTERS:
        raise CheckFailed(f"The derivation is longer than {MAX_CHARACTERS:,} characters.")
    fences = list(_FENCE.finditer(program))
    before = program[: fences[0].start()] if fences else program
    if fences and (not before.strip() or len(fences) > 1 or fences[0][0].strip() != "```"):
        code = program[fences[0].end() : fences[1].start() if len(fences) > 1 else len(program)]
    else:
        code = before
    if not code.strip():
        raise CheckFailed("There is no program in the derivation.")
    return code.strip("\n") + "\n"


@cache
def _grammar() -> Any:
    return load_grammar(version="3.11")


class _Statements:
    """Turns the statements of a syntax tree into functions that follow the program.

    Each raises CheckFailed for what is not known.
    """

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._expressions = Expressions(budget)
        self._value, self._target = self._expressions.expression, self._expressions.target
        self._functions = self._expressions.functions
        self._calls = 0  # that are under way
        self._called = False  # whether any function of the program was

    def follow(self, tree: Node) -> Scope:
        """The names after the whole program.

        A derivation may use math and its functions without an import, and the modules; Python may not.
        """
        known = Scope({"__name__": "__main__"})
        if self._budget.exact:
            modules = self._expressions.modules
            known.values.update({**modules["math"].members, **modules})
            del known.values["e"], known.values["pow"], known.values["sympy"]
        scope = Scope(around=known)
        if self.block(tree, 0)(scope) is not None:
            raise CheckFailed("The program returns from nowhere, or breaks off no loop.")
        return scope

    def result(self, scope: Scope) -> Value:
        """`answer`; or what is printed last; or, where nothing is and nothing was called, what its function returns."""
        if "answer" in scope.values:
            return scope.values["answer"]
        if self.printed:
            return number_told(self.printed[-1])
        without_arguments = [one for one in scope.values.values() if isinstance(one, _Function) and not one.names]
        solution = scope.values.get("solution", without_arguments[-1] if without_arguments else None)
        return solution() if isinstance(solution, _Function) and not self._called else None

    @property
    def printed(self) -> list[tuple[Piece, ...]]:
        return self._functions.printed

    def block(self, node: Node, depth: int) -> Statement:
        statements = [self._statement(child, depth + 1) for child in node.children if not _is_blank(child)]

        def run(scope: Scope) -> _Signal | None:
            for statement in statements:
                self._budget.charge()
                if (signal := statement(scope)) is not None:
                    return signal
            return None

        return run

    def _statement(self, node: Node, depth: int) -> Statement:
        if depth > MAX_NESTING:
            raise CheckFailed("The program is nested too deeply.")
        if node.type in ("simple_stmt", "suite"):
            return self.block(node, depth)
        if node.type == "keyword" and node.value in ("pass", "break", "continue"):
            signal = None if node.value == "pass" else _Signal(node.value)
            return lambda scope: signal
        known = {
            "expr_stmt": self._assignment, "for_stmt": self._for, "while_stmt": self._while, "if_stmt": self._if,
            "return_stmt": self._return, "funcdef": self._define, "import_name": self._import,
            "import_from": self._import_from,
        }  # fmt: skip
        if node.type in known:
            return known[node.type](node, depth)
        if node.type in ("string", "strings"):
            return lambda scope: None  # what the program says of itself
        value = self._value(node, depth)

        def run(scope: Scope) -> None:
            value(scope)

        return run

    def _assignment(self, node: Node, depth: int) -> Statement:
        first, second = node.children[:2]
        if second.type == "annassign":
            raise CheckFailed("The program says of what type a name is.")
        value = self._value(node.children[-1], depth)
        if second.value != "=":
            return self._change(first, second.value[:-1], value, depth)
        targets = [self._target(child, depth) for child in node.children[:-1:2]]

        def run(scope: Scope) -> None:
            given = value(scope)
            for target in targets:
                target(scope, given)

        return run

    def _change(self, node: Node, operator: str, value: Expression, depth: int) -> Statement:
        """`name += value`: of a list or a set, that one itself, by whatever names it goes."""
        if "(" in shown(node, MAX_CHARACTERS):
            raise CheckFailed("The program changes what a call picks.")
        old, give = self._value(node, depth), self._target(node, depth)

        def run(scope: Scope) -> None:
            before = old(scope)
            after = apply(operator, before, value(scope), self._budget)
            if isinstance(before, list):
                before[:], after = after, before
            elif isinstance(before, set):
                before.clear()
                before.update(after)
                after = before
            give(scope, after)

        return run

    def _for(self, node: Node, depth: int) -> Statement:
        target, values = self._target(node.children[1], depth), self._value(node.children[3], depth)
        body, otherwise = self._loop(node.children[5:], depth)

        def run(scope: Scope) -> _Signal | None:
            for value in self._budget.items(values(scope)):
                target(scope, value)
                signal = body(scope)
                if signal is not None and signal.kind != "continue":
                    return signal if signal.kind == "return" else None
            return otherwise(scope)

        return run

    def _while(self, node: Node, depth: int) -> Statement:
        condition = self._value(node.children[1], depth)
        body, otherwise = self._loop(node.children[3:], depth)

        def run(scope: Scope) -> _Signal | None:
            while truth(condition(scope), self._budget):
                self._budget.charge()
                signal = body(scope)
                if signal is not None and signal.kind != "continue":
                    return signal if signal.kind == "return" else None
            return otherwise(scope)

        return run

    def _loop(self, children: Sequence[Node], depth: int) -> tuple[Statement, Statement]:
        """What is repeated, and what follows where no "break" ended it."""
        body = self._statement(children[0], depth + 1)
        return body, self._statement(children[3], depth + 1) if len(children) > 1 else lambda scope: None

    def _if(self, node: Node, depth: int) -> Statement:
        ways: list[tuple[Expression, Statement]] = []
        at = 0
        while at < len(node.children):
            if node.children[at].value == "else":
                ways.append((lambda scope: True, self._statement(node.children[at + 2], depth + 1)))
                break
            condition = self._value(node.children[at + 1], depth)
            ways.append((condition, self._statement(node.children[at + 3], depth + 1)))
            at += 4

        def run(scope: Scope) -> _Signal | None:
            return next((body(scope) for condition, body in ways if truth(condition(scope), self._budget)), None)

        return run

    def _return(self, node: Node, depth: int) -> Statement:
        value = self._value(node.children[1], depth)
        return lambda scope: _Signal("return", value(scope))

    def _define(self, node: Node, depth: int) -> Statement:
        name, given = node.children[1].value, node.children[2].children[1:-1]
        names = [parameter.name.value for parameter in given]
        plain = all(parameter.default is None and not parameter.star_count for parameter in given)
        if not plain or len(set(names)) < len(names):
            raise CheckFailed("A function of the program takes its arguments in a way that is not known.")
        around, self._expressions.assigned = self._expressions.assigned, set()
        body = self._statement(node.children[-1], depth + 1)
        own = frozenset(self._expressions.assigned)
        self._expressions.assigned = around | {name}

        def run(scope: Scope) -> None:
            scope.values[name] = _Function(self, tuple(names), body, scope, own)

        return run

    def _import(self, node: Node, depth: int) -> Statement:
        known: dict[str, Module] = {}
        for part in shown(node, 200).removeprefix("import").split(","):
            found = re.fullmatch(r"\s*(\w+)(?:\s+as\s+(\w+))?\s*", part)
            module = self._expressions.modules.get(found[1]) if found else None
            if found is None or module is None:
                raise CheckFailed(f"The program uses more than is known: “{shown(node)}”.")
            known[found[2] or found[1]] = module
            self._budget.numpy |= found[1] == "numpy"
        self._expressions.assigned |= known.keys()
        return lambda scope: scope.values.update(known)

    def _import_from(self, node: Node, depth: int) -> Statement:
        found = re.fullmatch(r"from\s+(\w+)\s+import\s+(\*|\w[\w, ]*)", shown(node, 200))
        module = self._expressions.modules.get(found[1]) if found else None
        if found is None or module is None:
            raise CheckFailed(f"The program uses more than is known: “{shown(node)}”.")
        self._budget.numpy |= found[1] == "numpy"
        if found[1] == "numpy" and found[2] == "*":
            raise CheckFailed("The program takes all that numpy has.")  # its own all, round, sum among it
        chosen = dict(module.members) if found[2] == "*" else {}
        for part in [] if chosen else found[2].split(","):
            name, _, other = part.strip().partition(" as ")
            if name not in module.members:
                raise CheckFailed(f"The program uses more than is known: “{shown(node)}”.")
            chosen[other.strip() or name] = module.members[name]
        self._expressions.assigned |= chosen.keys()
        return lambda scope: scope.values.update(chosen)

    def call(self, body: Statement, scope: Scope) -> Value:
        """What a function of the program returns."""
        self._budget.charge(2)
        self._called = True
        if self._calls == MAX_CALLS:
            raise CheckFailed("Functions of the program call each other too often.")
        self._calls += 1
        signal = body(scope)
        self._calls -= 1
        return signal.value if signal is not None else None


@dataclass(frozen=True, slots=True)
class _Function:
    """A function of the program, with the names of its arguments."""

    statements: _Statements
    names: tuple[str, ...]
    body: Statement
    around: Scope
    own: frozenset[str]

    def __call__(self, *arguments: Value) -> Value:
        given = dict(zip(self.names, arguments, strict=True))
        return self.statements.call(self.body, Scope(given, self.around, self.own))


def _is_blank(node: Node) -> bool:
    return node.type in ("newline", "endmarker") or (node.type == "operator" and node.value == ";")
