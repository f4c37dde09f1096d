"""The small language of independent derivations: assignments and equations, evaluated exactly. No Python is run.

A program is lines of `name = expression  # comment`; one of them, or else the last, assigns `answer`. What a model
writes is read kindly (case, spaces in names, units after numbers), but loops, conditions and calls are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations

import sympy

from agent.errors import CheckFailed, Unreadable
from agent.verification.language import FUNCTIONS, parse_expression

MAX_LINES = 60
MAX_CHARACTERS = 4_000
MAX_UNKNOWNS = 3
MAX_PENDING = 12

_FENCE = re.compile(r"^\s*```")
_IGNORED = re.compile(r"^\s*(?:import\s+math|from\s+math\s+import\s+[\w, *]+|print\s*\(.*\)|[A-Za-z_ ]+:?)\s*$")
_FORBIDDEN = re.compile(r"^\s*(?:for|while|if|elif|else|def|class|return|try|with|lambda|assert|raise)\b")
_WORDED_NAME = re.compile(r"[A-Za-z_]\w*(?: +[A-Za-z_]\w*)*")
_UNIT_AFTER_NUMBER = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s+([A-Za-z]{2,})(?=\s*(?:$|[-+*/)]))")


@dataclass(frozen=True, slots=True)
class _Line:
    left: str
    right: str


def evaluate_derivation(program: str) -> str:
    """The exact value of `answer`, as text that language.parse_expression reads ("37/4", "2*sqrt(3)").

    Raises CheckFailed with the reason where the program is not one of this language, gives no answer, or
    gives one that is not a number.
    """
    values: dict[str, sympy.Expr] = {}
    pending: list[_Line] = []
    lines = _lines(program)
    for line in lines:
        if not _assign(line, values):
            pending.append(line)
    _settle(pending, values)
    # A program that never says "answer" ends, as it was asked to, on the line that holds it.
    answer = values.get("answer", values.get(_fold(lines[-1].left)))
    if answer is None:
        raise CheckFailed("The derivation assigns no answer that can be calculated.")
    if answer.free_symbols or not answer.is_real:
        raise CheckFailed("The derivation's answer is not a number.")
    return str(answer)


def _lines(program: str) -> list[_Line]:
    if len(program) > MAX_CHARACTERS:
        raise CheckFailed(f"The derivation is longer than {MAX_CHARACTERS:,} characters.")
    found: list[_Line] = []
    for number, raw in enumerate(program.splitlines()):
        if number >= MAX_LINES:
            raise CheckFailed(f"The derivation has more than {MAX_LINES} lines.")
        text = raw.split("#", 1)[0].strip().rstrip(";,")
        if _FENCE.match(raw):
            if found:
                break  # what follows the program is talk
            continue
        if _FORBIDDEN.match(text):
            raise CheckFailed(f"The derivation is not a list of assignments: “{text[:60]}”.")
        if not text or (_IGNORED.match(text) and "=" not in text):
            continue
        if re.search(r"[<>!]=|==|[-+*/]=|<|>", text) or text.count("=") == 0:
            raise CheckFailed(f"A line of the derivation is not an assignment: “{text[:60]}”.")
        left, _, right = text.partition("=")
        found.append(_Line(left.strip(), right.strip()))
    if not found:
        raise CheckFailed("There is no program in the derivation.")
    return found


def _assign(line: _Line, values: dict[str, sympy.Expr]) -> bool:
    """Carry out `name = expression` where every name in the expression has a value; False where it waits."""
    if not _WORDED_NAME.fullmatch(line.left):
        return False
    *chain, expression = line.right.split("=")  # a = b = 3 names both
    if not all(_WORDED_NAME.fullmatch(name.strip()) for name in chain):
        raise CheckFailed(f"A line of the derivation has more than one equals sign: “{line.right[:60]}”.")
    value = _read(expression, values, line)
    if value.free_symbols:
        return False
    for name in (line.left, *chain):
        values[_fold(name)] = value
    return True


def _settle(pending: list[_Line], values: dict[str, sympy.Expr]) -> None:
    """Solve what waits: an assignment whose names are known by now, or an equation in one unknown."""
    progress = True
    while progress and pending:
        progress = False
        for line in list(pending):
            if _assign(line, values):
                pending.remove(line)
                progress = True
        progress = progress or _solve_together(pending, values)


def _solve_together(pending: list[_Line], values: dict[str, sympy.Expr]) -> bool:
    """Solve the equations that wait, where their own unknowns are as many as they are; True where it helped."""
    equations = [(line, _equation(line, values)) for line in pending[:MAX_PENDING]]
    for size in range(1, min(len(equations), MAX_UNKNOWNS) + 1):
        for chosen in combinations(equations, size):
            unknowns = sorted(set().union(*(equation.free_symbols for _, equation in chosen)), key=str)
            if len(unknowns) != size or not all(equation.free_symbols for _, equation in chosen):
                continue
            solved = _linear_solution([equation for _, equation in chosen], unknowns)
            if solved is not None:
                values.update(solved)
                for line, _ in chosen:
                    pending.remove(line)
                return True
    return False


def _equation(line: _Line, values: dict[str, sympy.Expr]) -> sympy.Expr:
    if "=" in line.right:
        raise CheckFailed(f"A line of the derivation has more than one equals sign: “{line.right[:60]}”.")
    return _read(line.left, values, line) - _read(line.right, values, line)


def _linear_solution(equations: list[sympy.Expr], unknowns: list[sympy.Symbol]) -> dict[str, sympy.Expr] | None:
    try:
        matrix, constants = sympy.linear_eq_to_matrix(equations, unknowns)
    except (sympy.solvers.solveset.NonlinearError, ValueError):
        return None
    if matrix.rank() < len(unknowns):
        return None
    return dict(zip((str(unknown) for unknown in unknowns), matrix.LUsolve(constants), strict=True))


def _read(expression: str, values: dict[str, sympy.Expr], line: _Line) -> sympy.Expr:
    text = _kindly(expression, values)
    try:
        return parse_expression(text, names=values, free_symbols=True)
    except Unreadable as unreadable:
        whole = f"{line.left} = {line.right}"
        raise CheckFailed(f"A line of the derivation cannot be read: “{whole[:80]}”. {unreadable}") from None


def _kindly(expression: str, values: dict[str, sympy.Expr]) -> str:
    """The expression with what a person would overlook put right: money signs, thousands, ×, worded names."""
    text = re.sub(r"[$€£](?=\s*[\d.])", "", expression)
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text) if "(" not in text else text
    text = re.sub(r"(?<=\d)_(?=\d)", "", text)
    text = text.replace("×", "*").replace("÷", "/").replace("−", "-").replace("–", "-").replace("math.", "")
    text = re.sub(r"(?<=[\d)])\s*x\s*(?=[\d(])", "*", text) if "x" not in values else text
    known = sorted((name for name in values if "_" in name), key=len, reverse=True)
    for name in known:
        words = r"[\s_]+".join(re.escape(part) for part in name.split("_") if part)
        if words:
            text = re.sub(rf"(?<!\w){words}(?!\w)", name, text, flags=re.I)
    text = re.sub(r"[A-Za-z_]\w*", lambda found: _known_name(found[0], values), text)
    return _UNIT_AFTER_NUMBER.sub(lambda m: m[1] if _fold(m[2]) not in values else m[0], text)


def _known_name(name: str, values: dict[str, sympy.Expr]) -> str:
    folded = _fold(name)
    if name in values or (folded not in values and name.lower() in FUNCTIONS):
        return name
    return folded


def _fold(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip()).lower()
