"""Ways of writing mathematics and the ASCII they become; values are checked by the parser that reads them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import Unreadable
from agent.verification.reading.language import parse_expression
from agent.verification.reading.notation import MAX_CHARACTERS, normalise

NUMBERS: list[tuple[str, str]] = [
    (r"\frac{3}{4}", "3/4"),
    (r"\dfrac{3}{4} + \tfrac14", "1"),
    (r"\frac12", "1/2"),
    (r"\frac{\frac12}{3}", "1/6"),
    (r"2\frac{1}{2}", "5/2"),
    (r"-2 \frac{1}{2}", "-5/2"),
    (r"123\frac12", "247/2"),
    ("1 1/2 + 3", "9/2"),
    ("½ + 1½ + 2 ¼", "17/4"),
    ("3 × 4 · 5 ÷ 2 − 1", "29"),
    (r"3 \times 4 \div 2 \cdot 5", "30"),
    ("12 x 3", "36"),
    ("12x3", "36"),
    (r"2^{10} + 2^3 + 3² + 10⁻¹", "10411/10"),
    (r"10^{-3}", "1/1000"),
    (r"2^{3^2}", "512"),
    (r"\sqrt{16} + \sqrt9 + √25", "12"),
    (r"\sqrt[3]{8}", "2"),
    (r"\boxed{\frac{3}{4}}", "3/4"),
    (r"\left(\frac{1}{2}\right)^3", "1/8"),
    (r"\Bigl( 3 + 4 \Bigr) \cdot 2", "14"),
    (r"$14,400$", "14400"),
    (r"14{,}400 + 14\,400 + 71,\!592", "100392"),
    (r"\$3 + €4 + £5", "12"),
    ("20% of 50", "10"),
    (r"50\%", "1/2"),
    ("1/2 of 10", "5"),
    ("75 + 10% of 150", "90"),
    (r"0.\overline{3}", "1/3"),
    (r"1.2\overline{45}", "137/110"),
    (r"\binom{5}{2}", "10"),
    (r"{5 \choose 2}", "10"),
    (r"\sin 30^\circ", "1/2"),
    (r"\cos^2 60^{\circ}", "1/4"),
    (r"\log_2 8", "3"),
    (r"8 \text{ cm}^2", "8"),
    (r"\frac{12 \text{ apples}}{3}", "4"),
    (r"\text{42}", "42"),
    ("90°", "90"),
    (r"\left| -3 \right|", "3"),
    ("|2 - 5|", "3"),
    (r"\lfloor 3.7 \rfloor", "3"),
    ("**12**", "12"),
    ("12.", "12"),
    ("３＋４", "7"),
]


@pytest.mark.parametrize(("written", "value"), NUMBERS)
def test_number_keeps_its_value(written: str, value: str) -> None:
    assert parse_expression(normalise(written), implicit=True) == parse_expression(value)


SPELLINGS: list[tuple[str, str]] = [
    (r"2\pi r", "2 pi r"),
    ("2πr²", "2 pi r^(2)"),
    (r"x_{12} + \alpha", "x_12 + alpha"),
    (r"x \le 3", "x <= 3"),
    ("x ≠ 3", "x != 3"),
    (r"\cos^2 x", "(cos(x))^(2)"),
    (r"\sin^{-1}(1)", "asin(1)"),
    ("gcd(1,200)", "gcd(1,200)"),
    ("(1,200)", "(1,200)"),
    ("2x 3", "2x 3"),
    (r"101_2", "101 base 2"),
]


@pytest.mark.parametrize(("written", "ascii_text"), SPELLINGS)
def test_symbols_are_spelt_in_ascii(written: str, ascii_text: str) -> None:
    assert normalise(written) == ascii_text


@pytest.mark.parametrize("written", [r"3 \pm 1", "2 ≈ 3", r"5 \oplus 2", "50¢", "14, 400", r"1 + \dots + 9"])
def test_what_has_no_counterpart_is_left_for_the_parser_to_refuse(written: str) -> None:
    with pytest.raises(Unreadable):
        parse_expression(normalise(written), implicit=True)


def test_words_are_dropped_or_kept() -> None:
    assert normalise(r"12 \text{ apples}") == "12"
    assert normalise(r"12 \text{ apples}", keep_words=True) == "12 apples"


def test_text_beyond_the_limit_comes_back_unread() -> None:
    long = r"\frac12" * MAX_CHARACTERS
    assert normalise(long) == long


@pytest.mark.parametrize("piece", ["{", r"\frac", "^", r"\sqrt[", "(", "|", r"\left(", "½", "1,", "1 ", r"\sin ", "√"])
def test_hostile_text_ends_soon(piece: str) -> None:
    started = time.monotonic()
    normalise((piece * MAX_CHARACTERS)[:MAX_CHARACTERS])
    assert time.monotonic() - started < 2


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789 +-*/=().,$%^_\\{}[]|&~xfracsqt\n½²√π°×−…", max_size=60))
def test_any_text_is_survived(text: str) -> None:
    assert isinstance(normalise(text), str)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 999), st.integers(1, 999))
def test_thousands_and_fractions_keep_their_value(whole: int, top: int, bottom: int) -> None:
    assert normalise(f"{whole:,}") == str(whole)
    fraction = parse_expression(normalise(rf"\frac{{{top}}}{{{bottom}}}"))
    assert fraction == parse_expression(f"{top}/{bottom}")
