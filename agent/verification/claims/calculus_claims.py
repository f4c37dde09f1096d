"""What a step says of derivatives, integrals and values put in: judged by differentiating, never by integrating.

An antiderivative is right where its derivative is the function; a value put in, where both sides are the same number.
Serves the claims.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from agent.errors import Unreadable
from agent.verification.claims.doubts import Background
from agent.verification.claims.stated import FREE_END, Stated, judged, undecided, without_signs
from agent.verification.reading.notation import normalise
from agent.verification.reading.tolerance import is_rounding

MAX_SIDE = 100  # characters
MAX_FOUND = 8  # a step
MAX_DEGREE = 20
_POINTS = (Fraction(3, 7), Fraction(17, 11), Fraction(5, 13), Fraction(29, 9))

_EXPRESSION = rf"[^=\n,;:?$&]{{1,{MAX_SIDE}}}?"
_END = (
    r"(?=\s*(?:[=\n,;:?$&]|\.(?![0-9\\])|\\\\|\\\]|\\\)|$"
    r"|\b(?:so|and|which|because|since|then)\b))"
)
_IS = r"\s*(?:=|\bis\b|\bequals\b|\bgives\b|\bis\s+equal\s+to\b)\s*"
_DIFFERENTIATED = re.compile(
    rf"\\[dt]?frac\s*\{{\s*d\s*\}}\s*\{{\s*d\s*(?P<name>[a-z])\s*\}}\s*(?P<body>{_EXPRESSION})\s*=\s*(?P<result>{_EXPRESSION}){_END}"
    rf"|(?<![\w/])d/d(?P<name2>[a-z])\s*(?P<body2>{_EXPRESSION})\s*=\s*(?P<result2>{_EXPRESSION}){_END}"
    rf"|\b(?i:the\s+)?derivative\s+of\s+(?P<body3>{_EXPRESSION})(?:\s+with\s+respect\s+to\s+(?P<name3>[a-z]))?{_IS}(?P<result3>{_EXPRESSION}){_END}"
)
_INTEGRATED = re.compile(
    r"(?:\\int|∫)(?:_(?P<low>\{[^{}]{1,20}\}|[-0-9a-z])\s*\^(?P<high>\{[^{}]{1,20}\}|[-0-9a-z]))?\s*"
    rf"(?P<body>{_EXPRESSION})(?:\\[,;:! ]|\s|\}})*d(?P<name>[a-z])\s*=\s*(?P<result>{_EXPRESSION}){_END}"
    rf"|\b(?:anti-?derivative|(?<!definite )integral)\s+of\s+(?P<body2>{_EXPRESSION}){_IS}"
    rf"(?P<result2>{_EXPRESSION}){_END}"
)
_DEFINED = re.compile(
    rf"(?<![\w\\'])(?P<function>[f-hp-r])\s*\(\s*(?P<name>[a-z])\s*\)\s*=\s*(?P<body>{_EXPRESSION}){_END}"
)
_PRIMED = re.compile(
    rf"(?<![\w\\])(?P<function>[f-hp-r])\s*'\s*\(\s*(?P<name>[a-z])\s*\)\s*=\s*(?P<result>{_EXPRESSION}){_END}"
)
_AT = re.compile(
    rf"(?<![\w\\'])(?<![-+*/(]\s)(?<![-+*/(])(?P<function>[f-hp-r])\s*\(\s*(?P<value>-?[0-9]{{1,6}}(?:\.[0-9]{{1,6}}|/[0-9]{{1,6}})?)\s*\)\s*=\s*(?P<result>{_EXPRESSION}){_END}"
)
_SUBSTITUTED = re.compile(
    r"\b(?:[Ss]ubstitut|[Pp]lug|[Pp]ut|[Ee]valuat)\w*\s+(?:in\s+)?(?P<name>[a-zA-Z])\s*=\s*(?P<value>-?[0-9]{1,9}(?:\.[0-9]{1,6}|/[0-9]{1,6})?)"
    rf"\s+(?:in\s*)?to\s+(?:the\s+expression\s+)?(?P<body>{_EXPRESSION})\s*,?\s+(?:gives|yields|we\s+(?:get|have|obtain)|results\s+in|is)\s+"
    rf"(?P<result>-?[0-9]{{1,12}}(?:\.[0-9]{{1,6}}|/[0-9]{{1,6}})?){FREE_END}"
)
_DEFINES = re.compile(r"(?i)\b(?:let|function|defin\w+|given)\b")
_OTHERWISE = re.compile(
    r"\\(?:int|sum|lim|prod|overline|dot|ddot|begin)(?![A-Za-z])|∫|'|_|\\[dt]?frac\s*\{\s*d|\blog\b"
)
_ENDS_A_DEFINITION = re.compile(r"\s*(?:[.,;$\n]|\\[\])]|$)(?!\s*(?:if|for|when|where|on|with|otherwise|and)\b)")
_IN_PIECES = re.compile(
    r"(?i)\b(?:otherwise|even|odd|period\w*|redefin\w*|cases|piecewise|except|extended)\b|\\begin\{cases\}"
)
_CONSTANT = re.compile(r"\+\s*[CcKk]\s*$")


def calculus_claims(text: str, given: Background) -> Iterator[Stated]:
    """One claim for each statement that can be read, in no order; offsets are into `text`."""
    plain = without_signs(text)
    before = without_signs(given.everything)
    for count, (found, judge) in enumerate(_found(plain)):
        if count == MAX_FOUND:
            return
        try:
            stated = judge(found, plain, before, text, given)
        except (Unreadable, ArithmeticError, ValueError, TypeError, AttributeError, RecursionError):
            continue  # what is no formula is no claim here
        if stated is not None:
            yield stated


def _found(plain: str) -> Iterator[tuple[re.Match[str], Any]]:
    patterns = (
        (_DIFFERENTIATED, _derivative), (_INTEGRATED, _integral), (_PRIMED, _primed), (_AT, _value_at),
        (_SUBSTITUTED, _substituted),
    )  # fmt: skip
    for pattern, judge in patterns:
        for found in pattern.finditer(plain):
            yield found, judge


def _derivative(found: re.Match[str], plain: str, before: str, text: str, given: Background) -> Stated | None:
    which = next(which for which in ("", "2", "3") if found[f"result{which}"])
    body, result = _read(found[f"body{which}"]), _read(found[f"result{which}"])
    name = _variable(found[f"name{which}"], body)
    if which == "3" and body.is_Symbol:
        return None  # "the derivative of y": of what y stands for
    return _compared(_differentiated(body, name), result, found.start(), found.end(f"result{which}"), text, given)


def _primed(found: re.Match[str], plain: str, before: str, text: str, given: Background) -> Stated | None:
    defined = _definition(found["function"], before + "\n" + plain[: found.start()])
    if defined is None or defined[0] != found["name"]:
        return None
    body = _read(defined[1])
    derivative = _differentiated(body, _variable(found["name"], body))
    return _compared(derivative, _read(found["result"]), found.start(), found.end("result"), text, given)


def _integral(found: re.Match[str], plain: str, before: str, text: str, given: Background) -> Stated | None:
    which = "" if found["result"] else "2"
    body = _read(found[f"body{which}"])
    name = _variable(found["name"] if not which else None, body)
    start, end = found.start(), found.end(f"result{which}")
    if which or found["low"] is None:
        result = _read(_CONSTANT.sub("", found[f"result{which}"]))
        if not result.free_symbols or (body.is_Symbol and body != name):
            return None
        return _compared(_differentiated(result, name), body, start, end, text, given)
    import sympy

    if not body.is_polynomial(name) or body.free_symbols - {name}:
        return undecided(text, start, end, "This integral is not worked out here.")
    low, high = (_read(found[side].strip("{}")) for side in ("low", "high"))
    antiderivative = sympy.Poly(body, name).integrate(name).as_expr()
    if low.free_symbols or high.free_symbols:
        return None
    value = antiderivative.subs(name, high) - antiderivative.subs(name, low)
    return _compared(value, _read(found["result"]), start, end, text, given, shown=found["result"])


def _value_at(found: re.Match[str], plain: str, before: str, text: str, given: Background) -> Stated | None:
    defined = _definition(found["function"], before + "\n" + plain[: found.start()])
    if defined is None:
        return None
    body, result = _read(defined[1]), _read(found["result"])
    name = _variable(defined[0], body)
    if result.free_symbols or body.free_symbols - {name}:
        return None
    value, start, end = _at(defined[1], name, found["value"]), found.start(), found.end("result")
    if value != result and not defined[2]:
        return undecided(text, start, end, "The function may have this formula for some values only.")
    return _compared(value, result, start, end, text, given, shown=found["result"])


def _substituted(found: re.Match[str], plain: str, before: str, text: str, given: Background) -> Stated | None:
    body, result = _read(found["body"]), _read(found["result"])
    name = _variable(found["name"], body)
    if body.free_symbols - {name}:
        return None
    value = _at(found["body"], name, found["value"])
    return _compared(value, result, found.start(), found.end("result"), text, given, shown=found["result"])


def _definition(function: str, before: str) -> tuple[str, str, bool] | None:
    """The variable and the formula of a function that the text before gives one and only one formula.

    And whether a "let" or the like defines it, so that it is no equation for some values.
    """
    found = [one for one in _DEFINED.finditer(before) if one["function"] == function]
    formulas = {re.sub(r"\s", "", one["body"]) for one in found}
    if len(formulas) != 1 or _IN_PIECES.search(before):
        return None
    if (
        not all(_ENDS_A_DEFINITION.match(before, one.end()) for one in found)
        or found[0]["name"] not in found[0]["body"]
    ):
        return None
    lead = re.split(r"[.?!;\n]\s", before[max(found[0].start() - 120, 0) : found[0].start()])[-1]
    return found[0]["name"], found[0]["body"], _DEFINES.search(lead) is not None


def _read(written: str) -> Any:
    """Raises Unreadable for what may be meant otherwise: ax as one name, y as a number, log without its base."""
    from agent.verification.reading.language import parse_expression  # brings SymPy: not before it is needed

    if _OTHERWISE.search(written):
        raise Unreadable("The formula may be meant in another way.")
    value = parse_expression(normalise(written.strip().rstrip("\\")), free_symbols=True, implicit=True)
    if any(len(name.name) > 1 for name in value.free_symbols):
        raise Unreadable("Letters side by side may be a name or a product.")
    return value


def _at(written: str, name: Any, number: str) -> Any:
    """The value of a formula at a number, read as one text, so that the parser's limits hold for its powers."""
    formula = normalise(written.strip().rstrip("\\"))
    if re.search(r"sin|cos|tan|log|ln", formula):
        raise Unreadable("Degrees or radians may be meant.")
    return _read(re.sub(rf"(?<![A-Za-z]){name}(?![A-Za-z])", f"({number})", formula))


def _variable(name: str | None, body: Any) -> Any:
    """The symbol that a formula is one of. Raises Unreadable where it is not clear which."""
    import sympy

    if name is not None:
        return next((one for one in body.free_symbols if one.name == name), sympy.Symbol(name))
    if len(body.free_symbols) != 1:
        raise Unreadable("It is not clear which letter is the variable.")
    return next(iter(body.free_symbols))


def _differentiated(body: Any, name: Any) -> Any:
    import sympy

    if body.is_polynomial(name) and sympy.degree(body, name) > MAX_DEGREE:
        raise Unreadable("The degree is too high.")
    return sympy.diff(body, name)


def _compared(
    value: Any, stated: Any, start: int, end: int, text: str, given: Background, shown: str = ""
) -> Stated | None:
    """Whether two formulas are the same: proved by expansion, disproved by one point at which they differ.

    A number is also right rounded, as it is `shown`.
    """
    import sympy

    if len(value.free_symbols | stated.free_symbols) > 1:
        return None  # one of the letters may hang on the other
    if bool(value.free_symbols) is not bool(stated.free_symbols) and value != stated:
        return None  # an equation to solve: f'(x) = 0
    if shown and value.is_Rational and is_rounding(Fraction(int(value.p), int(value.q)), shown.strip()):
        return judged(text, start, end, given, holds=True, truth="")
    near = value.is_Rational and stated.is_Integer and not value.is_Integer and abs(value - stated) < 1
    if shown and ("." in shown or near):
        return undecided(text, start, end, "The result may be rounded.")
    difference = value - stated
    if difference.count_ops() > 200:
        return None
    if sympy.expand(sympy.fraction(sympy.together(difference))[0]) == 0:
        return judged(text, start, end, given, holds=True, truth="")
    names = sorted(difference.free_symbols, key=str)
    tried = 0
    for number, point in enumerate(_POINTS):
        put_in = {name: sympy.Rational(point + place + number) for place, name in enumerate(names)}
        there = difference.subs(put_in).evalf(30)
        if not there.is_real or not there.is_finite:
            continue
        tried += 1
        if abs(there) > 1e-12:
            return judged(text, start, end, given, holds=False, truth=f"it is {_shown(value)}")
    return undecided(
        text, start, end, f"It agrees at {tried} points, which proves nothing." if tried else "It has no real values."
    )


def _shown(value: Any) -> str:
    import sympy

    text = str(sympy.expand(value)).replace("**", "^").replace("*", " ")
    return text if len(text) < MAX_SIDE else "something else"
