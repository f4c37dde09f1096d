"""Knows the wordings of tasks about arithmetic and geometric sequences and series; serves recognition."""

from __future__ import annotations

import re

from agent.verification.recognition.tasks import AS_FRACTION, ASK, Kind, SymbolicTask, constant

_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "fifteenth": 15, "twentieth": 20, "fiftieth": 50, "hundredth": 100,
}  # fmt: skip
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
           "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}  # fmt: skip
_DOTS = r"(?:\.{3}|\\ldots|\\dots|\\cdots|\\dotsc|…|⋯)"
_KIND = r"(?P<kind>arithmetic|geometric)"
_SEQUENCE = rf"(?P<infinite>infinite )?{_KIND} (?:sequence|progression|series)"
_VALUE = rf"(?!{_DOTS})[^,;=?\s][^,;=?]{{0,59}}?"
# Dots at the end of a text are taken for its end sign, and gone.
_TERMS = rf"(?P<terms>{_VALUE}(?:, ?{_VALUE}){{1,11}})(?:,? ?{_DOTS})?"
_TERMS_TO = rf"(?P<terms>{_VALUE}(?:, ?{_VALUE}){{1,11}}),? ?{_DOTS},? ?(?P<last>{_VALUE}(?:, ?{_VALUE})?)"
_NTH = rf"(?P<n>[0-9]{{1,6}}(?:st|nd|rd|th|\^\{{?(?:st|nd|rd|th)\}}?)|{'|'.join(_ORDINALS)})"
_MTH, _KTH = _NTH.replace("?P<n>", "?P<m>"), _NTH.replace("?P<n>", "?P<k>")
_FIRST_N = rf"(?:first )?(?P<count>[0-9]{{1,6}}|{'|'.join(_COUNTS)})"
_OF = r"(?: (?:of|in|for))?(?: the| this| an?)?"
_SAME = r"(?: (?:of|in) (?:the|this)(?: same)? (?:sequence|progression|series))?"
_WITH = (
    r"(?:(?:with|has|having|where|if|given that|and|whose)\b,? ?)?(?:a |the )?first term(?: is| of| equal to| =)? "
    rf"(?P<first>{_VALUE}),? (?:and|with)?(?: a| the| whose)? ?common (?P<by>difference|ratio)"
    rf"(?: is| of| equal to| =)? (?P<step>{_VALUE})"
)
_LISTED = rf"{_SEQUENCE}(?: whose (?:first )?terms are| given by)?:? {_TERMS}"

_WORDINGS: dict[str, tuple[str, ...]] = {
    "term": (
        rf"{ASK} {_NTH} term{_OF} {_LISTED}",
        rf"{ASK} {_NTH} term{_OF} {_SEQUENCE},? {_WITH}",
        rf"(?:in )?(?:the|an?) {_SEQUENCE},? {_WITH}[.,] {ASK} {_NTH} term{_SAME}",
        rf"the first term of (?:the|an?) {_SEQUENCE} is (?P<first>{_VALUE}),? and (?:the|its) common "
        rf"(?P<by>difference|ratio) is (?P<step>{_VALUE})[.,] {ASK} {_NTH} term{_SAME}",
        rf"(?:consider |in )?the {_LISTED}[.,] {ASK} {_NTH} term{_SAME}",
        rf"the first (?P<many>[a-z]+) terms of (?:the|an?) {_SEQUENCE} are "
        rf"(?P<terms>{_VALUE}(?:, ?{_VALUE}){{0,11}}),? and (?P<final>{_VALUE})(?:, respectively)?[.,] "
        rf"{ASK} {_NTH} term{_SAME}",
    ),
    "term by two": (
        rf"{ASK} {_NTH} term{_OF} {_SEQUENCE},? with (?:a )?first term (?:of )?(?P<first>{_VALUE}),? and (?:a )?second "
        rf"term (?:of )?(?P<step>{_VALUE})",
        rf"in the {_SEQUENCE},? with (?:a )?first term (?:of )?(?P<first>{_VALUE}),? and (?:a )?second term (?:of )?"
        rf"(?P<step>{_VALUE}), {ASK} {_NTH} term{_SAME}",
    ),
    "step": (rf"{ASK} common (?P<by>difference|ratio){_OF} {_LISTED}",),
    "sum": (
        rf"{ASK} sum of the {_FIRST_N} terms{_OF} {_LISTED}",
        rf"{ASK} sum of the {_FIRST_N} terms{_OF} {_SEQUENCE},? {_WITH}",
    ),
    "infinite sum": (
        rf"{ASK} sum of (?:the|an?) infinite (?P<kind>geometric) (?:series|sequence|progression)(?: of|:)? {_TERMS}",
        rf"{ASK} sum of (?:the|an?) infinite (?P<kind>geometric) (?:series|sequence|progression),? {_WITH}",
    ),
    "how many terms": (
        rf"how many (?:terms|numbers) (?:are )?(?:there )?(?:in |does )?(?:the|this) {_SEQUENCE}:? {_TERMS_TO}"
        "(?: have| contain)?",
    ),
    "sum to": (rf"{ASK} sum of (?:the|an?) {_SEQUENCE}:? {_TERMS_TO}",),
    "sum of all": (
        rf"(?:{ASK}:? ?)?(?:the )?(?:sum:? )?(?:of (?:the )?(?:series )?)?(?P<terms>{_VALUE}(?:, ?{_VALUE}){{2,11}})"
        rf",? ?{_DOTS},? ?(?P<last>{_VALUE}(?:, ?{_VALUE})?)",
    ),
    "from two": (
        rf"(?:if )?the {_NTH} and {_MTH} terms of (?:the|an?) {_SEQUENCE} are (?P<first>{_VALUE}),? and "
        rf"(?P<step>{_VALUE})(?:, respectively)?[.,] (?:then )?{ASK} {_KTH} term{_SAME}",
        rf"(?:if )?the {_NTH} term of (?:the|an?) {_SEQUENCE} is (?P<first>{_VALUE}),? and the {_MTH} term is "
        rf"(?P<step>{_VALUE})[.,] (?:then )?{ASK} {_KTH} term{_SAME}",
    ),
}  # fmt: skip
_PATTERNS = tuple((ask, re.compile(wording, re.I)) for ask, wordings in _WORDINGS.items() for wording in wordings)
_ABOUT = re.compile(r"arithmetic|geometric|sum|\.\.\.|dots|…|⋯", re.I)
# A comma within 1,000 would be one between terms, unless the number says which term or how many.
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?:st|nd|rd|th| terms\b))")
_COMMA_OR_THOUSAND = re.compile(r"\d,\d{3}(?!\d)")
_ORDINAL_SIGN = re.compile(r"\^ ?\{? ?\\?(?:text|mathrm|textrm)? ?\{? ?(st|nd|rd|th) ?\}{0,2}")
# One number, with no operation that might be meant for the whole sum: -3, 2.5, 1/2, 2^{10}, \frac{1}{2}.
_INTEGER = r"(?:[0-9]+(?: ?\^ ?(?:[0-9]|\{[0-9]+\}))?)"
_ONE_NUMBER = re.compile(
    rf"\(?[-−]? ?(?:\\frac ?(?:\{{ ?-?{_INTEGER} ?\}}|[0-9]) ?(?:\{{ ?{_INTEGER} ?\}}|[0-9])|[0-9]*\.[0-9]+"
    rf"|{_INTEGER}(?: ?/ ?{_INTEGER})?)\)?"
)
_ENDING = {"sum of all", "sum to", "how many terms"}


def sequence(text: str) -> SymbolicTask | None:
    """The task about an arithmetic or geometric sequence that a text is as a whole, or None.

    Its expressions are the terms that are given, or the first term and the step with `side` "steps"; `variables` says
    which kind it is; `point` which term, or how many, is asked for; `bounds` holds the last terms where they are given.
    """
    if not _ABOUT.search(text):
        return None
    plain = re.sub(r" +(?=[.,;:?])", "", " ".join(text.replace(r"\!", "").split()))
    plain = _THOUSANDS.sub("", _ORDINAL_SIGN.sub(r"\1", AS_FRACTION.sub("", plain))).rstrip("= ")
    if _COMMA_OR_THOUSAND.search(plain):
        return None
    added = "," not in plain and bool(re.search(rf"[+-] ?{_DOTS}", plain))
    if added or re.search(rf"[+-] ?{_DOTS}?$", plain):
        plain = re.sub(rf"[+-] ?(?={_DOTS}|$)", ", ", plain)
        plain = re.sub(r"(?<=[\w)}\]]) ?- ?(?=[\w(\\])", ", -", re.sub(r" ?\+ ?", ", ", plain))
        plain = re.sub(r"(?<=[^ ]) ?, ?(?:, ?)?", ", ", plain)
    endless = plain.rstrip().endswith(",")  # the dots behind it were taken for an end sign
    plain = plain.rstrip(", ")
    for question, pattern in _PATTERNS:
        if (question == "sum of all" and not added) or (endless and question in _ENDING):
            continue
        if match := pattern.fullmatch(plain):
            return _task(question, match.groupdict())
    return None


def _task(question: str, found: dict[str, str | None]) -> SymbolicTask | None:
    kind = (found.get("kind") or "").lower()
    if found.get("infinite") and question not in {"infinite sum", "term", "step"}:
        return None
    if found.get("by") and (found["by"] or "").lower() != {"arithmetic": "difference", "geometric": "ratio"}[kind]:
        return None
    asked = [_number(written) for name in ("n", "m", "k", "count") if (written := found.get(name))]
    first, ending = found.get("first"), found.get("last")
    if first:
        terms = [first, found["step"] or ""]
        side = {"from two": "two terms", "term by two": ""}.get(question, "steps")
    else:
        terms = [*re.split(r", ?", found["terms"] or ""), *filter(None, [found.get("final")])]
        side = ""
        if (many := found.get("many")) and _COUNTS.get(many.lower()) != len(terms):
            return None
    last = re.split(r", ?", ending) if ending else []
    if 0 in asked or len(last) > 2 or not all(_ONE_NUMBER.fullmatch(term.strip()) for term in (*terms, *last)):
        return None
    if any("/" in term for term in last) and not any("/" in term for term in terms):
        return None  # 1 + 2 + ... + 100/2: half of the last, or of the sum?
    values, last = [constant(term) for term in terms], [constant(term) or "" for term in last]
    if None in values or "" in last:
        return None
    ends = (last[0], last[-1]) if last else None
    return SymbolicTask(
        Kind.SEQUENCE, tuple(value for value in values if value), (kind,), ends,
        " ".join(map(str, asked)), side if len(last) != 2 else "two ends", question=question,
    )  # fmt: skip


def _number(written: str) -> int:
    """A count, or a place in a sequence."""
    word = written.lower()
    digits = re.match(r"[0-9]+", word)
    return int(digits[0]) if digits else _ORDINALS.get(word) or _COUNTS[word]
