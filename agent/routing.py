"""Decides, without a model call, how a message is answered: worked out, computed, explained or declined."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.domain import Route
from agent.verification.recognition import recognise

MAX_CHARACTERS = 4_000

EMPTY = "There is no problem here yet: write one, for example “A shop sells 3 pens for $2. How much do 12 pens cost?”"
TOO_LONG = f"This is longer than {MAX_CHARACTERS:,} characters: send one problem at a time, without the text around it."
WORDLESS = "I find no words and no numbers in this: write the problem out as a sentence or an equation."
OFF_TOPIC = (
    "I am a mathematics tutor, and I see no mathematics in this: ask me a problem or about an idea in mathematics."
)

_NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million "
    "billion dozen half halves third thirds quarter quarters twice thrice double triple first second"
)
# Words of school mathematics in general; any one of them makes a message mathematical.
_MATHEMATICS = (
    "math maths mathematics mathematical arithmetic algebra geometry calculus trigonometry statistics probability "
    "number numbers numeral digit digits integer integers fraction fractions decimal decimals percent percentage "
    "percentages ratio ratios proportion proportions sum difference product quotient remainder divisor divisors "
    "divisible divide division multiply multiplication multiple multiples factor factors factorial prime primes "
    "composite gcd lcm add addition subtract subtraction plus minus times equation equations inequality "
    "inequalities expression variable unknown polynomial polynomials quadratic linear cubic exponent exponents "
    "exponential power powers root roots logarithm logarithms log function functions graph slope intercept "
    "derivative derivatives differentiate integral integrals integrate limit limits sequence series "
    "permutation permutations combination combinations matrix matrices vector vectors determinant mean median "
    "mode average variance deviation distribution triangle triangles circle circles square squares rectangle "
    "rectangles polygon polygons angle angles radius diameter circumference perimeter area volume hypotenuse "
    "theorem pythagoras pythagorean proof prove sine cosine tangent sin cos tan pi set sets subset parabola "
    "vertex modulo congruence binomial coefficient coefficients symmetric congruent parallel perpendicular "
    "cube cylinder cone sphere prism axiom simplify formula infinity rational irrational complex imaginary real"
)  # fmt: skip
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_NUMBER_WORDS.split())})\b", re.I)
_MATHEMATICS_WORD = re.compile(rf"\b(?:{'|'.join(_MATHEMATICS.split())})\b", re.I)
_CONCEPT = re.compile(
    r"^\W*(?:please\s+|can you\s+|could you\s+)*"
    r"(?:explain|define|describe|why\b|what(?:'s| is| are| does)\b(?!.*\b(?:how (?:many|much))\b)"
    r"|how (?:do|does|can|is|are)\b|when (?:do|is|are)\b|tell me about|teach me|prove|state\b|give (?:me )?an example)",
    re.I | re.S,
)
_ASKS_A_VALUE = re.compile(r"\bhow (?:many|much|long|far|old|tall|fast|often|big|large)\b|\bfind\b|\bcalculate\b", re.I)
_FOLLOWS_UP = re.compile(
    r"^\W*(?:and\b|what if\b|how about\b|what about\b|why\b|but\b|so\b|then\b|now\b|if instead\b|suppose instead\b"
    r"|same (?:for|with|but)\b|instead\b|explain (?:that|this|it|step)\b|can you explain (?:that|this|it|step)\b)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """`question` is the problem by itself; `reply` is what a declined message is answered with."""

    route: Route
    question: str
    follow_up: bool = False
    reply: str = ""


def decide(message: str, previous: str = "") -> Decision:
    """How to answer `message`; `previous` is the question before it in the same conversation, if any."""
    text = message.strip()
    declined = _why_decline(text)
    if declined:
        return Decision(Route.DECLINED, text, reply=declined)
    follow_up = bool(previous) and bool(_FOLLOWS_UP.match(text)) and len(text) <= 300
    question = f"{previous}\n{text}"[-MAX_CHARACTERS:] if follow_up else text
    if not follow_up and recognise(text) is not None:
        return Decision(Route.SYMBOLIC, question)
    if not follow_up and not _is_mathematical(text):
        return Decision(Route.DECLINED, text, reply=OFF_TOPIC)
    if _is_concept(text, follow_up):
        return Decision(Route.CONCEPT, question, follow_up)
    return Decision(Route.WORD_PROBLEM, question, follow_up)


def _why_decline(text: str) -> str:
    if not text:
        return EMPTY
    if len(text) > MAX_CHARACTERS:
        return TOO_LONG
    if not re.search(r"[^\W_]", text):
        return WORDLESS
    return ""


def _is_mathematical(text: str) -> bool:
    return bool(re.search(r"\d|[=+×÷√π∫∑]", text) or _NUMBER_WORD.search(text) or _MATHEMATICS_WORD.search(text))


def _is_concept(text: str, follow_up: bool) -> bool:
    """A question about an idea: it starts like one and gives no quantities to calculate with."""
    if not _CONCEPT.match(text) or _ASKS_A_VALUE.search(text):
        return False
    starts_with_why = re.match(r"^\W*(?:explain|why|define|describe|prove)\b", text, re.I)
    quantities = re.search(r"\d", text) or _NUMBER_WORD.search(text)
    return bool(starts_with_why) or not (quantities or follow_up)
