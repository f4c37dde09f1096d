"""Run as a program: reads texts with everything watched that could run them as code, and prints what got them.

One JSON list of texts in; out a JSON object: `seen`, the calls that were given a piece of a text as a string or a
code object made of one, and `watched`, how many calls there were in all. Serves test_safety.
"""

from __future__ import annotations

import builtins
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from types import CodeType, ModuleType
from typing import Any

from agent.errors import CheckFailed
from agent.verification.worker import _operations

PIECE = 4  # characters: shorter ones, such as "x" or "10", are names and numbers of SymPy's own as well
ORDINARY = [
    "Solve 2x + 1 = 7 for x.",
    "Integrate x^2 dx from 0 to 1",
    "So 7 × 8 = 54 cups.",
    "answer = sqrt(2) * 3",
    "1/2",
    "for i in range(3):\n    answer = i",
]

seen: list[str] = []
counted: dict[str, int] = {}
current = ""


def main() -> None:
    global current
    texts = json.load(sys.stdin)
    operations = _operations()
    for text in ORDINARY:  # SymPy writes code of its own while it is first used, and parso reads Python's grammar
        read(operations, text)
    watch_all()
    for text in texts:
        current = text
        read(operations, text)
    current = ""
    json.dump({"seen": seen[:20], "watched": counted}, sys.stdout)


def read(operations: dict[str, Callable[..., Any]], text: str) -> None:
    """Give a text to every operation, in every place that takes one."""
    arguments: list[tuple[str, dict[str, Any]]] = [
        ("check_step", {"text": text, "earlier": [text], "problem": text}),
        ("evaluate_derivation", {"program": text}),
        ("evaluate_derivation", {"program": f"answer = {text}"}),
        ("explain_derivation", {"program": f"{text}\nanswer = 7"}),
        ("same_value", {"first": text, "second": "8"}),
        ("same_value", {"first": text, "second": text}),
        ("same_function", {"problem": text, "first": text, "second": text}),
        ("oddities_of_answer", {"problem": text, "answer": text}),
        ("solve_symbolic", {"problem": text}),
        ("solve_symbolic", {"problem": f"Solve {text} = 2 for x"}),
    ]
    for name, given in arguments:
        with suppress(CheckFailed, ArithmeticError, ValueError, TypeError, AttributeError, RecursionError):
            operations[name](**given)


def watch_all() -> None:
    for name in ("eval", "exec", "compile", "__import__"):
        setattr(builtins, name, watched(getattr(builtins, name), name))
    from sympy import lambdify
    from sympy.core.sympify import _sympify, sympify
    from sympy.parsing.sympy_parser import eval_expr, parse_expr

    functions = (sympify, _sympify, eval_expr, parse_expr, lambdify)
    replaced = {id(function): watched(function, function.__name__) for function in functions}
    for module in list(sys.modules.values()):  # SymPy's modules have imported them by name
        if isinstance(module, ModuleType) and module.__name__.split(".")[0] in {"sympy", "agent"}:
            for name, value in list(vars(module).items()):
                if id(value) in replaced:
                    setattr(module, name, replaced[id(value)])


def watched(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    def watch(*arguments: Any, **named: Any) -> Any:
        counted[name] = counted.get(name, 0) + 1
        for argument in (*arguments[:1], *named.values()):
            if is_ours(argument):
                seen.append(f"{name}({argument!r:.100}) while reading {current[:100]!a}")
        return function(*arguments, **named)

    return watch


def is_ours(argument: Any) -> bool:
    """Whether a string holds a piece of the text that is read, or is a piece of it; code objects, by their strings."""
    if isinstance(argument, CodeType):
        return any(is_ours(constant) for constant in (*argument.co_consts, *argument.co_names))
    if isinstance(argument, bytes | bytearray):
        argument = argument.decode(errors="replace")
    if not isinstance(argument, str) or not current:
        return False
    words = [word for word in current.split() if len(word) >= PIECE]
    return (len(argument) >= PIECE and argument in current) or any(word in argument for word in words)


if __name__ == "__main__":
    main()
