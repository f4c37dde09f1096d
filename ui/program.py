"""A derivation, which is a small program, as the mathematics that it says: one formula a line."""

from __future__ import annotations

import ast
import re

from agent.domain import Derivation

LONGEST = 4_000  # characters; a derivation is far shorter, and the parser's recursion is bounded with it
_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: " + ", ast.Sub: " - ", ast.Mult: r" \times ", ast.FloorDiv: r" \operatorname{div} ",
    ast.Mod: r" \bmod ",
}  # fmt: skip
_BINDING: dict[type[ast.operator], int] = {
    ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.FloorDiv: 2, ast.Mod: 2, ast.Div: 4, ast.Pow: 3,
}  # fmt: skip
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "=", ast.NotEq: r"\neq", ast.Lt: r"\lt", ast.LtE: r"\le", ast.Gt: r"\gt", ast.GtE: r"\ge",
}  # fmt: skip


class _NoFormula(Exception):
    """A construct that has no plain formula: the line is shown as it was written."""


def formulas(derivation: Derivation) -> list[str] | None:
    """The lines as LaTeX, comments as `\\text{…}`; None where it is no program of plain assignments."""
    program = "\n".join(
        line
        for line in derivation.text.splitlines()
        if not line.strip().startswith(("```", "def ", "import ", "from "))
    )
    if len(program) > LONGEST:
        return None
    lines: list[str] = []
    for line in program.splitlines():
        statement = line.strip()
        if not statement:
            continue
        if statement.startswith("#"):
            lines.append(rf"\text{{{_plain(statement.lstrip('# '))}}}")
            continue
        try:
            lines.append(_statement(ast.parse(statement).body[0]))
        except (_NoFormula, SyntaxError, ValueError, RecursionError, MemoryError, IndexError):
            return None
    return lines or None


def set_out(lines: list[str]) -> str:
    """The lines as one formula for Markdown, flush left one below the other."""
    return r"$\begin{array}{l}" + r" \\[4pt] ".join(lines) + r"\end{array}$"


def _statement(node: ast.stmt) -> str:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return f"{_name(name)} = {_expression(value)}"
        case ast.Return(value=ast.expr() as value):
            return rf"\text{{answer}} = {_expression(value)}"
        case ast.Expr(value=value):
            return _expression(value)
    raise _NoFormula


def _expression(node: ast.expr, around: int = 0) -> str:
    match node:
        case ast.Constant(value=bool() | None):
            raise _NoFormula
        case ast.Constant(value=int() | float() as number):
            return f"{number:,}".replace(",", "{,}") if isinstance(number, int) else str(number)
        case ast.Name(id=name):
            return _name(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _bracketed(f"-{_expression(operand, 2)}", around > 1)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return rf"\dfrac{{{_expression(left)}}}{{{_expression(right)}}}"
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return f"{_expression(left, 4)}^{{{_expression(right)}}}"
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _SIGNS:
            binding = _BINDING[type(operator)]
            after = binding + (0 if isinstance(operator, ast.Add | ast.Mult) else 1)
            text = _expression(left, binding) + _SIGNS[type(operator)] + _expression(right, after)
            return _bracketed(text, binding < around)
        case ast.Compare(left=left, ops=[comparison], comparators=[right]) if type(comparison) in _COMPARISONS:
            return f"{_expression(left)} {_COMPARISONS[type(comparison)]} {_expression(right)}"
        case ast.Call(func=ast.Name(id="sqrt"), args=[radicand], keywords=[]):
            return rf"\sqrt{{{_expression(radicand)}}}"
        case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]) if arguments:
            return rf"\operatorname{{{_plain(function)}}}({', '.join(_expression(a) for a in arguments)})"
    raise _NoFormula


def _bracketed(text: str, needed: bool) -> str:
    return rf"\left({text}\right)" if needed else text


def _name(name: str) -> str:
    return name if len(name) == 1 and name.isascii() else rf"\text{{{_plain(name.replace('_', ' '))}}}"


def _plain(text: str) -> str:
    """Words inside `\\text{…}`: what LaTeX would take for a command becomes a space or its own sign."""
    return re.sub(r"[\\{}^_~#%&$<>`]", lambda sign: {"%": r"\%", "$": r"\textdollar "}.get(sign[0], " "), text)
