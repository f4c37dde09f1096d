"""Knows the wordings in which a problem is nothing but a symbolic task; serves the router, without SymPy.

A text is recognised only where every word and sign of it belongs to the wording or to one unambiguous formula;
a problem with anything left over is not symbolic.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from agent.verification.recognition.calculus_wordings import derivative, integral, limit
from agent.verification.recognition.coordinate_wordings import coordinates
from agent.verification.recognition.number_wordings import number_in_words
from agent.verification.recognition.sequence_wordings import sequence
from agent.verification.recognition.solution_wordings import about_solutions
from agent.verification.recognition.tasks import (
    ANSWER,
    ASK,
    EQUATION_OF,
    OBJECT,
    SUCH,
    THE,
    VARIABLE,
    Kind,
    SymbolicTask,
    function_body,
    read_relations,
    whole_formula,
)
from agent.verification.recognition.value_wordings import composed, evaluation, value_at_point
from agent.verification.recognition.whole_number_wordings import whole_number

__all__ = ["Kind", "SymbolicTask", "recognise"]

MAX_PROBLEM = 640  # a formula of 500 characters and the words around it
_MAX_WORDS = 18  # the longest wordings have fewer; it spares longer prose the patterns
_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{4,}")


_OPENING = re.compile(
    r"(?:(?:(?:please|kindly|now|can you|could you|would you|will you|help me(?: to)?|i (?:need|want|have) to|let's"
    r"|how (?:do|would|can|should) (?:i|you|we)|show me how to|tell me|use algebra to)\b[,:]?\s*)+)",
    re.I,
)
_CLOSING = re.compile(
    r"(?:(?<![\s,.;:])[\s,.;:]*\b(?:please|for me|step[- ]by[- ]step"
    r"|show(?:ing)? (?:me )?(?:all )?(?:your |the )?(?:work(?:ing)?|steps)"
    r"|(?:and )?simplify (?:your|the) (?:final )?answer(?: (?:fully|completely))?|thanks|thank you"
    rf"|(?:{ANSWER} )?(?:in|as) (?:its |the |an )?(?:simplest|exact|lowest|reduced) (?:form|terms|value)"
    rf"|{ANSWER} (?:in|as) (?:an? )?(?:simplified form|exact value)"
    r"|(?:enter|list|give)(?: all)?(?: the| your)?(?: real)? (?:solutions|answers|values|roots),? separated by commas"
    r")\b[\s!]*|(?<![\s.?;])[\s.?;]+|(?<=[?.])\s*!)$",
    re.I,
)
_ADVERB = r"(?: (?:completely|fully|as much as possible|over the (?:integers|rationals)))?"


def recognise(problem: str) -> SymbolicTask | None:
    """The symbolic task that `problem` is as a whole, or None. Pure string work, 0.1 ms as a rule."""
    if len(problem) > MAX_PROBLEM or len(_WORD.findall(problem)) > _MAX_WORDS:
        return None
    text = _bare(problem)
    if not text:
        return None
    readers: tuple[Callable[[str], SymbolicTask | None], ...] = (
        whole_number,
        coordinates,
        sequence,
        limit,
        integral,
        derivative,
        _rewriting,
        value_at_point,
        composed,
        about_solutions,
        _equations,
        evaluation,
        number_in_words,
    )
    return next((task for reader in readers if (task := reader(text)) is not None), None)


def _bare(problem: str) -> str:
    """The problem without polite words, mathematics delimiters and end signs; empty where delimiters are odd."""
    text = re.sub("[\u00a0\u2009\u202f\u200b]", " ", problem.replace("’", "'").replace("′", "'"))
    text = text.replace(r"\dfrac", r"\frac").replace(r"\tfrac", r"\frac")
    text = re.sub(r"\\(?:text|mathrm|textrm)\s*\{\s*(d|and)\s*\}", r" \1 ", text)
    text = re.sub(r"\^\{?((?:\\prime\s*){1,3})\}?", lambda primes: "'" * primes[1].count("prime"), text)
    text = re.sub(r"\\begin\{(cases|aligned|align\*?|array)\}(?:\{[lcr]+\})?(.*?)\\end\{\1\}", _rows, text, flags=re.S)
    text = re.sub(r"\\left\s*\\\{|\\right\s*\.", " ", text)
    if _is_money(text) or re.search("[\u017f\u212a\u0130\u0131]", text):
        return ""  # or a letter that is an ASCII one to patterns without regard to case, and to nobody else
    text = re.sub(r"\$\$?|\\[()\[\]](?!\])", " ", text)
    text = re.sub(r"[^\S\n]+", " ", text).strip()
    if opening := _OPENING.match(text):
        text = text[opening.end() :]
    while closing := _CLOSING.search(text):
        if not closing[0].strip() or not closing.start():
            break
        text = text[: closing.start()].rstrip()
    if text.endswith("!") and not re.fullmatch(r"\D*[0-9]+!|what is .*", text, re.I | re.S):
        return ""  # a factorial or an exclamation
    return text


def _is_money(text: str) -> bool:
    """Whether a dollar sign is anything but one of a pair around a formula."""
    if "\\$" in text or re.search(r"\$\s*\$\s*\$", text):
        return True
    outside_and_inside = text.replace("$$", "").split("$")
    behind = outside_and_inside[2::2]
    return len(outside_and_inside) % 2 == 0 or any(re.match(r"\s*-?\.?[0-9]", outside) for outside in behind)


def _rows(match: re.Match[str]) -> str:
    return re.sub(r"\\\\(?:\[[0-9a-z.]+\])?", " ; ", match[2]).replace("&", " ")


# Simplify, factor, expand

_REWRITINGS = (
    (
        Kind.EXPAND,
        re.compile(
            rf"(?:expand(?: and simplify)?|multiply out|multiply)(?: the brackets| the parentheses)?(?: in)?"
            rf"{_ADVERB}{THE}{OBJECT}:? (?P<body>.+?){_ADVERB}(?:,? and simplify)?",
            re.I | re.S,
        ),
    ),
    (Kind.EXPAND, re.compile(rf"{ASK} (?:the )?expan(?:sion|ded form) of{OBJECT} (?P<body>.+)", re.I | re.S)),
    (
        Kind.FACTOR,
        re.compile(rf"factor(?:i[sz]e)?(?: out)?{_ADVERB}{THE}{OBJECT}:? (?P<body>.+?){_ADVERB}", re.I | re.S),
    ),
    (
        Kind.FACTOR,
        re.compile(
            rf"{ASK} (?:the )?(?:factori[sz]ation|factored form) of(?: the)?{OBJECT} (?P<body>.+)",
            re.I | re.S,
        ),
    ),
    (
        Kind.SIMPLIFY,
        re.compile(
            rf"(?:simplify|reduce|(?:simplify and )?combine (?:the )?like terms(?: in)?)"
            rf"{_ADVERB}{THE}(?: algebraic| rational| radical)?{OBJECT}:? (?P<body>.+?)"
            rf"(?:{_ADVERB}| to (?:its )?(?:lowest terms|simplest form))",
            re.I | re.S,
        ),
    ),
    (
        Kind.SIMPLIFY,
        re.compile(r"(?:write|express) (?P<body>.+?) in (?:its )?(?:simplest|lowest) (?:form|terms)", re.I | re.S),
    ),
    (
        Kind.SIMPLIFY,
        re.compile(rf"{ASK} (?:the )?(?:simplified|simplest|reduced) form of{OBJECT} (?P<body>.+)", re.I | re.S),
    ),
)


def _rewriting(text: str) -> SymbolicTask | None:
    for kind, pattern in _REWRITINGS:
        if match := pattern.fullmatch(text):
            body = whole_formula(match["body"])
            if body is None or not body.work or (kind is not Kind.SIMPLIFY and not body.names):
                return None
            return SymbolicTask(kind, (body.text,), tuple(sorted(body.names)))
    return None


# Equations, inequalities, systems

_VARIABLES = rf"(?P<vars>{VARIABLE}(?:(?:, ?(?:and )?| and ){VARIABLE})*)"
_VALUES = r"(?: all)?(?: the)?(?: real| possible)*(?: values?| solutions?| roots?| zeros?| solution set)(?:\(s\))?"
_TAIL = rf"(?:,? (?:for|to find) {_VARIABLES})?(?: (?:over|in) the real(?:s| numbers))?"
_EQUATIONS = (
    re.compile(
        rf"solve{THE}{EQUATION_OF}(?: of(?: linear)? equations)?(?: (?:for|to find) {_VARIABLES})?[:,]?"
        rf"(?: (?:in|if|when|given|where))?(?: the)?{EQUATION_OF}:?\s+(?P<body>.+?)"
        rf"(?: (?:over|in) the real(?:s| numbers))?",
        re.I | re.S,
    ),
    re.compile(rf"solve{THE}{EQUATION_OF}(?: of(?: linear)? equations)?:?\s+(?P<body>.+?){_TAIL}", re.I | re.S),
    re.compile(
        rf"{ASK}{_VALUES}(?: (?:of|for) {_VARIABLES})? {SUCH}(?: the)?{EQUATION_OF}:? (?P<body>.+)",
        re.I | re.S,
    ),
    re.compile(
        rf"{ASK}(?: all)?(?: real)?(?: numbers?)? {_VARIABLES},? {SUCH}(?: the)?{EQUATION_OF}:? (?P<body>.+)",
        re.I | re.S,
    ),
    re.compile(
        rf"(?:for )?what(?: real)? (?:values?|numbers?)(?:\(s\))? of {_VARIABLES} (?:satisf(?:y|ies)|makes?|is|does)"
        rf"(?: the)?{EQUATION_OF}:? (?P<body>.+?)(?: true)?",
        re.I | re.S,
    ),
    re.compile(
        rf"(?:if|given(?: that)?|let|suppose(?: that)?) (?P<body>.+?)[,.;]?\s(?:then )?(?:{ASK}|solve for)"
        rf"(?: the)?(?: values? of)? {_VARIABLES}",
        re.I | re.S,
    ),
    re.compile(rf"(?P<body>.+?)[,.;]?\s(?:{ASK}|solve for)(?: the)?(?: values? of)? {_VARIABLES}", re.I | re.S),
    re.compile(r"(?P<body>.+)", re.S),
)
_ROOTS = re.compile(
    rf"{ASK}(?: all)?(?: the)?(?: real)? (?:roots?|zeros?|zeroes)(?:\(s\))? of(?: the)?{OBJECT}:? (?P<body>[^<>]+)",
    re.I | re.S,
)


def _equations(text: str) -> SymbolicTask | None:
    if roots := _ROOTS.fullmatch(text):
        body = function_body(roots["body"])
        if body is not None and body.work and len(body.names) == 1:
            return SymbolicTask(Kind.SOLVE, (f"{body.text} = 0",), tuple(body.names))
    if not re.search(r"[=<>≤≥]|\\[lg]e|\bequal", text):
        return None
    for pattern in _EQUATIONS:
        if (match := pattern.fullmatch(text)) and (task := _equation_task(**match.groupdict())):
            return task
    return None


def _equation_task(body: str, vars: str | None = None) -> SymbolicTask | None:  # noqa: A002
    relations = read_relations(body)
    if not relations or not any(side.work for relation in relations for side in relation.sides):
        return None
    names = frozenset().union(*(relation.names for relation in relations))
    asked = {name.lstrip("\\") for name in re.findall(VARIABLE, re.sub(r"\band\b", " ", vars))} if vars else names
    if not names or asked != names:
        return None
    texts = tuple(relation.text for relation in relations)
    if len(relations) == 1:
        return SymbolicTask(Kind.SOLVE, texts, tuple(names)) if len(names) == 1 else None
    is_system = all(relation.signs == ("=",) for relation in relations) and len(names) == len(relations)
    return SymbolicTask(Kind.SYSTEM, texts, tuple(sorted(names))) if is_system else None
