"""The starter corpus: every family's problems, the same on every machine, as records for the first index.

SymPy and the families are imported only where problems are written, so that asking whether the starter
index is up to date costs a few milliseconds.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.corpus import Record

if TYPE_CHECKING:
    import sympy

    from index.families.family import Family, WorkedProblem

SOURCE = "mathlearn families"
LICENCE = "Apache-2.0"
PER_FAMILY = 9
# A family with few numbers to choose from repeats itself; it may try this many times as often as asked.
PATIENCE = 8
_MONEY_SIGNS = {"dollars": "$", "dollar": "$", "$": "$", "euros": "€", "euro": "€", "€": "€"}


def starter_corpus(*, per_family: int = PER_FAMILY, seed: int = 0) -> Iterator[WorkedProblem]:
    """Up to `per_family` distinct problems of every family, its stories in turn, families by name."""
    seen: set[str] = set()
    for family in all_families():
        yield from _problems(family, per_family, seed, seen)


def starter_records(*, per_family: int = PER_FAMILY, seed: int = 0) -> Iterator[Record]:
    """The starter corpus as records: the steps, then a last line with the answer."""
    for row, worked in enumerate(starter_corpus(per_family=per_family, seed=seed)):
        answer = readable_answer(worked.answer, worked.unit)
        yield Record(
            problem=worked.problem,
            solution=f"{worked.solution}\nAnswer: {answer}",
            answer=answer,
            source=SOURCE,
            row=row,
            licence=LICENCE,
            method=worked.formula,
        )


def all_families() -> list[Family]:
    """Every family of the topic modules in this package, by name."""
    import index.families as package
    from index.families.family import FAMILIES

    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return [FAMILIES[name] for name in sorted(FAMILIES)]


@cache
def starter_digest() -> str:
    """Changes whenever the generators' source text does, and with it the starter corpus."""
    digest = hashlib.sha256(f"{PER_FAMILY}/".encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.name.encode() + b"/" + file.read_bytes().replace(b"\r\n", b"\n") + b"/")
    return digest.hexdigest()


def readable_answer(answer: sympy.Basic, unit: str = "") -> str:
    """The exact answer as a student writes it: 12, 3/4, $2.50, 2.5 liters, 2·√3, x = …; never rounded.

    A fraction that counts something becomes a decimal where that is exact within three places; money has
    two places, or stays a fraction.
    """
    import sympy

    if isinstance(answer, sympy.FiniteSet | sympy.Tuple):
        return " and ".join(readable_answer(part, unit) for part in answer.args)
    sign = _MONEY_SIGNS.get(unit.lower(), "")
    if isinstance(answer, sympy.Rational):
        if sign and (100 % answer.q == 0):
            amount = _decimal(answer, 0 if answer.q == 1 else 2)
            return f"-{sign}{amount[1:]}" if amount.startswith("-") else f"{sign}{amount}"
        text = _decimal(answer, 3) if unit and 1000 % answer.q == 0 else _fraction(answer)
    else:
        text = str(answer).replace("**", "^").replace("pi", "π").replace("*π", "π").replace("*", "·")
    return f"{text}{unit}" if unit in ("%", "°") else f"{text} {unit}".strip()


def _fraction(number: sympy.Rational) -> str:
    return str(number.p) if number.q == 1 else f"{number.p}/{number.q}"


def _decimal(number: sympy.Rational, places: int) -> str:
    """Exact where the denominator divides 10^places; two places (money) are kept, others are trimmed."""
    scaled = abs(number.p) * 10**places // number.q
    whole, part = divmod(scaled, 10**places)
    decimals = f"{part:0{places}d}" if places else ""
    if places != 2:
        decimals = decimals.rstrip("0")
    return ("-" if number.p < 0 else "") + str(whole) + (f".{decimals}" if decimals else "")


def _problems(family: Family, wanted: int, seed: int, seen: set[str]) -> Iterator[WorkedProblem]:
    from index.families.family import instance

    written = 0
    for attempt in range(wanted * PATIENCE):
        if written == wanted:
            return
        story = family.stories[attempt % len(family.stories)]
        worked = instance(family, story, seed * 1_000_000 + attempt)
        text = " ".join(worked.problem.casefold().split())
        if text not in seen:
            seen.add(text)
            written += 1
            yield worked
