"""Knows problems about means, medians and ranges of measured values; serves the starter corpus."""

from __future__ import annotations

from fractions import Fraction
from itertools import count
from random import Random
from statistics import mean, median

from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, pick

TOPIC = "statistics"


def _listed(values: list[int]) -> str:
    return ", ".join(map(str, values[:-1])) + f" and {values[-1]}"


def _exact(value: Fraction | int) -> Rational:
    fraction = Fraction(value)
    return Rational(fraction.numerator, fraction.denominator)


@family("value-for-a-mean", topic=TOPIC, level=3, formula="arithmetic mean", stories=EVERYWHERE)
def value_for_a_mean(rng: Random, story: Story) -> Draft:
    number = rng.randint(4, 6)
    average = rng.randint(25, 60)
    known = [average + rng.randint(-12, 12) for _ in range(number - 1)]
    needed = average * number - sum(known)
    while not 5 <= needed <= 95 or needed == average:
        known[0] = average + rng.randint(-12, 12)
        known[1] = average + rng.randint(-12, 12)
        needed = average * number - sum(known)
    have, goal, name = sum(known), average * number, rng.choice(story.people)
    problem = pick(
        rng,
        f"The {story.place} sold {_listed(known)} {story.items} on the first {number - 1} days of a week. How "
        f"many have to be sold on the next day, so that the mean of the {number} days is {average}?",
        f"{name} took part in {number} games at the {story.place} and scored {average} points on average. In all "
        f"but the last game the points were {_listed(known)}. How many points did {name} score in the last one?",
        f"The mean of {number} numbers is {average}. They are the weights, in kilograms, of {number} boxes that "
        f"reached the {story.place}; {number - 1} of them weigh {_listed(known)}. What does the remaining one "
        "weigh?",
    )
    steps = (
        f"The {number} values must add up to {number} × {average} = {goal}.",
        f"The known ones: {' + '.join(map(str, known))} = {have}.",
        f"The missing value: {goal} − {have} = {needed}.",
    )
    check = next(value for value in count() if mean(map(Fraction, (value, *known))) == average)
    return Draft(problem, steps, Integer(needed), Integer(check))


@family("weighted-average", topic=TOPIC, level=3, formula="weighted mean", stories=EVERYWHERE)
def weighted_average(rng: Random, story: Story) -> Draft:
    weights = [rng.randint(2, 9) for _ in range(3)]
    values = sorted(rng.sample(range(3, 25), 3))
    while sum(w * v for w, v in zip(weights, values, strict=True)) % sum(weights) or len(set(weights)) == 1:
        weights = [rng.randint(2, 9) for _ in range(3)]
    products = [weight * value for weight, value in zip(weights, values, strict=True)]
    total, number, name = sum(products), sum(weights), rng.choice(story.people)
    (a, b, c), (x, y, z) = weights, values
    problem = pick(
        rng,
        f"{name} buys {a} {story.items} at {x} dollars each, {b} larger ones at {y} dollars each and {c} of the "
        f"largest at {z} dollars each. What is the average price per {story.item} in dollars?",
        f"At the {story.place}, {a} people waited {x} minutes, {b} people {y} minutes and {c} people {z} minutes. "
        "What was the mean waiting time in minutes?",
        f"Find the mean number of {story.other_items} per {story.container}, if {a} {story.containers} hold {x} "
        f"each, {b} hold {y} each and {c} hold {z} each.",
    )
    unit = "dollars" if "price" in problem else "minutes" if "waiting" in problem else story.other_items
    steps = (
        f"The number of values: {a} + {b} + {c} = {number}.",
        f"Their sum: {a} × {x} + {b} × {y} + {c} × {z} = {total}.",
        f"The mean: {total} ÷ {number} = {total // number} {unit}.",
    )
    one_by_one = [value for weight, value in zip(weights, values, strict=True) for _ in range(weight)]
    return Draft(problem, steps, Integer(total // number), _exact(mean(map(Fraction, one_by_one))), unit)


@family("middle-value", topic=TOPIC, level=2, formula="median", stories=EVERYWHERE)
def middle_value(rng: Random, story: Story) -> Draft:
    number = rng.choice((5, 6, 7, 8))
    values = [rng.randint(10, 80) for _ in range(number)]
    ordered = sorted(values)
    while number % 2 == 0 and (ordered[number // 2 - 1] + ordered[number // 2]) % 2:
        values[rng.randrange(number)] = rng.randint(10, 80)
        ordered = sorted(values)
    name, half = rng.choice(story.people), number // 2
    problem = pick(
        rng,
        f"{name} noted how many {story.items} were needed at the {story.place} on {number} days: "
        f"{_listed(values)}. What is the median of these numbers?",
        f"The ages of {number} visitors of the {story.place} are {_listed(values)}. Find the median age.",
        f"What is the median of {_listed(values)}, the number of minutes that {number} people of the "
        f"{story.group} need for their way to the {story.place}?",
    )
    steps = [f"In order of size: {', '.join(map(str, ordered))}."]
    if number % 2:
        middle = ordered[half]
        steps.append(f"Of {number} values, number {half + 1} has as many before as after it: the median is {middle}.")
    else:
        low, high = ordered[half - 1], ordered[half]
        middle = (low + high) // 2
        steps.append(f"The two in the middle are {low} and {high}; their mean is ({low} + {high}) ÷ 2 = {middle}.")
    return Draft(problem, tuple(steps), Integer(middle), _exact(Fraction(median(values))))


@family("range-and-unknown", topic=TOPIC, level=3, formula="range and mean", stories=EVERYWHERE)
def range_and_unknown(rng: Random, story: Story) -> Draft:
    number, low = rng.randint(4, 6), rng.randint(10, 40)
    span = rng.randint(15, 40)
    inner = [rng.randint(low + 1, low + span - 1) for _ in range(number - 2)]
    while (sum(inner) + 2 * low + span) % number:
        inner[0] = rng.randint(low + 1, low + span - 1)
    high, name = low + span, rng.choice(story.people)
    shown = [low, *inner]
    rng.shuffle(shown)
    total = sum(shown) + high
    problem = pick(
        rng,
        f"Among {number} measured lengths, in meters, at the {story.place}, the largest cannot be read. The "
        f"others are {_listed(shown)}, and the range of all {number} is {span}. What is the mean of the {number} "
        "lengths in meters?",
        f"{name} timed {number} walks from the gate to the door of the {story.place}. All but the slowest took "
        f"{_listed(shown)} seconds, and the range of all the times was {span} seconds. Find the mean time in seconds.",
        f"What is the average number of visitors of the {story.place} on {number} days, if {number - 1} days had "
        f"{_listed(shown)} visitors, the busiest day is the remaining one, and the range is {span}?",
    )
    steps = (
        f"The range is the largest value less the smallest, so the largest is {low} + {span} = {high}.",
        f"The sum of all: {' + '.join(map(str, shown))} + {high} = {total}.",
        f"The mean: {total} ÷ {number} = {total // number}.",
    )
    largest = next(value for value in count(max(shown)) if max(*shown, value) - min(*shown, value) == span)
    check = mean([Fraction(value) for value in (*shown, largest)])
    return Draft(problem, steps, Integer(total // number), _exact(check))


@family("two-groups-combined", topic=TOPIC, level=3, formula="weighted mean", stories=EVERYWHERE)
def two_groups_combined(rng: Random, story: Story) -> Draft:
    first, second = rng.randint(4, 20), rng.randint(4, 20)
    low, high = rng.randint(10, 40), rng.randint(41, 70)
    while (first * low + second * high) % (first + second) or first == second:
        first, second, high = rng.randint(4, 20), rng.randint(4, 20), rng.randint(41, 70)
    one, two, name = first * low, second * high, rng.choice(story.people)
    number, total = first + second, one + two
    problem = pick(
        rng,
        f"At a quiz of the {story.place}, {first} children scored {low} points on average, and {second} adults "
        f"scored {high} points on average. What was the mean score of all participants?",
        f"The mean age of {first} people in one course at the {story.place} is {low} years; in another course "
        f"{second} people have a mean age of {high} years. {name} puts both lists together. What is the mean age "
        "now?",
        f"What is the mean weight, in kilograms, of all parcels for the {story.place}, if {first} small ones "
        f"weigh {low} kilograms on average and {second} large ones {high} kilograms?",
    )
    steps = (
        f"The first group adds up to {first} × {low} = {one}.",
        f"The second group adds up to {second} × {high} = {two}.",
        f"Both together: {one} + {two} = {total}.",
        f"There are {first} + {second} = {number} in all.",
        f"The mean: {total} ÷ {number} = {total // number}.",
    )
    # The mean lies between the two, its distances from them inverse to the sizes of the groups.
    check = low + Rational(second, number) * (high - low)
    return Draft(problem, steps, Integer(total // number), check)


@family("mean-after-change", topic=TOPIC, level=3, formula="arithmetic mean", stories=EVERYWHERE)
def mean_after_change(rng: Random, story: Story) -> Draft:
    number, old = rng.randint(5, 20), rng.randint(20, 60)
    shift = rng.choice((-3, -2, -1, 1, 2, 3))
    wrong = rng.randint(old - 10, old + 10)
    right = wrong + shift * number
    while not 5 <= right <= 95:
        shift, wrong = rng.choice((-3, -2, -1, 1, 2, 3)), rng.randint(old - 10, old + 10)
        right = wrong + shift * number
    gap, new, name = abs(right - wrong), old + shift, rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} found a mean of {old} {story.items} per day for {number} days at the {story.place}. Then it "
        f"turns out that one day was noted as {wrong} instead of {right}. What is the correct mean?",
        f"The average of {number} test scores at the {story.place} was {old}. One score is corrected from {wrong} "
        f"to {right}. What is the average now?",
        f"What is the new mean age of a group of {number} people at the {story.place}, if it was {old} years and "
        f"somebody aged {wrong} is replaced by somebody aged {right}?",
    )
    way, sign = ("rises", "+") if shift > 0 else ("falls", "−")
    larger, smaller = max(right, wrong), min(right, wrong)
    steps = (
        f"The sum {way} by {larger} − {smaller} = {gap}.",
        f"Spread over {number} values, the mean {way} by {gap} ÷ {number} = {abs(shift)}.",
        f"The new mean: {old} {sign} {abs(shift)} = {new}.",
    )
    others = [Fraction(old * number - wrong, number - 1)] * (number - 1)
    return Draft(problem, steps, Integer(new), _exact(mean([*others, Fraction(right)])))


@family("one-joins-the-group", topic=TOPIC, level=4, formula="arithmetic mean", stories=EVERYWHERE)
def one_joins_the_group(rng: Random, story: Story) -> Draft:
    number, old = rng.randint(4, 15), rng.randint(20, 45)
    rise = rng.randint(1, 3)
    new = old + rise
    joined, more = new * (number + 1) - old * number, number + 1
    before, after, name = old * number, new * more, rng.choice(story.people)
    problem = pick(
        rng,
        f"The mean age of {number} people in the {story.group} of the {story.place} is {old} years. When {name} "
        f"joins, it becomes {new} years. How old is {name}?",
        f"On {number} days {name} cycled {old} kilometers a day on average. One more day, with a tour that began at "
        f"the {story.place}, raised the average to {new} kilometers. How many kilometers long was that tour?",
        f"How many points does the newest player of the {story.place} have, if the average of the {number} "
        f"players before was {old} points and the average with the new player is {new}?",
    )
    steps = (
        f"The sum before: {number} × {old} = {before}.",
        f"The sum after: {more} × {new} = {after}.",
        f"What was added: {after} − {before} = {joined}.",
    )
    check = next(value for value in count() if mean([*[Fraction(old)] * number, Fraction(value)]) == new)
    return Draft(problem, steps, Integer(joined), Integer(check))
