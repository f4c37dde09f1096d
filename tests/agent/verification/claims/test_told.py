"""What sentences and lines say, beside plain calculations: the table is the documentation.

Marks as in test_claims: ✔ verified, ✘ refuted, ◌ unverified, "" where nothing is claimed.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agent.domain import Claim, Verdict
from agent.verification.claims.claims import check_step

FORMS: list[tuple[str, str]] = [
    # told with a verb
    ("20% of 50 is 10.", "✔"),
    ("20% of 50 is 12.", "✘"),
    ("So half of 14 is 7.", "✔"),
    ("7 × 6 gives 44.", "✘"),
    ("We see that 12/4, which is 3, is enough.", "✔"),
    ("72 inches is 6 feet.", "✔"),
    ("72 inches is 7 feet.", ""),
    ("The value of $3 + 4$ is $8$.", ""),
    ("3 + 4 is 2 more than 5.", ""),
    ("3 + 4 is 7 times as much.", ""),
    ("2/3 is $5", ""),
    ("The sum of 3, 4 and 5 is 12.", "✔"),
    ("The product of 3 and 4 is 13.", "✘"),
    ("The sum of 3 and 4 is 8 more than that.", ""),
    ("Twice the sum of 3 and 4 is 14.", ""),
    ("7 squared is 48.", "✘"),
    ("The square of 7 is 49.", "✔"),
    # ratios
    ("12:18 = 2:3", "✔"),
    ("12 : 18 = 2 : 3", "✔"),
    ("6:9:12 = 2:3:4", "✔"),
    ("12:18 simplifies to 2:3.", "✔"),
    ("The ratio is 12:18 = 3:2.", "✘"),
    ("12:18 = 2/3", "✔"),
    ("12:18 = 3:4", "◌"),  # a score, perhaps
    ("6:9:12 = 2:3", "◌"),
    # times of day
    ("9:30 am + 45 minutes = 10:15 am", "✔"),
    ("9:30 am + 45 minutes = 10:20 am", "✘"),
    ("11:30 pm + 45 minutes = 12:15 am", "✔"),
    ("7:50 + 30 = 8:20", "✔"),
    ("7:50 + 30 = 8:30", "◌"),
    ("10:15 - 1 hour 30 minutes = 8:45", "✔"),
    ("45 minutes after 9:30 is 10:15.", "✔"),
    ("2 hours before 1:15 pm is 11:15 am.", "✔"),
    ("From 9:45 to 11:20 is 1 hour 35 minutes.", "✔"),
    ("From 9:45 to 11:20 is 1 hour 25 minutes.", "✘"),
    ("From 11:30 to 1:00 is 1.5 hours.", "✔"),
    ("11:20 - 9:45 = 95 minutes", "✔"),
    ("9:00 pm - 9:00 am = 12 hours", "✔"),
    # primes, divisibility
    ("17 is prime.", "✔"),
    ("91 is prime.", "✘"),
    ("$91$ is a prime number.", "✘"),
    ("91 is not prime.", "✔"),
    ("1 is prime.", "✘"),
    ("2, 3 and 5 are primes.", "✔"),
    ("2, 9 and 5 are all prime.", "✘"),
    ("2, 9 and 5 are not prime.", "◌"),
    ("91 is composite.", "✔"),
    ("8 is prime to 15.", ""),
    ("Is 91 prime? If 91 is prime, we stop.", ""),
    ("All primes greater than 2 are odd.", ""),
    ("2 + 7 is prime.", ""),
    ("12 is even and 13 is odd.", "✔"),
    ("13 is even.", "✘"),
    ("13 is even larger.", ""),
    ("49 is a perfect square.", "✔"),
    ("50 is a perfect square.", "✘"),
    ("27 is a perfect cube.", "✔"),
    ("84 is divisible by 7.", "✔"),
    (r"$52\,284$ is divisible by 6.", ""),
    ("85 is divisible by 7.", "✘"),
    ("85 is not divisible by 7.", "✔"),
    ("84 isn't divisible by 7.", "✘"),
    ("84 is divisible by 5 or 7.", ""),
    ("84 is a multiple of 12.", "✔"),
    ("7 is a factor of 85.", "✘"),
    ("3 is a prime factor of 12.", "✔"),
    ("4 is a prime factor of 12.", "✘"),
    ("7 divides 84.", "✔"),
    ("7 does not divide 85.", "✔"),
    (r"$7 \mid 85$", "✘"),
    ("7 divides 5 of the numbers.", ""),
    ("8 and 15 are relatively prime.", "✔"),
    ("8 and 12 are coprime.", "✘"),
    ("100000000000 is prime.", "◌"),
    # common divisors and multiples
    ("gcd(12, 18) = 6", "✔"),
    (r"$\gcd(12, 18) = 5$", "✘"),
    (r"$\text{lcm}(4, 6) = 24$", "✘"),
    ("The greatest common divisor of 12 and 18 is 6.", "✔"),
    ("The LCM of 4 and 6 is 24.", "✘"),
    ("The least common multiple of 4, 6 and 10 is 60.", "✔"),
    # remainders, congruences
    ("17 divided by 5 leaves a remainder of 2.", "✔"),
    ("The remainder when 17 is divided by 5 is 3.", "✘"),
    ("When 17 is divided by 5, the remainder is 2.", "✔"),
    ("17 leaves a remainder of 3 when divided by 5.", "✘"),
    ("17 mod 5 = 2", "✔"),
    ("17 / 5 = 3 remainder 2", "✔"),
    ("17 / 5 = 3 remainder 1", "✘"),
    (r"$17 \equiv 2 \pmod 5$", "✔"),
    (r"$3 \cdot 4 \equiv 3 \pmod{5}$", "✘"),
    (r"$2^{10} \equiv 1024 \equiv 4 \pmod{5}$", "✔✔"),
    (r"$x \equiv 2 \pmod 5$", ""),
    # choices
    ("C(5, 2) = 10", "✔"),
    ("C(5, 2) = 12", "◌"),  # a cost, perhaps
    ("The number of ways to choose them is C(5, 2) = 12.", "✘"),
    ("P(5, 2) = 20", "✔"),
    ("5 choose 2 is 10.", "✔"),
    (r"$_5C_2 = 10$", "✔"),
    (r"$\binom{5}{2} = 11$", "✘"),
    # equations, line by line
    ("2x = 10, so x = 5.", "✔"),
    ("2x + 3 = 7, so 2x = 5.", "✘"),
    ("2x + 3 = 7\nSubtract 3 from both sides:\n2x = 4", "✔"),
    ("2x + 3 = 7\nSubtract 3 from both sides:\n2x = 10", "✘"),
    (r"\[2x + 3 = 7\]" "\n" r"\[2x = 4\]" "\n" r"\[x = 2\]", "◌✔✔"),
    (r"\begin{align*}2x+3&=7\\2x&=5\end{align*}", "◌◌"),
    (r"$\frac{x}{2} + 1 = 4 \implies x + 2 = 8$", "◌✔"),
    ("x^2 = 9, so x = 3 or x = -3.", "✔✔"),
    ("x^2 = 9, so x = 4.", ""),
    ("3x = 10, so x = 3.33.", "✔"),
    ("2x = 4 and in the other case 2x = 6.", ""),
    ("x = 2 and x = 5", ""),
    ("the equations $2x - 7 = 0$ and $4x - 5 = 0$", "◌◌"),
    ("the equations $2x - 7 = 0$, $4x - 5 = 0$", "◌◌"),
    ("f(2) = 3, so f(3) = 5", ""),
    ("```python\nx + 1 = 3\nx = 4\n```", ""),
    # values put in
    ("Substituting x = 3 into 2x + 1 gives 7.", "✔"),
    ("Substituting $x = 3$ into $2x + 1$ gives $8$.", "✘"),
    ("Let $f(x) = x^2 + 1$. Then $f(3) = 10$.", "◌✔"),
    ("Let $f(x) = x^2 + 1$. Then $f(3) = 11$.", "◌✘"),
    ("So $f(x) = x^2 + 1$ and $f(3) = 11$.", "◌◌"),
    # formulas that are the same
    ("$x^2 - 5x + 6 = (x-2)(x-3)$", "✔"),
    ("Factor: $x^2 - 5x + 6 = (x-2)(x+3)$", "✘"),
    ("$x^2 - 5x + 6 = (x-2)(x+3)$", "◌"),
    ("Expand: $(x+1)^2 = x^2 + x + 1$", "◌"),
    ("Factor and solve $x^2 = 2(x+3)$", "◌"),
    # derivatives and integrals
    (r"$\frac{d}{dx} x^2 = 2x$", "✔"),
    (r"$\frac{d}{dx}(x^2+1) = 3x$", "✘"),
    (r"$\frac{d}{dx} \sin(x) = \cos(x)$", "✔"),
    ("The derivative of x^3 is 3x^2.", "✔"),
    ("The derivative of $x^3$ is $2x^2$.", "✘"),
    ("Let $f(x) = x^2 + 1$. Then $f'(x) = 2x$.", "◌✔"),
    (r"\[\int 2x \, dx = x^2 + C\]", "✔"),
    (r"\[\int 2x \, dx = x^3 + C\]", "✘"),
    (r"\[\int_0^1 2x \, dx = 1\]", "✔"),
    (r"\[\int_0^1 2x \, dx = 2\]", "✘"),
    (r"$\frac{d}{dx} \sin^2(x) = \sin(2x)$", "◌"),  # right, and not proved
]


def marks(claims: list[Claim]) -> str:
    return "".join(claim.verdict.mark for claim in claims)


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_form(text: str, expected: str) -> None:
    claims = check_step(text)
    assert marks(claims) == expected, claims
    assert all(claim.reason for claim in claims)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("The LCM of 4 and 6 is 24.", "The LCM of 4 and 6 is 12."),
        ("The remainder when 17 is divided by 5 is 3.", "The remainder when 17 is divided by 5 is 2."),
        ("5 choose 2 is 12.", "5 choose 2 is 10."),
        ("The product of 1,000 and 3 is 2,000.", "The product of 1,000 and 3 is 3,000."),
        ("20% of 50 is 12.", "20% of 50 is 10."),
        ("He leaves. 9:30 + 45 minutes = 10:20", "He leaves. 9:30 + 45 minutes = 10:15"),
        ("He leaves. 22:30 + 45 minutes = 23:20", "He leaves. 22:30 + 45 minutes = 23:15"),
    ],
)
def test_a_correction_replaces_the_result_alone(wrong: str, right: str) -> None:
    (refuted,) = [claim for claim in check_step(wrong) if claim.verdict is Verdict.REFUTED]
    assert refuted.correction is not None
    start, end = refuted.correction.start, refuted.correction.end
    assert wrong[:start] + refuted.correction.replacement + wrong[end:] == right
    assert Verdict.REFUTED not in {claim.verdict for claim in check_step(right)}


def test_a_line_is_held_beside_the_equation_of_an_earlier_step_and_not_refuted_by_it() -> None:
    earlier = ["We have $2x + 3 = 7$."]
    assert marks(check_step("So $2x = 4$.", earlier)) == "✔"
    assert marks(check_step("So $2x = 5$.", earlier)) == "◌"
    assert marks(check_step("Subtract 3 from both sides: $2x = 5$.", earlier)) == "◌"  # another equation may be meant


def test_lost_and_gained_solutions_are_said_and_not_refuted() -> None:
    (_, claim) = check_step("$x^2 = 3x$, so $x - 3 = 0$.")
    assert (claim.verdict, claim.reason) == (
        Verdict.UNVERIFIED, "Not every solution of x^2 = 3x is one of x - 3 = 0.",
    )  # fmt: skip


@given(st.integers(1, 2_000), st.integers(1, 60))
def test_divisibility_is_judged_as_it_is(a: int, b: int) -> None:
    holds = a % b == 0
    assert marks(check_step(f"{a} is divisible by {b}.")) == ("✔" if holds else "✘")
    assert marks(check_step(f"{a} is not divisible by {b}.")) == ("✘" if holds else "✔")
    assert marks(check_step(f"The gcd of {a} and {b} is {math.gcd(a, b)}.")) == "✔"
    assert marks(check_step(f"The gcd of {a} and {b} is {math.gcd(a, b) + 1}.")) == "✘"


@given(st.integers(0, 23), st.integers(0, 59), st.integers(1, 600), st.integers(1, 300))
def test_a_time_later_is_judged_as_it_is(hour: int, minute: int, later: int, error: int) -> None:
    def shown(minutes: int) -> str:
        hours, rest = divmod(minutes % 1440, 60)
        return f"{hours % 12 or 12}:{rest:02} {'a' if hours < 12 else 'p'}m"

    start = 60 * hour + minute
    assert marks(check_step(f"{shown(start)} + {later} minutes = {shown(start + later)}")) == "✔"
    assert marks(check_step(f"{shown(start)} + {later} minutes = {shown(start + later + error)}")) == "✘"


@given(st.integers(-9, 9).filter(bool), st.integers(-20, 20), st.integers(-20, 20), st.integers(1, 9))
def test_a_transformed_equation_is_judged_by_its_solutions(a: int, b: int, root: int, error: int) -> None:
    assume(a * root + b or a * root + error)
    equation = f"{a}x + {b} = {a * root + b}".replace("+ -", "- ")
    assert marks(check_step(f"We get ${equation}$, so ${a}x = {a * root}$.")) == "◌✔"
    assert marks(check_step(f"We get ${equation}$, so ${a}x = {a * root + error}$.")) == "◌✘"
