"""What a step says of whole numbers in words: primes, divisibility, common divisors and multiples, remainders, choices.

Each is worked out in whole numbers, without SymPy. Serves the claims.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from fractions import Fraction

from agent.domain import Correction
from agent.verification.claims.doubts import Background
from agent.verification.claims.stated import (
    FREE_END,
    FREE_START,
    NUMBER,
    Stated,
    judged,
    undecided,
    whole,
    without_signs,
)
from agent.verification.reading.tolerance import rewritten

MAX_NUMBER = 10**9  # whose divisors are tried
MAX_CHOSEN = 1_000

_A, _B = (rf"(?P<{name}>{NUMBER})" for name in "ab")
_IS = (
    r"\s+(?:is|are)(?P<not>\s+not|n't)?\s+"
    r"(?:(?:also|therefore|thus|clearly|both|all|evenly|exactly|an?|itself|indeed)\s+){0,2}"
)
_MANY = rf"(?P<many>{NUMBER}(?:\s*,\s*{NUMBER}){{0,6}}(?:\s*,?\s+and\s+{NUMBER})?)"
_ENDS = r"(?=\s*(?:[.,;:)!\n]|$|(?:and|so|because|since|as|which|numbers?|but)\b))"
_NO_CHOICE = r"(?!\s*(?:,\s*)?(?:or|nor|of)\b)"


def _is_prime(n: int) -> bool:
    return n > 1 and all(n % divisor for divisor in range(2, math.isqrt(n) + 1))


def _is_power(n: int, exponent: int) -> bool:
    root = round(n ** (1 / exponent))
    return any(near**exponent == n for near in (root - 1, root, root + 1))


def _least_divisor(n: int) -> str:
    least = next((divisor for divisor in range(2, math.isqrt(n) + 1) if n % divisor == 0), n)
    return f"{n} = {least} × {n // least}" if least < n else f"{n} is prime" if n > 1 else f"{n} is not a prime"


def _division(a: int, b: int) -> str:
    return f"{a} divided by {b} leaves {a % b}" if b else f"nothing is divisible by {b}"


Fact = tuple[re.Pattern[str], Callable[..., bool], Callable[..., str]]


def _fact(pattern: str, holds: Callable[..., bool], truth: Callable[..., str]) -> Fact:
    return re.compile(FREE_START + pattern, re.I), holds, truth


# About each of some numbers, then about one number and another.
_OF_EACH: tuple[Fact, ...] = (
    _fact(rf"{_MANY}{_IS}primes?(?:\s+numbers?)?{_ENDS}", _is_prime, _least_divisor),
    _fact(rf"{_MANY}{_IS}composites?(?:\s+numbers?)?{_ENDS}", lambda n: n > 1 and not _is_prime(n), _least_divisor),
    _fact(rf"{_MANY}{_IS}even{_ENDS}", lambda n: n % 2 == 0, lambda n: f"{n} is odd"),
    _fact(rf"{_MANY}{_IS}odd{_ENDS}", lambda n: n % 2 == 1, lambda n: f"{n} is even"),
    _fact(rf"{_MANY}{_IS}(?:perfect\s+)squares?{_ENDS}", lambda n: _is_power(n, 2),
          lambda n: f"it lies between {math.isqrt(n)}² and {math.isqrt(n) + 1}²"),
    _fact(rf"{_MANY}{_IS}(?:perfect\s+)cubes?{_ENDS}", lambda n: _is_power(n, 3), lambda n: f"{n} is no third power"),
)  # fmt: skip
_OF_TWO: tuple[Fact, ...] = (
    _fact(rf"{_MANY}{_IS}(?:divisible\s+by|multiples?\s+of)\s+{_B}{FREE_END}{_NO_CHOICE}",
          lambda a, b: b > 0 and a % b == 0, _division),
    _fact(rf"{_MANY}{_IS}(?:factors?|divisors?)\s+of\s+{_B}{FREE_END}{_NO_CHOICE}",
          lambda a, b: a > 0 and b % a == 0, lambda a, b: _division(b, a)),
    _fact(rf"{_MANY}{_IS}prime\s+(?:factors?|divisors?)\s+of\s+{_B}{FREE_END}{_NO_CHOICE}",
          lambda a, b: _is_prime(a) and b % a == 0,
          lambda a, b: _division(b, a) if _is_prime(a) else _least_divisor(a)),
    _fact(rf"{_MANY}(?:\s+(?:evenly\s+)?divides?|\s+does(?P<not>\s+not|n't)(?:\s+evenly)?\s+divide|\s*\\mid(?![a-z])|\s*∣)\s+"
          rf"(?:evenly\s+)?(?:into\s+)?{_B}{FREE_END}{_NO_CHOICE}",
          lambda a, b: a > 0 and b % a == 0, lambda a, b: _division(b, a)),
)  # fmt: skip
_PLURAL = re.compile(r"(?i)\b(?:are|do)\b|(?<!not)(?<!n't)(?<!evenly)\s+divide\b")
_COPRIME = re.compile(
    rf"{FREE_START}{_A}\s+and\s+{_B}\s+are(?P<not>\s+not|n't)?\s+(?:relatively\s+prime|co-?prime)\b", re.I
)
_IN_COMMAS = re.compile(r"\(.*[0-9],[0-9]{3}(?![0-9])")  # gcd(20,30,100)
_NAMES_OF_CHOICES = re.compile(r"\b[CP]\s*\(\s*[a-z]|\b[CP]_")

_LIST = rf"(?P<many>{NUMBER}(?:\s*,\s*{NUMBER}){{0,6}}(?:\s*,?\s*and\s+{NUMBER})?)"
_RESULT = rf"\s*(?:=|\bis\b|\bequals\b|\bis\s+equal\s+to\b)\s*(?P<result>{NUMBER}){FREE_END}"
_DIVISOR = r"gcd|gcf|hcf|greatest\s+common\s+(?:divisor|factor)|highest\s+common\s+factor"
_MULTIPLE = r"lcm|lcd|(?:least|lowest)\s+common\s+(?:multiple|denominator)"
_COMMON = re.compile(
    rf"(?:\\(?:text|operatorname|mathrm)\{{\s*|\\)?\b(?:(?P<divisor>{_DIVISOR})|(?P<multiple>{_MULTIPLE}))\b\}}?"
    rf"(?:\s*\((?:gcd|gcf|hcf|lcm|lcd)\))?"
    rf"(?:\s*\(\s*{_LIST}\s*\)|\s+(?:of|for)\s+{_LIST.replace('many', 'more')}){_RESULT}",
    re.I,
)
_LEAVES = re.compile(
    rf"\bremainder\s+(?:when|of|if|as)\s+{_A}\s+(?:is\s+)?divided\s+by\s+{_B}{_RESULT}"
    rf"|{FREE_START}(?P<a2>{NUMBER})\s+divided\s+by\s+(?P<b2>{NUMBER})\s+(?:leaves|has|gives)\s+(?:an?\s+)?remainder\s+(?:of\s+)?(?P<result2>{NUMBER}){FREE_END}"
    rf"|{FREE_START}(?P<a3>{NUMBER})\s+(?:\\?b?mod)\s+(?P<b3>{NUMBER})\s*=\s*(?P<result3>{NUMBER}){FREE_END}",
    re.I,
)
_WHEN_DIVIDED = re.compile(
    rf"\b(?:when|if)\s+{_A}\s+is\s+divided\s+by\s+{_B}\s*,\s*(?:the|its)\s+remainder{_RESULT}"
    rf"|{FREE_START}(?P<a2>{NUMBER})\s+leaves\s+(?:an?\s+)?remainder\s+(?:of\s+)?(?P<result2>{NUMBER})\s+when\s+"
    rf"(?:it\s+is\s+)?divided\s+by\s+(?P<b2>{NUMBER}){FREE_END}",
    re.I,
)
_COMBINED = re.compile(rf"\b(?P<how>sum|product)\s+of\s+{_LIST}{_RESULT}", re.I)
_POWER = re.compile(
    rf"{FREE_START}{_A}\s+(?P<how>squared|cubed){_RESULT}"
    rf"|\b(?P<how2>square|cube)\s+of\s+(?P<a2>{NUMBER})\s*(?:=|\bis\b|\bequals\b)\s*(?P<result2>{NUMBER}){FREE_END}",
    re.I,
)
_DIVIDED = re.compile(
    rf"{FREE_START}{_A}\s*(?:÷|/|\\div|divided\s+by)\s*{_B}\s*(?:=|is)\s*(?P<quotient>{NUMBER})"
    rf"(?:,?\s+(?:r|remainder|with\s+(?:an?\s+)?remainder(?:\s+of)?)\s*)(?P<result>{NUMBER}){FREE_END}",
    re.I,
)
_CHOICES = re.compile(
    rf"(?<![\w\\])(?:(?P<kind>[CP])\s*\(\s*{_A}\s*,\s*{_B}\s*\)"
    r"|(?:\{\}\s*)?[_^]?\{?(?P<a2>[0-9]{1,4})\}?\s*(?P<kind2>[CP])\s*_?\{?(?P<b2>[0-9]{1,4})\}?"
    rf"|(?P<a3>[0-9]{{1,4}})\s+(?P<kind3>choose)\s+(?P<b3>[0-9]{{1,4}})){_RESULT}"
)
_CHOOSES = re.compile(
    r"(?i)\b(?:choos\w*|chosen|combinations?|permutations?|arrangements?|(?:number\s+of|different|how\s+many)\s+ways)\b"
)


def number_facts(text: str, given: Background) -> Iterator[Stated]:
    """One claim for each statement, in no order; offsets are into `text`."""
    plain = without_signs(text)
    for pattern, holds, truth in (*_OF_EACH, *_OF_TWO):
        for found in pattern.finditer(plain):
            several = len(re.findall(NUMBER, found["many"])) > 1
            if several is (_PLURAL.search(found[0]) is not None):  # 11 are even: how many of them
                yield _of_numbers(found, holds, truth, text, given)
    for found in _COPRIME.finditer(plain):
        common = math.gcd(whole(found["a"]), whole(found["b"]))
        yield judged(
            text, found.start(), found.end(), given,
            holds=(common == 1) is (found["not"] is None), truth=f"their greatest common divisor is {common}",
        )  # fmt: skip
    for found in _COMMON.finditer(plain):
        numbers = [whole(one) for one in re.findall(NUMBER, found["many"] or found["more"])]
        value = (math.gcd if found["divisor"] else math.lcm)(*numbers)
        if len(numbers) > 1 and not _IN_COMMAS.search(found[0]):
            yield _result(found, value, "result", text, given)
    for found in (*_LEAVES.finditer(plain), *_WHEN_DIVIDED.finditer(plain)):
        which = next(which for which in ("", "2", "3") if found[f"result{which}"])
        a, b = whole(found[f"a{which}"]), whole(found[f"b{which}"])
        if b:
            yield _result(found, a % b, f"result{which}", text, given)
    for found in _COMBINED.finditer(plain):
        numbers = [whole(one) for one in re.findall(NUMBER, found["many"])]
        if len(numbers) > 1:
            yield _result(found, (sum if found["how"].lower() == "sum" else math.prod)(numbers), "result", text, given)
    for found in _POWER.finditer(plain):
        which = "" if found["how"] else "2"
        exponent = 3 if found[f"how{which}"].lower().startswith("cube") else 2
        yield _result(found, whole(found[f"a{which}"]) ** exponent, f"result{which}", text, given)
    for found in _DIVIDED.finditer(plain):
        a, b, quotient, rest = (whole(found[name]) for name in ("a", "b", "quotient", "result"))
        if b:
            yield judged(
                text, found.start(), found.end(), given,
                holds=divmod(a, b) == (quotient, rest), truth=f"{a} = {b} × {a // b} + {a % b}",
            )  # fmt: skip
    yield from _choices(plain, text, given)


def _of_numbers(
    found: re.Match[str], holds: Callable[..., bool], truth: Callable[..., str], text: str, given: Background
) -> Stated:
    numbers = [whole(one) for one in re.findall(NUMBER, found["many"])]
    other = (whole(found["b"]),) if "b" in found.re.groupindex else ()
    wanted = found["not"] is None
    if max(numbers) > MAX_NUMBER:
        return undecided(text, found.start(), found.end(), "The number is too large to try its divisors.")
    wrong = [number for number in numbers if holds(number, *other) is not wanted]
    if wrong and not wanted and len(numbers) > 1:
        return undecided(text, found.start(), found.end(), "It can be read as “not all of them” or as “none”.")
    so = truth(wrong[0], *other) if wrong and wanted else "it is"
    return judged(text, found.start(), found.end(), given, holds=not wrong, truth=so)


def _result(found: re.Match[str], value: int, group: str, text: str, given: Background) -> Stated:
    """The claim that a calculation in words has the result that stands in `group`."""
    shown = rewritten(Fraction(value), found[group]) or str(value)
    correction = Correction(found.start(group), found.end(group), shown)
    return judged(
        text, found.start(), found.end(), given,
        holds=whole(found[group]) == value, truth=f"it is {value}", correction=correction,
    )  # fmt: skip


def _choices(plain: str, text: str, given: Background) -> Iterator[Stated]:
    for found in _CHOICES.finditer(plain):
        which = next(which for which in ("", "2", "3") if found[f"kind{which}"])
        n, k = whole(found[f"a{which}"]), whole(found[f"b{which}"])
        if max(n, k) > MAX_CHOSEN:
            continue
        value = math.perm(n, k) if found[f"kind{which}"] == "P" else math.comb(n, k)
        if which == "2" and "_" in found[0][found.start("kind2") - found.start() :] and found[0][0] not in "_^{":
            continue  # 2P_1 = 6
        around = f"{given.everything}\n{text}"
        other = _NAMES_OF_CHOICES.search(around.replace(found[0], " "))
        named = which == "3" or (_CHOOSES.search(around) and not other)
        if whole(found["result"]) != value and not named:
            reason = f"“{found[f'kind{which}']}” may be the name of something else than choices."
            yield undecided(text, found.start(), found.end(), reason)
        else:
            yield _result(found, value, "result", text, given)
