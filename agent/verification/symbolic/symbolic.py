"""Knows how a symbolic problem is answered exactly by SymPy, with a second route; runs in the killable worker."""

from __future__ import annotations

import re
from typing import Any

from agent.errors import Unreadable
from agent.verification.recognition.recognition import Kind, SymbolicTask, recognise
from agent.verification.symbolic import (
    calculus,
    equations,
    inequalities,
    limits,
    rewriting,
    solutions,
    systems,
)
from agent.verification.symbolic.answers import SymbolicAnswer
from agent.verification.symbolic.complex_numbers import evaluate_complex
from agent.verification.symbolic.coordinates import work_out_coordinates
from agent.verification.symbolic.data import work_out_data
from agent.verification.symbolic.exact_reading import Worked
from agent.verification.symbolic.formula_tree import latex, read_tree
from agent.verification.symbolic.sequences import work_out_sequence
from agent.verification.symbolic.whole_numbers import work_out_whole_numbers

_SIGN = re.compile(r" (<=|>=|=|<|>) ")
_LATEX_SIGNS = {"<=": r"\le", ">=": r"\ge"}


def solve_symbolic(problem: str) -> dict[str, Any] | None:
    """`SymbolicAnswer.to_json()` for a problem that is a symbolic task as a whole, else None.

    None also where SymPy finds no exact answer of a usual form, and where the second route contradicts it.
    SymPy is not certain to end: call this in a process that can be killed.
    """
    from sympy.polys.polyerrors import BasePolynomialError

    task = recognise(problem)
    if task is None:
        return None
    try:
        worked = work_out(task)
        if worked is None or worked.agrees is False:
            return None
        written = _task_in_latex(task)
    except (
        Unreadable,
        ArithmeticError,
        BasePolynomialError,
        NotImplementedError,
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
    ):
        return None  # SymPy raises all of these for problems that it cannot do
    return SymbolicAnswer(
        kind=task.kind.value, task=written, answer=worked.answer, latex=worked.latex, method=worked.method,
        steps=worked.steps[:4], check=worked.check if worked.agrees else "No second route could confirm this.",
        checked=worked.agrees is True,
    ).to_json()  # fmt: skip


def work_out(task: SymbolicTask) -> Worked | None:
    """The answer to a recognised task. Raises Unreadable, and what SymPy raises where it gives up."""
    if task.kind is Kind.WHOLE_NUMBERS:
        return work_out_whole_numbers(task)
    if task.kind is Kind.DATA:
        return work_out_data(task)
    if task.kind is Kind.COORDINATES:
        return work_out_coordinates(task)
    if task.kind is Kind.SEQUENCE:
        return work_out_sequence(task)
    text = task.expressions[0]
    unknown = task.variables[0] if task.variables else ""
    match task.kind:
        case Kind.SOLVE:
            sides, signs = _sides(text)
            if signs == ["="]:
                return equations.solve_equation(sides[0], sides[1], unknown)
            return inequalities.solve_inequality(sides, signs, unknown)
        case Kind.SYSTEM:
            pairs = [(sides[0], sides[1]) for sides, _ in map(_sides, task.expressions)]
            return systems.solve_system(pairs, task.variables, as_pair=task.question == "pair")
        case Kind.SOLUTIONS:
            return _about_solutions(task)
        case Kind.DIFFERENTIATE:
            return calculus.differentiate(text, unknown, task.order, task.point)
        case Kind.INTEGRATE:
            return calculus.integrate(text, unknown, task.bounds)
        case Kind.LIMIT:
            return limits.limit(text, unknown, task.point, task.side)
        case Kind.EXPAND:
            return rewriting.expand(text, task.variables)
        case Kind.FACTOR:
            return rewriting.factor(text, task.variables)
        case Kind.SIMPLIFY:
            return rewriting.simplify(text, task.variables)
        case Kind.EVALUATE:
            worked = rewriting.evaluate(text, unknown, task.point, as_fraction=task.question == "fraction")
            as_asked = worked is None or _is_as_asked(worked.answer, task.question)
            return worked if as_asked else None
        case Kind.COMPLEX:
            return evaluate_complex(text)


def _is_as_asked(answer: str, wanted: str) -> bool:
    """Whether an answer is the whole number that the problem wants it to be, where it does."""
    return "whole" not in wanted or bool(re.fullmatch("[0-9]+" if "positive" in wanted else "-?[0-9]+", answer))


def _about_solutions(task: SymbolicTask) -> Worked | None:
    pairs = [(sides[0], sides[1]) for sides, _ in map(_sides, task.expressions)]
    if task.question == "value":
        return solutions.value_of(pairs, task.variables, task.point)
    ((left, right),) = pairs
    return solutions.of_one_equation(left, right, task.variables[0], task.question, task.side)


def _sides(relation: str) -> tuple[list[str], list[str]]:
    pieces = _SIGN.split(relation)
    return pieces[::2], pieces[1::2]


def _task_in_latex(task: SymbolicTask) -> str:
    if task.kind in {Kind.WHOLE_NUMBERS, Kind.DATA}:
        return _numbers_in_latex(task)
    if task.kind is Kind.SEQUENCE:
        return _sequence_in_latex(task)
    if task.kind is Kind.COORDINATES and not task.variables:
        values = [latex(read_tree(expression)) for expression in task.expressions]
        pairs = [rf"({x}, {y})" for x, y in zip(values[::2], values[1::2], strict=True)]
        return rf"\text{{{task.question}: }} " + r",\; ".join(pairs)
    written = [_relation_in_latex(expression) for expression in task.expressions]
    body, name = written[0], latex(read_tree(task.variables[0])) if task.variables else ""
    bracketed = body
    if task.kind in {Kind.DIFFERENTIATE, Kind.INTEGRATE, Kind.LIMIT}:
        is_sum = read_tree(task.expressions[0]).kind in {"+", "-", "neg"}
        bracketed = rf"\left({body}\right)" if is_sum else body
    match task.kind:
        case Kind.DIFFERENTIATE:
            power = f"^{{{task.order}}}" if task.order > 1 else ""
            at = rf"\Big|_{{{name} = {_end_in_latex(task.point)}}}" if task.point else ""
            return rf"\frac{{d{power}}}{{d{name}{power}}} {bracketed}{at}"
        case Kind.INTEGRATE:
            ends = [_end_in_latex(bound) for bound in task.bounds or ()]
            bounds = f"_{{{ends[0]}}}^{{{ends[1]}}}" if ends else ""
            return rf"\int{bounds} {bracketed}\,d{name}"
        case Kind.LIMIT:
            side = f"^{task.side}" if task.side else ""
            return rf"\lim_{{{name} \to {_end_in_latex(task.point)}{side}}} {bracketed}"
        case Kind.SOLUTIONS:
            about = latex(read_tree(task.point)) if task.point else rf"\text{{{task.question}}}"
            return r", \; ".join(written) + rf": \; {about}"
        case Kind.COORDINATES:
            return rf"\text{{{task.question}: }} {body}"
        case Kind.SYSTEM:
            return r"\begin{cases} " + r" \\ ".join(written) + r" \end{cases}"
        case Kind.EVALUATE if task.point:
            return rf"{body} \quad ({name} = {_end_in_latex(task.point)})"
    return body


def _numbers_in_latex(task: SymbolicTask) -> str:
    if task.question == "arrangements":
        return rf"\text{{{task.expressions[0]}}}"
    if task.question == "base":
        return " ".join(re.sub(r"(.+)_(.+)", r"\1_{\2}", piece) for piece in task.expressions)
    if task.question == "repeating":
        return rf"{task.expressions[0]}.{task.expressions[1]}\overline{{{task.expressions[2]}}}"
    numbers = [latex(read_tree(expression)) for expression in task.expressions]
    if task.question == "remainder":
        is_sum = read_tree(task.expressions[0]).kind in {"+", "-", "neg"}
        return (rf"\left({numbers[0]}\right)" if is_sum else numbers[0]) + rf" \bmod {numbers[1]}"
    ends = [latex(read_tree(end)) for end in task.bounds or ()]
    given = ", ".join([*numbers, *([r" \ldots ".join(ends)] if ends else [])])
    return rf"\text{{{task.question}: }} {given}"


def _sequence_in_latex(task: SymbolicTask) -> str:
    numbers = [latex(read_tree(text)) for text in task.expressions]
    ends = [latex(read_tree(end)) for end in dict.fromkeys(task.bounds or ())]
    asked = " ".join(filter(None, [task.variables[0], task.question, task.point]))
    listed = r",\; ".join([*numbers, *([r"\ldots", *ends] if not task.side or ends else [])])
    return rf"\text{{{asked}: }} {listed}"


def _relation_in_latex(text: str) -> str:
    sides, signs = _sides(text)
    shown = [latex(read_tree(side)) for side in sides]
    rest = zip(signs, shown[1:], strict=True)
    return shown[0] + "".join(f" {_LATEX_SIGNS.get(sign, sign)} {side}" for sign, side in rest)


def _end_in_latex(point: str) -> str:
    return {"oo": r"\infty", "-oo": r"-\infty"}.get(point) or latex(read_tree(point))
