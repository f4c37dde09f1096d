"""No path leads from text to code: a scan of all that ships, and a watch on what texts reach when they are read."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.agent.verification.nasty import nasty

ROOT = Path(__file__).resolve().parents[3]
SOURCES = [file for folder in ("agent", "index", "ui", "finetune") for file in sorted((ROOT / folder).rglob("*.py"))]
FORBIDDEN = {"eval", "exec", "compile", "sympify", "parse_expr", "__import__", "lambdify", "S"}
FORBIDDEN_ATTRIBUTES = {"sympify", "parse_expr", "lambdify", "loads_pickle", "system", "popen", "S"}
EXACT_CONSTRUCTORS = {"Integer", "Rational", "Float", "Number"}


def calls(file: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_nothing_evaluates_text(file: Path) -> None:
    for call in calls(file):
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        attribute = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        module = (
            call.func.value.id if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name) else ""
        )
        assert name not in FORBIDDEN, f"line {call.lineno}"
        assert attribute not in FORBIDDEN_ATTRIBUTES, f"line {call.lineno}"
        assert module not in {"pickle", "marshal", "shelve", "dill"}, f"line {call.lineno}"
        assert not any(
            keyword.arg in ("shell", "allow_pickle", "unsafe_allow_html")
            and isinstance(keyword.value, ast.Constant) and keyword.value.value
            for keyword in call.keywords
        ), f"line {call.lineno}"  # fmt: skip


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT)))
def test_sympy_is_given_numbers_never_strings(file: Path) -> None:
    """SymPy's constructors parse a string; ours are given ints, which cannot hold code."""
    for call in calls(file):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in EXACT_CONSTRUCTORS:
            for argument in call.args:
                text = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                assert not text, f"line {call.lineno}"
                assert not isinstance(argument, ast.JoinedStr), f"line {call.lineno}"


def test_the_scan_sees_the_packages() -> None:
    assert len(SOURCES) > 60


ORDINARY = [
    "They cost \\( 4 \\times 2 = 8 \\) dollars, and sqrt(2) + 1 ≈ 2.41.", "(x + 1)^2 = x^2 + 2x + 1 after we expand.",
    "```python\neggs = 12 * 5\nprint(f'{eggs / 2} eggs')\n```\n```output\n30.0 eggs\n```",
    "eggs = 12 * 5\nanswer = eggs / 2", "boys + girls = 60\ngirls = 3 * boys\nanswer = boys",
    "x = 3, y = 4", "\\frac{3}{4}",
    "Solve x^2 - 5x + 6 = 0.", "Solve 2*x + y = 7 and x - y = 2.", "Integrate x*sin(x) dx from 0 to pi.",
    "Differentiate x^3*ln(x).", "Find the limit of sin(x)/x as x approaches 0.", "Factor x^4 - 16.",
    "Expand (x - 2)^3.",
    "Simplify (x^2 - 1)/(x - 1).", "What is 15% of 80?", "Solve |x - 3| < 5.",
    "floor(7/2) + binomial(5, 2) - max(3, pi)",
    "def solution():\n    eggs = [n for n in range(60) if n % 12 == 5]\n    for egg in eggs:\n        print(egg)\n"
    "    return len(eggs)",
]  # fmt: skip
INJECTIONS = [
    "__import__('os').system('true')", "eval('1+1') = 2", "answer = exec('x = 1')", "x.subs(x, 1) = 2",
    "lambda x: x + 1",
    "Symbol('eggs') + Integer('5')", "().__class__.__bases__", "print('hello') + 7 = 8", "f'{1 + 1}' = 2",
    "open('/etc/passwd')", "```python\nx = 1\nprint(__import__('os').getcwd())\n```\n```output\n1\n```",
    "```python\nx = 1\nprint(f'{().__class__}')\n```\n```output\n1\n```",
    "for i in [1]:\n    answer = __import__('os').system('true')", "if 1:\n    answer = eval('1+1')",
    "answer = [exec('x = 1')][0]", "if 1:\n    answer = ().__class__.__bases__[0].__subclasses__()",
    "if 1:\n    answer = math.sqrt.__globals__", "for i in map(eval, ['1 + 1']):\n    answer = i",
]  # fmt: skip


def read_while_watched(texts: list[str], how: list[str]) -> dict[str, Any]:
    ended = subprocess.run(
        [sys.executable, *how],
        input=json.dumps(texts),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return dict(json.loads(ended.stdout))


def test_no_text_reaches_eval_exec_compile_sympify_or_parse_expr() -> None:
    slow = {"symbolic", "system", "large expression"}  # there is no deadline here
    quick = [text for kind, text in nasty(400, 7) if len(text) < 400 and kind not in slow]
    texts = ORDINARY + INJECTIONS + quick[:120]
    found = read_while_watched(texts, ["-m", "tests.agent.verification.watched_reading"])
    assert found["watched"]["sympify"] > 100  # SymPy's own calls, with numbers: the watch is on
    assert found["seen"] == []


def test_the_watch_would_see_a_text_that_reaches_them() -> None:
    """The same program with a reader that leaks its text everywhere."""
    leaks = ["sympy.sympify(text)", "sympy.S(text)", "sympy.parse_expr(text)", "builtins.eval(text)",
             "builtins.exec(text)", "builtins.compile(text, '', 'eval')"]  # fmt: skip
    program = (
        "import builtins, sympy; from tests.agent.verification import watched_reading as program;"
        f"program.ORDINARY.clear(); program.read = lambda operations, text: ({', '.join(leaks)}); program.main()"
    )
    seen = " ".join(read_while_watched(["11111 + 22222"], ["-c", program])["seen"])
    for name in ("sympify", "parse_expr", "eval_expr", "eval", "exec", "compile"):
        assert f"{name}('" in seen
