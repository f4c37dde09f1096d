"""Forms of written arithmetic and what the step checker makes of them: the table is the documentation.

Marks, one for each claim in order: ✔ verified, ✘ refuted, ◌ unverified; "" where nothing is claimed.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.domain import Verdict
from agent.verification.claims.claims import MAX_CHARACTERS, MAX_CLAIMS, check_step

FORMS: list[tuple[str, str]] = [
    # plain calculations
    ("3 * 4 = 12", "✔"),
    ("3 * 4 = 13", "✘"),
    ("7 × 8 = 54", "✘"),
    ("12 ÷ 4 = 3", "✔"),
    ("9 − 4 = 5", "✔"),
    ("9 – 4 = 6", "✘"),
    ("12 x 3 = 36", "✔"),
    ("12 x 3 = 37", "✘"),
    ("12x3 = 36", "✔"),
    ("2·3 = 6", "✔"),
    (".5*4 = 2", "✔"),
    (".5*4 = 3", "✘"),
    ("(5 + 3) * 2 = 16", "✔"),
    ("(5 + 3) * 2 = 17", "✘"),
    ("[(5 + 3) * 2] / 4 = 4", "✔"),
    ("2(3 + 4) = 14", "✔"),
    ("2(3 + 4) = 15", "✘"),
    ("3^2 + 4^2 = 25", "✔"),
    ("3² + 4² = 26", "✘"),
    ("2**5 = 32", "✔"),
    ("5! = 120", "✔"),
    (r"$5!/3!=20$", "✔"),
    ("√16 + 1 = 5", "✔"),
    ("3 × 10^5 = 300,000", "✔"),
    ("-5 + 3 = -2", "✔"),
    ("10 - 12 = -2", "✔"),
    ("10 - 12 = 2", "✘"),
    ("4 + 5 + 6 = 15 = 3 * 5", "✔✔"),
    ("100 - 40 = 60, 60 / 2 = 31", "✔✘"),
    # prose around it
    ("So he needs 3 * 4 = 12 nails.", "✔"),
    ("So he needs 3 * 4 = 13 nails.", "✘"),
    ("She sold 15 + 9 = 25 cups altogether, then went home.", "✘"),
    ("That makes a total of 7 * 6 = 44 stickers.", "✘"),
    ("3 times 4 = 12", "✔"),
    ("9 plus 4 equals 14", "✘"),
    ("20 divided by 4 = 5", "✔"),
    ("There are (12 / 3 = 4) rows.", "✔"),
    ("20/4 = 5 each", "✔"),
    ("3 + 4 = 7!", "✔"),
    ("3 + 4 = 7 and 7 * 2 = 15", "✔✘"),
    ("2 x $12 (adult tickets) = $25", "✘"),
    ("50/8 = 6.25 (since 8 share it)", "✔"),
    ("5 x 4 = 21 for working 4 hours", "✘"),
    ("8 - 3 = 5 - the rest stays", "✔"),
    ("8 - 3 = 6 — so 6 stay", "✘"),
    ("3 * 4\n= 13", "✘"),
    # Markdown
    ("1. 3 + 4 = 7", "✔"),
    ("1. 3 + 4 = 8", "✘"),
    ("2) 3 + 4 = 8", "✘"),
    ("Step 1: 3 + 4 = 7", "✔"),
    ("**Step 2:** 3 + 4 = 8", "✘"),
    ("**Total:** 5 * 2 = **11**", "✘"),
    ("- 5 + 3 = 8", "✔"),
    ("- 5 + 3 = -2", "◌"),
    ("* 6 * 2 = 13", "✘"),
    ("### 4. Add: 6 + 2 = 9", "✘"),
    ("| 6 + 2 = 8 |", "✔"),
    # money, thousands
    ("$12 × 3 = $36", "✔"),
    ("$12 × 3 = $38", "✘"),
    ("5 * $2 = $11", "✘"),
    ("€4 + €3 = €7", "✔"),
    ("$2.50 * 2 = $5.10", "✘"),
    ("14,400 + 100 = 14,500", "✔"),
    ("14,400 + 100 = 14,600", "✘"),
    ("14, 400 + 100 = 14,500", "◌"),
    (r"\$14,400 + \$100 = \$14,500", "✔"),
    ("50 cents * 4 = $2", "◌"),
    # fractions, mixed numbers
    ("1/2 + 1/3 = 5/6", "✔"),
    ("1/2 + 1/3 = 2/5", "✘"),
    ("1 1/2 + 2 = 3 1/2", "✔"),
    ("1 1/2 + 2 = 4", "✘"),
    ("1½ + 2 = 3½", "✔"),
    ("50/ 1/2 = 100", "✔"),
    ("1/2 of 30 = 15", "✔"),
    ("2/3 of the 30 = 21", "✘"),
    ("half of 10 = 5", "✔"),
    ("twice 6 = 12", "✔"),
    ("14 / 1 / 4 = 56", "◌"),
    ("6/2(1+2) = 1", "◌"),
    ("1/4th of 20 = 5", "✔"),
    # per cent
    ("20% of 50 = 10", "✔"),
    ("20% of 50 = 11", "✘"),
    ("75 + 10% of 150 = 90", "✔"),
    ("75 + 10% of 150 = 91", "✘"),
    ("200 * 15% = 30", "✔"),
    ("3/4 = 75%", "✔"),
    ("3/4 * 100 = 75%", "✔"),
    ("80 + 25% = 100", "✔"),
    ("15/60 = 20%", "✘"),
    ("100% - 30% = 70%", "✔"),
    ("20 percent of 50 = 10", "✔"),
    # rounding
    ("10/3 = 3.33", "✔"),
    ("10/3 = 3.3", "✔"),
    ("20/3 = 6.67", "✔"),
    ("20/3 = 6.66", "✔"),
    ("10/3 = 3.34", "✘"),
    ("10/3 = 4", "✘"),
    ("10/3 = 3, rounded to the nearest whole", "✔"),
    ("10/3 = 4 full boxes", "◌"),
    ("10/3 ≈ 3", "✔"),
    ("10/3 ≈ 5", "✘"),
    ("3.33 * 3 = 10", "◌"),
    ("0.2 * 50 = 11", "✘"),
    (r"\sqrt{2} = 1.41", "✔"),
    (r"\(\pi \approx 3.14\)", "✔"),
    # units
    ("That makes 3 + 4 = 5!", "◌"),
    ("60 minutes = 1 hour", "✔"),
    ("2 hours = 120 minutes", "✔"),
    ("90 minutes / 60 = 1.5 hours", "✔"),
    ("30 * 4 = 2 hours", "◌"),
    (r"Then \(30 \times 4 = 2\) hours.", "◌"),
    ("2 hours + 30 minutes = 150 minutes", "✔"),
    ("12/3 = 4 hours 30 minutes", "◌"),
    ("5 boxes × 12 pens per box = 60 pens", "✔"),
    ("5 boxes * 12 pens/box = 61 pens", "✘"),
    ("3 cm × 4 cm = 12 cm²", "✔"),
    ("4 cats + 3 dogs = 8 animals", "✘"),
    ("5 million + 3 = 8 million", "◌"),
    ("3 dozen - 6 = 30", "◌"),
    ("30° + 60° = 90°", "✔"),
    (r"$6! = 6 \cdot 5!$.", "✔"),
    ("x(3) = 2^2 + 1", ""),
    (r"\(2\frac{1}{2} = 1\)", "◌"),
    (r"\(2\frac{1}{2} \cdot 3 = 3\)", "◌"),
    # what looks like arithmetic and is none
    (".8 + . 84 + .82 = 2.46", "◌"),
    (".1(minutes) + 1 = .15(minutes)", "◌"),
    ("0900-0130 = 0730", "◌"),
    ("Since 3/4 is equal to $15", "◌"),
    ("$100+($100*(10/100) = $110", "◌"),
    ("X = 9 because - 18/-2 = 9", "✔"),
    ("X = 8 because - 18/-2 = 8", "◌"),
    ("He made 150/50 = 4 times the bet", "✘"),
    ("3/3 - 2/3 = 1/3 of $150", "◌"),
    (r"$\frac{20}{2} = 10 \qquad \frac{10}{2} = 5$", "✔✔"),
    (r"$180^\circ(6-2)/6=120^\circ$", ""),
    ("16,0000/10 = 16000", "◌"),
    ("7 adults + Shonda (1) + 2 of her kids = 10", ""),
    ("1/10 of the man's land is equal to $460", "◌"),
    ("10% of the $400 + $1580 = $198", "◌"),
    ("5 x 1/2 = 10 halves", "◌"),
    ("100/3 = 33 with 1 remaining", "◌"),
    ("The units digit of 7 * 3 = 1", "◌"),
    (r"$\left[\frac{6008}{10}\right] = 601$", "◌"),
    (r"\begin{align*} 3 &= 1 + 1 \\ &\qquad + 1 \\ &\quad - 2 + 2 &= 3 \end{align*}", "◌◌"),
    ("7:50 + 30 = 8:20", "✔"),
    ("The ratio is 2:3 = 4:6", "✔"),
    ("1/2/2020 = 5", "◌"),
    ("3-5 = 3", "◌"),
    ("Read pages 3-5 = 3 pages", "◌"),
    ("Step 1 = 3 + 4", "◌"),
    ("On day 2 - 3 * 5 = 15", "◌"),
    ("The 3-piece set and a 20-year loan", ""),
    ("17/5 = 3 R 2", "✔"),
    ("17/5 = 3 remainder 2", "✔"),
    ("17 = 2 mod 5", "◌"),
    ("17 + 4 = 1 (mod 5)", "◌"),
    ("17 ≡ 2 (mod 5)", "✔"),
    ("101_2 = 5", "◌"),
    ("1.5e3 = 1500", "◌"),
    ("1 + 2 + 3 + ... + 10 = 55", "◌"),
    ("The number of 5 dollar bills = 3 * 4 = 12", "◌✔"),
    ("3 apples = 3 * 2 = 7", "◌✘"),
    ("2 + 3 = 5 * 4 = 20", "◌✔"),
    ("5 * 12 = 60 + 3 = 63", "◌✔"),
    ("2 + 3 = 5 * 4 = 21", "◌✘"),
    ("3 + 4 * 2 = 14", "◌"),
    ("3 + 4 * 2 = 15", "✘"),
    ("Is 3 * 4 = 13?", "◌"),
    ("Suppose 3 * 4 = 13.", "◌"),
    ("3 * 4 = 13 is not true.", "◌"),
    # letters
    ("Let x = 5", ""),
    ("x + 3 = 7", ""),
    ("2x = 10, so x = 5", "✔"),
    ("6A - $110 = $250", ""),
    ("5x-28=157", ""),
    ("Total = 15", ""),
    ("Total = 5 + 3 = 8", "✔"),
    ("Cost per pen = 12/3 = 5", "✘"),
    (r"\(x + 3 = 7\)", "◌"),
    (r"\(3x + 5 = 2\)", "◌"),
    (r"Expanding, \(2(x+3) = 2x + 6\).", "✔"),
    (r"Expanding, \(2(x+3) = 2x + 5\).", "◌"),
    (r"So $(x-1)(x+1) = x^2 - x + x - 1 = x^2 - 1$", "✔✔"),
    (r"Simplify: $\frac{x^2-1}{x-1} = x + 1$", "✔"),
    (r"Expand: $(a+b+c+d)^{8}(a+b+c+d)^{8} = (a+b+c+d)^{16}$", "◌"),
    # LaTeX
    (r"\(3^2 + 4^2 = 25\)", "✔"),
    (r"$3^{10} = 59049$ and $5$", "✔"),
    (r"$2^10 = 1024$ holds", "✔"),
    (r"\[ 12 \times \frac{2}{3} = 8 \]", "✔"),
    (r"\[ \text{Cost} = 12 \times \frac{2}{3} = 8 \text{ dollars} \]", "✔"),
    (r"\text{Cost} = 12 \times \frac{2}{3} = 9 \text{ dollars}", "✘"),
    (r"\(\frac12 + \frac13 = \frac56\)", "✔"),
    (r"\(2\frac{1}{2} \times 2 = 5\)", "✔"),
    (r"\(14{,}400 + 100 = 14{,}600\)", "✘"),
    (r"$942\times 76=71,\!592$", "✔"),
    (r"\(\sqrt{2} \cdot \sqrt{8} = 4\)", "✔"),
    (r"\(\binom{5}{2} = 10\)", "✔"),
    (r"\(\sqrt{2} + 1 = 3\)", "✘"),
    (r"\(\sqrt{9 + 16} = 6\)", "✘"),
    (r"\(\sqrt{9 + 16} = \sqrt{25} = 5\)", "✔✔"),
    (r"\(d = \sqrt{(10 + 8)^2 + (-10 + 8)^2} = \sqrt{18^2 + 0^2} = \sqrt{324} = 18\)", "✘✔✔"),
    (r"\(\sqrt[3]{27} = 4\)", "✘"),
    (r"\(\sqrt{50} = 7.07\)", "✔"),
    (r"\(\frac{3 + 4}{2} = 4.5\)", "✘"),
    (r"\(\frac{1}{2} = 3\)", "◌"),
    (r"\(\frac{\cos 60 + 1}{2} = \frac{3}{4}\)", "◌"),
    (r"\(\sin 30^\circ = \frac{1}{2}\)", "✔"),
    (r"\(\log_2 8 = 3\)", "✔"),
    (r"\(5 \cdot 4 = \boxed{20}\)", "✔"),
    (r"$$\left(3 + 4\right) \cdot 2 = 14$$", "✔"),
    (r"\begin{align*} 3 + 4 &= 7 \\ 2 \cdot 5 &= 11 \end{align*}", "✔✘"),
    (r"\[ \begin{pmatrix} 1 & 2 \end{pmatrix} = 3 \]", "◌"),
    (r"We get $0 = 1$, a contradiction.", "◌"),
    # order
    ("5 + 1 > 3", "✔"),
    ("12/2 < 5", "✘"),
    (r"\(2 \cdot 3 \le 6\)", "✔"),
    ("If 5 < 3 then", "◌"),
    (r"\(2^3 \neq 9\)", "✔"),
    # no statement at all
    ("", ""),
    ("He walked home.", ""),
    ("It costs $5 and $6.", ""),
    ("= = =", ""),
]


@pytest.mark.parametrize(("text", "marks"), FORMS)
def test_form(text: str, marks: str) -> None:
    claims = check_step(text)
    assert "".join(claim.verdict.mark for claim in claims) == marks, claims
    assert all(claim.reason for claim in claims)


CORRECTIONS: list[tuple[str, str]] = [
    ("7 × 8 = 54 tiles", "7 × 8 = 56 tiles"),
    ("He pays 5 * $2 = $11.", "He pays 5 * $2 = $10."),
    ("$2.50 * 3 = $7.60", "$2.50 * 3 = $7.50"),
    ("$7 / 2 = $3", "$7 / 2 = $3.50"),
    ("14,400 + 100 = 14,600", "14,400 + 100 = 14,500"),
    ("14400 + 100 = 14600", "14400 + 100 = 14500"),
    (r"\(14{,}400 + 100 = 14{,}600\)", r"\(14{,}400 + 100 = 14{,}500\)"),
    ("2.5 * 3 = 7.6", "2.5 * 3 = 7.5"),
    ("10/3 = 3.5", "10/3 = 3.33"),
    ("10 - 12 = 2", "10 - 12 = -2"),
    ("10 - 4 = -6", "10 - 4 = 6"),
    ("1/2 + 1/3 = 2/5", "1/2 + 1/3 = 5/6"),
    (r"\(\frac{1}{2} + \frac{1}{3} = \frac{2}{5}\)", r"\(\frac{1}{2} + \frac{1}{3} = \frac{5}{6}\)"),
    ("1 1/2 + 2 1/4 = 3 1/4", "1 1/2 + 2 1/4 = 3 3/4"),
    ("15/60 = 20%", "15/60 = 25%"),
    ("**Total:** 5 * 2 = **11**", "**Total:** 5 * 2 = **10**"),
    (
        r"\[ \text{Cost} = 12 \times \frac{2}{3} = 9 \text{ dollars} \]",
        r"\[ \text{Cost} = 12 \times \frac{2}{3} = 8 \text{ dollars} \]",
    ),
    (r"\(6 \cdot 7 = \boxed{41}\)", r"\(6 \cdot 7 = \boxed{42}\)"),
]


@pytest.mark.parametrize(("wrong", "right"), CORRECTIONS)
def test_correction_replaces_the_result_alone_and_in_its_own_style(wrong: str, right: str) -> None:
    (refuted,) = [claim for claim in check_step(wrong) if claim.verdict is Verdict.REFUTED]
    assert refuted.correction is not None
    start, end = refuted.correction.start, refuted.correction.end
    assert wrong[:start] + refuted.correction.replacement + wrong[end:] == right
    assert Verdict.REFUTED not in {claim.verdict for claim in check_step(right)}


def test_refutation_names_the_right_value_in_the_notation_of_the_step() -> None:
    (claim,) = check_step("So there are 7 × 8 = 54 tiles.")
    assert claim.text == "7 × 8 = 54"
    assert claim.reason == "7 × 8 = 54 is false: 7 × 8 = 56."


def test_decimals_that_the_problem_gives_are_exact() -> None:
    step = "3 pens cost 3 * $1.25 = $3.76."
    assert [claim.verdict for claim in check_step(step)] == [Verdict.UNVERIFIED]
    assert [claim.verdict for claim in check_step(step, problem="A pen costs $1.25.")] == [Verdict.REFUTED]


def test_base_named_in_the_problem_or_an_earlier_step_keeps_sums_from_being_refuted() -> None:
    assert check_step("7 + 1 = 10")[0].verdict is Verdict.REFUTED
    assert check_step("7 + 1 = 10", problem="Add in base 8.")[0].verdict is Verdict.UNVERIFIED
    assert check_step("7 + 1 = 10", earlier=["We work in base eight."])[0].verdict is Verdict.UNVERIFIED


def test_sign_that_the_problem_gives_another_meaning_is_not_read_as_a_product() -> None:
    step = r"$3*2 = 3^2 + 2 = 11$"
    assert Verdict.REFUTED in {claim.verdict for claim in check_step(step)}
    problem = "If $a*b = a^2 + b$, what is $3*2$?"
    assert [claim.verdict.mark for claim in check_step(step, problem=problem)] == ["◌", "✔"]


def test_result_without_a_single_number_gets_no_correction() -> None:
    (claim,) = check_step(r"\(3 + 4 = 2 \cdot 5\)")
    assert claim.verdict is Verdict.REFUTED
    assert claim.correction is None


def test_number_of_claims_is_capped_and_says_so() -> None:
    claims = check_step("1 + 1 = 2. " * 100)
    assert len(claims) == MAX_CLAIMS
    assert claims[-1].verdict is Verdict.UNVERIFIED


def test_text_beyond_the_limit_is_reported_as_unread() -> None:
    claims = check_step("word " * MAX_CHARACTERS + "1 + 1 = 3")
    assert [claim.verdict for claim in claims] == [Verdict.UNVERIFIED]
    assert str(MAX_CHARACTERS) in claims[0].reason


HOSTILE = ["1+", "(", "=", "$", r"\frac", "1 = ", "^", "((1+1)", r"\[", r"\text{", "{", "1,", "9^", "½", "√"]


@pytest.mark.parametrize(
    "piece", [*HOSTILE, "1/2 of ", "half of ", "**", "3+4=7 ", "2x", r"\begin{align}", "1 = 9^9^9"]
)
def test_hostile_text_ends_soon_and_is_not_verified(piece: str) -> None:
    text = (piece * MAX_CHARACTERS)[:MAX_CHARACTERS]
    started = time.monotonic()
    claims = check_step(text)
    assert time.monotonic() - started < 5
    assert len(claims) <= MAX_CLAIMS
    assert not any(claim.verdict is Verdict.REFUTED for claim in claims)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789 +-*/=().,$%^\\{}xfracsqt\n≈<:½&", max_size=80))
def test_any_text_is_survived_and_corrections_lie_within_it(text: str) -> None:
    for claim in check_step(text):
        if claim.correction is not None:
            assert 0 <= claim.correction.start < claim.correction.end <= len(text)


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 99_999), st.integers(1, 999), st.sampled_from("+-*"), st.integers(-9, 9))
def test_sums_are_judged_as_integers_say(first: int, second: int, operator: str, error: int) -> None:
    exact = {"+": first + second, "-": first - second, "*": first * second}[operator]
    (claim,) = check_step(f"Therefore {first} {operator} {second} = {exact + error} tickets.")
    assert claim.verdict is (Verdict.REFUTED if error else Verdict.VERIFIED)
    if error:
        assert claim.correction is not None
        assert claim.correction.replacement == str(exact)
