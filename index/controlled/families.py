"""Problem families for measuring retrieval: each written in every story, each story holding every family.

A family is one calculation. Its problems in two stories have nothing in common but that; the problems of two
families in one story have nouns and verbs in common, and not the mathematics.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random

from index.arithmetic import Expression, Name, Negation, Number, Operation, read_expression

STORIES = Path(__file__).parent / "stories.toml"
PARTS = {2: "half", 3: "a third", 4: "a quarter", 5: "a fifth"}
MAX_DRAWS = 4_000
LARGEST = 5_000


@dataclass(frozen=True, slots=True)
class ControlledFamily:
    """`plans` are ways to tell it: clauses of a story with the numbers that they take, the question last.

    A number is a letter; `/b` is one part of b, `%b` that many percent. `steps` calculate the answer from the
    letters; s1, s2 … are the results of earlier steps.
    """

    name: str
    plans: tuple[str, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ControlledProblem:
    family: str
    story: str
    plan: int
    problem: str
    solution: str
    answer: str


def _family(name: str, plans: tuple[str, ...], *steps: str) -> ControlledFamily:
    return ControlledFamily(name, plans, steps)


FAMILIES = (
    _family("more then fewer", ("have a, gain b, lose c, ask_left",), "a + b", "s1 - c"),
    _family("less a part", ("have a, lose_part /b, ask_left",), "a / b", "a - s1"),
    _family("a part, then a part of the rest", ("have a, lose_part /b, lose_part_of_rest /c, ask_left",),
            "a / b", "a - s1", "s2 / c", "s2 - s3"),
    _family("less a percentage", ("have a, lose_part %p, ask_left", "price a, lower p, ask_new_price"),
            "a * p / 100", "a - s1"),
    _family("a percentage, then one of the rest", ("have a, lose_part %p, lose_part_of_rest %q, ask_left",),
            "a * p / 100", "a - s1", "s2 * q / 100", "s2 - s3"),
    _family("a part, then a number", ("have a, lose_part /b, lose c, ask_left",), "a / b", "a - s1", "s2 - c"),
    _family("a number, then a part of the rest", ("have a, lose b, lose_part_of_rest /c, ask_left",),
            "a - b", "s1 / c", "s1 - s2"),
    _family("sum shared", ("have a, gain b, pack c, ask_packs", "have a, gain b, share c, ask_share"), "a + b", "s1 / c"),
    _family("sum of two products",
            ("groups a b, other_groups c d, ask_all", "price a, sold b, other_price c, other_sold d, ask_income"),
            "a * b", "c * d", "s1 + s2"),
    _family("product shared",
            ("groups a b, pack c, ask_packs", "groups a b, share c, ask_share", "rate a, run b, pack c, ask_packs"),
            "a * b", "s1 / c"),
    _family("sum of two products shared",
            ("groups a b, other_groups c d, pack e, ask_packs", "groups a b, other_groups c d, share e, ask_share"),
            "a * b", "c * d", "s1 + s2", "s3 / e"),
    _family("product less a number", ("groups a b, lose c, ask_left", "price a, sold b, fee c, ask_profit"),
            "a * b", "s1 - c"),
    _family("difference shared", ("have a, lose b, share c, ask_share", "have a, lose b, pack c, ask_packs"),
            "a - b", "s1 / c"),
    _family("less a part, shared", ("have a, lose_part /b, pack c, ask_packs", "have a, lose_part /b, share c, ask_share"),
            "a / b", "a - s1", "s2 / c"),
    _family("product", ("rate a, run b, ask_made", "groups a b, ask_all", "price a, sold b, ask_income"), "a * b"),
    _family("sum of rates times time", ("rate a, other_rate b, run c, ask_made",), "a + b", "s1 * c"),
    _family("quotient", ("order a, rate b, ask_hours", "have a, pack b, ask_packs", "have a, share b, ask_share"), "a / b"),
    _family("total over a sum of rates", ("order a, rate b, other_rate c, ask_hours",), "b + c", "a / s1"),
    _family("sum of two products less a number",
            ("price a, sold b, other_price c, other_sold d, fee e, ask_profit",
             "groups a b, other_groups c d, lose e, ask_left"),
            "a * b", "c * d", "s1 + s2", "s3 - e"),
    _family("one and a larger one", ("have a, more_other b, ask_both",), "a + b", "a + s1"),
    _family("one and a multiple", ("have a, times_other b, ask_both",), "a * b", "a + s1"),
    _family("product and its multiple", ("groups a b, times_other c, ask_both",), "a * b", "s1 * c", "s1 + s2"),
    _family("sum and a larger one", ("have a, gain b, more_other c, ask_both",), "a + b", "s1 + c", "s1 + s2"),
    _family("mean of three", ("three_days a b c, ask_mean",), "a + b + c", "s1 / 3"),
    _family("fourth for a mean", ("three_days a b c, want_mean d, ask_fourth",), "a + b + c", "4 * d", "s2 - s1"),
    _family("less a part, then more", ("have a, lose_part /b, gain c, ask_left",), "a / b", "a - s1", "s2 + c"),
    _family("difference and its multiple", ("have a, lose b, times_other c, ask_both",), "a - b", "s1 * c", "s1 + s2"),
    _family("sum of rates times time, shared", ("rate a, other_rate b, run c, pack d, ask_packs",),
            "a + b", "s1 * c", "s2 / d"),
    _family("more, fewer, shared",
            ("have a, gain b, lose c, pack d, ask_packs", "have a, gain b, lose c, share d, ask_share"),
            "a + b", "s1 - c", "s2 / d"),
    _family("product less a part", ("groups a b, lose_part /c, ask_left",), "a * b", "s1 / c", "s1 - s2"),
    _family("product and a larger one", ("groups a b, more_other c, ask_both",), "a * b", "s1 + c", "s1 + s2"),
    _family("product less a number, shared",
            ("groups a b, lose c, pack d, ask_packs", "groups a b, lose c, share d, ask_share"),
            "a * b", "s1 - c", "s2 / d"),
    _family("less a percentage, shared",
            ("have a, lose_part %p, pack c, ask_packs", "have a, lose_part %p, share c, ask_share"),
            "a * p / 100", "a - s1", "s2 / c"),
)  # fmt: skip


def controlled_corpus(*, each: int = 2, seed: int = 0) -> Iterator[ControlledProblem]:
    """`each` problems of every family in every story, the plans of a family in turn."""
    for family in FAMILIES:
        for place, story in enumerate(stories()):
            for number in range(each):
                plan = (place + number) % len(family.plans)
                yield controlled_problem(family, story, plan, seed * 1_000 + number)


def controlled_problem(family: ControlledFamily, story: str, plan: int, seed: int) -> ControlledProblem:
    """Always the same problem for the same arguments; every quantity in it is a positive whole number."""
    rng = Random(f"{family.name}/{story}/{plan}/{seed}")
    clauses = [clause.split() for clause in family.plans[plan].split(", ")]
    letters = {letter: letter[0] for _, *taken in clauses for letter in taken}
    for _ in range(MAX_DRAWS):
        numbers = {letter.strip("/%"): _draw(rng, letter, clauses) for letter in letters}
        values = _calculated(family.steps, numbers)
        if values is not None:
            return _written(family, story, plan, clauses, numbers, values)
    raise ValueError(f"{family.name} finds no whole numbers")


@cache
def stories() -> Mapping[str, Mapping[str, str]]:
    with STORIES.open("rb") as opened:
        return tomllib.load(opened)


# From, to, and in steps of: what a clause's number may be. Prices and rates are small, stocks are large.
_RANGES = {
    "have": (40, 960, 1), "order": (120, 960, 4), "gain": (6, 90, 1), "lose": (5, 90, 1), "pack": (4, 30, 1),
    "share": (3, 12, 1), "rate": (12, 64, 1), "other_rate": (11, 60, 1), "run": (3, 9, 1), "price": (5, 60, 1),
    "other_price": (4, 40, 1), "sold": (6, 45, 1), "other_sold": (5, 40, 1), "fee": (20, 180, 5),
    "times_other": (2, 6, 1), "more_other": (5, 80, 1), "three_days": (31, 140, 1), "want_mean": (50, 120, 1),
    "lower": (10, 60, 5), "groups": (4, 32, 1), "other_groups": (3, 28, 1),
}  # fmt: skip


def _draw(rng: Random, letter: str, clauses: list[list[str]]) -> int:
    if letter.startswith("/"):
        return rng.choice(tuple(PARTS))
    if letter.startswith("%"):
        return rng.randrange(10, 80, 5)
    name = next(clause for clause, *taken in clauses if letter in taken)
    low, high, step = _RANGES[name]
    return rng.randrange(low, high, step)


def _calculated(steps: tuple[str, ...], numbers: Mapping[str, int]) -> list[int] | None:
    """The results of the steps, None where one is no positive whole number, or too large for a school problem."""
    known: dict[str, Fraction] = {letter: Fraction(number) for letter, number in numbers.items()}
    if len(set(numbers.values())) < len(numbers):
        return None
    for place, step in enumerate(steps, start=1):
        value = _value(read_expression(step), known)
        if value.denominator != 1 or not 1 < value <= LARGEST:
            return None
        known[f"s{place}"] = value
    return [int(known[f"s{place}"]) for place in range(1, len(steps) + 1)]


def _value(expression: Expression, known: Mapping[str, Fraction]) -> Fraction:
    match expression:
        case Number(value):
            return value
        case Name(name):
            return known[name]
        case Negation(inner):
            return -_value(inner, known)
        case Operation("+", left, right):
            return _value(left, known) + _value(right, known)
        case Operation("-", left, right):
            return _value(left, known) - _value(right, known)
        case Operation("*", left, right):
            return _value(left, known) * _value(right, known)
        case Operation("/", left, right):
            return _value(left, known) / _value(right, known)
    raise ValueError("a step of a family is one of + - * /")


def _written(
    family: ControlledFamily,
    story: str,
    plan: int,
    clauses: list[list[str]],
    numbers: Mapping[str, int],
    values: list[int],
) -> ControlledProblem:
    words = stories()[story]
    sentences = [_sentence(words[clause], taken, numbers) for clause, *taken in clauses]
    names = {**{k: str(v) for k, v in numbers.items()}, **{f"s{n}": str(v) for n, v in enumerate(values, start=1)}}
    lines = [
        f"{' '.join(names.get(part, part) for part in step.split())} = {value}".replace("*", "×").replace("/", "÷")
        for step, value in zip(family.steps, values, strict=True)
    ]
    answer = str(values[-1])
    return ControlledProblem(family.name, story, plan, " ".join(sentences), "\n".join(lines), answer)


def _sentence(clause: str, taken: list[str], numbers: Mapping[str, int]) -> str:
    if any(letter[0] in "/%" for letter in taken):
        (letter,) = taken
        number = numbers[letter[1:]]
        text = clause.format(part=PARTS[number] if letter[0] == "/" else f"{number}%")
        return text[0].upper() + text[1:]
    given = [numbers[letter] for letter in taken]
    if len(given) == 3:
        return clause.format(a=given[0], b=given[1], c=given[2])
    if len(given) == 2:
        return clause.format(k=given[0], n=given[1])
    return clause.format(n=given[0], k=given[0]) if given else clause
