"""Knows the wordings that ask for the value of a formula, also with values or functions put in; serves recognition."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agent.verification.recognition.formulas import Formula
from agent.verification.recognition.tasks import (
    ANSWER,
    AS_FRACTION,
    ASK,
    OBJECT,
    THE,
    VARIABLE,
    Kind,
    SymbolicTask,
    constant,
    function_body,
    whole_formula,
)

_AS_WHOLE = re.compile(rf"[\s,.;?]*\b{ANSWER} (?:in|as) an? (?P<positive>positive )?(?:integer|whole number)$", re.I)
_MAX_COMPOSED = 400  # characters of a formula with others put into it
_MAX_GIVEN = 6

_VALUE_AT = (
    re.compile(
        rf"{ASK}{OBJECT}:? (?P<body>[^=]+?),? (?:at|when|for|if|where|given)"
        rf" (?P<v>{VARIABLE}) ?(?:=|is) ?(?P<point>[^=]+)",
        re.I | re.S,
    ),
    re.compile(
        rf"(?:if|when|given|for) (?P<v>{VARIABLE}) ?= ?(?P<point>[^=]+?), (?:then )?{ASK} (?P<body>[^=]+)",
        re.I | re.S,
    ),
    re.compile(
        rf"(?:if|let|given|for)(?: that)? (?P<body>(?P<f>[A-Za-z])\((?P<v>{VARIABLE})\)"
        rf" ?=[^=]+?)[,.;] (?:then )?{ASK} (?P<g>[A-Za-z])\((?P<point>[^()=]+)\)",
        re.I | re.S,
    ),
    re.compile(
        rf"{ASK} (?P<f>[A-Za-z])\((?P<point>[^()=]+)\),? (?:if|when|for|where|given)"
        rf" (?P<body>(?P<g>[A-Za-z])\((?P<v>{VARIABLE})\) ?=[^=]+)",
        re.I | re.S,
    ),
)
_ARITHMETIC = (
    re.compile(rf"(?:{ASK}|how much is|simplify|evaluate{THE}){OBJECT}:? (?P<body>.+)", re.I | re.S),
    re.compile(r"what does (?P<body>.+) (?:equal|make)", re.I | re.S),
    re.compile(r"(?P<body>.+)", re.S),
)
_PER_CENT = re.compile(
    r"([0-9]+(?:\.[0-9]+)?) ?(?:\\?%|per ?cent) of ((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)", re.I
)
_SUM_OF = re.compile(r"(?:the )?(sum|product) of ([0-9./-]+(?:, [0-9./-]+)*),? and ([0-9./-]+)", re.I)
_ROOT_OF = re.compile(r"(?:the )?(square|cube) root of ([0-9]+(?:\.[0-9]+)?(?:/[0-9]+)?)", re.I)
_PART_OF = re.compile(r"(?:a |one[- ])?(half|third|quarter) of ([0-9]+)|([0-9]+/[0-9]+) of ([0-9]+)", re.I)

# Several values or functions that are given, and a formula in them.

_GIVEN_FIRST = re.compile(
    rf"(?:(?:if|let|given(?: that)?|suppose(?: that)?|for|when|consider)(?: the)?(?: two)?(?: functions?)?:? )?"
    rf"(?P<given>[^.;]*?=[^.;]+?)[,.;] ?(?:then )?{ASK}(?: the)?(?: expression)? (?P<asked>[^=]+)",
    re.I | re.S,
)
_GIVEN_LAST = re.compile(
    rf"{ASK}{OBJECT}:? (?P<asked>[^=]+?),? (?:if|when|where|for|given(?: that)?) (?P<given>[^=]+=.+)", re.I | re.S
)
_DEFINITION = re.compile(rf"(?:(?P<f>[A-Za-z])\((?P<v>{VARIABLE})\)|(?P<name>{VARIABLE})) ?= ?(?P<body>[^=]+)")
_BETWEEN_GIVEN = re.compile(rf"(?:,? and(?: if| let| that)? |[,;] ?)(?=[A-Za-z]\({VARIABLE}\) ?=|{VARIABLE} ?=)")
_IMAGINARY = re.compile(
    r",? ?\(?(?:where|with|if|given that|and) i ?(?:\^2|²) ?= ?-1\)?$|,? where i is the imaginary unit$", re.I
)
_IS_IMAGINARY = re.compile(r"(?<![A-Za-z\\])i(?![A-Za-z])")


# Dates, phone numbers, scores: arithmetic only where a word asks for it.
_LABEL = re.compile(r"[0-9]+(?:[-/–][0-9]+)+|[0-9]+ - [0-9]+")


def value_at_point(text: str) -> SymbolicTask | None:
    for pattern in _VALUE_AT:
        if match := pattern.fullmatch(text):
            body, point = function_body(match["body"]), constant(match["point"])
            variable = match["v"].lstrip("\\")
            if match.groupdict().get("f") != match.groupdict().get("g"):
                continue  # F is another function than f
            if body is not None and body.work and point is not None and body.names == {variable}:
                return SymbolicTask(Kind.EVALUATE, (body.text,), (variable,), point=point)
    return None


def evaluation(text: str) -> SymbolicTask | None:
    wanted = "fraction" if AS_FRACTION.search(text) else ""
    if whole := _AS_WHOLE.search(text):
        text, wanted = text[: whole.start()], "positive whole" if whole["positive"] else "whole"
    text = re.sub(r"\s*=\s*$", "", AS_FRACTION.sub("", text))
    for pattern in _ARITHMETIC:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        written = match["body"].strip()
        if written == text and _LABEL.fullmatch(text):
            return None
        body = whole_formula(_spoken_value(written))
        if body is not None and not body.names and body.work:
            return SymbolicTask(Kind.EVALUATE, (body.text,), question=wanted)
        if wanted:
            continue
        body = whole_formula(_IMAGINARY.sub("", written), imaginary=True) if _IS_IMAGINARY.search(written) else None
        if body is not None and body.names == {"i"} and body.work:
            return SymbolicTask(Kind.COMPLEX, (body.text,))
    return None


def composed(text: str) -> SymbolicTask | None:
    """A formula in names and functions that are given beside it, all of them put in: f(g(5)), or A - O + P."""
    text = re.sub(r"(?<![A-Za-z\\])([fghFGH]) \(", r"\1(", text)
    for pattern in (_GIVEN_FIRST, _GIVEN_LAST):
        match = pattern.fullmatch(text)
        given = _definitions(match["given"]) if match else None
        if match is None or given is None:
            continue
        written = _put_in(match["asked"].strip(), *given)
        if written is None or len(written) > _MAX_COMPOSED:
            continue
        formula = whole_formula(written, imaginary=bool(_IS_IMAGINARY.search(written)))
        if formula is not None and formula.work:
            return _by_names(formula)
    return None


def _by_names(formula: Formula) -> SymbolicTask | None:
    """The task of working a formula out, by the names that are left in it."""
    if not formula.names:
        return SymbolicTask(Kind.EVALUATE, (formula.text,))
    if formula.names == {"i"}:
        return SymbolicTask(Kind.COMPLEX, (formula.text,))
    # A function of x that is no quotient of polynomials would need its domain said.
    rational = not re.search(r"[A-Za-z]{2}|\be\b|\^\(-?[0-9]+/", formula.text)
    return (
        SymbolicTask(Kind.SIMPLIFY, (formula.text,), tuple(formula.names))
        if len(formula.names) == 1 and rational
        else None
    )


_Functions = Mapping[str, tuple[str, str]]


def _definitions(text: str) -> tuple[Mapping[str, str], _Functions] | None:
    """Values by name, and functions by name with their variable and body; None where anything else is given."""
    pieces = _BETWEEN_GIVEN.split(text.strip().rstrip(",;"))
    values: dict[str, str] = {}
    functions: dict[str, tuple[str, str]] = {}
    for piece in pieces:
        match = _DEFINITION.fullmatch(piece.strip())
        if match is None or len(pieces) > _MAX_GIVEN:
            return None
        body = whole_formula(match["body"], imaginary=match["f"] is None)
        name = match["f"] or match["name"].lstrip("\\")
        if body is None or name in values or name in functions or name in "ei":
            return None
        if match["f"]:
            variable = match["v"].lstrip("\\")
            if body.names != {variable}:
                return None  # P(A) = 1/4 says nothing of P(B)
            functions[name] = variable, body.text
        elif body.names - {"i"}:
            return None
        else:
            values[name] = body.text
    return values, functions


def _put_in(asked: str, values: Mapping[str, str], functions: _Functions) -> str | None:
    """The formula with every given name replaced; None where one is left over that is no variable of a function."""
    written = _applied(asked, functions)
    if written is None:
        return None
    formula = whole_formula(written, imaginary=True)
    if formula is None or not (values.keys() <= formula.names):
        return None
    left = formula.names - values.keys() - {"i"}
    variables = {variable for variable, _ in functions.values()}
    if left - variables or (left and values):
        return None
    return substituted(formula.text, values)


def _applied(text: str, functions: _Functions) -> str | None:
    """The text with f(...) written out for every function that is given, from the inside out; None where one is odd."""
    while found := re.search(r"(?<![A-Za-z\\])(" + "|".join(functions) + r")\(", text) if functions else None:
        depth, end = 1, found.end()
        while depth and end < len(text):
            depth += {"(": 1, ")": -1}.get(text[end], 0)
            end += 1
        inner = None if depth else _applied(text[found.end() : end - 1], functions)
        argument = whole_formula(inner) if inner else None
        if argument is None:
            return None
        variable, body = functions[found[1]]
        text = f"{text[: found.start()]}({substituted(body, {variable: argument.text})}){text[end:]}"
        if len(text) > _MAX_COMPOSED:
            return None
    return text


def substituted(formula: str, values: Mapping[str, str]) -> str:
    """Explicit ASCII with names replaced by bracketed values, all at once."""
    if not values:
        return formula
    names = "|".join(map(re.escape, values))
    return re.sub(rf"(?<![A-Za-z0-9_])({names})(?![A-Za-z0-9_(])", lambda name: f"({values[name[1]]})", formula)


def _spoken_value(text: str) -> str:
    """Arithmetic in words, where the words are the whole of it; anything else as it is."""
    if match := _PER_CENT.fullmatch(text):
        return f"({match[1]}/100)*{match[2].replace(',', '')}"
    if match := _SUM_OF.fullmatch(text):
        sign = "+" if match[1].lower() == "sum" else "*"
        return sign.join(f"({number})" for number in [*match[2].split(", "), match[3]])
    if match := _ROOT_OF.fullmatch(text):
        return f"sqrt({match[2]})" if match[1].lower() == "square" else f"({match[2]})^(1/3)"
    if match := _PART_OF.fullmatch(text):
        part = {"half": "1/2", "third": "1/3", "quarter": "1/4"}[match[1].lower()] if match[1] else match[3]
        return f"({part})*{match[2] or match[4]}"
    return text
