"""A derivation's program is shown as formulas, line by line; what is no plain calculation is shown as written."""

from __future__ import annotations

import pytest

from agent.domain import Derivation
from ui.program import formulas


@pytest.mark.parametrize(
    ("program", "lines"),
    [
        ("```\npacks = 12 / 3\nanswer = packs * 2\n```",
         [r"\text{packs} = \dfrac{12}{3}", r"\text{answer} = \text{packs} \times 2"]),
        ("def solution():\n    # Costs $2 at 10%\n    x = (1 - 0.25) * 120000\n    return x",
         [r"\text{Costs \textdollar 2 at 10\%}", r"x = \left(1 - 0.25\right) \times 120{,}000", r"\text{answer} = x"]),
        ("a = 2 - (3 - 1)", [r"a = 2 - \left(3 - 1\right)"]),
        ("a = b ** 2 + -3", [r"a = b^{2} + -3"]),
        ("price_after_discount = 3", [r"\text{price after discount} = 3"]),
    ],
)  # fmt: skip
def test_assignments_become_formulas(program: str, lines: list[str]) -> None:
    assert formulas(Derivation("program", program, "8")) == lines


@pytest.mark.parametrize(
    "program", ["while True: pass", "a = [1]", "a = (", "a = 'x'", "a = f(x=1)", "a = " + "(" * 900, "", "x" * 5000]
)
def test_anything_else_is_none(program: str) -> None:
    assert formulas(Derivation("program", program, None)) is None
