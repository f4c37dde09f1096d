"""Knows problems about divisors, multiples, remainders and digits; serves the starter corpus."""

from __future__ import annotations

from itertools import count
from math import gcd, lcm
from random import Random

from sympy import Integer

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, pick

PRIMES = (2, 3, 5, 7, 11, 13)


@family("equal-groups", topic="number theory", level=2, formula="greatest common divisor", stories=EVERYWHERE)
def equal_groups(rng: Random, story: Story) -> Draft:
    groups, first, second = rng.randint(4, 16), rng.randint(2, 9), rng.randint(2, 9)
    while gcd(first, second) > 1:
        second = rng.randint(2, 9)
    items, others, name = groups * first, groups * second, rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} has {items} {story.items} and {others} {story.other_items} at the {story.place} and makes equal "
        "sets of them, with nothing left over. What is the greatest number of sets that are all alike?",
        f"At the {story.place} there are {items} {story.items} and {others} {story.other_items}. They are shared "
        f"out evenly among as many people of the {story.group} as possible, so that all of them get the same and "
        "nothing remains. Among how many people?",
        f"What is the largest number of identical packages that {name} can make from {items} {story.items} and "
        f"{others} {story.other_items}, if everything has to be used?",
    )
    steps = [
        "The number of equal parts divides both numbers, so the greatest common divisor is needed; it is found by "
        "dividing with remainder until nothing remains."
    ]
    larger, smaller = max(items, others), min(items, others)
    while smaller:
        quotient, rest = divmod(larger, smaller)
        steps.append(f"Divide {larger} by {smaller}: {larger} − {quotient} × {smaller} = {rest}.")
        larger, smaller = smaller, rest
    steps.append(
        f"The last divisor is {groups}, and it fits: {items} ÷ {groups} = {first} and {others} ÷ {groups} = {second}."
    )
    check = max(parts for parts in range(1, items + 1) if items % parts == 0 and others % parts == 0)
    return Draft(problem, tuple(steps), Integer(gcd(items, others)), Integer(check))


@family("together-again", topic="number theory", level=2, formula="least common multiple", stories=EVERYWHERE)
def together_again(rng: Random, story: Story) -> Draft:
    common, first, second = rng.randint(2, 8), *rng.sample((2, 3, 4, 5, 7, 9), 2)
    while gcd(first, second) > 1:
        second = rng.choice((3, 5, 7, 9))
    one, two, name = common * first, common * second, rng.choice(story.people)
    meeting = lcm(one, two)
    problem = pick(
        rng,
        f"Two {story.machines} at the {story.place} are checked regularly, one every {one} days and the other "
        f"every {two} days. Today both are checked. After how many days does that happen again for the first "
        "time?",
        f"{name} counts: one bell at the {story.place} rings every {one} minutes, another every {two} minutes. "
        "They have just rung together. In how many minutes will they ring together again?",
        f"How many days pass until two deliveries reach the {story.place} on the same day again, if {story.items} "
        f"come every {one} days, {story.other_items} every {two} days, and both came today?",
    )
    unit = "minutes" if "bell" in problem else "days"
    steps = (
        f"The greatest common divisor of {one} and {two} is {common}: {one} ÷ {common} = {first} and "
        f"{two} ÷ {common} = {second}, which share no factor.",
        f"The least common multiple: {one} × {second} = {meeting} {unit}.",
    )
    check = next(day for day in count(1) if day % one == 0 and day % two == 0)
    return Draft(problem, steps, Integer(meeting), Integer(check), unit)


@family("two-remainders", topic="number theory", level=4, formula="remainders", stories=EVERYWHERE)
def two_remainders(rng: Random, story: Story) -> Draft:
    small, large = rng.choice(((3, 7), (4, 7), (5, 7), (4, 9), (5, 8), (5, 9), (6, 11), (7, 10)))
    total = 0
    while total < large:
        over_small, over_large = rng.randint(1, small - 1), rng.randint(1, large - 1)
        # Each remainder alone times a number that leaves 1 for its own divisor and 0 for the other.
        parts = over_small * large * pow(large, -1, small), over_large * small * pow(small, -1, large)
        total = sum(parts) % (small * large)
    name, limit = rng.choice(story.people), small * large
    problem = pick(
        rng,
        f"{name} counts fewer than {limit} {story.items}. Sorted into groups of {small}, {over_small} would be "
        f"left over; sorted into groups of {large}, {over_large} would be left over. How many {story.items} are "
        "there?",
        f"The number of {story.items} at the {story.place} is less than {limit}. Divided by {large} it leaves the "
        f"remainder {over_large}, and divided by {small} the remainder {over_small}. Find the number.",
        f"Fewer than {limit} {story.items} are in stock at the {story.place}. Filling {story.containers} with "
        f"{large} each leaves {over_large} over; with {small} each, {over_small} would be over. How many are in "
        "stock?",
    )
    tried = list(range(over_large, total + 1, large))
    full, others = total // large, total // small
    steps = (
        f"The numbers that leave {over_large} when divided by {large} start with "
        f"{', '.join(map(str, [*tried, total + large][:7]))}.",
        f"The first of these that leaves {over_small} when divided by {small} is {total}: "
        f"{total} − {others} × {small} = {over_small}.",
        f"It leaves the other remainder too: {total} − {full} × {large} = {over_large}. The number is {total}.",
    )
    check = [n for n in range(limit) if n % small == over_small and n % large == over_large]
    return Draft(problem, steps, Integer(total), Integer(*check), story.items)


@family("either-multiple", topic="number theory", level=3, formula="inclusion and exclusion", stories=EVERYWHERE)
def either_multiple(rng: Random, story: Story) -> Draft:
    one, two = rng.choice(((2, 3), (3, 4), (3, 5), (4, 5), (4, 6), (5, 6), (5, 7), (6, 9), (6, 10)))
    total, both, name = rng.randint(40, 300), lcm(one, two), rng.choice(story.people)
    firsts, seconds, twice = total // one, total // two, total // both
    problem = pick(
        rng,
        f"The {total} visitors of the {story.place} are numbered from 1 to {total}. Everyone whose number is "
        f"divisible by {one} or by {two} (or by both) gets one of the {story.items}. How many are given away?",
        f"{name} labels {total} {story.items} with the numbers 1 to {total} and marks every label that is a "
        f"multiple of {one} or a multiple of {two}. How many labels are marked?",
        f"How many of the whole numbers from 1 to {total}, printed on {total} lottery slips at the {story.place}, "
        f"are multiples of {one} or of {two}?",
    )
    steps = (
        f"Multiples of {one}: {total} ÷ {one} is at least {firsts} and less than {firsts + 1}, so there are {firsts}.",
        f"Multiples of {two}: {total} ÷ {two} is at least {seconds} and less than {seconds + 1}, so there are "
        f"{seconds}.",
        f"Multiples of both are the multiples of {both}, of which there are {twice}; they were counted twice.",
        f"Together: {firsts} + {seconds} − {twice} = {firsts + seconds - twice}.",
    )
    check = sum(1 for n in range(1, total + 1) if n % one == 0 or n % two == 0)
    return Draft(problem, steps, Integer(firsts + seconds - twice), Integer(check))


@family("ways-into-rows", topic="number theory", level=3, formula="number of divisors", stories=EVERYWHERE)
def ways_into_rows(rng: Random, story: Story) -> Draft:
    powers = {p: rng.randint(1, limit) for p, limit in ((2, 5), (3, 3))} | {rng.choice(PRIMES[2:]): 1}
    total, ways = 1, 1
    for prime, power in powers.items():
        total, ways = total * prime**power, ways * (power + 1)
    name = rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} wants to set out {total} {story.items} in equal rows at the {story.place}, using all of them. "
        "How many different numbers of rows are possible, counting a single row and rows of one?",
        f"In how many ways can {total} {story.items} be packed into {story.containers} that all hold the same "
        f"number, if ways differ by the number of {story.containers} and none are left over?",
        f"The {story.place} has {total} {story.other_items}. How many whole numbers divide {total} without a "
        "remainder, so that they could be shared fairly among that many people?",
    )
    factors = " × ".join(f"{prime}^{power}" if power > 1 else str(prime) for prime, power in powers.items())
    sums = ", ".join(f"{power} + 1 = {power + 1}" for power in powers.values())
    choices = " × ".join(str(power + 1) for power in powers.values())
    steps = (
        "The possible numbers are the divisors of the total, which come from its prime factors.",
        f"Into primes: {total} = {factors}.",
        f"A divisor takes each prime between no times and as often as it occurs; the choices are {sums}.",
        f"Their product is the number of divisors: {choices} = {ways}.",
    )
    check = sum(1 for n in range(1, total + 1) if total % n == 0)
    return Draft(problem, steps, Integer(ways), Integer(check))


@family("last-digit", topic="number theory", level=4, formula="cycle of last digits", stories=EVERYWHERE)
def last_digit(rng: Random, story: Story) -> Draft:
    base, power = rng.choice((2, 3, 7, 8, 12, 13, 17, 18)), rng.randint(15, 99)
    digits = [base % 10]
    while (following := digits[-1] * base % 10) != digits[0]:
        digits.append(following)
    rest, name = power % 4, rng.choice(story.people)
    digit = digits[rest - 1]
    shown = f"{base}^{power}"
    problem = pick(
        rng,
        f"A puzzle on the wall of the {story.place} asks for the last digit of {shown}. What is it?",
        f"The door code of the {story.place} ends in the ones digit of {shown} ({base} multiplied by itself, with "
        f"{power} factors). Which digit is that?",
        f"{name} bets that nobody in the {story.group} can tell the final digit of {shown} without a calculator. "
        "Which digit is it?",
    )
    place = rest or 4
    steps = (
        f"The last digits of the powers of {base} repeat in a cycle of four: {', '.join(map(str, digits))}.",
        f"The exponent divided by 4: {power} − {power // 4} × 4 = {rest}.",
        f"So {shown} ends like the power number {place} of the cycle, in {digit}.",
    )
    product = 1
    for _ in range(power):
        product *= base
    return Draft(problem, steps, Integer(digit), Integer(int(str(product)[-1])))


@family("three-in-a-row", topic="number theory", level=2, formula="consecutive integers", stories=EVERYWHERE)
def three_in_a_row(rng: Random, story: Story) -> Draft:
    middle, gap = rng.randint(12, 150), rng.choice((1, 1, 2))
    if gap == 2:
        middle += middle % 2
    kind = "consecutive numbers" if gap == 1 else "consecutive even numbers"
    total, name = 3 * middle, rng.choice(story.people)
    problem = pick(
        rng,
        f"Three {story.containers} at the {story.place} are labeled with three {kind}. The labels add up to "
        f"{total}. What is the largest of the three?",
        f"{name} thinks of three {kind} whose sum is {total}: the prices, in cents, of three kinds of "
        f"{story.items}. Find the largest.",
        f"On the last three days, the numbers of visitors at the {story.place} were three {kind}, {total} visitors in "
        "all. How many came on the busiest of these days?",
    )
    steps = (
        f"The middle number is a third of the sum: {total} ÷ 3 = {middle}.",
        f"The largest is {gap} more: {middle} + {gap} = {middle + gap}.",
    )
    check = next(n for n in count(1) if n + (n - gap) + (n - 2 * gap) == total)
    return Draft(problem, steps, Integer(middle + gap), Integer(check))


@family("smudged-digit", topic="number theory", level=3, formula="digit sum rule", stories=EVERYWHERE)
def smudged_digit(rng: Random, story: Story) -> Draft:
    known = [rng.randint(1, 9) for _ in range(3)]
    while sum(known) % 9 == 0:
        known[-1] = rng.randint(1, 9)
    place, name, total = rng.randint(1, 2), rng.choice(story.people), sum(known)
    target = (total // 9 + 1) * 9
    label = [str(digit) for digit in known]
    label.insert(place, "?")
    shown = "".join(label)
    problem = pick(
        rng,
        f"The number of {story.items} in the records of the {story.place} is {shown}, with one digit that cannot "
        "be read any more. It is known to be divisible by 9. Which digit is missing?",
        f"{name} spilled coffee on a bill of the {story.place}: the four-digit number {shown} has one digit "
        f"missing. Since {story.items} are packed in nines, the number is divisible by 9. Find the digit.",
        f"Which digit belongs in place of the question mark in {shown}, if this many {story.other_items} can be "
        "split into 9 equal parts without a remainder?",
    )
    steps = (
        "A number is divisible by 9 exactly if the sum of its digits is.",
        f"The digits that can be read: {' + '.join(map(str, known))} = {total}.",
        f"The next multiple of 9 is {target}, so the missing digit is {target} − {total} = {target - total}.",
    )
    check = [digit for digit in range(10) if int(shown.replace("?", str(digit))) % 9 == 0]
    return Draft(problem, steps, Integer(target - total), Integer(*check))
