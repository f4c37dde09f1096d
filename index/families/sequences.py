"""Knows problems about numbers that grow by a fixed step or a fixed factor; serves the starter corpus."""

from __future__ import annotations

from itertools import accumulate, count, islice, repeat
from operator import mul
from random import Random

import sympy
from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, pick


def _terms(first: int, step: int, number: int) -> list[int]:
    """The first `number` terms of an arithmetic sequence, each from the one before."""
    return list(accumulate(repeat(step, number - 1), initial=first))


@family("seats-in-a-row", topic="sequences", level=3, formula="arithmetic sequence", stories=EVERYWHERE)
def seats_in_a_row(rng: Random, story: Story) -> Draft:
    first, step, row = rng.randint(8, 30), rng.randint(2, 7), rng.randint(9, 40)
    name, gain = rng.choice(story.people), (row - 1) * step
    problem = pick(
        rng,
        f"The open-air stand at the {story.place} has {first} seats in the first row and {step} more in every "
        f"following row. How many seats are in row {row}?",
        f"{name} stacks {story.items} in layers. The top layer has {first} of them, and each layer has {step} "
        f"more than the one above it. How many {story.items} are in layer {row}, counted from the top?",
        f"On day 1, {first} people visit the {story.place}; after that, {step} more come each day than the day "
        f"before. How many come on day {row}?",
    )
    steps = (
        f"From number 1 to number {row} the step is taken {row} − 1 = {row - 1} times.",
        f"All the steps together: {row - 1} × {step} = {gain}.",
        f"With the first value: {first} + {gain} = {first + gain}.",
    )
    return Draft(problem, steps, Integer(first + gain), Integer(_terms(first, step, row)[-1]))


@family("saved-in-all", topic="sequences", level=3, formula="arithmetic series", stories=EVERYWHERE)
def saved_in_all(rng: Random, story: Story) -> Draft:
    first, step, number = rng.randint(3, 25), rng.randint(2, 6), rng.randint(8, 30)
    last = first + (number - 1) * step
    both, name = first + last, rng.choice(story.people)
    total = both * number // 2
    problem = pick(
        rng,
        f"{name} collects {first} {story.items} in the first week and {step} more in each week than in the week "
        f"before. How many {story.items} are that in {number} weeks altogether?",
        f"A hall at the {story.place} has {number} rows of seats. The front row has {first} seats, and every row "
        f"behind has {step} more than the one in front of it. How many seats does the hall have?",
        f"How many dollars has {name} from the {story.place} saved after {number} months, starting with {first} "
        f"dollars in the first month and putting aside {step} dollars more every month than in the month before?",
    )
    unit = story.items if "weeks altogether" in problem else "seats" if "hall" in problem else "dollars"
    steps = (
        f"The last of the {number} numbers: {first} + {number - 1} × {step} = {last}.",
        f"First and last together: {first} + {last} = {both}.",
        f"The sum is the number of terms times half of that: {number} × {both} ÷ 2 = {total} {unit}.",
    )
    return Draft(problem, steps, Integer(total), Integer(sum(_terms(first, step, number))), unit)


@family("step-from-two-terms", topic="sequences", level=4, formula="arithmetic sequence", stories=EVERYWHERE)
def step_from_two_terms(rng: Random, story: Story) -> Draft:
    early, step, first = rng.randint(2, 6), rng.randint(2, 9), rng.randint(5, 40)
    late = early + rng.randint(3, 9)
    asked = late + rng.randint(4, 20)
    low, high, goal = (first + (n - 1) * step for n in (early, late, asked))
    name, rise = rng.choice(story.people), (asked - late) * step
    problem = pick(
        rng,
        f"The number of {story.items} sold at the {story.place} rises by the same amount every day. On day "
        f"{early} it was {low}, on day {late} it was {high}. What will it be on day {asked}?",
        f"{name} trains a little longer each day, always by the same number of minutes: {low} minutes on day "
        f"{early} and {high} minutes on day {late}. How many minutes will the training on day {asked} take?",
        f"Each row of a pattern on the wall of the {story.place} has a fixed number of tiles more than the row "
        f"above it. Row {early} has {low} tiles and row {late} has {high}. How many tiles does row {asked} have?",
    )
    steps = (
        f"Steps between the two: {late} − {early} = {late - early}.",
        f"The rise between them: {high} − {low} = {high - low}.",
        f"One step: {high - low} ÷ {late - early} = {step}.",
        f"Up to number {asked}: ({asked} − {late}) × {step} = {rise}.",
        f"The value there: {high} + {rise} = {goal}.",
    )
    x = sympy.Symbol("x")
    line = sympy.interpolate([(early, low), (late, high)], x)
    return Draft(problem, steps, Integer(goal), line.subs(x, asked))


@family("growing-by-a-factor", topic="sequences", level=3, formula="geometric sequence", stories=EVERYWHERE)
def growing_by_a_factor(rng: Random, story: Story) -> Draft:
    first, factor = rng.randint(2, 12), rng.choice((2, 2, 3, 4))
    number, name = rng.randint(4, 9 if factor == 2 else 6), rng.choice(story.people)
    power = factor ** (number - 1)
    verb, how = {2: ("doubles", "twice"), 3: ("triples", "three times"), 4: ("quadruples", "four times")}[factor]
    problem = pick(
        rng,
        f"A video about the {story.place} had {first} viewers in its first hour. The number of viewers per hour "
        f"{verb} every hour. How many viewers does it have in hour {number}?",
        f"{name} tells {first} people about the {story.place} on Monday. Each day after that, {how} as many "
        f"people hear of it as on the day before. How many hear of it on day {number}, with Monday as day 1?",
        f"In a game at the {story.place} the first level is worth {first} points and each further level {how} as "
        f"many as the one before. How many points is level {number} worth?",
    )
    steps = (
        f"From number 1 to number {number} the factor {factor} acts {number} − 1 = {number - 1} times.",
        f"All the factors together: {factor}^{number - 1} = {power}.",
        f"The value: {first} × {power} = {first * power}.",
    )
    *_, check = accumulate(repeat(factor, number - 1), mul, initial=first)
    return Draft(problem, steps, Integer(first * power), Integer(check))


@family("sum-of-doublings", topic="sequences", level=4, formula="geometric series", stories=EVERYWHERE)
def sum_of_doublings(rng: Random, story: Story) -> Draft:
    first, factor = rng.randint(2, 9), rng.choice((2, 3))
    number, name = rng.randint(5, 10 if factor == 2 else 7), rng.choice(story.people)
    power, how = factor**number, {2: "twice", 3: "three times"}[factor]
    total = first * (power - 1) // (factor - 1)
    problem = pick(
        rng,
        f"{name} puts {first} dollars into a box on day 1 and every day {how} as much as on the day before. How "
        f"many dollars are in the box after {number} days?",
        f"A lottery at the {story.place} has {number} prizes. The smallest one is {first} dollars, and each further "
        f"prize is {how} as much as the one before. What do all prizes cost together, in dollars?",
        f"A chain letter is sent by {name} to {first} people, in the next round to {how} as many, and so on. How "
        f"many letters about the {story.place} are sent in {number} rounds altogether?",
    )
    unit = "letters" if "letter" in problem else "dollars"
    steps = [
        f"The numbers are {first}, {first * factor}, {first * factor**2} and so on, {number} of them; a geometric "
        "series is added by first × (factor^number − 1) ÷ (factor − 1).",
        f"The power: {factor}^{number} = {power}.",
        f"Less one: {power} − 1 = {power - 1}.",
    ]
    if factor == 2:
        steps.append(
            f"Since 2 − 1 = 1, only the first number remains to be multiplied: {first} × {power - 1} = {total}."
        )
    else:
        half = (power - 1) // 2
        steps.append(f"Divided by 3 − 1: {power - 1} ÷ 2 = {half}.")
        steps.append(f"Times the first number: {first} × {half} = {total} {unit}.")
    check = sum(accumulate(repeat(factor, number - 1), mul, initial=first))
    return Draft(problem, tuple(steps), Integer(total), Integer(check), unit)


@family("doubling-time", topic="sequences", level=4, formula="doubling time", stories=EVERYWHERE)
def doubling_time(rng: Random, story: Story) -> Draft:
    start, every, times = rng.randint(3, 25), rng.randint(2, 12), rng.randint(3, 8)
    goal, name = start * 2**times, rng.choice(story.people)
    factor, days = 2**times, every * times
    problem = pick(
        rng,
        f"Water lilies on a pond near the {story.place} cover {start} square meters, and the area doubles every "
        f"{every} days. After how many days do they cover {goal} square meters?",
        f"The club that {name} founded at the {story.place} has {start} members and doubles its membership every "
        f"{every} days. In how many days will it have {goal} members?",
        f"How many days does it take for {start} orders at the {story.place} to become {goal} orders, if their "
        f"number doubles every {every} days?",
    )
    steps = (
        f"The growth needed: {goal} ÷ {start} = {factor}.",
        f"As a power of 2: 2^{times} = {factor}, so it takes {times} doublings.",
        f"The time: {times} × {every} = {days} days.",
    )
    sizes = accumulate(repeat(2), mul, initial=start)
    check = every * next(n for n, size in enumerate(sizes) if size == goal)
    return Draft(problem, steps, Integer(days), Integer(check), "days")


@family("bouncing-ball", topic="sequences", level=4, formula="geometric sequence", stories=EVERYWHERE)
def bouncing_ball(rng: Random, story: Story) -> Draft:
    part, whole, bounces = *rng.choice(((1, 2), (2, 3), (3, 4), (3, 5), (2, 5), (4, 5))), rng.randint(2, 4)
    height = whole**bounces * rng.choice((1, 2, 3))
    height *= 8 if height < 60 else 1
    name = rng.choice(story.people)
    ratio = f"{part}/{whole}"
    problem = pick(
        rng,
        f"{name} drops a ball from a height of {height} centimeters in the yard of the {story.place}. After every "
        f"bounce it reaches {ratio} of the height before. How many centimeters high does it rise after bounce "
        f"number {bounces}?",
        f"A rubber ball falls from a balcony of the {story.place}, {height} centimeters above the floor, and "
        f"always springs back to {ratio} of the height it fell from. What height, in centimeters, does it reach "
        f"after touching the floor {bounces} times?",
        f"What is the height, in centimeters, of a ball after {bounces} bounces on the floor of the "
        f"{story.place}, if it starts at {height} centimeters and each bounce keeps {ratio} of the height?",
    )
    steps, level = [], height
    for bounce in range(1, bounces + 1):
        after = level * part // whole
        steps.append(f"After bounce {bounce}: {level} × {part} ÷ {whole} = {after} centimeters.")
        level = after
    check = height * Rational(part, whole) ** bounces
    return Draft(problem, tuple(steps), Integer(level), check, "centimeters")


@family("days-to-finish", topic="sequences", level=5, formula="arithmetic series", stories=EVERYWHERE)
def days_to_finish(rng: Random, story: Story) -> Draft:
    half_step, days, extra = rng.randint(2, 4), rng.randint(5, 20), rng.randint(1, 10)
    step = 2 * half_step
    first = half_step + half_step * 2 * extra  # makes the quadratic equation's linear coefficient even
    total, name = days * first + half_step * days * (days - 1), rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} has {total} {story.items} to sort: {first} on the first day and on each further day {step} more "
        "than on the day before. On which day is the work finished?",
        f"The fund of the {story.place} needs {total} dollars. It receives {first} dollars in the first month, "
        f"and every month {step} dollars more than in the month before. After how many months is the sum "
        "complete?",
        f"How many rows does a stand with {total} seats at the {story.place} have, if the first row has {first} "
        f"seats and each further row has {step} more than the row before it?",
    )
    unit = "days" if "sort" in problem else "months" if "fund" in problem else "rows"
    linear, right = 2 * extra, total // half_step
    square = right + extra**2
    steps = (
        f"After n {unit} the sum is {first}n + {half_step} × n × (n − 1), and it must be {total}.",
        f"Divided by {half_step}, this reads n² + {linear}n on one side and {total} ÷ {half_step} = {right} on the "
        "other.",
        f"Completing the square: (n + {extra})² is {right} + {extra}² = {square}.",
        f"The positive root: √{square} = {days + extra}.",
        f"So n is {days + extra} − {extra} = {days}.",
    )
    sums = accumulate(count(first, step))
    check = next(n for n, reached in enumerate(islice(sums, 400), 1) if reached == total)
    return Draft(problem, steps, Integer(days), Integer(check), unit if unit != "days" else "")
