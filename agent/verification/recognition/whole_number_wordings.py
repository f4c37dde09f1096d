"""Knows the wordings of tasks about whole numbers: divisors, multiples, remainders, digits, bases, arrangements.

Serves recognition, without SymPy. What has two usual readings (are the ends counted?) is decided in whole_numbers.py.
"""

from __future__ import annotations

import re

from agent.verification.recognition.tasks import ASK, Kind, SymbolicTask, constant

_N = r"(?:the (?:number|integer|value of|(?P<said>product|sum)) )?(?P<n>[^,;:?]+?)"
_LIST = r"(?:the (?:numbers|integers) )?(?P<list>[0-9]+(?:, ?[0-9]+){0,6},? ?(?:and|,) ?[0-9]+)"
_FACTORS = r"(?:divisors|factors)"
_DIFFERENT = r"(?:distinct|different)"
_LEAST, _MOST = r"(?:least|smallest|lowest)", r"(?:greatest|largest|highest|biggest)"
_GCD, _LCM = r"(?:gcd|gcf|hcf)", r"(?:lcm|lowest common multiple)"
_ARE = r"(?:are there|are|lie|exist)(?: (?:in|of))?"
_RANGE = (
    r"(?:(?P<ends>strictly between|between|from) (?P<low>.+?) (?:and|to) (?P<high>.+?)(?P<inclusive>,? inclusive)?"
    r"|(?P<under>less than|below|up to|not greater than|at most|not exceeding) (?P<below>.+))"
)
_LETTERS = r"(?:the )?letters (?:of|in|from) (?:the word )?[\"'“”‘’]*(?P<word>[A-Za-z]{2,12})[\"'“”‘’]*"
_WAYS = rf"(?:in )?how many (?:{_DIFFERENT} )?(?:ways|orders)"
_ORDERS = r"(?:arrangements|permutations|rearrangements)"
_BASED = r"[0-9A-F]+ ?_ ?(?:\{ ?[0-9]+ ?\}|[0-9]+)"
_SUM_OF_BASED = rf"(?P<based>{_BASED}(?: ?(?:[-+*]|\\cdot|\\times) ?{_BASED})*|[0-9]+)"
_TO_BASE = r"(?P<to>to|in|into|as)(?: a)?(?: number in)? base[- ]?(?P<base>[0-9]{1,2}|ten|two|eight)(?: number)?"

_POSITIVE_NUMBER = rf"{ASK} {_LEAST} positive (?:integer|number|whole number)"
_PRIME = r"(?:primes|prime numbers)"
_AS_PRIMES = r"(?:as (?:a|the) product of(?: its)?|into(?: its)?) prime(?:s| factors| numbers)"
_ANSWER_IN = r"(?:express|give|write)(?: your| the)?(?: final)? answer(?: as a number)?"
_SUM = rf"{ASK} sum of(?: all)?(?: of)?(?: the)?"
_NUMBER_OF = rf"{ASK} number of"
_ZEROS = r"zero(?:e?)s"

# The wordings of each question; every one is the whole of a text.
_WORDINGS: dict[str, tuple[str, ...]] = {
    "gcd": (
        rf"{ASK} (?:{_MOST} common (?:divisor|factor)(?: \({_GCD}\))?|{_GCD}) of {_LIST}",
        rf"(?:{ASK} )?\\?{_GCD} ?\((?P<list>[0-9]+(?:, ?[0-9]+){{1,7}})\)",
    ),
    "lcm": (
        rf"{ASK} (?:{_LEAST} common multiple(?: \({_LCM}\))?|{_LCM}) of {_LIST}",
        rf"(?:{ASK} )?\\?{_LCM} ?\((?P<list>[0-9]+(?:, ?[0-9]+){{1,7}})\)",
        rf"(?:{ASK} )?\\?{_LCM} ?\[(?P<list>[0-9]+(?:, ?[0-9]+){{1,7}})\]",
        rf"{_POSITIVE_NUMBER}(?: that is)?(?: evenly)? divisible by(?: each of| all of| both)? {_LIST}",
        rf"{_POSITIVE_NUMBER} that is a multiple of(?: each of| both)? {_LIST}",
    ),
    "divisors": (
        rf"how many (?:{_DIFFERENT} )?(?:positive (?:integer )?)?{_FACTORS} does {_N} have",
        rf"{_NUMBER_OF} (?:{_DIFFERENT} )?(?:positive (?:integer )?)?{_FACTORS} of {_N}",
    ),
    "sum of divisors": (rf"{_SUM}(?: positive)? {_FACTORS} of {_N}",),
    "greatest prime factor": (rf"{ASK} {_MOST} prime (?:factor|divisor) of {_N}",),
    "least prime factor": (rf"{ASK} {_LEAST} prime (?:factor|divisor) of {_N}",),
    "different prime factors": (
        rf"how many {_DIFFERENT} prime {_FACTORS} does {_N} have",
        rf"{_NUMBER_OF} {_DIFFERENT} prime {_FACTORS} of {_N}",
    ),
    "sum of different prime factors": (rf"{_SUM} {_DIFFERENT} prime {_FACTORS} of {_N}",),
    "prime factors": (
        rf"{ASK} prime factori[sz]ation of {_N}",
        rf"(?:write|express|factor|factori[sz]e) {_N} {_AS_PRIMES}",
    ),
    "remainder": (
        rf"{ASK} remainder (?:when|if|of) {_N} (?:is )?divided by (?P<m>[0-9]+)",
        rf"(?:when|if) {_N} is divided by (?P<m>[0-9]+),? what is the remainder",
        rf"(?:{ASK} )?(?:residue of )?{_N},? ?(?:\\pmod ?\{{?(?P<m>[0-9]+)\}}?|\(\\?mod(?:ulo)? ?(?P<round>[0-9]+)\))",
        # Without brackets, 7 - 3 mod 2 has two readings; a number or a power has one.
        rf"(?:{ASK} )?(?:residue of )?(?P<n>[0-9][0-9^{{}}() ]*?),? ?\\?b?mod(?:ulo)? ?\{{?(?P<m>[0-9]+)\}}?",
    ),
    "units digit": (rf"{ASK} (?:units?|unit's|ones|last|final) digit of {_N}",),
    "tens digit": (rf"{ASK} tens digit of {_N}",),
    "sum of digits": (rf"{_SUM} digits (?:of|in) {_N}",),
    "digits": (
        rf"how many digits (?:does {_N} have|are (?:there )?in (?P<in>.+))",
        rf"{_NUMBER_OF} digits (?:of|in) {_N}",
    ),
    "zeros at the end": (
        rf"how many(?: trailing)? {_ZEROS} are(?: there)? at the end of (?P<n>[0-9]+!)",
        rf"how many(?: trailing)? {_ZEROS} does (?P<n>[0-9]+!) (?:end (?:in|with)|have at the end)",
        rf"{_NUMBER_OF} (?:trailing {_ZEROS} (?:of|in)|{_ZEROS} at the end of) (?P<n>[0-9]+!)",
    ),
    "multiples": (
        rf"how many (?P<positive>positive )?multiples of (?P<n>[0-9]+) {_ARE} {_RANGE}",
        rf"{_NUMBER_OF} (?P<positive>positive )?multiples of (?P<n>[0-9]+) (?:that are )?{_RANGE}",
    ),
    "primes": (rf"how many {_PRIME} {_ARE} {_RANGE}", rf"{_NUMBER_OF} {_PRIME} (?:that are )?{_RANGE}"),
    "sum of primes": (rf"{_SUM} {_PRIME} (?:that are )?{_RANGE}",),
    "integers": (rf"how many integers {_ARE} {_RANGE}",),
    "whole numbers": (rf"how many whole numbers {_ARE}(?: in the interval)? {_RANGE}",),
    "arrangements": (
        rf"{_WAYS} can(?: i| you| we)? (?:arrange|rearrange|order) {_LETTERS}",
        rf"{_WAYS} can {_LETTERS} be (?:arranged|rearranged|ordered|permuted)",
        rf"{_WAYS} are there to (?:arrange|rearrange|order) {_LETTERS}",
        rf"how many (?:{_DIFFERENT} )?{_ORDERS} (?:are there )?(?:of|can be made (?:of|from)) {_LETTERS}"
        r"(?: (?:are there|are possible))?",
        rf"{_NUMBER_OF} (?:{_DIFFERENT} )?(?:ways to (?:arrange|rearrange|order)|{_ORDERS} of) {_LETTERS}",
    ),
    "base": (
        rf"(?P<verb>convert|express|write|change|find)(?: the (?:number|integer))? {_SUM_OF_BASED} {_TO_BASE}",
        rf"(?P<verb>add|compute|evaluate|find|calculate|multiply|what is) {_SUM_OF_BASED}[.?;,]?"
        rf" {_ANSWER_IN} {_TO_BASE}",
    ),
}
_PATTERNS = tuple(
    (question, re.compile(wording, re.I)) for question, wordings in _WORDINGS.items() for wording in wordings
)
# Words that every wording has one of; what has none is spared the patterns.
_ABOUT = re.compile(
    r"multiple|divis|factor|prime|\bgc[df]\b|\bhcf\b|\blcm\b|digit|mod|remainder|zeroe?s|integers|whole|base|letters",
    re.I,
)
_THOUSANDS = re.compile(r"(?<=[0-9]),(?:\\!\s?)?(?=[0-9]{3}(?![0-9]))")
_SPOKEN_SIGN = re.compile(r"(?<!\\)\b(?:plus|minus|times|multiplied|divided|over)\b", re.I)
# What contradicts a word for a formula: the product 6 + 6.
_SIGNS = {"product": re.compile(r"[-+]"), "sum": re.compile(r"^[^+]*$")}
_GLUED = re.compile(r"[0-9],[0-9]{3}(?![0-9])")
_BASES_IN_WORDS = {"two": "2", "eight": "8", "ten": "10"}


def whole_number(text: str) -> SymbolicTask | None:
    """The task about whole numbers that a text is as a whole, or None."""
    if not _ABOUT.search(text):
        return None
    plain = " ".join(_THOUSANDS.sub("", text).split())
    for question, pattern in _PATTERNS:
        match = pattern.fullmatch(plain)
        if match is None or (match.groupdict().get("list") and _GLUED.search(text)):
            continue  # 12,180,30 are two numbers or three
        if question == "arrangements" and not (match["word"].isupper() or re.search(r"\bthe word\b|[\"“‘]", text)):
            continue  # "the letters of alphabet" are no word's
        if task := _task(question, match.groupdict()):
            return task
    return None


def _task(question: str, found: dict[str, str | None]) -> SymbolicTask | None:
    if question == "arrangements":
        return SymbolicTask(Kind.WHOLE_NUMBERS, (str(found["word"]).upper(),), question=question)
    if question == "base":
        if (
            "_" not in str(found["based"])
            and not re.match(r"express|write", str(found["verb"]), re.I)
            and found["to"] == "in"
        ):
            return None  # change 777 in base 8: to it, or from it?
        base = str(found["base"]).lower()
        return _in_base(str(found["based"]), int(_BASES_IN_WORDS.get(base, base)))
    written = " ".join(text for name in ("n", "in") if (text := found.get(name)))
    if _SPOKEN_SIGN.search(written) or (found.get("said") and _SIGNS[str(found["said"]).lower()].search(written)):
        return None  # of 12 plus 9: of the sum, or of 12?
    if "digit" in question and re.search(r"\.|(?<![0-9])0[0-9]", written):
        return None  # the form as it is written would matter
    given = re.findall(r"[0-9]+", found.get("list") or "") or [found.get(name) for name in ("n", "in", "m", "round")]
    values = [constant(text) for text in given if text]
    numbers = tuple(value for value in values if value is not None)
    if len(numbers) != len(values):
        return None
    if "low" not in found:
        return SymbolicTask(Kind.WHOLE_NUMBERS, numbers, question=question)
    ends = _ends(question, found)
    if ends is None:
        return None
    point = "positive" if found.get("positive") else ""
    return SymbolicTask(Kind.WHOLE_NUMBERS, numbers, bounds=ends[0], side=ends[1], point=point, question=question)


def _ends(question: str, found: dict[str, str | None]) -> tuple[tuple[str, str], str] | None:
    """Both ends, and "+" where they are counted, "-" where they are not, "" where the wording leaves it open;
    "under" where the lower one alone is."""
    if under := found.get("under"):
        high = constant(str(found["below"]))
        if high is None or ("primes" not in question and not found.get("positive")):
            return None  # without a lower end, or is 0 one of them?
        return ("1", high), "under" if under.lower() in {"less than", "below"} else "+"
    low_end, high_end = constant(str(found["low"])), constant(str(found["high"]))
    if low_end is None or high_end is None:
        return None
    ends = str(found["ends"]).lower()
    if "strictly" in ends and found.get("inclusive"):
        return None
    counted = "+" if found.get("inclusive") or ends == "from" else "-" if "strictly" in ends else ""
    return (low_end, high_end), counted


def _in_base(written: str, base: int) -> SymbolicTask | None:
    parts = re.split(r"( ?(?:[-+*]|\\cdot|\\times) ?)", written)
    pieces = []
    for part in parts:
        sign = part.strip()
        if sign in {"+", "-", "*", r"\cdot", r"\times"}:
            pieces.append("*" if sign.startswith("\\") else sign)
            continue
        digits, _, of_base = part.partition("_")
        of = of_base.strip(" {}") or "10"
        if not 2 <= int(of) <= 16 or any(int(digit, 36) >= int(of) for digit in digits.strip()):
            return None
        pieces.append(f"{digits.strip().upper()}_{of}")
    if not 2 <= base <= 16 or (len(pieces) == 1 and "_10" in pieces[0] and base == 10):
        return None
    return SymbolicTask(Kind.WHOLE_NUMBERS, tuple(pieces), point=str(base), question="base")
