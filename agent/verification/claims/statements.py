"""Knows how two neighbouring sides of a relation are read as quantities; serves the checking of claims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from agent.verification.reading.brackets import PARTS, settled_brackets
from agent.verification.reading.extraction import Kind, Token, regions, tokens

MAX_SIDE = 120  # tokens
_OPERANDS = {Kind.NUMBER, Kind.ATOM, Kind.OPEN, Kind.FUNCTION, Kind.CURRENCY}
_WORD_OPERATORS = {
    "times": "*",
    "plus": "+",
    "minus": "-",
    "x": "*",
    "X": "*",
    "multiplied": "*",
    "divided": "/",
}
_ARTICLES = {"the", "his", "her", "their", "these", "those", "its", "my", "your", "our", "a"}
_PREPOSITIONS = {"for", "in", "on", "over", "per", "with", "from", "at", "by", "after", "every", "since"}
_CONNECTIVES = {"because", "since", "so", "then", "therefore", "thus", "hence", "which", "means"}
_UNIT_WORDS = 5


_NAME_BEFORE = re.compile(r"(?:['′’]|\\prime\}?|(?<![A-Za-z\\])[A-Za-z])$")
_CALCULATES = re.compile(r"\\sqrt|\\[dt]?binom|√|[+*×·^]|\\(?:times|cdot)(?![A-Za-z])|(?<=[\d)}])\s*[-−]")
_OF_ANGLES = re.compile(r"\\(?:sin|cos|tan|cot|sec|csc)")  # whose degrees are often left out


def calculates(token: Token) -> bool:
    """Whether one token is a calculation by itself: a root, a fraction of sums. 3/4, 1 1/2 and π are numbers."""
    if token.kind is not Kind.ATOM or not token.value.startswith(("\\", "√")) or _OF_ANGLES.search(token.value):
        return False
    return _CALCULATES.search(token.value) is not None


@dataclass(frozen=True, slots=True)
class Quantity:
    """An expression in numbers: the tokens that count, and what stood around them.

    `units` are the words beside each operand; `before` the words in front on the same side; `after` what
    follows the expression on its side ("" where nothing does). `start` and `end` are offsets into the text.
    """

    tokens: tuple[Token, ...]
    units: tuple[str, ...]
    start: int
    end: int
    before: tuple[str, ...] = ()
    trailing: tuple[str, ...] = ()
    blocked: str = ""

    @property
    def number(self) -> Token | None:
        """The one number that the quantity consists of, sign, currency and per cent aside."""
        core = [token for token in self.tokens if token.kind in {Kind.NUMBER, Kind.ATOM} and not calculates(token)]
        others = {Kind.CURRENCY, Kind.PERCENT}
        alone = all(
            token in core or token.kind in others or (token.kind is Kind.OPERATOR and place == 0)
            for place, token in enumerate(self.tokens)
        )
        return core[0] if alone and len(core) == 1 else None

    def has(self, *kinds: Kind) -> bool:
        return any(token.kind in kinds for token in self.tokens)


@dataclass(frozen=True, slots=True)
class Side:
    """What stands between two relations: its tokens, and how it can be read from its start and to its end."""

    tokens: tuple[Token, ...]
    from_start: Quantity | None
    to_end: Quantity | None

    @property
    def symbols(self) -> tuple[str, ...]:
        return tuple(token.value for token in self.tokens if token.kind is Kind.SYMBOL)

    @property
    def odd(self) -> str:
        return next((token.value for token in self.tokens if token.kind is Kind.ODD), "")

    @property
    def numerical(self) -> bool:
        return any(token.kind in {Kind.NUMBER, Kind.ATOM, Kind.ODD} for token in self.tokens)


@dataclass(frozen=True, slots=True)
class Statement:
    """Two neighbouring sides and the relation between them; `chain` is the number of sides in the chain."""

    left: Side
    relation: str
    right: Side
    start: int
    end: int
    chain: int
    is_mathematics: bool


def statements(text: str) -> Iterator[Statement]:
    """Every relation in the text with its two sides, in order."""
    for region in regions(text):
        pieces = settled_brackets(tokens(text, region))
        chain: list[list[Token]] = [[]]
        signs: list[Token] = []
        for token in [*pieces, Token(Kind.STOP, region.end, region.end, "")]:
            if token.kind is Kind.RELATION:
                signs.append(token)
                chain.append([])
            elif token.kind is Kind.STOP or _is_dash(token, pieces, text):
                if signs:
                    yield from _pairs(chain, signs, region.is_mathematics, text)
                chain, signs = [[]], []
            else:
                chain[-1].append(token)


def _is_dash(token: Token, pieces: Sequence[Token], text: str) -> bool:
    """A spaced dash with words on its right is punctuation."""
    if token.kind is not Kind.OPERATOR or token.value != "-" or text[token.end : token.end + 1] != " ":
        return False
    word = text[token.end : token.end + 12].split()
    return bool(word) and len(word[0]) > 1 and word[0].isalpha() and word[0].islower()


def _pairs(chain: list[list[Token]], signs: list[Token], mathematics: bool, text: str) -> Iterator[Statement]:
    sides = [_side(tuple(side), text, mathematics) for side in chain]
    for place, sign in enumerate(signs):
        left, right = sides[place], sides[place + 1]
        start = left.to_end.start if left.to_end else left.tokens[0].start if left.tokens else sign.start
        end = right.from_start.end if right.from_start else right.tokens[-1].end if right.tokens else sign.end
        yield Statement(left, sign.value, right, start, end, len(sides), mathematics)


def _side(side: tuple[Token, ...], text: str, mathematics: bool) -> Side:
    if len(side) > MAX_SIDE:
        return Side(side, None, None)
    grammar = _Grammar(side, text)
    from_start = grammar.quantity(0)
    if from_start is not None:
        from_start = grammar.with_surroundings(from_start)
    to_end = None
    for start, token in enumerate(side):
        opens = token.kind in _OPERANDS or (token.kind is Kind.OPERATOR and token.value in "+-")
        part = token.kind is Kind.WORD and token.value.lower() in PARTS
        if not (opens or part) or (token.kind is Kind.OPERATOR and start > 0 and side[start - 1].kind is not Kind.WORD):
            continue
        if token.kind is Kind.OPEN and _NAME_BEFORE.search(text, max(token.start - 8, 0), token.start):
            break  # f'(2) = 4
        reading = grammar.quantity(start)
        if reading is not None and reading.next == len(side):
            previous = side[start - 1] if start else None
            # 7 adults + Shonda (1) + 2: the calculation began before the words.
            earlier = {before.kind for before in side[:start]}
            joined = Kind.OPERATOR in earlier or (mathematics and earlier & {Kind.NUMBER, Kind.ATOM, Kind.CLOSE})
            if not joined and (previous is None or previous.kind is Kind.WORD):
                to_end = reading.made(
                    tuple(word.value for word in side[:start] if word.kind is Kind.WORD), side[-1].end
                )
            break
    return Side(side, from_start.made() if from_start else None, to_end)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A quantity while it is read: `next` is the first token that no longer belongs to it."""

    kept: tuple[Token, ...]
    units: tuple[str, ...]
    next: int
    trailing: tuple[str, ...] = ()
    blocked: str = ""

    def made(self, before: tuple[str, ...] = (), end: int = 0) -> Quantity:
        start, end = self.kept[0].start, max(max(token.end for token in self.kept), end)
        return Quantity(self.kept, self.units, start, end, before, self.trailing, self.blocked)


class _Grammar:
    """quantity := operand (operator operand)*, with units after an operand. Nothing is backtracked over."""

    def __init__(self, side: Sequence[Token], text: str) -> None:
        self.side = side
        self.text = text

    def kind(self, at: int) -> Kind | None:
        return self.side[at].kind if 0 <= at < len(self.side) else None

    def word(self, at: int) -> str:
        return self.side[at].value.lower() if self.kind(at) is Kind.WORD else ""

    def quantity(self, at: int, closing: bool = False) -> _Reading | None:
        kept: list[Token] = []
        units: list[str] = []
        after = self.operand(at, kept, units)
        if after is None:
            return None
        at = self.unit(after, units, closing)
        while True:
            operator, following = self.operator(at, kept)
            if operator is None:
                break
            attempt, attempt_units = list(kept), list(units)
            if operator.value or not self.side[at].value.startswith("\\"):
                attempt.append(operator)  # 2\frac{1}{2} stays together: it is a mixed number
            after = self.operand(following, attempt, attempt_units)
            if after is None:
                break
            kept, units = attempt, attempt_units
            at = self.unit(after, units, closing)
        return _Reading(tuple(kept), tuple(units), at)

    def operator(self, at: int, kept: list[Token]) -> tuple[Token | None, int]:
        """The operator at a place (empty for a product without a sign) and where its operand begins."""
        kind = self.kind(at)
        if kind is Kind.OPERATOR:
            return self.side[at], at + 1
        if kind in {Kind.OPEN, Kind.FUNCTION} or (kind is Kind.ATOM and not self.side[at].value[:1].isdecimal()):
            touching = kept and self.side[at - 1] is kept[-1]
            return (Token(Kind.OPERATOR, self.side[at].start, self.side[at].start, ""), at) if touching else (None, at)
        word = self.word(at)
        operator = _WORD_OPERATORS.get(word)
        following = at + 1 + (self.word(at + 1) == "by")
        if word == "of" and self.is_part(kept):
            operator = "*"
            while self.word(following) in _ARTICLES:
                following += 1
        if operator and (self.kind(following) in _OPERANDS):
            return Token(Kind.OPERATOR, self.side[at].start, self.side[at].end, f" {operator} "), following
        return None, at

    def is_part(self, kept: list[Token]) -> bool:
        """Whether "of" after these tokens takes a part: after a per cent, a fraction, or a word like half."""
        last = kept[-1]
        if last.kind in {Kind.PERCENT, Kind.ATOM} or (last.kind is Kind.NUMBER and last.value.startswith("(")):
            return True
        return len(kept) >= 3 and kept[-2].value == "/" and kept[-3].kind is Kind.NUMBER

    def operand(self, at: int, kept: list[Token], units: list[str]) -> int | None:
        while self.kind(at) is Kind.OPERATOR and self.side[at].value in "+-" and len(kept) < MAX_SIDE:
            kept.append(self.side[at])
            at += 1
        if self.kind(at) is Kind.CURRENCY:
            kept.append(self.side[at])
            at += 1
            if self.kind(at) is Kind.OPERATOR and self.side[at].value == "-":
                kept.append(self.side[at])
                at += 1
        if self.word(at) in PARTS:
            return self.part(at, kept)
        kind = self.kind(at)
        if kind is Kind.FUNCTION:
            kept.append(self.side[at])
            at += 1
            while self.kind(at) is Kind.POSTFIX:
                kept.append(self.side[at])
                at += 1
            kind = self.kind(at)
        if kind in {Kind.NUMBER, Kind.ATOM}:
            kept.append(self.side[at])
            return self.postfix(at + 1, kept)
        if kind is Kind.OPEN:
            kept.append(self.side[at])
            inner = self.quantity(at + 1, closing=True)
            if inner is None or self.kind(inner.next) is not Kind.CLOSE:
                return None
            kept += inner.kept
            units += inner.units
            kept.append(self.side[inner.next])
            return self.postfix(inner.next + 1, kept)
        return None

    def part(self, at: int, kept: list[Token]) -> int | None:
        token = self.side[at]
        takes_of = token.value.lower() in {"half", "third", "quarter"}
        following = at + 1
        if takes_of and self.word(following) != "of":
            return None
        following += takes_of
        while self.word(following) in _ARTICLES:
            following += 1
        if self.kind(following) not in _OPERANDS:
            return None
        kept.append(replace(token, kind=Kind.NUMBER, value=PARTS[token.value.lower()]))
        kept.append(Token(Kind.OPERATOR, token.end, token.end, " * "))
        return self.operand(following, kept, [])

    def postfix(self, at: int, kept: list[Token]) -> int:
        while self.kind(at) in {Kind.POSTFIX, Kind.PERCENT}:
            kept.append(self.side[at])
            at += 1
        if self.kind(at) is Kind.CURRENCY:  # 12 €
            at += 1
        return at

    def unit(self, at: int, units: list[str], closing: bool) -> int:
        """The words after an operand, where an operator, a bracket or the end follows them."""
        words: list[str] = []
        start = at
        while True:
            if self.word(at) in _CONNECTIVES:
                return start
            if self.kind(at) is Kind.WORD and not self.is_word_operator(at, bool(words)):
                words.append(self.word(at))
            elif self.kind(at) is Kind.OPERATOR and self.side[at].value == "/" and self.kind(at + 1) is Kind.WORD:
                words.append("per")
            elif words and self.kind(at) is Kind.POSTFIX:
                words.append("^")  # cm²
            else:
                break
            at += 1
        ends = self.kind(at) in ({Kind.CLOSE} if closing else {None}) or self.kind(at) is Kind.OPERATOR
        if not words or len(words) > _UNIT_WORDS + 3 or not (ends or self.is_word_operator(at, True)):
            return start
        units.append(" ".join(words))
        return at

    def is_word_operator(self, at: int, after_unit: bool) -> bool:
        word = self.word(at)
        following = at + 1 + (self.word(at + 1) == "by")
        if word == "of":
            while self.word(following) in _ARTICLES:
                following += 1
            return not after_unit and self.kind(following) in _OPERANDS
        return word in _WORD_OPERATORS and self.kind(following) in _OPERANDS

    def with_surroundings(self, reading: _Reading) -> _Reading:
        """The reading with the words that follow it, and with what else there keeps it from being read."""
        at, words = reading.next, []
        while self.kind(at) is Kind.WORD:
            words.append(self.word(at))
            at += 1
        if not words and reading.units and at == len(self.side) and self.kind(at - 1) is Kind.WORD:
            words = reading.units[-1].split()
        blocked = ""
        following = self.side[at] if at < len(self.side) else None
        if following is not None and (not words or following.kind is not Kind.NUMBER):
            blocked = following.value
        elif following is not None and len(words) <= 3 and not self.begins_anew(words, at):
            blocked = following.value  # 4 hours 30 minutes, 3 R 2, 2 mod 5
        return replace(reading, trailing=tuple(words), blocked=blocked)

    def begins_anew(self, words: list[str], at: int) -> bool:
        """Whether another statement follows ("7 and 7 * 2 = 14") and no rest of a number ("7 and 1/2")."""
        fraction = self.kind(at + 1) is Kind.OPERATOR and self.side[at + 1].value == "/"
        anew = words[0] in {"and", "so", "then", "but", "while", "or"} and not fraction
        return anew or bool(set(words) & _PREPOSITIONS)
