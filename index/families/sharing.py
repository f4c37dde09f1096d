"""Knows problems about packing, comparing, taking parts and sharing; serves the starter corpus."""

from __future__ import annotations

from random import Random

import sympy
from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import STORIES, Story

EVERYWHERE = tuple(STORIES)


@family("boxes-for-all", topic="arithmetic", level=1, formula="division with remainder", stories=EVERYWHERE)
def boxes_for_all(rng: Random, story: Story) -> Draft:
    size, full, rest = rng.randint(6, 24), rng.randint(5, 20), rng.randint(1, 5)
    total = size * full + rest
    problem = rng.choice(
        (
            f"Every {story.container} at the {story.place} holds {size} {story.items}. How many "
            f"{story.containers} are needed for {total} {story.items}?",
            f"{rng.choice(story.people)} has to pack {total} {story.items} into {story.containers} of {size}. "
            f"How many {story.containers} does it take until all {story.items} are packed?",
        )
    )
    steps = (
        f"{full} full {story.containers} hold {full} × {size} = {full * size} {story.items}.",
        f"That leaves {total} − {full * size} = {rest} {story.items}, which need one more.",
        f"In all {full} + 1 = {full + 1} {story.containers} are needed.",
    )
    packed, check = 0, 0
    while packed < total:
        packed, check = packed + size, check + 1
    return Draft(problem, steps, Integer(full + 1), Integer(check), story.containers)


@family("more-than-twice", topic="arithmetic", level=1, formula="comparison", stories=EVERYWHERE)
def more_than_twice(rng: Random, story: Story) -> Draft:
    first, second = rng.sample(story.people, 2)
    fewer, extra = rng.randint(5, 40), rng.randint(2, 15)
    more = 2 * fewer + extra
    problem = rng.choice(
        (
            f"{first} sorted {fewer} {story.items} at the {story.place}. {second} sorted {extra} more than twice as "
            f"many. How many {story.items} did they sort together?",
            f"At the {story.place}, {second} counted {extra} {story.items} more than twice the number that {first} "
            f"counted. {first} counted {fewer}. How many {story.items} did the two count in all?",
        )
    )
    steps = (
        f"Twice {first}'s number is 2 × {fewer} = {2 * fewer}.",
        f"{second} has {2 * fewer} + {extra} = {more}.",
        f"Together they have {fewer} + {more} = {fewer + more} {story.items}.",
    )
    check = sum(1 for _ in range(fewer)) + sum(1 for _ in range(extra)) + len([0, 0] * fewer)
    return Draft(problem, steps, Integer(fewer + more), Integer(check), story.items)


@family("fraction-of-the-rest", topic="fractions", level=2, formula="fraction of the rest", stories=EVERYWHERE)
def fraction_of_the_rest(rng: Random, story: Story) -> Draft:
    a, b = rng.choice(((3, 4), (4, 3), (5, 2), (2, 5), (3, 2), (4, 5)))
    total = a * b * rng.randint(4, 15)
    given = total // a
    rest = total - given
    sold = rest // b
    if rest % b:
        total *= b
        given, rest = total // a, total - total // a
        sold = rest // b
    name = rng.choice(story.people)
    words = {2: "half", 3: "a third", 4: "a quarter", 5: "a fifth"}
    problem = rng.choice(
        (
            f"The {story.place} had {total} {story.items}. On Monday {words[a]} of them were used, and on Tuesday "
            f"{words[b]} of the rest. How many {story.items} were left?",
            f"{name} had {total} {story.items}, gave away {words[a]} of them, and later {words[b]} of what remained. "
            f"How many {story.items} does {name} still have?",
        )
    )
    steps = (
        f"The first part is {total} ÷ {a} = {given} {story.items}.",
        f"The rest is {total} − {given} = {rest}.",
        f"The second part is {rest} ÷ {b} = {sold}.",
        f"What is left is {rest} − {sold} = {rest - sold} {story.items}.",
    )
    check = total * (1 - Rational(1, a)) * (1 - Rational(1, b))
    return Draft(problem, steps, Integer(rest - sold), check, story.items)


@family("whole-from-part", topic="fractions", level=2, formula="whole from a part", stories=EVERYWHERE)
def whole_from_part(rng: Random, story: Story) -> Draft:
    top, bottom = rng.choice(((2, 3), (3, 4), (3, 5), (2, 5), (5, 6), (3, 8)))
    share = rng.randint(4, 25)
    part, whole = top * share, bottom * share
    problem = rng.choice(
        (
            f"{part} {story.items} are {top}/{bottom} of all the {story.items} at the {story.place}. How many "
            f"{story.items} are there in all?",
            f"{rng.choice(story.people)} has already checked {part} {story.items}, which is {top}/{bottom} of them. "
            f"How many {story.items} are there altogether?",
        )
    )
    steps = (
        f"One part of {bottom} is {part} ÷ {top} = {share} {story.items}.",
        f"All {bottom} parts are {bottom} × {share} = {whole} {story.items}.",
    )
    check = next(n for n in range(1, 10 * whole) if n * top == part * bottom)
    return Draft(problem, steps, Integer(whole), Integer(check), story.items)


@family("share-in-ratio", topic="ratio", level=2, formula="sharing in a ratio", stories=EVERYWHERE)
def share_in_ratio(rng: Random, story: Story) -> Draft:
    first, second = rng.sample(story.people, 2)
    a, b = rng.choice(((2, 3), (3, 4), (1, 4), (3, 5), (2, 7), (4, 5)))
    one = rng.randint(3, 30)
    total = (a + b) * one
    problem = rng.choice(
        (
            f"{first} and {second} share {total} {story.items} in the ratio {a} to {b}. How many does {second} get?",
            f"At the {story.place}, {total} {story.items} are split between {first} and {second}. For every {a} that "
            f"{first} gets, {second} gets {b}. How many {story.items} go to {second}?",
        )
    )
    steps = (
        f"There are {a} + {b} = {a + b} parts.",
        f"One part is {total} ÷ {a + b} = {one} {story.items}.",
        f"{second} gets {b} × {one} = {b * one} {story.items}.",
    )
    check = next(n for n in range(total + 1) if n * a == (total - n) * b)
    return Draft(problem, steps, Integer(b * one), Integer(check), story.items)


@family("ratio-from-difference", topic="ratio", level=3, formula="ratio and difference", stories=EVERYWHERE)
def ratio_from_difference(rng: Random, story: Story) -> Draft:
    a, b = rng.choice(((5, 2), (4, 1), (7, 3), (5, 3), (8, 3)))
    one = rng.randint(2, 20)
    more = (a - b) * one
    problem = rng.choice(
        (
            f"The {story.place} has {story.items} and {story.other_items} in the ratio {a} to {b}. There are {more} more "
            f"{story.items} than {story.other_items}. How many are there of both together?",
            f"For every {a} {story.items} there are {b} {story.other_items} at the {story.place}, and the {story.items} "
            f"outnumber the {story.other_items} by {more}. How many pieces are there altogether?",
        )
    )
    steps = (
        f"The difference is {a} − {b} = {a - b} parts.",
        f"One part is {more} ÷ {a - b} = {one}.",
        f"Together they are {a} + {b} = {a + b} parts.",
        f"That is {a + b} × {one} = {(a + b) * one} pieces.",
    )
    x, y = sympy.symbols("x y")
    found = sympy.solve([x * b - y * a, x - y - more], [x, y])
    return Draft(problem, steps, Integer((a + b) * one), found[x] + found[y], "pieces")
