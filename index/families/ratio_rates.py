"""Knows problems of ratios and of rates: parts, recipes, maps, fuel, flow and output; serves the starter corpus."""

from __future__ import annotations

from itertools import count
from math import gcd
from random import Random

import sympy
from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, a, money, number, pick, plural


@family("three-way-ratio", topic="ratio", level=3, formula="sharing in a ratio", stories=EVERYWHERE)
def three_way_ratio(rng: Random, story: Story) -> Draft:
    low, middle, high = sorted(rng.sample(range(2, 12), 3))
    one = rng.randint(4, 30)
    parts = low + middle + high
    if gcd(gcd(low, middle), high) > 1:
        return three_way_ratio(rng, story)
    total, more = parts * one, (high - low) * one
    first, second, third = rng.sample(story.people, 3)
    items = story.items
    problem = pick(
        rng,
        f"{first}, {second} and {third} divide {total} {items} among themselves in the ratio {high} to {low} to "
        f"{middle}. How many {items} more than {second} does {first} get?",
        f"For every {low} {items} that {second} packs, {third} packs {middle} and {first} packs {high}. Together they "
        f"have packed {total} {items} for the {story.place}. By how many does {first}'s number exceed {second}'s?",
        f"The {story.place} sends {total} {items} to three shops in the proportion {low} to {middle} to {high}. How many "
        "more does the largest delivery contain than the smallest?",
    )
    steps = (
        f"Number of parts: {low} + {middle} + {high} = {parts}.",
        f"One part: {total} ÷ {parts} = {one} {items}.",
        f"The difference in parts: {high} − {low} = {high - low}.",
        f"The difference: {high - low} × {one} = {more} {items}.",
    )
    dealt = {low: 0, middle: 0, high: 0}
    while sum(dealt.values()) < total:
        for part in dealt:
            dealt[part] += part
    return Draft(problem, steps, Integer(more), Integer(dealt[high] - dealt[low]), items)


@family("total-from-one-share", topic="ratio", level=2, formula="value of one part", stories=EVERYWHERE)
def total_from_one_share(rng: Random, story: Story) -> Draft:
    left, right = rng.sample(range(2, 12), 2)
    if gcd(left, right) > 1:
        return total_from_one_share(rng, story)
    one = rng.randint(3, 25)
    known, total = left * one, (left + right) * one
    first, second = rng.sample(story.people, 2)
    items = story.other_items
    problem = pick(
        rng,
        f"{first} and {second} split a load of {items} in the ratio {left} to {right}. {first} receives {known} {items}. "
        "How many were in the load?",
        f"At the {story.place} there are {left} {story.items} for every {right} {items}. There are {known} "
        f"{story.items}. How many {story.items} and {items} are there in total?",
        f"What is the total number of {items} shared by {first} and {second}, if {left} go to {first} for every {right} "
        f"that go to {second}, and {known} have gone to {first} in the end?",
    )
    steps = (
        f"One part: {known} ÷ {left} = {one}.",
        f"Parts in all: {left} + {right} = {left + right}.",
        f"The total: {left + right} × {one} = {total}.",
    )
    check = next(n for n in count(1) if n * left == known * (left + right))
    unit = "pieces" if f"{story.items} and" in problem else items
    return Draft(problem, steps, Integer(total), Integer(check), unit)


@family("recipe-for-more", topic="ratio", level=2, formula="direct proportion", stories=EVERYWHERE)
def recipe_for_more(rng: Random, story: Story) -> Draft:
    base, wanted = rng.sample((4, 5, 6, 8, 10, 12, 15, 20, 25, 30), 2)
    amount = Rational(rng.randint(3, 30), 2)
    needed = amount * wanted / base
    if (100 * needed).q != 1 or (1000 * amount / base).q != 1 or 1 in (amount / base, needed):
        return recipe_for_more(rng, story)
    unit, name = story.bulk_unit, rng.choice(story.people)
    problem = pick(
        rng,
        f"{number(amount)} {unit} of {story.bulk} are enough for {base} days. How many {unit} of {story.bulk} does "
        f"{name} need for {wanted} days?",
        f"A list at the {story.place} says: for {base} orders, take {number(amount)} {unit} of {story.bulk}. Today "
        f"there are {wanted} orders. How many {unit} are right?",
        f"How much {story.bulk}, in {unit}, does the {story.place} need for {wanted} customers, if {number(amount)} "
        f"{unit} are right for {base} customers and the proportion stays the same?",
    )
    single = amount / base
    steps = (
        f"For one: {number(amount)} ÷ {base} = {number(single)} {unit}.",
        f"For {wanted}: {wanted} × {number(single)} = {number(needed)} {unit}.",
    )
    x = sympy.Symbol("x")
    (check,) = sympy.solve(x * base - amount * wanted, x)
    return Draft(problem, steps, needed, check, unit)


@family("map-then-walk", topic="ratio", level=3, formula="map scale", stories=EVERYWHERE)
def map_then_walk(rng: Random, story: Story) -> Draft:
    scale, speed, hours = (
        rng.choice((20_000, 25_000, 50_000, 100_000)),
        rng.choice((3, 4, 5, 6, 12, 15)),
        rng.randint(1, 5),
    )
    distance = speed * hours
    on_map = Rational(distance * 100_000, scale)
    if not 4 <= on_map <= 90:
        return map_then_walk(rng, story)
    name, per = rng.choice(story.people), Rational(scale, 100_000)
    problem = pick(
        rng,
        f"On a map with the scale 1 to {scale}, the way from {name}'s home to the {story.place} is {on_map} centimeters "
        f"long. {name} covers {speed} kilometers an hour. How many hours does the way take?",
        f"{name} plans a trip to the {story.place}. The map shows it in the scale 1 to {scale}, and there the trip "
        f"measures {on_map} centimeters. How many hours will it last at {speed} kilometers per hour?",
        f"How many hours does it take to travel a route of {on_map} centimeters on a 1 to {scale} map of the region "
        f"around the {story.place}, going {speed} kilometers an hour?",
    )
    steps = (
        f"A centimeter on the map stands for {scale} ÷ 100000 = {plural(per, 'kilometer', 'kilometers')}.",
        f"The real distance: {on_map} × {number(per)} = {distance} kilometers.",
        f"The time: {distance} ÷ {speed} = {hours} hours."
        if hours > 1
        else f"The time: {distance} ÷ {speed} = 1 hour.",
    )
    check = next(h for h in count(1) if h * speed * 100_000 == on_map * scale)
    return Draft(problem, steps, Integer(hours), Integer(check), "hour" if hours == 1 else "hours")


@family("two-linked-ratios", topic="ratio", level=4, formula="combining ratios", stories=EVERYWHERE)
def two_linked_ratios(rng: Random, story: Story) -> Draft:
    p, q = rng.sample(range(2, 8), 2)
    r, s = rng.sample(range(2, 8), 2)
    if gcd(p, q) > 1 or gcd(r, s) > 1:
        return two_linked_ratios(rng, story)
    one = rng.randint(2, 9)
    first, second, third = p * r * one, q * r * one, q * s * one
    total, (one_name, two_name, three_name) = first + second + third, rng.sample(story.people, 3)
    items = story.items
    problem = pick(
        rng,
        f"The numbers of {items} of {one_name} and {two_name} are in the ratio {p} to {q}, those of {two_name} and "
        f"{three_name} in the ratio {r} to {s}. {one_name} has {first} {items}. How many do the three have together?",
        f"At the {story.place}, {two_name} handles {q} {items} for every {p} that {one_name} handles, and {three_name} "
        f"handles {s} for every {r} of {two_name}'s. When {one_name} has done {first}, how many have all three done?",
        f"How many {items} are in three piles in all, if the first holds {first}, the first and the second are as {p} to "
        f"{q}, and the second and the third as {r} to {s}?",
    )
    middle, last = ("The second pile", "The third pile") if "piles" in problem else (two_name, three_name)
    steps = (
        f"{middle}: {first} ÷ {p} × {q} = {second} {items}.",
        f"{last}: {second} ÷ {r} × {s} = {third} {items}.",
        f"All together: {first} + {second} + {third} = {total} {items}.",
    )
    x, y = sympy.symbols("x y")
    found = sympy.solve([q * first - p * x, s * x - r * y], [x, y])
    return Draft(problem, steps, Integer(total), first + found[x] + found[y], items)


@family("batch-from-supplies", topic="ratio", level=4, formula="limiting ingredient", stories=EVERYWHERE)
def batch_from_supplies(rng: Random, story: Story) -> Draft:
    p, q = rng.sample(range(2, 8), 2)
    if gcd(p, q) > 1:
        return batch_from_supplies(rng, story)
    sets, spare = rng.randint(4, 20), rng.randint(1, 9)
    have_items, have_others = p * sets + rng.randint(0, p - 1), q * (sets + spare) + rng.randint(0, q - 1)
    items, others = story.items, story.other_items
    name, pieces = rng.choice(story.people), (p + q) * sets
    problem = pick(
        rng,
        f"A set consists of {p} {items} and {q} {others}. The {story.place} has {have_items} {items} and {have_others} "
        f"{others} to make sets from. How many pieces end up in complete sets?",
        f"{name} decorates with {items} and {others} in groups, each with exactly {p} {items} and {q} {others}. There "
        f"are {have_items} {items} and {have_others} {others}. What is the largest total number of {items} and {others} "
        "that can be used?",
        f"How many {items} and {others} together can {name} use at most, if they must go out in the ratio {p} to {q} and "
        f"{have_items} {items} and {have_others} {others} are at hand, with only full groups of {p + q}?",
    )
    enough = have_others // q
    steps = (
        f"The {items} are enough for {sets} groups, since {sets} × {p} = {p * sets} and another group would need more.",
        f"The {others} are enough for {enough} groups, since {enough} × {q} = {q * enough}, so the {items} decide.",
        f"Pieces in one group: {p} + {q} = {p + q}.",
        f"Pieces in all groups: {sets} × {p + q} = {pieces}.",
    )
    used = 0
    while have_items >= p and have_others >= q:
        have_items, have_others, used = have_items - p, have_others - q, used + p + q
    return Draft(problem, steps, Integer(pieces), Integer(used), "pieces")


@family("filling-against-a-leak", topic="rates", level=3, formula="net rate", stories=EVERYWHERE)
def filling_against_a_leak(rng: Random, story: Story) -> Draft:
    flow, leak, minutes, level = rng.randint(10, 30), rng.randint(2, 8), rng.randint(8, 50), rng.randint(10, 90)
    net = flow - leak
    missing, name = net * minutes, rng.choice(story.people)
    volume = missing + level
    problem = pick(
        rng,
        f"A water tank at the {story.place} holds {volume} liters and has {level} liters in it. A pump adds {flow} "
        f"liters a minute, but {leak} liters a minute run out through a crack. How many minutes until it is full?",
        f"{name} fills a basin of {volume} liters in which there are already {level} liters. Every minute {flow} liters "
        f"flow in and {leak} liters flow out. After how many minutes does the basin overflow?",
        f"How many minutes does it take to fill the rest of a cistern near the {story.place} that holds "
        f"{volume} liters and contains {level} liters, with {flow} liters a minute coming in and {leak} liters a minute lost?",
    )
    steps = (
        f"The gain in a minute: {flow} − {leak} = {net} liters.",
        f"Still missing: {volume} − {level} = {missing} liters.",
        f"The time: {missing} ÷ {net} = {minutes} minutes.",
    )
    check, now = 0, level
    while now < volume:
        now, check = now + flow - leak, check + 1
    return Draft(problem, steps, Integer(minutes), Integer(check), "minutes")


@family("cost-of-the-fuel", topic="rates", level=3, formula="unit rate", stories=EVERYWHERE)
def cost_of_the_fuel(rng: Random, story: Story) -> Draft:
    per, distance = rng.choice((4, 5, 6, 7, 8, 9, 12, 15)), 50 * rng.randint(2, 16)
    price = Rational(5 * rng.randint(24, 44), 100)
    liters = Rational(per * distance, 100)
    cost = liters * price
    if (100 * cost).q != 1:
        return cost_of_the_fuel(rng, story)
    name = rng.choice(story.people)
    problem = pick(
        rng,
        f"{name}'s van uses {per} liters of fuel for 100 kilometers. Fuel costs {money(price)} a liter. What does the "
        f"fuel for a trip of {distance} kilometers to the {story.place} cost?",
        f"The {story.place} sends {a(story.worker)} {distance} kilometers by car. The car needs {per} liters per 100 "
        f"kilometers, at {money(price)} per liter. How much money goes into fuel?",
        f"What is the price of the fuel for {distance} kilometers, if a liter is sold for {money(price)} and the truck "
        f"of the {story.place} burns {per} liters every 100 kilometers?",
    )
    steps = (
        f"Fuel used: {distance} ÷ 100 × {per} = {number(liters)} liters.",
        f"Its price: {number(liters)} × {money(price)} = {money(cost)}.",
    )
    check = sum((price * per / 2 for _ in range(0, distance, 50)), Rational(0))  # 50 kilometers at a time
    return Draft(problem, steps, cost, check, "dollars")


@family("other-number-of-machines", topic="rates", level=3, formula="compound proportion", stories=EVERYWHERE)
def other_number_of_machines(rng: Random, story: Story) -> Draft:
    machines, hours, rate = rng.randint(2, 8), rng.randint(2, 9), rng.randint(3, 20)
    now, later = rng.randint(2, 15), rng.randint(2, 12)
    made, wanted = machines * hours * rate, now * later * rate
    if machines == now or later == hours:
        return other_number_of_machines(rng, story)
    items = story.items
    problem = pick(
        rng,
        f"{machines} {story.workers} sort {made} {items} in {hours} hours. How many {items} do {now} {story.workers} sort "
        f"in {later} hours, if all of them work equally fast?",
        f"In {hours} hours, {machines} identical machines turn out {made} {items} for the {story.place}. How many "
        f"{items} will {now} such machines turn out in {later} hours?",
        f"How many {items} can {now} people count in {later} hours, if {machines} people from the {story.place} count "
        f"{made} of them in {hours} hours at the same pace?",
    )
    steps = (
        f"All of them in one hour: {made} ÷ {hours} = {machines * rate} {items}.",
        f"A single one in an hour: {machines * rate} ÷ {machines} = {rate} {items}.",
        f"In the other case: {now} × {later} × {rate} = {wanted} {items}.",
    )
    check = Rational(made) * Rational(now, machines) * Rational(later, hours)
    return Draft(problem, steps, Integer(wanted), check, items)


@family("ratio-after-arrivals", topic="ratio", level=4, formula="changing ratio", stories=EVERYWHERE)
def ratio_after_arrivals(rng: Random, story: Story) -> Draft:
    p, q, r = rng.sample(range(2, 12), 3)
    if r < p or gcd(p, q) > 1 or gcd(r, q) > 1:
        return ratio_after_arrivals(rng, story)
    one, growth = rng.randint(2, 15), r - p
    first, second, new = p * one, q * one, growth * one
    if new < 2:
        return ratio_after_arrivals(rng, story)
    items, others, name = story.items, story.other_items, rng.choice(story.people)
    problem = pick(
        rng,
        f"The {items} and {others} at the {story.place} are in the ratio {p} to {q}. After {new} more {items} have "
        f"arrived, the ratio is {r} to {q}. How many {others} are there?",
        f"For every {p} {items} {name} has {q} {others}. When {name} gets another {new} {items}, there are {r} {items} "
        f"for every {q} {others}. What is the number of {others}?",
        f"How many {others} does {name} have, if {new} additional {items} change the ratio of {items} to {others} from "
        f"{p} to {q} into {r} to {q}?",
    )
    steps = (
        f"The number of {others} stays the same, so the {items} grow by {r} − {p} = {plural(growth, 'part', 'parts')}.",
        f"One part: {new} ÷ {growth} = {one}.",
        f"The {others}: {q} × {one} = {second}.",
    )
    x, y = sympy.symbols("x y")
    found = sympy.solve([q * x - p * y, q * (x + new) - r * y], [x, y])
    return Draft(problem, steps, Integer(second), found[y] if found[x] == first else Integer(-1), others)


@family("ratio-and-difference", topic="ratio", level=3, formula="value of one part", stories=EVERYWHERE)
def ratio_and_difference(rng: Random, story: Story) -> Draft:
    less, more = sorted(rng.sample(range(2, 12), 2))
    if gcd(less, more) > 1:
        return ratio_and_difference(rng, story)
    one, parts = rng.randint(3, 20), more - less
    gap, total = parts * one, (more + less) * one
    first, second = rng.sample(story.people, 2)
    items, others = story.items, story.other_items
    problem = pick(
        rng,
        f"{first} and {second} share {items} in the ratio {more} to {less}. {first} gets {gap} more than {second}. How "
        f"many {items} are shared?",
        f"There are {gap} more {others} than {items} at the {story.place}, and the {others} and {items} are in the ratio "
        f"{more} to {less}. How many pieces are that in all?",
        f"How many {items} do {first} and {second} have together, if {first}'s number is to {second}'s as {more} is to "
        f"{less} and the difference is {gap}?",
    )
    steps = (
        f"The difference in parts: {more} − {less} = {parts}.",
        f"One part: {gap} ÷ {parts} = {one}.",
        f"All parts: {more} + {less} = {more + less}.",
        f"The total: {more + less} × {one} = {total}.",
    )
    check = next(n + n + gap for n in count(1) if n * more == (n + gap) * less)
    return Draft(problem, steps, Integer(total), Integer(check), "pieces" if "pieces" in problem else items)


@family("two-unit-prices", topic="rates", level=2, formula="unit price", stories=EVERYWHERE)
def two_unit_prices(rng: Random, story: Story) -> Draft:
    small, large = sorted(rng.sample((2, 3, 4, 5, 6, 8, 10, 12, 15, 20), 2))
    dear, cheap = Rational(5 * rng.randint(20, 90), 100), Rational(5 * rng.randint(12, 80), 100)
    gap = dear - cheap
    if gap <= 0:
        return two_unit_prices(rng, story)
    low, high, name = small * dear, large * cheap, rng.choice(story.people)
    items = story.other_items
    problem = pick(
        rng,
        f"A small pack of {small} {items} costs {money(low)}, a large pack of {large} {items} {money(high)}. By how many "
        f"dollars is one {story.other_item} cheaper in the large pack?",
        f"{name} compares two shops near the {story.place}: {large} {items} for {money(high)} in one, {small} {items} for "
        f"{money(low)} in the other. What is the difference in the price of a single {story.other_item}, in dollars?",
        f"How much less, in dollars per piece, does the {story.place} pay for {items} when it orders {large} for "
        f"{money(high)} instead of {small} for {money(low)}?",
    )
    steps = (
        f"One in the small quantity: {money(low)} ÷ {small} = {money(dear)}.",
        f"One in the large quantity: {money(high)} ÷ {large} = {money(cheap)}.",
        f"The difference: {money(dear)} − {money(cheap)} = {money(gap)}.",
    )
    check = (low * large - high * small) / (small * large)  # both prices for the same number of pieces
    return Draft(problem, steps, gap, check, "dollars")
