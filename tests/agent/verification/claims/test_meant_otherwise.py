"""What looks like a false statement and is none, or no statement at all: none of it is refuted. Each was once."""

from __future__ import annotations

import time

import pytest

from agent.domain import Verdict
from agent.verification.claims.claims import check_step

F = "Let $f(x) = x^2+1$. "
NOT_FALSE = [
    # letters side by side, letters that hang on others
    r"$\frac{d}{dx} ax^2 = 2ax$", r"$\frac{d}{dx}(ax^2+bx+c) = 2ax + b$",
    "Let $f(x) = x^n$. Then $f'(x) = nx^{n-1}$.",
    r"$\frac{d}{dx} xe^x = e^x + xe^x$", r"$\int kx \, dx = \frac{kx^2}{2} + C$", r"\(\frac{d}{dx} y = 2x\)",
    r"$\frac{d}{dx} f(x) = 2x$", "The derivative of y is 2x.", "The derivative of r is 2.", r"$\int v \, dt = s$",
    r"$\frac{d}{dx}(y^2) = 2y \frac{dy}{dx}$", r"$\int f(x) \, dx = F(x) + C$", r"$\int u \, dv = uv - \int v \, du$",
    "The derivative of $x^2y$ with respect to x is $2xy$.", "Let $f(x) = x|x|$; $f'(x) = 2|x|$",
    # a part of something larger
    r"$2 \int_0^1 x dx = 1$", r"$5 - \int_0^1 2x dx = 4$", r"$3 \frac{d}{dx} x^2 = 6x$",
    "Twice the derivative of x^2 is 4x.",
    F + r"$f(1) \cdot f(3) = 20$", F + "f(1)f(3) = 20.", F + r"$2\,f(3) = 20$", F + "$f(3) − f(1) = 8$",
    F + "Half of f(3) = 5",
    "The second derivative of x^3 is 6x.", "The double integral of $x$ is 4.",
    "gcd(12, 18) · lcm(12, 18) = 216", r"$2\gcd(4,6) = 4$", "gcd(4,6) + gcd(4,8) = 6", "12 / gcd(4, 6) = 6",
    "Twice the LCM of 4 and 6 is 24.", "The product of the GCD and LCM of 4 and 6 is 24.", "gcd(20,30,100) = 10",
    "In how many ways? C(5,2) C(3,1) = 30 ways", "5C2 × 3C1 = 30 combinations", "15 - C(5,2) = 5 combinations",
    r"$3 \cdot 17 \bmod 5 = 1$", "−17 mod 5 = 3", "3 plus 17 mod 5 = 0",
    "twice the remainder when 17 is divided by 5 is 4.",
    r"$2 \cdot 8$ is a perfect square.", "10^6 − 1 is divisible by 9.", "Twice 5 is even.",
    "12 choose 5 is divisible by 11.",
    "The sum of an odd number and 4 is odd.", "The exponent on 3 is even.", "Neither 15 nor 21 is prime.",
    "5 divides 12 − 2.", "7 divides 10 plus 4.", "84 is divisible by 5 − 2.", "10 divides 84 8 times with 4 left.",
    "3 is a factor of 7 dozen.", "4 divides 10, 12 or 14.", "35 is divisible by 2, 5, or 7.",
    "The gcd of 12 and 18 is 2 times 3.",
    "The remainder when 17 is divided by 5 is 7 − 5 = 2.", "The lcm of 20 and 30 is 1 hour.",
    # counts, lists, names
    "Of the 20 numbers, 11 are even and 9 are odd.", "Of them, 16 are divisible by 3 and 10 are divisible by 5.",
    "There are 10 numbers, 4 are prime and 6 are composite.", r"Since $14 = 2 \cdot 7$, $14$ is even.",
    "For $n=4$, $17$ is prime.", "In step 4, 17 is prime.", "None of the primes 2, 3, 5, 7 divides 97.",
    "One of the numbers 51, 53 is prime.", "4 and 6 are relatively prime to 35.",
    "6, 10 and 15 are relatively prime.",
    "12 is a prime example of an abundant number.", "Let P(x, y) = x + y in this order. Then P(1, 2) = 3.",
    "We select the constants: 2C_1 = 10, so C_1 = 5.",
    # no fact
    "2k = 13, so 13 is even. This is a contradiction.", r"Then $5 \mid 6$. Contradiction.",
    "One might think that 91 is prime.",
    "Statement I: 51 is prime.", "There is no way that 7 divides 85.", r"In $\mathbb{Z}[i]$, $2$ is not prime.",
    "In base 5, 13 is even.",
    "Let $f(x) = x^2 - 4x$. Setting $f'(x) = 0$, we get $x = 2$.",
    "Let $f(x) = x^3$. Then $f'(x) = 12$, so $x = 2$ or $x = -2$.",
    "The derivative of x^2 is 0 when x = 0.", "The derivative of $x^2$ is 6 at $x = 3$.",
    r"Then $\int_0^k 2x dx = 9$, so k = 3.",
    "The derivative of x^2 is positive for x > 0.", "$f'(2) = 4$", "$g''(0) = 2$", r"$f^{\prime}(2) = 4$", "a(1) = 3",
    r"With $f(x) = x^2-4x$, \[f'(x) = 0 \implies 2x - 4 = 0\]",
    # rounded, in pieces, in degrees
    "Let $f(x) = x/3$. Then $f(2) = 0.67$.", r"Let $g(x) = \sqrt{x}$. Then $g(2) = 1.41$.",
    r"$\int_0^1 x^2 dx = 0.33$",
    "Let f(x) = x^2 if x > 0, and -x otherwise. Then f(-2) = 2.",
    r"Let $f(x) = \begin{cases} x^2 & x > 0 \\ -x & x \le 0 \end{cases}$. Then $f(-2) = 2$.",
    "Let $f(x) = x^2$ with period 2 on $[-1, 1)$. $f(3) = 1$.", "Given that f(x) = 10, find x. We know f(3) = 7.",
    r"Let $h(x) = \sin x$. Then $h(30) = 0.5$.", r"$\frac{d}{dx} \log x = \frac{1}{x \ln 10}$",
    r"$\frac{d}{dx} \int_0^x t^2 dt = x^2$", "Substituting x = 3 into x^2 + 1 gives 2 solutions.",
    # equations that are not each other's next line
    "(y-2)(y-3) = 0\ny - 2 = 0\ny - 3 = 0", "Set each factor equal to zero:\n$$x-2=0$$\n$$x-3=0$$",
    r"\begin{align*} x - 2 &= 0 \\ x - 3 &= 0 \end{align*}", r"$2x-1 = 7 \quad 2x-1=-7$",
    "Solve each equation:\n2x = 10\n3x = 9",
    "n = 1: 3n + 2 = 5\nn = 2: 3n + 2 = 8\nn = 3: 3n + 2 = 11", "$1.08^3 x = 1000$, so $1.2597x = 1000$.",
    "7x = 50, so x = 8 buses, since we need to round up.", "2x = 7, so x = 3 since x is an integer.",
    "0.67x = 10, so x = 15",
    "30° + 2x = 90°. Subtracting 30° from both sides: 2x = 60°.",
    "5 apples + 2x = 12 apples. Subtract 5 from both sides: 2x = 7.",
    "Half of x + 5 = 9, so x + 10 = 18.", "Three times y - 1 = 8, so 3y = 9.", "20% of 2x = 8, so 2x = 40.",
    r"$2x = 180^\circ - 40^\circ$. Simplify: $2x = 140^\circ$.",
    "2x = 1 hour. Divide both sides by 2: x = 30 minutes.",
    "From (2) x + 3 = 7, so x = 4.", "2x + 3 = 7 (2)\nso 2x = 4", "s(1) = 4, so s(2) = 7.",
    "x + 20% = 60, so x = 50.",
    "We know 2x + 1 = 9. In addition, 3x = 15.", "x - 2 = 0 or x - 3 = 0", "so x - 2 = 0 or x - 3 = 0",
    "To solve $(x+2)(x+3) = x^2 + 10$, expand the left side.", "Expand and solve: $(x+1)^2 = x^2 + 5$",
    "Try factoring as $x^2 + 7x + 12 = (x+2)(x+6)$: the middle term is 8x.",
    # times, ratios
    "A quarter of an hour after 9:30 is 9:45.", "1 1/2 hours after 9:30 is 11:00.",
    "From 9:00 to 10:30 is an hour and a half.",
    "From 9:45 to 11:20 is 1 hour 35.", "Between 9:00 and 12:00 there are 20 minutes of break.",
    "2:30 + 1 minute = 3:30",
    "8:00 am + 5 hours = 10:00 am local time.", r"The ratio is $2 \cdot 3 : 9 = 2 : 3$.",
    "Aspect ratio 16:9 = 1.78:1",
    "The ratio of wins to losses is 3:1 = 3/4.", "The ratio 3:2 reduced to 1:1 after she left.",
    # found when the list was run again
    "So 3 tens plus 2 ones is 32.",
    "5 factorial divided by 3 factorial is 20.",
    "In Z_7, 5x = 3, so x = 2.",
    r"in $\mathbb{Z}_7$: $5x = 3$, so $x = 2$.",
    r"Given $f(x) = \frac{1}{x}$, $f(3) = 0.\overline{3}$",
    "Let $f(x) = 1.8x + 32$. Then $f(37) = 99$.",
    r"Hence $5 \mid 6$, ridiculous.",
    # verbs
    "1/4 is 10, so the whole is 40.", "So 5 + 3 is 2 too many.", "So 18 + 12 is 3 tens.",
    "So 15 - 20 is 5 below zero.",
    "1 inch is 10 miles.", "So $5 + $3 is $2 too much.", "3 × 30 minutes is 2 lessons.",
    r"$11 + 2 \equiv 6 \pmod{12-5}$",
]  # fmt: skip
NOT_TRUE = [
    r"$2^{10} \equiv 4 \pmod{10^2}$", r"$16 \equiv 1 \pmod{3 \cdot 7}$", "24 is divisible by 3 and 7.",
    "12 is a multiple of 3 and of 5.",
    "Neither 5 nor 7 is prime.", "15 − 5 is prime.", "Twice 3 is odd.", "3 divides 9 − 1.",
    "The gcd of 12 and 18 is 6 times 2.",
    "The second derivative of x^3 is 3x^2.", r"$2 \int_0^1 x dx = 1/2$", F + "2 f(3) = 10",
    "2x = 180° - 40°, so x = 90°.",
    "30° + x = 90°, so x = 90°.", "From 8:00 to 21:00 is 1 hour.", "From 13:00 to 15:00 is 14 hours.",
    "14:00 + 1 hour = 3:00 am.",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_FALSE)
def test_it_is_not_refuted(text: str) -> None:
    assert [claim.reason for claim in check_step(text) if claim.verdict is Verdict.REFUTED] == []


@pytest.mark.parametrize("text", NOT_TRUE)
def test_it_is_not_confirmed(text: str) -> None:
    # What an old reader confirms of another part of the text is no matter here.
    confirmed = [claim.text for claim in check_step(text) if claim.verdict is Verdict.VERIFIED]
    assert confirmed == []


@pytest.mark.parametrize(
    "text",
    [
        "Substituting n = 200000000 into 3^n gives 5.", "Let $f(x) = (x^x)^x$. Then $f(9999) = 5$.",
        "Let f(x) = 999^(999x). Then f(999999) = 5.", "(x+1)^{50}(x+2)^{50}(x+3)^{50} = x",
        "$x^2 = 4$, so $(x+1)^{50}(x+2)^{50}(x+3)^{50} = 0$",
    ],
)  # fmt: skip
def test_it_is_judged_soon(text: str) -> None:
    started = time.process_time()
    check_step(text)
    assert time.process_time() - started < 1
