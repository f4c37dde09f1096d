"""Knows the wordings of tasks about points, lines, circles and parabolas in the plane; serves recognition."""

from __future__ import annotations

import re

from agent.verification.recognition.formulas import read_relation
from agent.verification.recognition.tasks import ANSWER, AS_FRACTION, ASK, Kind, SymbolicTask, constant

_PAIR = r"\([^(),;=]{1,40},[^(),;=]{1,40}\)"
_ORIGIN = "(?:the )?origin"
_POINTS = r"(?:(?:the )?(?:two )?(?:points?|endpoints|vertices)(?: with coordinates| at)? )?"
_LABEL = r"(?:(?:point )?[A-Z] ?(?:=|at)? ?)?"


def _point(n: int, *, origin: bool = False) -> str:
    return rf"{_POINTS}{_LABEL}(?P<p{n}>{_PAIR}{'|' + _ORIGIN if origin else ''})"


_TWO = rf"{_point(1)} (?:and|to) {_point(2)}"
_TWO_OR_ORIGIN = rf"{_point(1, origin=True)} (?:and|to) {_point(2, origin=True)}"
_SEGMENT = r"(?:(?:line )?segment|line)"
_AT = "(?:located )?(?:at )?"
_JOINING = (
    r"(?:(?:that (?:has|is|joins|connects) )?(?:with |whose )?(?:end ?points)?(?: are| at| of)?"
    r"|joining|connecting|between|from)"
)
_THROUGH = (
    r"(?:(?:that |which )?(?:passes|passing|goes|going|runs|drawn)? ?through|containing|that contains|joining"
    r"|connecting|between)"
)
_EQUATION = (
    r"(?:(?:with (?:the )?equation|given by(?: the equation)?|whose equation is|defined by|of(?: the equation)?|:) )?"
    r"(?P<eq>[^?]+)"
)

# The answer itself, or what its two coordinates make.
_COORDINATES = r"(?:(?:(?P<both>sum|product) of the )?coordinates of the )?"

_OF_POINTS: dict[str, tuple[str, ...]] = {
    "distance": (
        rf"{ASK} (?:number of units in the )?(?:shortest |straight-line )?distance (?:between|from) {_TWO_OR_ORIGIN}",
        rf"how far apart are {_TWO_OR_ORIGIN}",
        rf"how far (?:is|away is) {_point(1, origin=True)} from {_point(2, origin=True)}",
        rf"{ASK} length of the {_SEGMENT} {_JOINING} ?{_TWO_OR_ORIGIN}",
    ),
    "midpoint": (rf"{ASK} {_COORDINATES}midpoint of (?:the|a) {_SEGMENT} {_JOINING} ?{_TWO}",
                 rf"{ASK} {_COORDINATES}midpoint (?:of|between) {_TWO}"),
    "slope": (rf"{ASK} (?:slope|gradient) of (?:the|a) (?:straight )?{_SEGMENT} {_THROUGH} ?{_TWO}",),
    "line": (
        rf"{ASK} (?:an )?equation of (?:the|a) (?:straight )?line {_THROUGH} ?{_TWO},? "
        r"in (?:slope-intercept form|the form y ?= ?m ?x ?\+ ?[bc])",
    ),
    "other endpoint": (
        rf"(?:the )?midpoint of (?:a|the) {_SEGMENT} is {_AT}{_point(2)}(?:\.|,|,? and) (?:if )?one "
        rf"(?:of (?:its|the) )?endpoints? is {_AT}{_point(1)}[.,] (?:then )?{ASK} {_COORDINATES}other endpoint",
        rf"one endpoint of (?:a|the) {_SEGMENT} is {_AT}{_point(1)}(?:\.|,|,? and) (?:the|its) midpoint is {_AT}"
        rf"{_point(2)}[.,] (?:then )?{ASK} {_COORDINATES}other endpoint",
    ),
    "area": (
        rf"{ASK} area of (?:the|a) triangle (?:with vertices(?: at)?|whose vertices are(?: at)?|formed by) ?"
        rf"{_point(1)}, {_point(2)},? and {_point(3)}",
    ),
}  # fmt: skip
_OF_EQUATIONS: dict[str, tuple[str, ...]] = {
    "slope": (rf"{ASK} (?:slope|gradient) of (?:the|a) (?:straight )?line {_EQUATION}",),
    "slope of a parallel": (
        rf"{ASK} (?:slope|gradient) of (?:a|any|the) line (?:that is )?parallel to (?:the line )?{_EQUATION}",
    ),
    "slope of a perpendicular": (
        rf"{ASK} (?:slope|gradient) of (?:a|any|the) line (?:that is )?perpendicular to (?:the line )?{_EQUATION}",
    ),
    "center": (rf"{ASK} {_COORDINATES}cent(?:er|re) of (?:the|a) circle {_EQUATION}",),
    "radius": (rf"{ASK} radius of (?:the|a) circle {_EQUATION}",),
    "vertex": (rf"{ASK} {_COORDINATES}vertex of the (?:parabola|graph) {_EQUATION}",),
}  # fmt: skip
_PATTERNS = tuple(
    (question, re.compile(wording, re.I))
    for family in (_OF_POINTS, _OF_EQUATIONS)
    for question, wordings in family.items()
    for wording in wordings
)
_ABOUT = re.compile(r"distance|far|length|midpoint|slope|gradient|equation|triangle|circle|parabola|vertex", re.I)
_SEGMENT_FIRST = re.compile(
    rf"(?:a|the) {_SEGMENT} (?P<how>has endpoints(?: at)?|(?:passes|goes) through|joins) {_TWO}"
    rf"[.,] (?P<ask>{ASK} (?:(?:(?:sum|product) of the )?coordinates of the )?(?:length|midpoint|slope|gradient)) of "
    r"(?:the|this) (?:line )?(?:segment|line)",
    re.I,
)
_PLANE = r",? (?:in|on) (?:the|a) (?:\(?x ?,? ?y\)?[- ]?|coordinate |cartesian |rectangular ){1,3}plane,?"
_AROUND = re.compile(
    rf"{_PLANE}|,? in units,?(?= (?:between|from|of)|$)|,? in simplest radical form$"
    rf"|[.,?]? ?{ANSWER} (?:as an ordered pair(?: \(?x ?, ?y\)?)?|in simplest radical form)$",
    re.I,
)


def coordinates(text: str) -> SymbolicTask | None:
    """The task about the coordinate plane that a text is as a whole, or None."""
    if not _ABOUT.search(text):
        return None
    plain = re.sub(r"\\left\s*\(", "(", re.sub(r"\\right\s*\)", ")", text))
    plain = re.sub(r" +(?=[.,;:?])", "", " ".join(plain.replace(r"\,", "").replace(r"\!", "").split()))
    plain = AS_FRACTION.sub("", plain)
    while around := _AROUND.search(plain):
        plain = (plain[: around.start()] + plain[around.end() :]).strip().rstrip(".,? ")
    if first := _SEGMENT_FIRST.fullmatch(plain):
        if first["how"].endswith("through") and not re.search("slope|gradient", first["ask"], re.I):
            return None  # a line has no length
        plain = f"{first['ask']} of the line segment with endpoints {first['p1']} and {first['p2']}"
        if re.search("slope|gradient", first["ask"], re.I):
            plain = f"{first['ask']} of the line through {first['p1']} and {first['p2']}"
    for question, pattern in _PATTERNS:
        if match := pattern.fullmatch(plain):
            found = match.groupdict()
            task = _of_equation(question, found) if found.get("eq") else _of_points(question, found)
            if task is not None:
                return task
    return None


def _of_points(question: str, found: dict[str, str | None]) -> SymbolicTask | None:
    texts: list[str] = []
    for name in sorted(found):
        written = found[name]
        if written is None or name == "both":
            continue
        pair = ["0", "0"] if not written.startswith("(") else written[1:-1].split(",")
        values = [constant(part) for part in pair]
        if None in values:
            return None
        texts += [value for value in values if value is not None]
    return SymbolicTask(Kind.COORDINATES, tuple(texts), question=question, side=(found.get("both") or "").lower())


def _of_equation(question: str, found: dict[str, str | None]) -> SymbolicTask | None:
    written = (found["eq"] or "").strip().rstrip(".")
    if re.search(r"\d ?[xX] ?\d", written):
        return None  # an x or a sign of multiplication
    relation = read_relation(written)
    if relation is None or relation.signs != ("=",) or not relation.names <= {"x", "y"} or not relation.names:
        return None
    if question == "vertex" and relation.names != {"x", "y"}:
        return None
    return SymbolicTask(
        Kind.COORDINATES, (relation.text,), ("x", "y"), question=question, side=(found.get("both") or "").lower()
    )
