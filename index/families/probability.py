"""Knows problems about chance: draws, dice, tables and prizes, with exact fractions; serves the starter corpus."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product
from math import comb, gcd
from random import Random

from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, money, pick

TOPIC = "probability"


def _reduced(top: int, bottom: int) -> str:
    """ "= 6/8 = 3/4", or "= 5/8" where nothing cancels."""
    common = gcd(top, bottom)
    low = f"{top // common}/{bottom // common}" if bottom != common else str(top // common)
    return f"= {top}/{bottom}" if common == 1 else f"= {top}/{bottom} = {low}"


@family("two-alike", topic=TOPIC, level=4, formula="drawing without replacement", stories=EVERYWHERE)
def two_alike(rng: Random, story: Story) -> Draft:
    first, second = rng.randint(3, 12), rng.randint(3, 12)
    total, name = first + second, rng.choice(story.people)
    items, others = story.items, story.other_items
    problem = pick(
        rng,
        f"A large sack at the {story.place} contains {first} {items} and {second} {others}. {name} takes out two "
        f"things at random without putting anything back. What is the probability that both are {items}?",
        f"From {total} prizes, {first} of them {items} and {second} {others}, two are drawn at random, one after "
        f"the other, and not replaced. How likely is it that {name} from the {story.place} gets two {items}?",
        f"{name} blindly picks two out of {first} {items} and {second} {others}. Find the probability, as a "
        f"fraction, of picking only {items}.",
    )
    top, bottom = first * (first - 1), total * (total - 1)
    steps = (
        f"All together there are {first} + {second} = {total}, so the first draw succeeds with probability "
        f"{first}/{total}.",
        f"After that, {first} − 1 = {first - 1} of the remaining {total} − 1 = {total - 1} would be right.",
        f"Both in a row: {first}/{total} × {first - 1}/{total - 1} {_reduced(top, bottom)}.",
    )
    draws = list(permutations(range(total), 2))
    good = sum(1 for one, two in draws if one < first and two < first)
    return Draft(problem, steps, Rational(top, bottom), Rational(good, len(draws)))


@family("at-least-one-works", topic=TOPIC, level=4, formula="complement rule", stories=EVERYWHERE)
def at_least_one_works(rng: Random, story: Story) -> Draft:
    bottom, number = rng.choice((3, 4, 5, 6, 8, 10)), rng.choice((2, 3))
    miss = rng.randint(1, bottom - 1)
    while gcd(miss, bottom) > 1:
        miss = rng.randint(1, bottom - 1)
    hit, name, count = bottom - miss, rng.choice(story.people), {2: "two", 3: "three"}[number]
    problem = pick(
        rng,
        f"Each of {count} {story.machines} at the {story.place} starts on a cold morning with probability "
        f"{hit}/{bottom}, independently of the others. What is the probability that at least one of them starts?",
        f"{name} has {count} tries at a game of the {story.place}; each one succeeds with probability "
        f"{hit}/{bottom}, whatever happened before. How likely is at least one success?",
        f"What is the chance that on at least one of {count} days it rains at the {story.place}, if on each of "
        f"them, independently, the probability of rain is {hit}/{bottom}?",
    )
    top, whole = miss**number, bottom**number
    chain = " × ".join([f"{miss}/{bottom}"] * number)
    steps = (
        f"A single failure has the probability 1 − {hit}/{bottom} = {miss}/{bottom}.",
        f"Failure every time: {chain} = {top}/{whole}.",
        f"At least one success is the opposite: 1 − {top}/{whole} = {whole - top}/{whole}.",
    )
    cases = list(product(range(bottom), repeat=number))
    check = sum(1 for case in cases if any(outcome < hit for outcome in case))
    return Draft(problem, steps, Rational(whole - top, whole), Rational(check, len(cases)))


@family("sum-of-two-dice", topic=TOPIC, level=3, formula="equally likely outcomes", stories=EVERYWHERE)
def sum_of_two_dice(rng: Random, story: Story) -> Draft:
    sides, name = rng.choice((4, 6, 6, 8, 10, 12)), rng.choice(story.people)
    least = rng.randint(sides + 2, 2 * sides - 1)
    ways = [2 * sides + 1 - value for value in range(least, 2 * sides + 1)]
    good, cases, shown = sum(ways), sides**2, f"1 to {sides}"
    problem = pick(
        rng,
        f"At a booth of the {story.place} two fair dice, each numbered {shown}, are rolled. {name} wins if the "
        f"sum is at least {least}. What is the probability of winning?",
        f"{name} spins a fair wheel with the numbers {shown} twice and adds the results. How likely is a sum of "
        f"{least} or more, which wins one of the {story.items}?",
        f"Two bags at the {story.place} each hold cards numbered {shown}. One card is drawn from each bag. Find "
        f"the probability that the two numbers add up to {least} or more.",
    )
    added = " + ".join(map(str, ways))
    sums = f"{least} to {2 * sides}"
    steps = (
        f"There are {sides} × {sides} = {cases} equally likely pairs.",
        f"Pairs for the sums from {sums}, in this order: {added} = {good}.",
        f"The probability is {good}/{cases}{'' if gcd(good, cases) == 1 else f' = {Rational(good, cases)}'}.",
    )
    rolls = product(range(1, sides + 1), repeat=2)
    check = sum(1 for roll in rolls if sum(roll) >= least)
    return Draft(problem, steps, Rational(good, cases), Rational(check, cases))


@family("given-the-group", topic=TOPIC, level=4, formula="conditional probability", stories=EVERYWHERE)
def given_the_group(rng: Random, story: Story) -> Draft:
    young_yes, young_no, old_yes, old_no = (rng.randint(4, 40) for _ in range(4))
    young, yes = young_yes + young_no, young_yes + old_yes
    total, name = young + old_yes + old_no, rng.choice(story.people)
    thing = rng.choice((story.items, story.other_items))
    problem = pick(
        rng,
        f"Of {total} guests at the {story.place}, {young} were children and {total - young} adults. {young_yes} "
        f"of the children and {old_yes} of the adults bought {thing}. {name} meets a guest who bought {thing}. "
        "What is the probability that it is a child?",
        f"A survey at the {story.place} asked {young} children and {total - young} adults. {young_yes} children "
        f"and {old_yes} adults like {thing}. If one of those who like {thing} is chosen at random, how likely is "
        "it a child?",
        f"In a list of {total} orders, {young} came online, {young_yes} of them for {thing}. Of the "
        f"{total - young} other orders, {old_yes} were for {thing}. {name} from the {story.place} picks an order "
        f"for {thing} at random. Find the probability that it came online.",
    )
    steps = (
        f"Only those in question count: {young_yes} + {old_yes} = {yes}.",
        f"Among them, the favorable ones are {young_yes}, so the probability is {young_yes}/{yes}"
        f"{'' if gcd(young_yes, yes) == 1 else f' = {Rational(young_yes, yes)}'}.",
    )
    # Bayes' rule, from the shares of the two groups.
    share = Fraction(young, total) * Fraction(young_yes, young)
    other = Fraction(total - young, total) * Fraction(old_yes, total - young)
    bayes = share / (share + other)
    return Draft(problem, steps, Rational(young_yes, yes), Rational(bayes.numerator, bayes.denominator))


@family("worth-of-a-ticket", topic=TOPIC, level=4, formula="expected value", stories=EVERYWHERE)
def worth_of_a_ticket(rng: Random, story: Story) -> Draft:
    total = rng.choice((50, 80, 100, 125, 200, 250, 500))
    large, small = rng.randint(1, 4), rng.randint(5, 20)
    high, low = 10 * rng.randint(5, 20), rng.randint(2, 10)
    while 100 * (large * high + small * low) % total or large * high + small * low == total:  # whole cents, not 1
        small, low = rng.randint(5, 20), rng.randint(2, 10)
    large_sum, small_sum = large * high, small * low
    paid, name = large_sum + small_sum, rng.choice(story.people)
    prizes = f"{large} prizes of {high} dollars" if large > 1 else f"one prize of {high} dollars"
    problem = pick(
        rng,
        f"The raffle of the {story.place} has {total} tickets, with {prizes} and {small} prizes of {low} dollars. "
        "All other tickets win nothing. What is the expected value of a ticket in dollars?",
        f"{name} buys one of the {total} lots of the {story.group}. Among them are {prizes} and {small} prizes of "
        f"{low} dollars; the rest are blanks. How many dollars does a lot win on average?",
        f"What would be a fair price, in dollars, for one of {total} tickets for {story.items} at the "
        f"{story.place}, if the draw gives away {prizes} and {small} prizes of {low} dollars?",
    )
    mean = Rational(paid, total)
    steps = (
        f"The large prizes: {large} × {high} = {large_sum} dollars.",
        f"The small prizes: {small} × {low} = {small_sum} dollars.",
        f"All prizes: {large_sum} + {small_sum} = {paid} dollars.",
        f"For each ticket: {paid} ÷ {total} = {money(mean)}.",
    )
    check = high * Rational(large, total) + low * Rational(small, total)
    return Draft(problem, steps, mean, check, "dollars")


@family("exactly-one-of-two", topic=TOPIC, level=4, formula="independent events", stories=EVERYWHERE)
def exactly_one_of_two(rng: Random, story: Story) -> Draft:
    one, two = rng.sample((3, 4, 5, 6, 7, 8, 9, 10), 2)
    a, b = rng.randint(1, one - 1), rng.randint(1, two - 1)
    while gcd(a, one) > 1 or gcd(b, two) > 1:
        a, b = rng.randint(1, one - 1), rng.randint(1, two - 1)
    first, second = rng.sample(story.people, 2)
    problem = pick(
        rng,
        f"{first} arrives at the {story.place} on time with probability {a}/{one}, and {second}, independently, "
        f"with probability {b}/{two}. What is the probability that exactly one of them is on time?",
        f"Two {story.machines} at the {story.place} work independently. The first one passes its test with "
        f"probability {a}/{one}, the second with probability {b}/{two}. How likely is it that exactly one passes?",
        f"{first} hits a target with probability {a}/{one} and {second} with probability {b}/{two}. Each throws "
        f"once. Find the probability that just one of the two wins one of the {story.items}.",
    )
    only_first, only_second, whole = a * (two - b), (one - a) * b, one * two
    good = only_first + only_second
    low = "" if gcd(good, whole) == 1 else f" = {Rational(good, whole)}"
    steps = (
        f"The second fails with probability 1 − {b}/{two} = {two - b}/{two}, the first with 1 − {a}/{one} = "
        f"{one - a}/{one}.",
        f"Only the first: {a}/{one} × {two - b}/{two} = {only_first}/{whole}.",
        f"Only the second: {one - a}/{one} × {b}/{two} = {only_second}/{whole}.",
        f"Exactly one: {only_first}/{whole} + {only_second}/{whole} = {good}/{whole}{low}.",
    )
    cases = product(range(one), range(two))
    check = sum(1 for x, y in cases if (x < a) != (y < b))
    return Draft(problem, steps, Rational(good, whole), Rational(check, whole))


@family("one-of-each-kind", topic=TOPIC, level=5, formula="hypergeometric distribution", stories=EVERYWHERE)
def one_of_each_kind(rng: Random, story: Story) -> Draft:
    good, bad, drawn = rng.randint(4, 10), rng.randint(3, 6), 3
    wanted = rng.choice((1, 2))
    total, name = good + bad, rng.choice(story.people)
    rest = drawn - wanted
    number = {1: "one", 2: "two"}[wanted]
    problem = pick(
        rng,
        f"Of {total} {story.items} at the {story.place}, {good} are new and {bad} are used. {name} picks three of "
        f"them at random, all at once. What is the probability that exactly {number} of the three will be new?",
        f"Three of {total} people of the {story.group} are chosen by lot: {good} of the {total} live in town, "
        f"{bad} in the country. How likely is it that exactly {number} of those chosen will be from town?",
        f"{name} draws three of {total} lots at the {story.place} without replacement; {good} of them win and "
        f"{bad} lose. Find the probability that exactly {number} of the three will win.",
    )
    ways_good, ways_bad, every = comb(good, wanted), comb(bad, rest), comb(total, drawn)
    top = ways_good * ways_bad
    pairs = {1: "{n} ways to pick one", 2: "{n} × {m} ÷ 2 = {w} ways to pick two"}
    first = pairs[wanted].format(n=good, m=good - 1, w=ways_good)
    second = pairs[rest].format(n=bad, m=bad - 1, w=ways_bad)
    low = "" if gcd(top, every) == 1 else f" = {Rational(top, every)}"
    steps = (
        f"All selections of three, each of which has 6 orders: {total} × {total - 1} × {total - 2} ÷ 6 = {every}.",
        f"Of the {good} there are {first}, of the {bad} there are {second}.",
        f"Favorable selections: {ways_good} × {ways_bad} = {top}.",
        f"The probability is {top}/{every}{low}.",
    )
    draws = list(permutations(range(total), drawn))
    check = sum(1 for draw in draws if sum(1 for lot in draw if lot < good) == wanted)
    return Draft(problem, steps, Rational(top, every), Rational(check, len(draws)))


@family("neither-kind", topic=TOPIC, level=2, formula="equally likely outcomes", stories=EVERYWHERE)
def neither_kind(rng: Random, story: Story) -> Draft:
    first, second, third = (rng.randint(2, 18) for _ in range(3))
    total, wanted, name = first + second + third, second + third, rng.choice(story.people)
    problem = pick(
        rng,
        f"A drum at the {story.place} contains {first} red, {second} blue and {third} green balls. One ball is "
        "drawn at random. What is the probability that it is not red?",
        f"{name} pulls a voucher out of a hat: {first} are for {story.items}, {second} for {story.other_items} "
        f"and {third} for a drink. How likely is it that {name} does not get a voucher for {story.items}?",
        f"Among the tickets of the {story.place} are {first} for children, {second} for students and {third} for "
        "adults. If one is picked at random, what is the probability that it is not a child's ticket?",
    )
    low = "" if gcd(wanted, total) == 1 else f" = {Rational(wanted, total)}"
    steps = (
        f"All together: {first} + {second} + {third} = {total}.",
        f"Those that count: {second} + {third} = {wanted}.",
        f"The probability is {wanted}/{total}{low}.",
    )
    return Draft(problem, steps, Rational(wanted, total), Integer(1) - Rational(first, total))
