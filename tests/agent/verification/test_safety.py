"""No path leads from text to code: a scan of everything that ships."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

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
