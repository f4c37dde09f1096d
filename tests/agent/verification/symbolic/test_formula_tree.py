"""The second reader calculates a formula as it was written, apart from SymPy."""

from __future__ import annotations

import pytest

from agent.errors import Unreadable
from agent.verification.reading.language import parse_expression
from agent.verification.recognition.formulas import read_formula
from agent.verification.symbolic.formula_tree import latex, read_tree, value_at


def test_the_second_reader_agrees_with_the_first_on_what_is_written() -> None:
    for text in ("2^3^2", "-2^2", "1 - 2 - 3", "2*3/4*5", "3!/2", "1 1/2 + .5", "sqrt(2)*sqrt(8)"):
        formula = read_formula(text)
        assert formula is not None
        value = value_at(read_tree(formula.text), {})
        assert abs(float(value) - float(parse_expression(formula.text))) < 1e-12


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("(x^2-1)/(x-1)", r"\frac{x^{2} - 1}{x - 1}"),
        ("2(x+1)", r"2 \left(x + 1\right)"),
        ("17*23", r"17 \cdot 23"),
        ("sqrt(x+1)", r"\sqrt{x + 1}"),
        ("|x|", r"\left|x\right|"),
        ("5!", "5!"),
    ],
)
def test_a_formula_is_shown_as_it_was_written(text: str, shown: str) -> None:
    formula = read_formula(text)
    assert formula is not None
    assert latex(read_tree(formula.text)) == shown


@pytest.mark.parametrize(
    "text", ["1/0", "sqrt(-1)", "ln(0)", "0^(0)", "factorial(500)", "2^(9^(9^(9)))", "x", "tan(pi/2)", "qaa(7)"]
)
def test_what_has_no_real_value_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        value_at(read_tree(text), {})
