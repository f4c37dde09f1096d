"""Knows problems that one unknown or a pair of unknowns settles; serves the starter corpus."""

from __future__ import annotations

from itertools import count, product
from math import gcd
from random import Random

import sympy
from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, pick, plural

LINEAR = "linear equations"
SYSTEMS = "systems"


@family("more-than-times", topic=LINEAR, level=3, formula="linear equation", stories=EVERYWHERE)
def more_than_times(rng: Random, story: Story) -> Draft:
    times, extra, less = rng.randint(2, 5), rng.randint(3, 20), rng.randint(4, 30)
    more, (first, second) = times * less + extra, rng.sample(story.people, 2)
    total, rest = more + less, times * less + less
    how = {2: "twice", 3: "three times", 4: "four times", 5: "five times"}[times]
    items = story.items
    problem = pick(
        rng,
        f"{first} and {second} have {total} {items} together. {first} has {extra} more than {how} as many as "
        f"{second}. How many {items} does {first} have?",
        f"At the {story.place}, {first} counted {extra} more than {how} as many {items} as {second} did; the two "
        f"counts add up to {total}. How many did {first} count?",
        f"How many of {total} {items} belong to {first}, if all the others belong to {second} and {first} owns "
        f"{how} as many as {second} and {extra} besides?",
    )
    steps = (
        f"Let x be {second}'s number; then {first}'s is {times}x + {extra}, and both together are {total}.",
        f"Without the extra ones: {total} − {extra} = {rest}.",
        f"That is {times} + 1 = {times + 1} times x, so x is {rest} ÷ {times + 1} = {less}.",
        f"{first}'s number: {times} × {less} + {extra} = {more} {items}.",
    )
    check = next(n for n in range(total + 1) if n == times * (total - n) + extra)
    return Draft(problem, steps, Integer(more), Integer(check), items)


@family("ages-later", topic=LINEAR, level=3, formula="age equation", stories=EVERYWHERE)
def ages_later(rng: Random, story: Story) -> Draft:
    times, later = rng.randint(2, 4), rng.randint(2, 12)
    child = rng.randint(2, 16)
    then = child + later
    gap = (times - 1) * then
    while gap > 60 or gap < 15:
        child, times = rng.randint(2, 16), rng.randint(2, 4)
        then = child + later
        gap = (times - 1) * then
    young, old = rng.sample(story.people, 2)
    how = {2: "twice", 3: "three times", 4: "four times"}[times]
    multiple = {2: "once", 3: "twice", 4: "three times"}[times]
    problem = pick(
        rng,
        f"{old}, who works at the {story.place}, is {gap} years older than {young}. In {later} years {old} will "
        f"be {how} as old as {young} is then. How old is {young} now?",
        f"In {later} years, {old} will be {how} as old as {young}. {old} is {gap} years older. Both live near "
        f"the {story.place}. What is {young}'s age today?",
        f"How old is {young} today, if {old} from the {story.place} was {gap} years old at {young}'s birth and "
        f"{later} years from now will be exactly {how} {young}'s age?",
    )
    steps = (
        f"The gap of {gap} years never changes. Once {old} is {how} as old, it is {multiple} {young}'s age then.",
        f"So {young}'s age at that time: {gap} ÷ {times - 1} = {then} years.",
        f"Today {young} is {later} years younger: {then} − {later} = {child} years.",
    )
    check = next(age for age in count(1) if age + gap + later == times * (age + later))
    return Draft(problem, steps, Integer(child), Integer(check), "years")


@family("equal-tariffs", topic=LINEAR, level=3, formula="break-even point", stories=EVERYWHERE)
def equal_tariffs(rng: Random, story: Story) -> Draft:
    dear, cheap = rng.randint(7, 15), rng.randint(2, 5)
    days, low = rng.randint(4, 20), rng.randint(5, 40)
    saved = dear - cheap
    high = low + saved * days
    machine, name, gap = story.machines, rng.choice(story.people), saved * days
    problem = pick(
        rng,
        f"Two firms rent {machine} to the {story.place}. The first charges {low} dollars for delivery and {dear} "
        f"dollars a day, the second {high} dollars for delivery and {cheap} dollars a day. For how many days do "
        "both cost the same?",
        f"{name} compares two offers for transport: one costs {low} dollars plus {dear} dollars per trip, the "
        f"other {high} dollars plus {cheap} dollars per trip. At what number of trips to the {story.place} are "
        "the offers equally expensive?",
        f"After how many months has the {story.place} paid the same under both plans: plan A with {high} dollars "
        f"at the start and {cheap} dollars a month, plan B with {low} dollars at the start and {dear} dollars a "
        "month?",
    )
    unit = "days" if "days do" in problem else "trips" if "trips to" in problem else "months"
    steps = (
        f"The starting amounts differ by {high} − {low} = {gap} dollars.",
        f"Every time, the other offer catches up by {dear} − {cheap} = {saved} dollars.",
        f"They are equal after {gap} ÷ {saved} = {days} {unit}.",
    )
    check = next(n for n in count() if low + dear * n == high + cheap * n)
    return Draft(problem, steps, Integer(days), Integer(check), unit)


@family("given-away", topic=LINEAR, level=2, formula="working backwards", stories=EVERYWHERE)
def given_away(rng: Random, story: Story) -> Draft:
    left, extra, part = rng.randint(4, 40), rng.randint(2, 15), rng.choice((2, 3, 4))
    held = left + extra  # what is there after the first gift
    start = Rational(held * part, part - 1)
    while start.q != 1:
        left += 1
        held = left + extra
        start = Rational(held * part, part - 1)
    share = {2: "half", 3: "a third", 4: "a quarter"}[part]
    name, items = rng.choice(story.people), story.items
    problem = pick(
        rng,
        f"{name} gives {share} of the {items} to the {story.group} and then {extra} more to a friend. Now {left} "
        f"{items} are left. How many {items} were there at first?",
        f"There are {left} {items} left at the {story.place} in the evening. In the morning {share} of all the "
        f"{items} had been taken away, and at noon another {extra}. How many had there been to begin with?",
        f"How many {items} did {name} start with, if {left} remain after giving away {share} of them first and "
        f"{extra} after that?",
    )
    steps = [f"Before the last {extra} went: {left} + {extra} = {held}."]
    if part == 2:
        steps.append(f"That is the other half, so the start was 2 × {held} = {start} {items}.")
    else:
        one = held // (part - 1)
        steps += [
            f"These are {part - 1} of {part} equal parts; one part is {held} ÷ {part - 1} = {one}.",
            f"All {part} parts: {part} × {one} = {start} {items}.",
        ]
    check = next(n for n in count(part, 1) if n % part == 0 and n - n // part - extra == left)
    return Draft(problem, tuple(steps), start, Integer(check), items)


@family("price-of-one", topic=LINEAR, level=2, formula="linear equation", stories=EVERYWHERE)
def price_of_one(rng: Random, story: Story) -> Draft:
    bought, price, extra = rng.randint(3, 12), rng.randint(2, 15), rng.randint(4, 25)
    change = rng.randint(2, 30)
    paid, name = bought * price + extra + change, rng.choice(story.people)
    spent = paid - change
    sold = spent - extra
    problem = pick(
        rng,
        f"{name} has {paid} dollars, buys {bought} {story.items} and one of the {story.other_items} for {extra} "
        f"dollars, and has {change} dollars left. How many dollars does each {story.item} cost?",
        f"From {paid} dollars, {change} dollars remain after {name} has paid for {bought} {story.items} and "
        f"{extra} dollars for delivery to the {story.place}. What is the price of one {story.item} in dollars?",
        f"What does one {story.item} cost in dollars, if {bought} of them and a ride to the {story.place} for "
        f"{extra} dollars use up all but {change} of {name}'s {paid} dollars?",
    )
    steps = (
        f"Spent in all: {paid} − {change} = {spent} dollars.",
        f"On the {story.items} alone: {spent} − {extra} = {sold} dollars.",
        f"For one {story.item}: {sold} ÷ {bought} = {price} dollars.",
    )
    check = next(p for p in range(paid) if paid - bought * p - extra == change)
    return Draft(problem, steps, Integer(price), Integer(check), "dollars")


@family("two-kinds-of-tickets", topic=SYSTEMS, level=3, formula="system of two equations", stories=EVERYWHERE)
def two_kinds_of_tickets(rng: Random, story: Story) -> Draft:
    adults, children = rng.randint(12, 80), rng.randint(12, 80)
    cheap = rng.randint(2, 8)
    dear = cheap + rng.randint(2, 7)
    sold, money = adults + children, dear * adults + cheap * children
    least, rest, name = cheap * sold, dear * adults - cheap * adults, rng.choice(story.people)
    problem = pick(
        rng,
        f"Entry to the open day of the {story.place} costs {dear} dollars for adults and {cheap} dollars for "
        f"children. {sold} people paid {money} dollars in total. How many adults came?",
        f"{name} sold {sold} {story.items} and {story.other_items} for {money} dollars altogether: {story.items} "
        f"at {dear} dollars each and {story.other_items} at {cheap} dollars each. How many {story.items} were "
        "sold?",
        f"A cash box at the {story.place} holds {money} dollars from {sold} raffle slips. Large slips cost {dear} "
        f"dollars, small ones {cheap} dollars. Find the number of large slips.",
    )
    steps = (
        f"If all {sold} had cost {cheap} dollars, that would be {sold} × {cheap} = {least} dollars.",
        f"The money above that: {money} − {least} = {rest} dollars.",
        f"Each of the dearer kind brings {dear} − {cheap} = {dear - cheap} dollars more.",
        f"The number of the dearer kind: {rest} ÷ {dear - cheap} = {adults}.",
    )
    check = next(n for n in range(sold + 1) if dear * n + cheap * (sold - n) == money)
    return Draft(problem, steps, Integer(adults), Integer(check))


@family("heads-and-legs", topic=SYSTEMS, level=3, formula="system of two equations", stories=EVERYWHERE)
def heads_and_legs(rng: Random, story: Story) -> Draft:
    few, many, (low, lows), (high, highs) = rng.choice(
        (
            (2, 4, ("bicycle", "bicycles"), ("car", "cars")),
            (3, 4, ("tricycle", "tricycles"), ("car", "cars")),
            (4, 6, ("van", "vans"), ("truck", "trucks")),
            (2, 3, ("scooter", "scooters"), ("tricycle", "tricycles")),
        )
    )
    lighter, heavier, name = rng.randint(5, 40), rng.randint(5, 40), rng.choice(story.people)
    heads, wheels = lighter + heavier, few * lighter + many * heavier
    base = few * heads
    problem = pick(
        rng,
        f"In front of the {story.place} stand {heads} vehicles, some of them {lows} with {few} wheels each, the "
        f"others {highs} with {many} wheels each. Altogether they have {wheels} wheels. How many {highs} are "
        "there?",
        f"{name} counts {wheels} wheels on the {heads} vehicles parked at the {story.place}. Every {low} has "
        f"{few} wheels and every {high} has {many}; there are no other vehicles. How many of them are {highs}?",
        f"A {low} has {few} wheels, a {high} has {many}. How many {highs} came to the {story.place}, if {heads} "
        f"of these vehicles with {wheels} wheels in total came?",
    )
    steps = (
        f"If all were {lows}: {heads} × {few} = {base} wheels.",
        f"The wheels beyond that: {wheels} − {base} = {wheels - base}.",
        f"Each {high} has {many} − {few} = {many - few} more than a {low}.",
        f"The number of {highs}: {wheels - base} ÷ {many - few} = {heavier} {highs}.",
    )
    pairs = product(range(heads + 1), repeat=2)
    check = next(y for x, y in pairs if x + y == heads and few * x + many * y == wheels)
    return Draft(problem, steps, Integer(heavier), Integer(check), highs)


@family("against-the-stream", topic=SYSTEMS, level=4, formula="speed with and against a current", stories=EVERYWHERE)
def against_the_stream(rng: Random, story: Story) -> Draft:
    current = rng.randint(1, 6)
    own = current + rng.randint(3, 20)
    there, back = own + current, own - current
    shared = there * back // gcd(there, back)
    distance = shared
    fast, slow, name = distance // there, distance // back, rng.choice(story.people)
    if slow > 14:  # a day's journey at most
        return against_the_stream(rng, story)
    hours = plural(fast, "hour", "hours")
    vessel, medium, along, against = rng.choice(
        (("boat", "river", "downstream", "upstream"), ("delivery drone", "wind", "with the wind", "against the wind"))
    )
    rest = "in still water" if vessel == "boat" else "in calm air"
    problem = pick(
        rng,
        f"A {vessel} needs {hours} for the {distance} kilometers {along} to the {story.place} and {slow} hours "
        f"for the same distance back {against}. What is its speed {rest}, in kilometers per hour?",
        f"To reach the {story.place}, {name}'s {vessel} covers {distance} km {along} in {hours}. The return trip "
        f"{against} takes {slow} hours. Find the speed {rest} in km per hour, assuming a steady {medium}.",
    )
    steps = (
        f"Speed {along}: {distance} ÷ {fast} = {there} kilometers per hour.",
        f"Speed {against}: {distance} ÷ {slow} = {back} kilometers per hour.",
        f"Added, the {medium} cancels out: {there} + {back} = {2 * own}.",
        f"The speed {rest}: {2 * own} ÷ 2 = {own} kilometers per hour.",
    )
    v, c = sympy.symbols("v c")
    check = sympy.solve([(v + c) * fast - distance, (v - c) * slow - distance], [v, c])[v]
    return Draft(problem, steps, Integer(own), check, "kilometers per hour")


@family("sum-and-difference", topic=SYSTEMS, level=2, formula="sum and difference", stories=EVERYWHERE)
def sum_and_difference(rng: Random, story: Story) -> Draft:
    less, gap = rng.randint(10, 120), rng.randint(4, 60)
    more, (first, second) = less + gap, rng.sample(story.people, 2)
    total = more + less
    problem = pick(
        rng,
        f"The {story.place} has {total} {story.items} and {story.other_items} in all, {gap} more {story.items} "
        f"than {story.other_items}. How many {story.items} are there?",
        f"Together {first} and {second} earned {total} dollars at the {story.place}. {first} earned {gap} dollars "
        f"more than {second}. How many dollars did {first} earn?",
        f"Two parcels for the {story.place} weigh {total} kilograms together, and one is {gap} kilograms heavier than "
        f"the other. How heavy, in kilograms, is the heavier of the two, which {first} has to carry?",
    )
    unit = story.items if "in all" in problem else "dollars" if "earned" in problem else "kilograms"
    steps = (
        f"Sum and difference together are twice the larger number: {total} + {gap} = {total + gap}.",
        f"The larger number: {total + gap} ÷ 2 = {more} {unit}.",
    )
    check = next(n for n in range(total + 1) if n - (total - n) == gap)
    return Draft(problem, steps, Integer(more), Integer(check), unit)


@family("two-receipts", topic=SYSTEMS, level=4, formula="elimination", stories=EVERYWHERE)
def two_receipts(rng: Random, story: Story) -> Draft:
    price, other = rng.randint(2, 12), rng.randint(2, 12)
    a, b, times = rng.randint(2, 6), rng.randint(2, 4), rng.randint(2, 3)
    c = a * times + rng.randint(1, 4)
    d = b * times
    first, second = a * price + b * other, c * price + d * other
    scaled, name = first * times, rng.choice(story.people)
    more = c - a * times
    problem = pick(
        rng,
        f"At the {story.place}, {a} {story.items} and {b} {story.other_items} cost {first} dollars, while {c} "
        f"{story.items} and {d} {story.other_items} cost {second} dollars. What does one {story.item} cost?",
        f"{name} paid {first} dollars for {a} {story.items} and {b} {story.other_items}. A week later {name} paid "
        f"{second} dollars for {c} {story.items} and {d} {story.other_items} at the same prices. Find the price "
        f"of one {story.item} in dollars.",
        f"What is the price of a {story.item}, if one bill reads {c} {story.items} and {d} {story.other_items} "
        f"for {second} dollars and another {a} {story.items} and {b} {story.other_items} for {first} dollars?",
    )
    steps = [
        f"Take {times} times the smaller purchase, so that both have {b} × {times} = {d} {story.other_items}; it "
        f"costs {first} × {times} = {scaled} dollars.",
        f"The {story.items} in it: {a} × {times} = {a * times}; the other purchase has {c} − {a * times} = {more} "
        "more.",
        f"The difference in price: {second} − {scaled} = {second - scaled} dollars.",
        f"One {story.item}: {second - scaled} ÷ {more} = {price} dollars.",
    ]
    prices = product(range(1, 60), repeat=2)
    found = {x for x, y in prices if a * x + b * y == first and c * x + d * y == second}
    return Draft(problem, tuple(steps), Integer(price), Integer(*found), "dollars")
