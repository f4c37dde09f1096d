"""Decides, without a model call, how a message is answered: worked out, computed, explained or declined."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.domain import Route
from agent.intents import LONG, Intent, intent_of
from agent.verification.recognition.recognition import recognise

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
    "cube cylinder cone sphere prism axiom simplify formula infinity rational irrational complex imaginary real "
    "figures rounding estimate estimation shape shapes hexagon pentagon octagon diagonal induction tables bodmas "
    "pemdas hypothesis sample correlation gradient tangents quartile histogram tessellation standard "
    "zahl zahlen bruch brüche gleichung gleichungen prozent dreieck kreis ableitung mathe primzahl "
    "nombre nombres fraction fractions équation équations pourcentage pourcentages triangle cercle dérivée "
    "número números fracción fracciones ecuación ecuaciones porcentaje triángulo círculo derivada matemáticas primo"
)  # fmt: skip
_NUMBERS_IN_WORDS = frozenset(_NUMBER_WORDS.split())
_MATHEMATICAL = _NUMBERS_IN_WORDS | frozenset(_MATHEMATICS.split())
_WORD = re.compile(r"\w+")
_CONCEPT = re.compile(
    r"^\W*(?:please\s+|can you\s+|could you\s+)*"
    r"(?:explain|define|describe|why\b|what(?:'s| is| are| does)\b(?!.*\b(?:how (?:many|much))\b)"
    r"|how (?:do|does|can|is|are|to)\b|when (?:do|is|are)\b|tell me about|teach me|prove|state\b|meaning of\b"
    r"|give (?:me )?an example|was (?:ist|sind|bedeutet)\b|wie (?:funktioniert|geht|addiert|rechnet)\b|erkl[aä]r"
    r"|c'est quoi\b|qu'est-ce qu|comment\b|expliqu|qu[eé] (?:es|son|significa)\b|c[oó]mo\b|explica)",
    re.I | re.S,
)
# A counting problem need not hold a number, nor a word of the list.
_ASKS_A_COUNT = re.compile(r"\bhow many (?:\w+ ){0,2}(?:ways|arrangements|orders|orderings|outcomes|routes)\b", re.I)
_ASKS_A_VALUE = re.compile(r"\bhow (?:many|much|long|far|old|tall|fast|often|big|large)\b|\bfind\b|\bcalculate\b", re.I)
_FOLLOWS_UP = re.compile(
    r"^\W*(?:and\b|what if\b|how about\b|what about\b|why\b|but\b|so\b|then\b|if instead\b|suppose instead\b"
    r"|same (?:for|with|but)\b|instead\b|(?:can you )?explain (?:that|this|it|step(?! by step))\b)",
    re.I,
)
_ROUTES = {
    Intent.HINT: Route.HINT,
    Intent.SHOW: Route.HINT,
    Intent.CHECK: Route.CHECK,
    Intent.PRACTISE: Route.PRACTISE,
    Intent.WHY: Route.FOLLOW_UP,
    Intent.ANOTHER_WAY: Route.FOLLOW_UP,
    Intent.SIMPLER: Route.FOLLOW_UP,
    Intent.LANGUAGE: Route.FOLLOW_UP,
    Intent.OBJECTION: Route.OBJECTION,
    Intent.SUPPORT: Route.SUPPORT,
}
_NOT_OFFERED = {
    Route.PRACTISE: "To practise, open the page “Practice”, or write: mathlearn practice. There I set you problems.",
}
_PROBLEM_AFTER = re.compile(r"[:.!]\s+|\n|\b(?:for|on|with|this)\b\W+")


@dataclass(frozen=True, slots=True)
class Decision:
    """`question` is the problem that the message is about, by itself: its own, or the one before it.

    `intent` says more closely what is asked, None for a plain problem or question; `reply` is what a declined
    message is answered with.
    """

    route: Route
    question: str
    follow_up: bool = False
    reply: str = ""
    intent: Intent | None = None


def decide(message: str, previous: str = "") -> Decision:
    """How to answer `message`; `previous` is the problem before it in the same conversation, if any."""
    text = message.strip()
    declined = _why_decline(text, bool(previous))
    if declined:
        return Decision(Route.DECLINED, text, reply=declined)
    intent = intent_of(text, in_conversation=bool(previous))
    if intent is Intent.SMALL_TALK:
        return Decision(Route.DECLINED, text, reply=OFF_TOPIC, intent=intent)
    if intent in _ROUTES:
        return _teach(intent, text, previous)
    symbolic = recognise(text) is not None
    follow_up = intent is Intent.CHANGED or (
        bool(previous) and not symbolic and bool(_FOLLOWS_UP.match(text)) and len(text) <= LONG
    )
    question = f"{previous}\n{text}"[-MAX_CHARACTERS:] if follow_up else text
    if not follow_up and symbolic:
        return Decision(Route.SYMBOLIC, question)
    if not follow_up and not _is_mathematical(text):
        return Decision(Route.DECLINED, text, reply=OFF_TOPIC)
    if _is_concept(text, follow_up):
        return Decision(Route.CONCEPT, question, follow_up)
    return Decision(Route.WORD_PROBLEM, question, follow_up, intent=intent)


def decide_as(meant: Route, message: str, previous: str = "") -> Decision:
    """How to answer `message` where the student has said how it is meant, after a wrong guess.

    `meant` is one of WORD_PROBLEM (whichever way it is solved), CONCEPT, HINT, CHECK and FOLLOW_UP.
    """
    text = message.strip()
    declined = _why_decline(text, bool(previous))
    if declined:
        return Decision(Route.DECLINED, text, reply=declined)
    if meant is Route.FOLLOW_UP and previous:
        return Decision(Route.WORD_PROBLEM, f"{previous}\n{text}"[-MAX_CHARACTERS:], follow_up=True)
    if meant is Route.CONCEPT or (meant is Route.CHECK and previous):
        return Decision(meant, text if meant is Route.CONCEPT else previous, follow_up=meant is Route.CHECK)
    if meant is Route.HINT:
        own = "" if previous and not _is_mathematical(text) else text
        return Decision(Route.HINT, own or previous, follow_up=not own)
    return Decision(Route.SYMBOLIC if recognise(text) is not None else Route.WORD_PROBLEM, text)


def _teach(intent: Intent, text: str, previous: str) -> Decision:
    """A message that helps along: about the problem in it, where it brings one, else about the one before it."""
    route = _ROUTES[intent]
    own = _problem_in(text) if route is Route.HINT else ""
    if route is Route.HINT and not own and not previous:
        return Decision(Route.SUPPORT, "", intent=intent)
    reply = _NOT_OFFERED.get(route, "")
    return Decision(route, own or previous, follow_up=bool(previous) and not own, reply=reply, intent=intent)


def _problem_in(text: str) -> str:
    """The problem that a request for a hint brings along ("a hint for this: …"), "" where it brings none."""
    parts = [text[match.end() :].strip() for match in _PROBLEM_AFTER.finditer(text)]
    parts += [text[: match.start() + 1].strip() for match in re.finditer(r"[?.!](?=\s)", text)]
    whole = [part for part in parts if recognise(part) is not None]
    if whole:
        return max(whole, key=len)
    worded = [part for part in parts if re.search(r"\d", part) and len(part.split()) >= 5 and _is_mathematical(part)]
    without = [part for part in worded if intent_of(part, in_conversation=False) is not Intent.HINT]
    return max(without or worded, key=len, default="")


def _why_decline(text: str, in_conversation: bool) -> str:
    if not text:
        return EMPTY
    if len(text) > MAX_CHARACTERS:
        return TOO_LONG
    if not re.search(r"[^\W_]", text) and not (in_conversation and re.fullmatch(r"[?!.\s]*\?[?!.\s]*", text)):
        return WORDLESS
    return ""


def _is_mathematical(text: str) -> bool:
    if re.search(r"\d|[=+×÷√π∫∑]", text) or _ASKS_A_COUNT.search(text):
        return True
    return not _MATHEMATICAL.isdisjoint(_WORD.findall(text.lower()))


def _is_concept(text: str, follow_up: bool) -> bool:
    """A question about an idea: it starts like one and gives no quantities to calculate with."""
    if not _CONCEPT.match(text) or _ASKS_A_VALUE.search(text):
        return False
    starts_with_why = re.match(r"^\W*(?:explain|why|define|describe|prove)\b", text, re.I)
    quantities = re.search(r"\d", text) or not _NUMBERS_IN_WORDS.isdisjoint(_WORD.findall(text.lower()))
    return bool(starts_with_why) or not (quantities or follow_up)
