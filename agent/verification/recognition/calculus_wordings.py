"""Knows the wordings of limits, integrals and derivatives; serves recognition, without SymPy."""

from __future__ import annotations

import re

from agent.verification.recognition.tasks import (
    ASK,
    OBJECT,
    THE,
    VARIABLE,
    WRT,
    Kind,
    SymbolicTask,
    constant,
    function_body,
    unknown,
)

# Limits

_ARROW = r"(?:\\to|\\rightarrow|->|-->|→|\\longrightarrow|=>)"
_INFINITY = r"(?:(?:positive |plus )?infinity|\+?\s?\\infty|\+?∞|\+?oo|\+inf)"
_END = rf"(?:{_INFINITY}|(?:negative |minus )infinity|-\s?(?:\\infty|∞|infinity|oo|inf))"
_POINT = (
    rf"(?P<point>{_END}|-?\s?(?:\\frac\s?\{{[^{{}}]+\}}\s?\{{[0-9]+\}}|(?:[0-9]+\s?)?(?:\\pi|π|pi)(?:/[0-9]+)?"
    r"|[0-9]+(?:\.[0-9]+)?(?:/[0-9]+)?|e))"
)
_SIDE = r"(?P<side>\^?\{?[-+]\}?(?=[\s)}]|$)|\^\{?[-+]\}?|[⁺⁻])?"
_FROM = r"(?P<words>,? from (?:the )?(?:left|right|above|below)(?:[- ]hand)?(?: side)?)?"
_TOWARDS = rf"(?P<v>{VARIABLE}) (?:approaches|tends to|goes to|{_ARROW}) ?{_POINT}{_SIDE}{_FROM}"
_LIMITS = (
    re.compile(
        rf"(?:{ASK} )?(?:limit:? ?)?\\?lim(?:\\limits)? ?_? ?(?:(?P<open>[{{(])"
        rf" ?)?(?P<v>{VARIABLE}) ?{_ARROW} ?{_POINT}{_SIDE} ?"
        r"(?(open)[})])(?:,| of)? ?(?P<body>.+)",
        re.I | re.S,
    ),
    re.compile(rf"(?:{ASK} )?(?:one-sided )?limit (?:of )?(?P<body>.+?),? as {_TOWARDS}", re.I | re.S),
    re.compile(rf"(?:{ASK} )?(?:one-sided )?limit,? as {_TOWARDS},? of (?P<body>.+)", re.I | re.S),
)


def limit(text: str) -> SymbolicTask | None:
    if "lim" not in text.lower():
        return None
    for pattern in _LIMITS:
        if match := pattern.fullmatch(text):
            found = match.groupdict()
            body = function_body(found["body"])
            variable = found["v"].lstrip("\\")
            point = _end(found["point"])
            side, words = re.sub(r"[^-+⁺⁻]", "", found["side"] or ""), found.get("words") or ""
            if words:
                if side:
                    return None
                side = "+" if re.search(r"right|above", words, re.I) else "-"
            side = side.translate(str.maketrans("⁺⁻", "+-"))
            if body is None or point is None or body.names - {variable} or (side and "oo" in point):
                return None
            return SymbolicTask(Kind.LIMIT, (body.text,), (variable,), point=point, side=side)
    return None


def _end(text: str) -> str | None:
    if re.fullmatch(_INFINITY, text.strip(), re.I):
        return "oo"
    return "-oo" if re.fullmatch(_END, text.strip(), re.I) else constant(text)


# Integrals

_ARGUMENT = r"(?:\{(?:[^{}]|\{[^{}]*\})*\}|\\infty|\\pi|-?[0-9]+|[∞πe])"
_D = rf"(?:(?:\\[,;:! ]|\s)*d\s?(?P<v>{VARIABLE}))"
_BOUNDS = (
    rf"(?:,? (?:from (?:{VARIABLE} ?= ?)?(?P<low>.+?) to (?:{VARIABLE} ?="
    rf" ?)?(?P<high>.+)|(?:between|over|on) (?:{VARIABLE} ?="
    rf" ?)?\[?(?P<low2>[^\[\],]+?)(?: and |, ?)(?:{VARIABLE} ?= ?)?(?P<high2>[^\[\],]+)\]?))?"
)
_INTEGRALS = (
    re.compile(
        rf"(?:{ASK} )?(?:the )?(?:(?:in)?definite )?(?:integral(?: of)?:? )?(?:∫|\\int)(?:\\limits)?\s*"
        rf"(?:_\s*(?P<low3>{_ARGUMENT})\s*\^\s*(?P<high3>{_ARGUMENT})|\^\s*(?P<high4>{_ARGUMENT})\s*_\s*(?P<low4>{_ARGUMENT}))?"
        rf"\s*(?P<body>.+?){_D}{_BOUNDS}",
        re.S | re.I,
    ),
    re.compile(
        rf"(?:integrate{THE}|(?:{ASK} )?(?:the )?(?:(?:in)?definite )?(?:integral|anti-?derivative) of)"
        rf"(?: the)?(?: function)?:? (?P<body>.+?){_D}?{WRT}{_BOUNDS}",
        re.S | re.I,
    ),
    re.compile(
        rf"(?:integrate|(?:{ASK} )?(?:the )?(?:definite )?integral),? from (?:{VARIABLE} ?="
        rf" ?)?(?P<low>.+?) to (?:{VARIABLE} ?= ?)?"
        rf"(?P<high>.+?) of (?P<body>.+?){_D}?",
        re.S | re.I,
    ),
)


def integral(text: str) -> SymbolicTask | None:
    for pattern in _INTEGRALS:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        found = match.groupdict()
        ends = [value for name, value in found.items() if name.startswith("low") and value]
        ends += [value for name, value in found.items() if name.startswith("high") and value]
        body = function_body(found["body"])
        variable = unknown(body, found.get("v"), found.get("wrt")) if body is not None else None
        if body is None or variable is None or body.names - {variable} or len(ends) not in {0, 2}:
            return None
        bounds = tuple(_end(re.sub(r"^\{(.*)\}$", r"\1", end.strip())) for end in ends)
        if not bounds:
            wants_number = re.search(r"(?<!in)\bdefinite", text, re.I)
            return None if wants_number else SymbolicTask(Kind.INTEGRATE, (body.text,), (variable,))
        if bounds[0] is None or bounds[1] is None or re.search(r"indefinite|anti-?deriv", text, re.I):
            return None
        return SymbolicTask(Kind.INTEGRATE, (body.text,), (variable,), bounds=(bounds[0], bounds[1]))
    return None


# Derivatives

_ORDERS = {"": 1, "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3}
_AT = (
    rf"(?:,? (?:(?:at|when|for|where|if)(?: the point)? (?P<at>{VARIABLE}) ?=|at(?: the"
    rf" point)?(?= [-0-9\\(p])) ?(?P<point>[^=]+?))?"
)
_POWER = r"(?:\^?\{?[23²³]\}?)?"
_DIVIDED = (
    rf"(?:\\frac\s?\{{\s?d(?P<n1>{_POWER})\s?(?P<y1>y?)\s?\}}\s?\{{\s?d\s?(?P<v1>{VARIABLE}){_POWER}\s?\}}"
    rf"|d(?P<n2>{_POWER})(?P<y2>y?)\s?/\s?d(?P<v2>[a-zA-Z]){_POWER})"
)
_PRIMED = r"(?P<g>[A-Za-z])(?P<primes>'{1,3})\s?\((?P<point>[^()]*(?:\([^()]*\))?[^()]*)\)"
_DERIVATIVES = (
    re.compile(
        rf"(?:differentiate|derive|take the derivative of){THE}{OBJECT}:? (?P<body>.+?){WRT}{_AT}",
        re.I | re.S,
    ),
    re.compile(
        rf"(?:{ASK} )?(?:the )?(?P<nth>first |second |third |1st |2nd |3rd"
        rf" |)derivative(?P<wrt_first> with respect to {VARIABLE})? "
        rf"(?:of|for)(?: the)?{OBJECT}:? (?P<body>.+?){WRT}{_AT}",
        re.I | re.S,
    ),
    re.compile(rf"(?:(?i:{ASK}) )?{_DIVIDED}(?P<of> of)?\s?(?P<body>[^=]+?)", re.S),
    re.compile(rf"(?:(?i:{ASK}) )?{_DIVIDED},? (?:if|when|for|where|given(?: that)?|of):? (?P<body>y\s?=.+?)", re.S),
    re.compile(rf"(?:{ASK} )?{_PRIMED},? (?:if|when|for|where|given(?: that)?):? (?P<body>.+)", re.S | re.I),
    re.compile(
        rf"(?:(?:if|let|given|for|suppose|consider)(?: that| the function)?"
        rf" )?(?P<body>[A-Za-z]\s?\({VARIABLE}\)\s?=.+?)"
        rf"[,.;:]? (?:then )?(?:{ASK} )?{_PRIMED}",
        re.S | re.I,
    ),
    re.compile(
        rf"(?:(?:if|let|given)(?: that)? )?(?P<body>y\s?=.+?)[,.;:]? (?:then )?(?:{ASK} ){_DIVIDED}",
        re.S | re.I,
    ),
)


def derivative(text: str) -> SymbolicTask | None:
    for pattern in _DERIVATIVES:
        if match := pattern.fullmatch(text):
            return _derivative_of(match.groupdict(), text)
    return None


def _derivative_of(found: dict[str, str | None], text: str) -> SymbolicTask | None:
    body_text = (found["body"] or "").strip()
    body = function_body(body_text)
    if body is None:
        return None
    named = re.match(rf"([A-Za-z])\s?\(({VARIABLE})\)\s?=", body_text)
    stated = [found.get("v1") or found.get("v2"), found.get("wrt"), found.get("at"), named and named[2]]
    if first := found.get("wrt_first"):
        stated.append(first.split()[-1])
    variable = unknown(body, *stated)
    powers = re.sub(r"[^23²³]", "", found.get("n1") or found.get("n2") or "").translate(str.maketrans("²³", "23"))
    order = (
        int(powers) if powers else len(found.get("primes") or "") or _ORDERS[(found.get("nth") or "").strip().lower()]
    )
    point = (found.get("point") or "").strip()
    if variable is None or body.names - {variable}:
        return None
    if found.get("g"):
        if named is None or named[1] != found["g"]:
            return None
        point = "" if point == variable else point
    elif (
        (found.get("v1") or found.get("v2"))
        and not body_text.startswith("y")
        and (found.get("y1") or found.get("y2") or (body.terms > 1 and not found.get("of")))
    ):
        return None  # d/dx x^2 + 3x may end before the plus sign
    if point:
        value = constant(point)
        if value is None:
            return None
        point = value
    return SymbolicTask(Kind.DIFFERENTIATE, (body.text,), (variable,), point=point, order=order)
