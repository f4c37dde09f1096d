"""Formulas as MathML for a page that loads nothing: a table of cases, and nothing active whatever comes in."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.mathml import mathml

CASES = [
    (r"4 \times 2 = 8", "<mn>4</mn><mo>×</mo><mn>2</mn><mo>=</mo><mn>8</mn>"),
    (r"\frac{12}{3}", "<mfrac><mrow><mn>12</mn></mrow><mrow><mn>3</mn></mrow></mfrac>"),
    (r"x^2 \lt 3", "<msup><mi>x</mi><mn>2</mn></msup><mo>&lt;</mo><mn>3</mn>"),
    (r"\boxed{8}", '<mrow class="boxed"><mrow><mn>8</mn></mrow></mrow>'),
    (r"a &= b \\ c &= d", '<mtd class="right"><mi>a</mi></mtd><mtd class="left"><mo>=</mo><mi>b</mi></mtd>'),
    (r"\text{\textdollar}5", "<mi>$</mi><mn>5</mn>"),
    (r"50\%", "<mn>50</mn><mi>%</mi>"),
    (r"\text{a<b}", "<mtext>a&lt;\u00a0b</mtext>"),
]


@pytest.mark.parametrize(("formula", "shown"), CASES)
def test_a_formula_is_set(formula: str, shown: str) -> None:
    assert shown in (mathml(formula) or "")


@pytest.mark.parametrize("formula", [r"\frac{", r"\unheardof{x}", "x" * 2_001, "{" * 1_000 + "}" * 1_000])
def test_what_cannot_be_set_is_left_to_the_caller(formula: str) -> None:
    assert mathml(formula) is None


@pytest.mark.parametrize(
    "formula",
    [r"\href{javascript:alert(1)}{x}", r"\text{<script>alert(1)</script>}", r"\text{&lt;img onerror=x&gt;}",
     r"\htmlClass{x}{y}", r"\style{color:red}{x}", r"\text{&#x0003C;b>}"],
)  # fmt: skip
def test_nothing_in_a_formula_is_active(formula: str) -> None:
    shown = mathml(formula) or ""
    assert all(mark not in shown for mark in ("<script", "<img", "<b>", "href", "style=", "javascript"))


pieces = st.sampled_from(
    [r"\frac", r"\text", r"\sqrt", r"\left(", r"\right)", r"\boxed", r"\begin{array}{l}", r"\end{array}", r"\href",
     "{", "}", "^", "_", "&", r"\\", "<", ">", "x", "12", " ", "&#x0003C;", '"', "'", r"\color", r"\class", "$", "%"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(pieces, max_size=14).map("".join), st.booleans())
def test_whatever_comes_in_only_known_elements_go_out(formula: str, display: bool) -> None:
    shown = mathml(formula, display=display)
    if shown is not None:
        for part in ElementTree.fromstring(shown).iter():
            assert part.tag.startswith("m")
            assert not set(part.attrib) & {"href", "style", "src", "onclick", "id", "actiontype"}
