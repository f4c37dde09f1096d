"""Knows the wordings that ask about the solutions of equations: their sum, how many, the positive one, x + y for them.

Serves recognition, without SymPy.
"""

from __future__ import annotations

import re

from agent.verification.recognition.tasks import (
    AS_FRACTION,
    ASK,
    EQUATION_OF,
    SUCH,
    VARIABLE,
    Kind,
    SymbolicTask,
    read_relations,
    whole_formula,
)

_KIND = r"(?P<real> real| distinct| different| possible| two| both)*"
_SOLUTIONS = rf"(?:solutions?|(?P<roots>roots?|zeros)|(?:possible )?values? (?:of|for) (?P<x>{VARIABLE}))"
_OF = rf"(?: {SUCH})?(?: the)?{EQUATION_OF}:? (?P<body>.+)"
_ONE = r"(?P<one>positive|negative|greatest|largest|smallest|least)"
_PAIR = r"ordered (?:pair|triple)s?(?: of (?:real )?numbers)?"
_TOGETHER = rf"\(? ?(?P<vars>{VARIABLE}(?:, ?{VARIABLE}){{1,2}}) ?\)?"
_SATISFIES = (
    r"(?:(?:that|which) )?(?:satisf(?:y|ies|ying)|solves?|is (?:a|the) solution (?:of|to)|such that|for which|if|for)"
    r"(?: both| each| all)?(?: of)?(?: the)?(?: following)?"
)
_GIVEN = r"(?:if|given(?: that)?)"
_X_ASKED = rf"(?:then )?{ASK} (?P<again>{VARIABLE})"
_NUMBERS = (
    rf"(?: {VARIABLE}(?:,? and {VARIABLE}|, {VARIABLE})* (?:satisf(?:y|ies)|(?:are|be)(?: real)? numbers such that))?"
)

_ABOUT_ALL = tuple(
    (question, re.compile(pattern, re.I | re.S))
    for question, pattern in (
        ("sum", rf"{ASK} sum of(?: all)?(?: of)?(?: the)?{_KIND} {_SOLUTIONS}{_OF}"),
        ("product", rf"{ASK} product of(?: all)?(?: of)?(?: the)?{_KIND} {_SOLUTIONS}{_OF}"),
        ("count", rf"how many{_KIND} (?:solutions|roots) does(?: the)?{EQUATION_OF} (?P<body>.+?) have"),
        ("count", rf"how many{_KIND} (?:solutions|roots) are there (?:to|of|for)(?: the)?{EQUATION_OF}:? (?P<body>.+)"),
        ("count", rf"{ASK} number of{_KIND} (?:solutions|roots){_OF}"),
        ("", rf"{ASK} {_ONE}(?P<real> real)? {_SOLUTIONS}{_OF}"),
        ("", rf"{ASK} {_ONE}(?P<real> real)? number (?P<x>{VARIABLE}) {SUCH} (?P<body>.+)"),
        ("", rf"{_GIVEN} (?P<x>{VARIABLE}) is {_ONE} and (?P<body>.+?),? {_X_ASKED}"),
        ("", rf"{_GIVEN} (?P<body>.+?) and (?P<x>{VARIABLE}) is {_ONE},? {_X_ASKED}"),
    )
)  # fmt: skip
_PAIRS = (
    re.compile(
        rf"{ASK}(?: all| an| the)? {_PAIR},? {_TOGETHER},? {_SATISFIES}{EQUATION_OF}(?: below)?:? (?P<body>.+)",
        re.I | re.S,
    ),
    re.compile(
        rf"(?:{ASK}|at what point)(?: (?:the )?(?:coordinates of )?(?:the )?(?:point of )?intersection(?: point)? of)"
        r"(?: the)?(?: two)? (?:lines|graphs)(?: of)?(?: the)?(?: equations)? (?P<body>.+?)"
        r"(?:[.;,]? (?:give|express|write) (?:your|the) answer as an ordered pair(?: \(x, ?y\))?)?",
        re.I | re.S,
    ),
)
_VALUE = (
    re.compile(
        rf"(?:if|given(?: that)?|let|suppose(?: that)?){_NUMBERS} (?P<body>.+?)[,.;] (?:then )?(?:,? ?{ASK})(?: the)?"
        r"(?: expression)? (?P<asked>[^=<>]+)",
        re.I | re.S,
    ),
    re.compile(
        rf"{ASK}(?: the)?(?: expression)? (?P<asked>[^=<>]+?),? (?:if|given(?: that)?|when) (?P<body>.+)", re.I | re.S
    ),
)


def about_solutions(text: str) -> SymbolicTask | None:
    """The task about the solutions of equations that a text is as a whole, or None."""
    text = AS_FRACTION.sub("", text)
    if "=" not in text:
        return None
    for question, pattern in _ABOUT_ALL:
        if (match := pattern.fullmatch(text)) and (task := _of_one_equation(question, match.groupdict())):
            return task
    for pattern in _PAIRS:
        if (match := pattern.fullmatch(text)) and (task := _pair(match.groupdict())):
            return task
    for pattern in _VALUE:
        if (match := pattern.fullmatch(text)) and (task := _value(match["body"], match["asked"])):
            return task
    return None


def _of_one_equation(question: str, found: dict[str, str | None]) -> SymbolicTask | None:
    relations = read_relations(str(found["body"]))
    if relations is None or len(relations) != 1 or relations[0].signs != ("=",) or len(relations[0].names) != 1:
        return None
    (unknown,) = relations[0].names
    if any(name and name.lstrip("\\") != unknown for name in (found.get("x"), found.get("again"))):
        return None
    real = "+" if (found.get("real") or "").strip() == "real" else ""
    if found.get("roots") and question in {"sum", "product"} and not (found.get("real") or "").strip():
        real = "-"  # "the roots" of a polynomial are all of them, as Vieta counts them
    asked = {"largest": "greatest", "smallest": "least"}.get(
        str(found.get("one")).lower(), str(found.get("one")).lower()
    )
    return SymbolicTask(Kind.SOLUTIONS, (relations[0].text,), (unknown,), side=real, question=question or asked)


def _pair(found: dict[str, str | None]) -> SymbolicTask | None:
    relations = read_relations(str(found["body"]))
    if relations is None or any(relation.signs != ("=",) for relation in relations):
        return None
    names = sorted(frozenset().union(*(relation.names for relation in relations)))
    asked = [name.strip().lstrip("\\") for name in (found.get("vars") or "x,y").split(",")]
    if sorted(asked) != names or len(relations) != len(names):
        return None
    return SymbolicTask(Kind.SYSTEM, tuple(relation.text for relation in relations), tuple(asked), question="pair")


def _value(body: str, asked: str) -> SymbolicTask | None:
    relations, formula = read_relations(body), whole_formula(asked)
    if relations is None or formula is None or len(relations) > 3 or not formula.names:
        return None
    names = frozenset().union(*(relation.names for relation in relations))
    if any(relation.signs != ("=",) for relation in relations) or not formula.names <= names or len(names) > 3:
        return None
    if not any(side.work for relation in relations for side in relation.sides):
        return None
    if len(names) == 1 and not formula.work:
        return None  # what is x: the equation itself
    texts = tuple(relation.text for relation in relations)
    return SymbolicTask(Kind.SOLUTIONS, texts, tuple(sorted(names)), point=formula.text, question="value")
