"""Knows problems of parts and wholes: parts of parts, wholes from parts, mixed amounts; serves the starter corpus."""

from __future__ import annotations

from fractions import Fraction
from itertools import count
from math import lcm
from random import Random

import sympy
from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, fraction, mixed, part_of, pick, plural

TOPIC = "fractions"
PROPER = tuple(
    Rational(top, bottom) for bottom in (3, 4, 5, 6, 8) for top in range(1, bottom) if Rational(top, bottom).q == bottom
)


def _whole(amount: int | Rational, part: Rational) -> str:
    """How the whole follows from `amount`, which is `part` of it: "39 ÷ 3 × 40"."""
    return f"{amount} × {part.q}" if part.p == 1 else f"{amount} ÷ {part.p} × {part.q}"


@family("part-of-a-part", topic=TOPIC, level=2, formula="fraction of a fraction", stories=EVERYWHERE)
def part_of_a_part(rng: Random, story: Story) -> Draft:
    first, second = rng.sample(PROPER, 2)
    total = first.q * second.q * rng.randint(2, 12)
    chosen = total * first
    wanted, items = chosen * second, story.items
    name, color, state = rng.choice(story.people), *pick(rng, "red new", "large damaged", "gray labeled").split()
    problem = pick(
        rng,
        f"{first} of the {total} {items} at the {story.place} are {color}, and {second} of the {color} ones are {state}. "
        f"How many {items} are both {color} and {state}?",
        f"{name} looks through {total} {items}: {first} of them turn out to be {color}. Of these, {second} are {state}. "
        f"How many {color} {items} are {state}?",
        f"How many of the {total} {items} delivered to the {story.place} are {color} as well as {state}, if {first} of "
        f"them are {color} and {second} of the {color} ones are {state}?",
    )
    steps = (
        f"{color.capitalize()} ones: {first} × {total} = {chosen} {items}.",
        f"Of these, {state}: {second} × {chosen} = {wanted} {items}.",
    )
    marked = [n for n in range(total) if n % first.q < first.p]
    check = sum(1 for place, _ in enumerate(marked) if place % second.q < second.p)
    return Draft(problem, steps, wanted, Integer(check), items)


@family("whole-from-what-is-left", topic=TOPIC, level=3, formula="whole from a part", stories=EVERYWHERE)
def whole_from_what_is_left(rng: Random, story: Story) -> Draft:
    first, second = rng.sample(PROPER, 2)
    used = first + second
    if used >= 1:
        return whole_from_what_is_left(rng, story)
    rest = 1 - used
    whole = lcm(first.q, second.q) * rng.randint(3, 15)
    left, items, name = whole * rest, story.items, rng.choice(story.people)
    problem = pick(
        rng,
        f"{first} of all {items} at the {story.place} were used on Monday and {second} of all of them on Tuesday. The "
        f"{left} that remain are for Wednesday. How many {items} were there on Monday morning?",
        f"{name} gave {first} of a collection of {items} to the {story.group}, {second} of the collection to a friend, "
        f"and kept {left}. How many {items} did the collection have?",
        f"A delivery of {items} is divided: {first} of it goes to the first customer, {second} of it to the second, and "
        f"the last {left} {items} stay at the {story.place}. What is the size of the whole delivery?",
    )
    steps = (
        f"Both parts together: {first} + {second} = {used} of the whole.",
        f"What is left: 1 − {used} = {rest} of the whole.",
        f"The whole: {_whole(left, rest)} = {whole} {items}.",
    )
    check = next(n for n in count(1) if n - n * Fraction(first.p, first.q) - n * Fraction(second.p, second.q) == left)
    return Draft(problem, steps, Integer(whole), Integer(check), items)


@family("back-through-two-rests", topic=TOPIC, level=4, formula="working backwards", stories=EVERYWHERE)
def back_through_two_rests(rng: Random, story: Story) -> Draft:
    a, b = rng.choice((2, 3, 4, 5)), rng.choice((2, 3, 4, 5))
    left = (a - 1) * (b - 1) * rng.randint(2, 12)
    middle = left // (b - 1) * b
    whole = middle // (a - 1) * a
    items, name = story.items, rng.choice(story.people)
    problem = pick(
        rng,
        f"In the morning the {story.place} hands out {part_of(a)} of its {items}, and in the afternoon {part_of(b)} of "
        f"what is still there. In the evening {left} {items} are left. How many were there in the morning?",
        f"{name} used {part_of(a)} of the {items}, then {part_of(b)} of the rest, and now has {left} {items}. With how "
        "many did it all begin?",
        f"After {part_of(a)} of all {items} was sold, and after that {part_of(b)} of the remaining ones, {left} {items} "
        f"still lie at the {story.place}. What was the original number?",
    )
    steps = (
        f"The {left} left at the end are 1 − 1/{b} = {b - 1}/{b} of what was there before the second time: "
        f"{_whole(left, Rational(b - 1, b))} = {middle} {items}.",
        f"These {middle} are 1 − 1/{a} = {a - 1}/{a} of the first number: "
        f"{_whole(middle, Rational(a - 1, a))} = {whole} {items}.",
    )

    def remaining(start: int) -> Fraction:
        rest = start - Fraction(start, a)
        return rest - rest / b

    check = next(n for n in count(1) if remaining(n) == left)
    return Draft(problem, steps, Integer(whole), Integer(check), items)


@family("mixed-amounts-together", topic=TOPIC, level=2, formula="adding fractions", stories=EVERYWHERE)
def mixed_amounts_together(rng: Random, story: Story) -> Draft:
    first, second = rng.randint(1, 6) + rng.choice(PROPER), rng.randint(1, 6) + rng.choice(PROPER)
    both = first + second
    used = Rational(rng.randint(1, 3 * int(both) // 2), 2)
    left, unit, name = both - used, story.bulk_unit, rng.choice(story.people)
    if left <= 1 or used == 1:
        return mixed_amounts_together(rng, story)
    problem = pick(
        rng,
        f"The {story.place} has two lots of {story.bulk}, one with {mixed(first)} {unit} and one with {mixed(second)} "
        f"{unit}. {name} uses {mixed(used)} {unit}. How many {unit} of {story.bulk} are left? Give an exact fraction.",
        f"{name} puts {mixed(first)} {unit} and {mixed(second)} {unit} of {story.bulk} together and takes out "
        f"{mixed(used)} {unit}. What exact amount remains, in {unit}?",
        f"Exactly how many {unit} of {story.bulk} remain at the {story.place} once {mixed(used)} {unit} have been used, "
        f"if deliveries of {mixed(first)} and {mixed(second)} {unit} came in?",
    )
    steps = (
        f"As improper fractions, {mixed(first)} is {first} and {mixed(second)} is {second}.",
        f"Together: {first} + {second} = {both} {unit}.",
        f"Left after use: {both} − {used} = {left} {unit}.",
    )
    parts = lcm(first.q, second.q, used.q)  # counted in equal small parts
    small = [int(amount * parts) for amount in (first, second, used)]
    return Draft(problem, steps, left, Rational(small[0] + small[1] - small[2], parts), unit)


@family("portions-of-a-fraction", topic=TOPIC, level=3, formula="dividing by a fraction", stories=EVERYWHERE)
def portions_of_a_fraction(rng: Random, story: Story) -> Draft:
    size = rng.choice([part for part in PROPER if part.p > 1])
    portions = size.q * rng.randint(2, 8)
    total, spare = portions * size, rng.randint(2, 9)
    have, unit, name = total + spare, story.bulk_unit, rng.choice(story.people)
    one = unit.removesuffix("s")
    problem = pick(
        rng,
        f"{name} has {have} {unit} of {story.bulk}, keeps {spare} {unit} back and fills the rest into jars that hold "
        f"{size} of a {one} each. How many jars are filled?",
        f"Of {have} {unit} of {story.bulk} at the {story.place}, {spare} {unit} are reserved. The rest is given out in "
        f"portions of {size} of a {one}. How many portions are there?",
        f"How many cups can be filled, if each takes {size} of a {one}, the {story.place} has {have} {unit} of "
        f"{story.bulk}, and {spare} {unit} must not be touched?",
    )
    steps = (
        f"To be given out: {have} − {spare} = {total} {unit}.",
        f"Dividing by {size} is multiplying by {fraction(1 / size)}: {total} × {size.q} ÷ {size.p} = {portions}.",
    )
    check, left = 0, Fraction(have - spare)
    while left > 0:
        left, check = left - Fraction(size.p, size.q), check + 1
    return Draft(problem, steps, Integer(portions), Integer(check))


@family("path-in-two-parts", topic=TOPIC, level=2, formula="fraction of a whole", stories=EVERYWHERE)
def path_in_two_parts(rng: Random, story: Story) -> Draft:
    first, second = rng.sample(PROPER, 2)
    if first + second >= 1:
        return path_in_two_parts(rng, story)
    length = lcm(first.q, second.q) * rng.randint(3, 20)
    one, two = length * first, length * second
    left, name = length - one - two, rng.choice(story.people)
    problem = pick(
        rng,
        f"The {story.path} is {length} meters long. {name} inspects {first} of it in the morning and {second} of it in "
        "the afternoon. How many meters are still to be inspected?",
        f"{first} of the {length} meters of the {story.path} have been repaired by the {story.group}, and another "
        f"{second} of the full length by a second team. How many meters remain unrepaired?",
        f"How long, in meters, is the unmeasured piece of the {story.path}, if the whole of it is {length} meters long "
        f"and {first} of the whole was measured on one day and {second} of the whole on the next?",
    )
    steps = (
        f"The first part: {first} × {length} = {one} meters.",
        f"The second part: {second} × {length} = {two} meters.",
        f"What remains: {length} − {one} − {two} = {left} meters.",
    )
    return Draft(problem, steps, left, length * (1 - (first + second)), "meters")


@family("size-of-the-tank", topic=TOPIC, level=3, formula="whole from a difference of fractions", stories=EVERYWHERE)
def size_of_the_tank(rng: Random, story: Story) -> Draft:
    low, high = sorted(rng.sample(PROPER, 2))
    gap = high - low
    whole = lcm(low.q, high.q) * rng.randint(2, 15)
    added, unit, name = whole * gap, story.bulk_unit, rng.choice(story.people)
    problem = pick(
        rng,
        f"A vessel for {story.bulk} is {low} full. After {name} has put in {added} {unit}, it is {high} full. How "
        f"many {unit} does the vessel hold when it is full?",
        f"At the {story.place} the level of {story.bulk} in a tank falls from {high} to {low} of the full amount when "
        f"{added} {unit} are taken out. What does the full tank hold, in {unit}?",
        f"What is the capacity, in {unit}, of a tank of {story.bulk}, if {added} {unit} raise its contents from {low} "
        f"of the capacity to {high}?",
    )
    steps = (
        f"The change as a part of the whole: {high} − {low} = {gap}.",
        f"The whole: {_whole(added, gap)} = {whole} {unit}.",
    )
    v = sympy.Symbol("v")
    (check,) = sympy.solve(low * v + added - high * v, v)
    return Draft(problem, steps, Integer(whole), check, unit)


@family("fraction-that-is-left", topic=TOPIC, level=3, formula="fraction of the rest", stories=EVERYWHERE)
def fraction_that_is_left(rng: Random, story: Story) -> Draft:
    first, second = rng.choice(PROPER), rng.choice(PROPER)
    rest = 1 - first
    taken = second * rest
    left, (one, two) = rest - taken, rng.sample(story.people, 2)
    problem = pick(
        rng,
        f"{one} does {first} of the work at the {story.place}. Then {two} does {second} of what is left of it. What "
        "fraction of the whole work remains to be done?",
        f"{first} of the {story.other_items} are given to {one}, and {two} gets {second} of the others. What fraction "
        f"of all {story.other_items} does neither of the two get?",
        f"What part of the {story.bulk} is still there, as a fraction of the full amount, when {one} has used {first} "
        f"of it and {two} afterwards {second} of the remainder?",
    )
    steps = (
        f"After {one} there is 1 − {first} = {rest} of the whole.",
        f"{two}'s part: {second} × {rest} = {taken} of the whole.",
        f"What is left: {rest} − {taken} = {left} of the whole.",
    )
    # A whole of so many pieces that every part is a whole number of them.
    pieces = first.q * second.q * first.q
    over = [n for n in range(pieces) if n % first.q >= first.p]
    still = [place for place, _ in enumerate(over) if place * second.q // len(over) >= second.p]
    return Draft(problem, steps, left, Rational(len(still), pieces))


@family("unequal-parts-of-a-whole", topic=TOPIC, level=4, formula="fractions of an unknown", stories=EVERYWHERE)
def unequal_parts_of_a_whole(rng: Random, story: Story) -> Draft:
    low, high = sorted(rng.sample(PROPER, 2))
    gap = high - low
    if low + high >= 1:
        return unequal_parts_of_a_whole(rng, story)
    whole = lcm(low.q, high.q) * rng.randint(2, 10)
    more, rest = whole * gap, whole * (1 - low - high)
    one, two, three = rng.sample(story.people, 3)
    items = story.items
    problem = pick(
        rng,
        f"{one} gets {high} of a stock of {items}, {two} gets {low} of it and {three} gets all that is left. {one} has "
        f"{plural(more, story.item, items)} more than {two}. How many {items} does {three} get?",
        f"Some {items} of the {story.place} are divided among three people: {low} of all go to {two}, {high} of all to "
        f"{one}, and the remaining ones to {three}. If {one}'s share exceeds {two}'s by {more}, how large is {three}'s?",
        f"How many {items} are left for {three}, if {one} takes {high} of all and {two} {low} of all, and that is "
        f"{more} more for {one} than for {two}?",
    )
    steps = (
        f"The difference as a part of the whole: {high} − {low} = {gap}.",
        f"The whole: {_whole(more, gap)} = {whole} {items}.",
        f"{three}'s part: 1 − {high} − {low} = {1 - high - low} of the whole.",
        f"{three} gets {1 - high - low} × {whole} = {rest} {items}.",
    )
    found = next(n for n in count(1) if n * high - n * low == more)
    return Draft(problem, steps, rest, found - found * high - found * low, items)
