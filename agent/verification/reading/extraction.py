"""Knows where mathematics stands in a step's prose, Markdown and LaTeX; serves the reading of statements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise


class Kind(Enum):
    """What a piece of text is to arithmetic."""

    NUMBER = auto()
    ATOM = auto()  # a fraction, a root, π: one operand that is written with a command
    FUNCTION = auto()
    CURRENCY = auto()
    PERCENT = auto()
    OPERATOR = auto()
    POSTFIX = auto()  # a power or a factorial
    OPEN = auto()
    CLOSE = auto()
    RELATION = auto()
    WORD = auto()
    SYMBOL = auto()  # a letter that stands for a number
    ODD = auto()  # clock times, ratios, dates, ellipses: written like numbers, not meant as such
    STOP = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """`value` is the spelling the grammar goes by; `start` and `end` are offsets into the step's text."""

    kind: Kind
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of text that is prose (letters are words) or mathematics (letters are symbols)."""

    start: int
    end: int
    is_mathematics: bool


_NUMBERING = re.compile(r"(?m)^[ \t>]*(?:(?:[-*+•–]|#{1,6}|\(?[0-9]{1,2}[.)]|\(?[a-z]\))[ \t]+){1,3}")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_DISPLAY = {r"\(": r"\)", r"\[": r"\]", "$$": "$$"}
_OPENING = re.compile(r"\\\(|\\\[|\$\$|\\begin\{(align|equation|gather|eqnarray|multline)(\*?)\}")
_DOLLAR = re.compile(r"(?<!\\)\$")

_NUMBER = (
    r"(?:[0-9]{1,3}(?:(?:,\\!|,|\{,\}|\\,|\\!)[0-9]{3})+(?![0-9])|[0-9]+)"
    r"(?:\.[0-9]*\\overline\{[0-9]+\}|\.[0-9]+)?|\.[0-9]+"
)
_VULGAR = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("SPACE", r"\\[,;:!> ]|\\(?:left|right|[bB]igg?[lr]?|displaystyle|boxed|fbox|nonumber|notag)"
              r"(?![A-Za-z])\.?|\\(?:begin|end)\{(?:align|equation|gather|eqnarray|multline|split)[a-z]*\*?\}"
              r"|[ \t\r\u00a0\u2009\u202f&{}~]+"),
    ("ODD", r"\\(?:begin|end)\{[A-Za-z]+\*?\}|(?:\\[lc]?dots[bc]?|\\pm|\\mp)(?![A-Za-z])|\.\.\.|…|±"
            r"|(?<=[+\-*/=] )\. (?=[0-9])"
            r"|[0-9]{1,2}/[0-9]{1,2}/(?:19|20)[0-9]{2}(?![0-9])"
            r"|[0-9]+(?:\.[0-9]+)?(?::[0-9]+)+|[0-9]+(?:\.[0-9]+)?[eE][+\-]?[0-9]+"
            r"|[0-9]{1,3}, [0-9]{3}(?![0-9])|(?<![0-9.,])0[0-9]+(?![0-9.])"
            r"|(?![0-9]{1,3}(?:,[0-9]{3})+(?![0-9]))[0-9]+(?:,[0-9]+)+|\\not(?![A-Za-z])|[0-9]+_(?:[0-9]+|\{[0-9a-z]+\})|[0-9]*[₀-₉]+"),
    ("MIXED", r"[0-9]+ [0-9]+/[0-9]+(?![\w/.])|[0-9]* ?[" + _VULGAR + r"]"),
    ("HYPHENATED", r"[0-9][0-9,.]*-[A-Za-z]{2,}[A-Za-z\-]*|(?<![/0-9])[0-9]+(?:st|nd|rd|th)\b"),
    ("NUMBER", _NUMBER),
    ("STOP", r"\\\\|\\q?quad(?![A-Za-z])|=>|->|⇒|→|⟹|\\(?:Right|right|Longright|longright)arrow(?![A-Za-z])"
             r"|\\(?:implies|to|iff|therefore|land|lor|mid|cup|cap|in)(?![A-Za-z])|[;?,:\n]|\.(?![0-9])|—"),
    ("CURRENCY", r"\\?\$|[€£₹¥]"),
    ("PERCENT", r"\\?%|\bpercent\b"),
    ("RELATION", r"\\(?:approx|leq?|geq?|leqslant|geqslant|neq?|lt|gt|equiv|simeq|sim|cong|doteq)(?![A-Za-z])"
                 r"|(?<![0-9)])!=|[<>~:=]=|[=≈≤≥≠≅≡<>]|\b(?:equals|is equal to|is approximately)\b"),
    ("TEXT", r"\\(?:text|textbf|textit|textrm|mathrm|mathbf|mbox|hbox|operatorname)\*?(?=\{)"),
    ("COMMAND", r"\\(?:[dtc]?frac|sqrt|[dt]?binom)(?![A-Za-z])"),
    ("DEGREE", r"°|º|\^\{?\\circ\}?|\\degree(?![A-Za-z])|\^\{?\\prime\}?"),
    ("POWER", r"\^|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+"),
    ("FUNCTION", r"\\log_(?:\{[0-9]+\}|[0-9])"
                 r"|\\(?:sin|cos|tan|cot|sec|csc|ln|log|exp|arcsin|arccos|arctan|gcd)(?![A-Za-z])"),
    ("PI", r"\\pi(?![A-Za-z])|π"),
    ("OPERATOR", r"\\(?:times|cdot|div)(?![A-Za-z])|\*\*|//|[+*/×·⋅÷∙−–‑\-]"),
    ("ROOT", r"[√∛]"),
    ("OPEN", r"[(\[]"),
    ("CLOSE", r"[)\]]"),
    ("BANG", r"!"),
    ("SYMBOL", r"\\[A-Za-z]+|[α-ωΑ-Ω|_∞#@]|\\[{}|]"),
    ("WORD", r"[^\W\d_]+(?:['’\-][^\W\d_]+)*"),
    ("OTHER", r"."),
)  # fmt: skip
_TOKEN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS), re.DOTALL)

_LINE_START = r"(?:[\s&~]|\\q?quad|\\[,;:! ]){0,20}"
_CONTINUATION = re.compile(_LINE_START + r"(?:[=≈+]|\\(?:approx|times|cdot|div)(?![A-Za-z]))")
_MINUS_LINE = re.compile(_LINE_START + r"[-−]")

_MEASURE_BEFORE = re.compile(r"(?<![A-Za-z])(?:[kcm]?m|ft|mi|[mk]?g|m?L)/$")
_NUMBER_BEFORE = re.compile(r"[0-9](?:\s|~|\\[,;: ]){0,4}\\(?:text|mathrm)\{(?:\s|~|\\[,;: ]){0,2}$")

_JOINS = re.compile(
    r"(?i)\b(?:or|and|so|then|if|when|where|for|let|is|since|gives?|get|means?|have|find|thus|hence|that|either|with|of)\s+$"
)

_RELATIONS = {
    "=": "=", "==": "=", "equals": "=", "is equal to": "=", "is approximately": "≈", "~=": "≈", "≅": "≈",
    "\\approx": "≈", "\\simeq": "≈", "\\sim": "≈", "\\cong": "≈", "\\doteq": "≈", "\\le": "≤", "\\leq": "≤",
    "\\leqslant": "≤", "<=": "≤", "\\ge": "≥", "\\geq": "≥", "\\geqslant": "≥", ">=": "≥", "\\lt": "<",
    "\\gt": ">", "\\ne": "≠", "\\neq": "≠", "!=": "≠", "\\equiv": "≡",
}  # fmt: skip
_OPERATORS = {
    "\\times": "*", "\\cdot": "*", "×": "*", "·": "*", "⋅": "*", "∙": "*",
    "\\div": "/", "÷": "/", "−": "-", "–": "-", "‑": "-",
}  # fmt: skip


def regions(text: str) -> list[Region]:
    """Cut a step into prose and mathematics, in order and without gaps but for the delimiters."""
    found: list[Region] = []
    at = 0
    for start, inner_start, inner_end, end in _formulas(text):
        if start < at:
            continue
        found += [Region(at, start, False), Region(inner_start, inner_end, True)]
        at = end
    found.append(Region(at, len(text), False))
    return [region for region in found if text[region.start : region.end].strip()]


def _formulas(text: str) -> list[tuple[int, int, int, int]]:
    spans: list[tuple[int, int, int, int]] = []
    at, unclosed = 0, set[str]()
    while match := _OPENING.search(text, at):
        closing = _DISPLAY.get(match[0]) or f"\\end{{{match[1]}{match[2]}}}"
        end = -1 if closing in unclosed else text.find(closing, match.end())
        if end < 0:
            unclosed.add(closing)
            at = match.end()
            continue
        spans.append((match.start(), match.end(), end, end + len(closing)))
        at = end + len(closing)
    gaps, previous = [], 0
    for start, _, _, end in spans:
        gaps.append((previous, start))
        previous = end
    gaps.append((previous, len(text)))
    for start, end in gaps:
        spans += _dollar_formulas(text, start, end)
    return sorted(spans)


def _dollar_formulas(text: str, start: int, end: int) -> list[tuple[int, int, int, int]]:
    """The pairs of single dollar signs, paragraph by paragraph, where they cannot be amounts of money."""
    spans: list[tuple[int, int, int, int]] = []
    bounds = [start, *(cut.end() for cut in _PARAGRAPH.finditer(text, start, end)), end]
    for first, last in pairwise(bounds):
        signs = [sign.start() for sign in _DOLLAR.finditer(text, first, last)]
        pairs = list(zip(signs[::2], signs[1::2], strict=False))
        # After a closing sign comes no digit; after a sign of money comes nothing else.
        if len(signs) % 2 or any(_is_money(text, right) or text[left + 1 : right].isspace() for left, right in pairs):
            continue
        spans += [(left, left + 1, right, right + 1) for left, right in pairs]
    return spans


def _is_money(text: str, at: int) -> bool:
    following = text[at + 1 : at + 3].lstrip()
    return (
        bool(following)
        and (following[0].isdecimal() or text[at + 1 : at + 2] == ".")
        and (text[at + 1 : at + 2] != "." or following[1:2].isdecimal())
    )


def tokens(text: str, region: Region) -> list[Token]:
    """The tokens of one region; spaces and Markdown marks are left out, list numbers with them."""
    numbering = (
        {}
        if region.is_mathematics
        else {
            mark.start(): mark.end()
            for mark in _NUMBERING.finditer(text, region.start, region.end)
            if mark.start() == 0 or text[mark.start() - 1] == "\n"
        }
    )
    return list(_scan(text, region.start, region.end, region.is_mathematics, numbering))


def _scan(text: str, at: int, end: int, mathematics: bool, numbering: dict[int, int]) -> Iterator[Token]:
    while at < end:
        if at in numbering:
            at = max(numbering[at], at + 1)
            continue
        match = _TOKEN.match(text, at, end)
        if match is None:  # cannot happen: the last pattern takes any character
            return
        name, value, start = str(match.lastgroup), match[0], at
        at = match.end()
        if name == "SPACE":
            continue
        if name == "TEXT":
            close = _closing_brace(text, at, end)
            yield from _scan(text, at + 1, close, False, {})
            at = close + 1
        elif name in {"COMMAND", "ROOT", "POWER"}:
            at = _with_arguments(text, start, at, end)
            yield Token(Kind.POSTFIX if name == "POWER" else Kind.ATOM, start, at, text[start:at])
        elif name == "NUMBER" and mathematics and text[at : at + 1] == "_":
            yield Token(Kind.ODD, start, at, value)
        elif value == "\\\\" and _MINUS_LINE.match(text, at, end):
            yield Token(Kind.ODD, start, at, "-")  # a new line or the rest of the last one
        elif not _is_layout(name, value, text, start, at, end, mathematics):
            yield from _named(name, value, start, at, text, mathematics)


def _named(name: str, value: str, start: int, end: int, text: str, mathematics: bool) -> Iterator[Token]:
    if name == "RELATION":
        yield Token(Kind.RELATION, start, end, _RELATIONS.get(value, value))
    elif name == "OPERATOR":
        yield Token(Kind.OPERATOR, start, end, _OPERATORS.get(value, value))
    elif name == "WORD" and mathematics:
        yield Token(Kind.SYMBOL, start, end, value)
    elif name == "HYPHENATED" and mathematics:
        yield Token(Kind.ODD, start, end, value)
    elif name == "WORD" and value in {"th", "rd", "nd", "st"} and text[start - 1 : start].isdecimal():
        return  # 1/4th
    elif name == "SYMBOL" and value == "|" and not mathematics:
        yield Token(Kind.STOP, start, end, value)
    elif name in {"WORD", "HYPHENATED"}:
        letter = text[end : end + 1] == "(" if len(value) > 1 else not _is_word(text, value, start, end)
        yield Token(Kind.SYMBOL if letter else Kind.WORD, start, end, value)
    elif name == "DEGREE":
        yield Token(Kind.WORD, start, end, "degrees")
    elif name == "MIXED":
        yield Token(Kind.ATOM, start, end, value)
    elif name == "PI":
        yield Token(Kind.ATOM, start, end, "\\pi ")
    elif name == "BANG":
        tight = start > 0 and (text[start - 1].isdecimal() or text[start - 1] == ")")
        after = text[end : end + 3].lstrip()[:1]
        goes_on = mathematics or (after and after in "=+-*/×)}\\≈<>^")
        yield Token(Kind.POSTFIX if tight and goes_on else Kind.STOP, start, end, value)
    elif name == "OTHER":
        yield Token(Kind.STOP if value in "'\"“”‘’`" else Kind.ODD, start, end, value)
    else:
        yield Token(Kind[name], start, end, value)


def _is_layout(name: str, value: str, text: str, start: int, at: int, end: int, mathematics: bool) -> bool:
    """Whether a sign only shapes the page: Markdown's bold marks, line breaks within a formula."""
    if name == "OPERATOR":
        return value == "**" and not _is_power(text, start, at)
    return name == "STOP" and _continues(text, value, at, end, mathematics)


def _is_word(text: str, letter: str, start: int, end: int) -> bool:
    """Whether a single letter in prose is an article, a unit after its number or a times sign."""
    if letter in "aAI":
        return not text[max(start - 1, 0) : start].isdecimal()
    if letter in "hs" and _MEASURE_BEFORE.search(text, max(start - 4, 0), start):
        return True  # km/h
    if letter in "mgLlhs" and _NUMBER_BEFORE.search(text, max(start - 20, 0), start):
        return True  # 5 \text{ m}
    before, after = text[max(start - 3, 0) : start].rstrip()[-1:] or " ", text[end : end + 3].lstrip()[:1]
    if letter in "xX" and _JOINS.search(text, max(start - 10, 0), start):
        return False  # x - 2 = 0 or x - 3 = 0
    if letter in "xX" and before.isdecimal() and text[start - 1 : start].isdecimal():
        return text[end : end + 1].isdecimal()  # 12x3
    if letter in "xX":
        return (before.isalnum() or before in ")%½¼¾") and (after.isdecimal() or after in {"(", "$", ".", "\\", "-"})
    return before.isdecimal() and letter in "mgLlhskKMRr"


def _is_power(text: str, start: int, end: int) -> bool:
    before, after = text[max(start - 1, 0) : start], text[end : end + 1]
    return (before.isdecimal() or before == ")") and (after.isdecimal() or after in {"(", "-"})


def _continues(text: str, value: str, at: int, end: int, mathematics: bool) -> bool:
    """A line break is none where the next line goes on with a relation, or inside a formula."""
    if value not in {"\n", "\\\\", r"\quad", r"\qquad"}:
        return False
    line = _CONTINUATION.match(text, at, end)
    goes_on = line is not None and (mathematics or not line[0].endswith("+"))
    indents = value.startswith(r"\q") and text[max(at - 60, 0) : at - len(value)].rstrip(" &\n\t").endswith(r"\\")
    return goes_on or indents or (mathematics and value == "\n")


def _closing_brace(text: str, at: int, end: int) -> int:
    depth = 0
    for position in range(at, end):
        if text[position] == "{":
            depth += 1
        elif text[position] == "}":
            depth -= 1
            if depth == 0:
                return position
    return end


def _with_arguments(text: str, start: int, at: int, end: int) -> int:
    """The end of a command with its arguments, of a root sign with its operand, or of a power."""
    wanted = 2 if "frac" in text[start:at] or "binom" in text[start:at] else 1
    if text[start] in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻":
        return at
    for _ in range(wanted):
        while at < end and text[at] == " ":
            at += 1
        if text[at : at + 1] == "[":
            at = min(max(text.find("]", at, end), at) + 1, end)
        if text[at : at + 1] == "{":
            at = min(_closing_brace(text, at, end) + 1, end)
        elif text[at : at + 1] == "\\":
            command = re.compile(r"\\[A-Za-z]+").match(text, at, end)
            at = command.end() if command else at + 1
            if command and command[0] in {"\\frac", "\\dfrac", "\\tfrac", "\\sqrt"}:
                at = _with_arguments(text, command.start(), at, end)
        elif text[start] in "√∛^":
            number = re.compile(r"[+\-−]?[0-9]+(?:\.[0-9]+)?|\((?:[^()]{0,60})\)|.").match(text, at, end)
            at = number.end() if number else at
        else:
            at = min(at + 1, end)
    return at
