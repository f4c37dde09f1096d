"""Knows whether a stretch of text is one unambiguous formula, word for word; serves recognition without SymPy.

The formula comes back as explicit ASCII: every product has its `*`, every function its brackets. What has two
usual readings (`1/2x`, `e^2x`, `log x`, `2 3`) is no formula here, and neither is anything with a word in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from agent.errors import Unreadable
from agent.verification.reading.notation import normalise

MAX_CHARACTERS = 500
_MAX_DEPTH = 25

_FUNCTIONS = {
    "sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan", "sinh", "cosh", "tanh", "ln", "exp",
    "sqrt", "abs",
}  # fmt: skip
_INVERSES = {"arcsin": "asin", "arccos": "acos", "arctan": "atan"}
_OF_ANGLES = ("sin", "cos", "tan", "cot", "sec", "csc")
GREEK = "alpha beta gamma delta theta lambda mu rho phi omega"
_GREEK = frozenset(GREEK.split())
_COMMANDS = _FUNCTIONS | _GREEK | {
    "frac", "dfrac", "tfrac", "binom", "dbinom", "tbinom", "cdot", "times", "div", "left", "right", "arcsin",
    "arccos", "arctan", "log", "pi", "infty", "displaystyle", "lvert", "rvert", "circ", "big", "Big", "bigl",
    "bigr", "Bigl", "Bigr",
}  # fmt: skip
_COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
# Letters written together are a product only where they can be no word.
_LETTERS = re.compile(r"[abc][xyz]{1,3}|[xyz]{2,3}|abc|ab|ac|bc|mn|pq|rs|uv")
_NOT_LETTERS = {"by", "ay"}
_GLUED = re.compile(r"(x?)(sin|cos|tan|ln|exp|sqrt)(x?)")
# Two usual readings each: 2^3x, e^2x, x^1/2, 2e3, \log_28 and 0x10.
_UNCLEAR = re.compile(
    r"(?:(?<![A-Za-z])e|[0-9])\s*\^\s*[0-9]+[A-Za-z(]|\^\s*-?1/[0-9]|[0-9][eE][+-]?[0-9]|\\log\s*_\s*[0-9]{2}"
    r"|(?<![0-9])0[xX][0-9]"
)
_SPACED_X = re.compile(r"(?<=[0-9)])\s+([xX])\s+(?=[-+*/=<>^)(]|$)")
_TIMES_X = re.compile(r"(?<=[0-9)])(?:\s*[xX]\s*(?=[0-9])|\s+[xX]\s+(?=\())")
_DEGREES = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(?:°|\^\s*(?:\{\s*\\circ\s*\}|\\circ(?![A-Za-z])))")
_TOKEN = re.compile(
    r"(?P<space>\s*)(?:(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)|(?P<word>[A-Za-z]+(?:_[0-9]+)?)|(?P<sign>[-+*/^()\[\]!,]))"
)
_BASE = re.compile(r"log_([0-9]+)")
_FIRST_SIDE = re.compile(r"<=|>=|!=|==|≠|\\neq?(?![A-Za-z])|[=<>≤≥]|\\(?:leq?|geq?|lt|gt)(?:slant)?(?![A-Za-z])")
_RELATIONS = {"≤": "<=", "≥": ">=", r"\le": "<=", r"\leq": "<=", r"\ge": ">=", r"\geq": ">=", "==": "="}
_RELATIONS |= {r"\lt": "<", r"\gt": ">", r"\leqslant": "<=", r"\geqslant": ">="}


@dataclass(frozen=True, slots=True)
class Formula:
    """`text` is explicit ASCII; `names` its unknowns; `work` counts operations; `terms` those of the outer sum."""

    text: str
    names: frozenset[str]
    work: int
    terms: int


@dataclass(frozen=True, slots=True)
class Relation:
    """Formulas with the signs between them: one `=`, or one or two of `<`, `>`, `<=`, `>=`."""

    sides: tuple[Formula, ...]
    signs: tuple[str, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset().union(*(side.names for side in self.sides))

    @property
    def text(self) -> str:
        rest = zip(self.signs, self.sides[1:], strict=True)
        return self.sides[0].text + "".join(f" {sign} {side.text}" for sign, side in rest)


class _Token(NamedTuple):
    kind: str
    value: str
    spaced: bool


def read_formula(text: str, *, imaginary: bool = False) -> Formula | None:
    """The formula that `text` is as a whole, or None. ASCII, Unicode and LaTeX; at most 500 characters.

    An i is nothing, as it may be a one or an L; with `imaginary` it is a name like others.
    """
    text = text.strip()
    if not 0 < len(text) <= MAX_CHARACTERS or "\n" in text or not _commands_known(text):
        return None
    text = text.replace("**", "^")
    if "°" in text or "circ" in text:
        if not any(name in text for name in _OF_ANGLES):
            return None
        text = _DEGREES.sub(r"(\1*pi/180)", text)
    if _UNCLEAR.search(text) or re.search(r"[%~&#$@\"]", text):
        return None
    text = _times_sign(text)
    # ÷ is worked out from left to right in school; a second / is a fraction in a fraction, or is it?
    in_order = "/" not in text and "frac" not in text
    try:
        return _Reader(_tokens(normalise(text), imaginary), in_order).formula()
    except Unreadable:
        return None


def read_relation(text: str) -> Relation | None:
    """The equation or inequality that `text` is as a whole, or None. `a < b < c` is one relation."""
    pieces, signs, start = [], [], 0
    for sign in _FIRST_SIDE.finditer(text):
        pieces.append(text[start : sign.start()])
        signs.append(_RELATIONS.get(sign[0], sign[0]))
        start = sign.end()
    pieces.append(text[start:])
    if len(signs) not in {1, 2} or not set(signs) <= {"=", "<", ">", "<=", ">="}:
        return None
    if len(signs) == 2 and (signs[0][0] != signs[1][0] or "=" in signs):
        return None
    sides = [read_formula(piece) for piece in pieces]
    known = tuple(side for side in sides if side is not None)
    return Relation(known, tuple(signs)) if len(known) == len(sides) else None


def _commands_known(text: str) -> bool:
    return all(
        (name[1] in _COMMANDS) if name[1].isalpha() else name[1] in {",", ";", ":", "!", " ", "{", "}", "|"}
        for name in _COMMAND.finditer(text)
    ) and not re.search(r"[^\x20-\x7e×⋅·÷−–²³⁴⁵⁶⁷⁸⁹⁰¹⁻ⁿ√πθαβ∞°½⅓⅔¼¾⅕⅛∕⁄\s]", text)


def _times_sign(text: str) -> str:
    """An x between numbers is a times sign where no other x is; an x with spaces around it is the unknown."""
    if _TIMES_X.search(text) and not re.search(r"[xX]", _TIMES_X.sub("*", text)):
        return _TIMES_X.sub("*", text)
    return _SPACED_X.sub(r"\1 ", text)


def _tokens(text: str, imaginary: bool = False) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Unreadable("This is more than a formula; write the formula alone.")
        spaced = bool(match["space"])
        if match["number"]:
            tokens.append(_Token("number", match["number"], spaced))
        elif match["sign"]:
            tokens.append(_Token(match["sign"].translate(str.maketrans("[]", "()")), match["sign"], spaced))
        else:
            parts = [("name", "i")] if imaginary and match["word"] == "i" else _words(match["word"])
            tokens += [_Token(kind, value, spaced and not n) for n, (kind, value) in enumerate(parts)]
        at = match.end()
    return tokens


def _words(word: str) -> list[tuple[str, str]]:
    name = _INVERSES.get(word, word)
    if name in _FUNCTIONS:
        return [("function", name)]
    if word in {"log", "binomial"}:
        return [("logarithm" if word == "log" else word, "")]
    if base := _BASE.fullmatch(word):
        return [("logarithm", base[1])]
    if word in {"pi", "e", "oo"}:
        return [("constant", word)]
    if word in _GREEK or (len(word) == 1 and word not in "iIO") or re.fullmatch(r"[a-z]_[0-9]", word):
        return [("name", word)]
    if word == "xe":
        return [("name", "x"), ("constant", "e")]
    if glued := _GLUED.fullmatch(word):
        around = [("name", glued[1]), ("function", glued[2]), ("name", glued[3])]
        return [part for part in around if part[1]]
    if _LETTERS.fullmatch(word) and word not in _NOT_LETTERS:
        return [("name", letter) for letter in word]
    raise Unreadable("There is a word in this; write the formula alone.")


class _Reader:
    """Recursive descent over the tokens; each method returns explicit ASCII for what it has read."""

    def __init__(self, tokens: list[_Token], in_order: bool) -> None:
        self.tokens = tokens
        self.in_order = in_order
        self.at = 0
        self.depth = 0
        self.names: set[str] = set()
        self.work = 0
        self.terms = 0

    def formula(self) -> Formula:
        text = self.sum()
        if self.at < len(self.tokens):
            raise self.unclear()
        return Formula(text, frozenset(self.names), self.work, self.terms)

    @staticmethod
    def unclear() -> Unreadable:
        return Unreadable("The formula can be read in more than one way or not at all; add brackets.")

    def kind(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead].kind if self.at + ahead < len(self.tokens) else ""

    def take(self) -> _Token:
        if self.at >= len(self.tokens):
            raise self.unclear()
        self.at += 1
        return self.tokens[self.at - 1]

    def sum(self) -> str:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self.unclear()
        pieces = [self.signed_product()]
        while self.kind() in {"+", "-"}:
            pieces.append(f" {self.take().kind} ")
            self.work += 1
            pieces.append(self.product())
        self.depth -= 1
        if not self.depth:
            self.terms = len(pieces) // 2 + 1
        return "".join(pieces)

    def signed_product(self) -> str:
        sign = self.take().kind if self.kind() in {"+", "-"} else ""
        return ("-" if sign == "-" else "") + self.product()

    def product(self) -> str:
        text, last = self.power()
        divided = 0
        while True:
            kind = self.kind()
            if kind in {"*", "/"}:
                self.take()
                sign = self.take().kind if self.kind() == "-" else ""
                factor, last = self.power()
                text = f"{text}{kind}(-{factor})" if sign else f"{text}{kind}{factor}"
                divided += kind == "/"
                if divided > 1 and not self.in_order:
                    raise self.unclear()
            elif kind in {"(", "function", "logarithm", "binomial", "name", "constant"}:
                if divided or (last == "bare" and kind != "function"):  # 1/2x and sin x y have two readings
                    raise self.unclear()
                factor, last = self.power()
                text = f"{text}*{factor}"
            elif kind == "number":
                if divided or self.kind(-1) != "!" or self.tokens[self.at].spaced:  # 5!9! is a product, 5 9 is nothing
                    raise self.unclear()
                factor, last = self.power()
                text = f"{text}*{factor}"
            else:
                return text
            self.work += 1

    def power(self) -> tuple[str, str]:
        base, form = self.atom()
        if self.kind() == "!":
            self.take()
            self.work += 1
            base = f"factorial({base})"
            if self.kind() == "!":
                raise self.unclear()
        if self.kind() != "^":
            return base, form
        self.take()
        self.work += 1
        sign = self.take().kind if self.kind() == "-" else ""
        exponent, form_of_exponent = self.power()
        if sign or form_of_exponent != "brackets":
            exponent = f"({sign}{exponent})"
        return f"{base if base.isalnum() or form == 'brackets' else f'({base})'}^{exponent}", form

    def atom(self) -> tuple[str, str]:
        """What a power or a product is made of, and how it was written: "bare" for a function without brackets."""
        token = self.take()
        if token.kind == "number":
            return token.value, "number"
        if token.kind == "name":
            is_function = token.value in "fghFGH" or token.value.isupper()
            if self.kind() == "(" and is_function and not self.tokens[self.at].spaced:
                raise self.unclear()  # f(x) is no product
            self.names.add(token.value)
            return token.value, "name"
        if token.kind == "constant":
            return token.value, "name"
        if token.kind == "(":
            inner = self.sum()
            self.close()
            return f"({inner})", "brackets"
        if token.kind in {"function", "logarithm"}:
            return self.call(token)
        if token.kind == "binomial":
            return self.binomial(), "called"
        raise self.unclear()

    def binomial(self) -> str:
        self.work += 1
        if self.take().kind != "(":
            raise self.unclear()
        above = self.sum()
        if self.take().kind != ",":
            raise self.unclear()
        below = self.sum()
        self.close()
        return f"binomial({above},{below})"

    def close(self) -> None:
        if self.take().kind != ")":
            raise self.unclear()

    def call(self, token: _Token) -> tuple[str, str]:
        self.work += 1
        name, power = token.value, ""
        if self.kind() == "^" and token.kind == "function":
            self.take()
            power = self.exponent()
            if power == "-1":
                if name not in {"sin", "cos", "tan"}:
                    raise self.unclear()
                name, power = f"a{name}", ""
            elif not power.isdecimal():
                raise self.unclear()
        if self.kind() == "(":
            self.take()
            inner, form = self.sum(), "called"
            if token.kind == "logarithm" and not name:  # log(8,2); without a base, log has two meanings
                if self.take().kind != ",":
                    raise self.unclear()
                name = self.sum()
            self.close()
        else:
            inner, form = self.bare_argument(name), "bare"
        if not name:
            raise self.unclear()
        text = f"log({inner},{name})" if token.kind == "logarithm" else f"{name}({inner})"
        return (f"({text})^({power})" if power else text), form

    def exponent(self) -> str:
        """A power on a function's name: 2, -1, (2) or (-1)."""
        bracketed = self.kind() == "("
        if bracketed:
            self.take()
        sign = self.take().kind if self.kind() == "-" else ""
        digits = self.take()
        if digits.kind != "number":
            raise self.unclear()
        if bracketed:
            self.close()
        return sign + digits.value

    def bare_argument(self, name: str) -> str:
        """The argument of sin x, ln 2x or sqrt 2: a number, a name, or a number before a name, with a power."""
        number = self.take().value if self.kind() == "number" else ""
        if self.kind() in {"name", "constant"} and (not number or name != "sqrt"):
            unknown, _ = self.power()
            return f"{number}*{unknown}" if number else unknown
        if not number or self.kind() in {"^", "!"}:
            raise self.unclear()
        return number
