"""Knows problems of ratios and of rates: parts, recipes, maps, speeds, fuel and flow; serves the starter corpus."""

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
    if (100 * needed).q != 1 or (1000 * amount / base).q != 1 or amount == base:
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


@family("there-and-back", topic="rates", level=4, formula="average speed", stories=EVERYWHERE)
def there_and_back(rng: Random, story: Story) -> Draft:
    slow, fast = sorted(rng.sample((4, 5, 6, 8, 10, 12, 15, 20, 24, 30, 40, 60), 2))
    distance = slow * fast // gcd(slow, fast) * rng.randint(1, 2)
    average = Rational(2 * distance * slow * fast, distance * (slow + fast))
    out, back, name = distance // slow, distance // fast, rng.choice(story.people)
    if (10 * average).q != 1 or out > 12 or distance > 180:
        return there_and_back(rng, story)
    both = 2 * distance
    problem = pick(
        rng,
        f"{name} rides {distance} kilometers to the {story.place} at {slow} kilometers an hour and returns the same way "
        f"at {fast} kilometers an hour. What is the average speed of the whole ride, in kilometers per hour?",
        f"On the way to the {story.place} {name} manages {slow} kilometers per hour, on the way home {fast}. Each way is "
        f"{distance} kilometers long. Find the average speed over both ways in kilometers per hour.",
        f"How many kilometers per hour does a van make on average, if it goes {distance} kilometers at {slow} "
        f"kilometers per hour, loaded for the {story.place}, and the same {distance} kilometers back at {fast}?",
    )
    steps = (
        f"The way there takes {distance} ÷ {slow} = {plural(out, 'hour', 'hours')}.",
        f"The way back takes {distance} ÷ {fast} = {plural(back, 'hour', 'hours')}.",
        f"Together it is 2 × {distance} = {both} kilometers in {out} + {back} = {out + back} hours.",
        f"The average speed: {both} ÷ {out + back} = {number(average)} kilometers per hour.",
    )
    check = Rational(sum([slow] * out + [fast] * back), len([slow] * out + [fast] * back))  # hour by hour
    return Draft(problem, steps, average, check, "kilometers per hour")


@family("catching-up", topic="rates", level=4, formula="difference of speeds", stories=EVERYWHERE)
def catching_up(rng: Random, story: Story) -> Draft:
    slow, gain, hours = rng.randint(4, 20), rng.randint(2, 12), rng.randint(2, 6)
    fast = slow + gain
    head = Rational(gain * hours, slow)
    lead = gain * hours
    if head.q != 1 or head > 4:
        return catching_up(rng, story)
    first, second = rng.sample(story.people, 2)
    ahead = plural(head, "hour", "hours")
    problem = pick(
        rng,
        f"{first} leaves the {story.place} and travels at {slow} kilometers an hour. {second} follows {ahead} later at "
        f"{fast} kilometers an hour. How many hours after {second}'s start does {second} catch up?",
        f"{second} sets out {ahead} after {first} and goes the same way from the {story.place}, {fast} kilometers per "
        f"hour against {first}'s {slow}. For how many hours must {second} travel to draw level with {first}?",
        f"After how many hours on the road does {second}, at {fast} kilometers an hour, reach {first}, who goes {slow} "
        f"kilometers an hour on the same road and passed the {story.place} {ahead} earlier than {second} did?",
    )
    steps = (
        f"The lead when {second} starts: {head} × {slow} = {lead} kilometers.",
        f"Each hour it shrinks by {fast} − {slow} = {gain} kilometers.",
        f"The time: {lead} ÷ {gain} = {hours} hours.",
    )
    check = next(h for h in count(1) if fast * h == slow * (h + head))
    return Draft(problem, steps, Integer(hours), Integer(check), "hours")


@family("filling-against-a-leak", topic="rates", level=3, formula="net rate", stories=EVERYWHERE)
def filling_against_a_leak(rng: Random, story: Story) -> Draft:
    flow, leak, minutes, level = rng.randint(9, 30), rng.randint(2, 8), rng.randint(8, 50), rng.randint(10, 90)
    net = flow - leak
    missing, name = net * minutes, rng.choice(story.people)
    volume = missing + level
    problem = pick(
        rng,
        f"A water tank at the {story.place} holds {volume} liters and has {level} liters in it. A pump adds {flow} "
        f"liters a minute, but {leak} liters a minute run out through a crack. How many minutes until it is full?",
        f"{name} fills a basin of {volume} liters in which there are already {level} liters. Every minute {flow} liters "
        f"flow in and {leak} liters flow out. After how many minutes does the basin overflow?",
        f"How many minutes does it take to fill the rest of a {volume}-liter cistern near the {story.place} that "
        f"contains {level} liters, with {flow} liters a minute coming in and {leak} liters a minute lost?",
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


@family("speed-for-the-rest", topic="rates", level=3, formula="speed, distance and time", stories=EVERYWHERE)
def speed_for_the_rest(rng: Random, story: Story) -> Draft:
    first_speed, first_hours, rest_hours = 5 * rng.randint(6, 16), rng.randint(1, 4), rng.randint(1, 4)
    needed = 5 * rng.randint(6, 20)
    covered, rest = first_speed * first_hours, needed * rest_hours
    distance, hours, name = covered + rest, first_hours + rest_hours, rng.choice(story.people)
    if needed == first_speed:
        return speed_for_the_rest(rng, story)
    start = "hour" if first_hours == 1 else f"{first_hours} hours"
    problem = pick(
        rng,
        f"{name} has {hours} hours for the {distance} kilometers to the {story.place}. In the first {start} the average "
        f"speed is {first_speed} kilometers per hour. What speed, in kilometers per hour, is needed for the rest?",
        f"A transport to the {story.place} must cover {distance} kilometers in {hours} hours. It starts with "
        f"{first_speed} kilometers per hour for the first {start}. How fast must it be after that to arrive on time, in "
        "kilometers per hour?",
        f"At how many kilometers per hour must {name} go on after the first {start} at {first_speed} kilometers per "
        f"hour, to reach the {story.place}, {distance} kilometers from the start, in {hours} hours altogether?",
    )
    left = "1 hour" if rest_hours == 1 else f"{rest_hours} hours"
    steps = (
        f"Already covered: {first_hours} × {first_speed} = {covered} kilometers.",
        f"Still to go: {distance} − {covered} = {rest} kilometers.",
        f"Time left: {hours} − {first_hours} = {left}.",
        f"The speed: {rest} ÷ {rest_hours} = {needed} kilometers per hour.",
    )
    v = sympy.Symbol("v")
    (check,) = sympy.solve(first_speed * first_hours + v * rest_hours - distance, v)
    return Draft(problem, steps, Integer(needed), check, "kilometers per hour")


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
