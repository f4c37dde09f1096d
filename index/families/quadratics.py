"""Knows problems that lead to a quadratic equation or to the vertex of a parabola; serves the starter corpus."""

from __future__ import annotations

from itertools import combinations, count
from math import isqrt
from random import Random

import sympy
from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, pick


@family("longer-than-wide", topic="quadratics", level=4, formula="quadratic equation", stories=EVERYWHERE)
def longer_than_wide(rng: Random, story: Story) -> Draft:
    width, gap = rng.randint(3, 25), 2 * rng.randint(1, 8)
    length, half = width + gap, gap // 2
    area, name = width * length, rng.choice(story.people)
    problem = pick(
        rng,
        f"A rectangular plot at the {story.place} is {gap} meters longer than it is wide. Its area is {area} "
        "square meters. How many meters wide is it?",
        f"{name} marks out a rectangle of {area} square meters at the {story.place}. One side is to be {gap} "
        "meters longer than the other. How long is the shorter side, in meters?",
        f"What is the width, in meters, of a rectangular stage for the {story.group} that covers {area} square "
        f"meters and whose length exceeds its width by {gap} meters?",
    )
    square = area + half**2
    steps = (
        f"With the width w, the area is w × (w + {gap}), and this must be {area}.",
        f"Half of the gap: {gap} ÷ 2 = {half}. Completing the square gives (w + {half})² = {area} + {half}², and "
        f"{area} + {half}² = {square}.",
        f"The positive root: √{square} = {width + half}.",
        f"The width: {width + half} − {half} = {width} meters.",
    )
    check = next(w for w in count(1) if w * (w + gap) == area)
    return Draft(problem, steps, Integer(width), Integer(check), "meters")


@family("neighboring-numbers", topic="quadratics", level=4, formula="quadratic equation", stories=EVERYWHERE)
def neighboring_numbers(rng: Random, story: Story) -> Draft:
    lower = rng.randint(8, 60)
    upper, name = lower + 1, rng.choice(story.people)
    value = lower * upper
    problem = pick(
        rng,
        f"Two {story.containers} at the {story.place} stand next to each other and bear consecutive numbers. The "
        f"product of the numbers is {value}. What is the larger number?",
        f"{name} multiplies this year's number of {story.items} by last year's, which was one less, and gets "
        f"{value}. How many {story.items} are there this year?",
        f"The product of two consecutive positive whole numbers is {value}. The larger one is the number of "
        f"people who visited the {story.place} today. Find it.",
    )
    under = 4 * value + 1
    root = 2 * lower + 1
    steps = (
        f"With the larger number n, n × (n − 1) = {value}, that is n² − n − {value} = 0.",
        f"Under the root of the quadratic formula stands 1 + 4 × {value} = {under}.",
        f"Its root: √{under} = {root}.",
        f"The positive solution: (1 + {root}) ÷ 2 = {upper}.",
    )
    # A number just above the root of the product: no formula for quadratic equations needed.
    check = isqrt(value) + 1
    return Draft(problem, steps, Integer(upper), Integer(check if check * (check - 1) == value else -1))


@family("thrown-ball", topic="quadratics", level=4, formula="zeros of a quadratic function", stories=EVERYWHERE)
def thrown_ball(rng: Random, story: Story) -> Draft:
    landing, before = rng.randint(2, 7), rng.randint(1, 4)
    while before >= landing:
        before = rng.randint(1, 4)
    speed, start = 5 * (landing - before), 5 * landing * before
    name, thing = rng.choice(story.people), rng.choice(("ball", "tennis ball", "rubber ball"))
    height = f"h(t) = {start} + {speed}t − 5t²"
    problem = pick(
        rng,
        f"From the roof of a tower near the {story.place}, {name} throws a {thing} straight up. Its height in "
        f"meters after t seconds is {height}. After how many seconds does it hit the ground?",
        f"A {thing} is thrown upward from a height of {start} meters beside the {story.place}; t seconds later it "
        f"is {height} meters above the ground. When, in seconds, does it land?",
        f"How many seconds is a {thing} in the air, if {name} from the {story.place} throws it so that its height "
        f"above the ground is {height} meters after t seconds?",
    )
    minus = landing - before
    linear = "t" if minus == 1 else f"{minus}t"
    under = minus**2 + 4 * landing * before
    steps = (
        f"On the ground the height is 0. Dividing the equation by −5 leaves t² − {linear} − {landing * before} = 0.",
        f"Under the root of the quadratic formula: {minus}² + 4 × {landing * before} = {under}.",
        f"Its root: √{under} = {landing + before}.",
        f"Only the positive solution is a time: ({minus} + {landing + before}) ÷ 2 = {landing} seconds.",
    )
    t = sympy.Symbol("t")
    (check,) = [root for root in sympy.solve(start + speed * t - 5 * t**2, t) if root > 0]
    return Draft(problem, steps, Integer(landing), check, "seconds")


@family("best-price", topic="quadratics", level=4, formula="vertex of a parabola", stories=EVERYWHERE)
def best_price(rng: Random, story: Story) -> Draft:
    lost, raised, price = rng.randint(2, 6), rng.randint(2, 9), rng.randint(6, 20)
    sold, name = lost * (price + 2 * raised), rng.choice(story.people)
    best, out = price + raised, price + 2 * raised
    problem = pick(
        rng,
        f"At {price} dollars each, {name} sells {sold} {story.items} a week. Every extra dollar on the price "
        f"costs {lost} sales a week. At what price, in dollars, is the weekly revenue greatest?",
        f"The {story.place} offers a tour for {price} dollars and gets {sold} guests a month. For each dollar "
        f"that the price goes up, {lost} fewer guests come. Which price in dollars brings in the most money?",
        f"What price in dollars maximizes the revenue from {story.other_items} at the {story.place}, if {sold} "
        f"are sold at {price} dollars and {lost} fewer for every dollar added to the price?",
    )
    steps = (
        f"With x dollars added, the revenue is ({price} + x) × ({sold} − {lost}x), a parabola that opens downward.",
        f"The second factor is zero at x = {sold} ÷ {lost} = {sold // lost}; the first one at x = −{price}.",
        f"The vertex lies halfway: ({sold // lost} − {price}) ÷ 2 = {raised}.",
        f"The best price: {price} + {raised} = {best} dollars.",
    )
    trials = range(-price, out)
    check = price + max(trials, key=lambda x: (price + x) * (sold - lost * x))
    return Draft(problem, steps, Integer(best), Integer(check), "dollars")


@family("sum-and-product", topic="quadratics", level=4, formula="Vieta's formulas", stories=EVERYWHERE)
def sum_and_product(rng: Random, story: Story) -> Draft:
    small, gap = rng.randint(3, 30), rng.randint(2, 20)
    large, name = small + gap, rng.choice(story.people)
    total, value = small + large, small * large
    problem = pick(
        rng,
        f"Two whole numbers add up to {total} and multiply to {value}. {name} uses the larger one as the number "
        f"of {story.items} for the {story.place}. What is it?",
        f"{name} set up {value} chairs at the {story.place} in equal rows. The number of rows and the number of "
        f"chairs in a row add up to {total}, and there are more chairs in a row than rows. How many chairs are in "
        "a row?",
        f"A rectangular table top at the {story.place} has an area of {value} square decimeters; its length and "
        f"its width together measure {total} decimeters. How long is it, in decimeters?",
    )
    under = total**2 - 4 * value
    steps = (
        f"Both numbers solve n² − {total}n + {value} = 0, because {total} is their sum and {value} their product.",
        f"Under the root of the quadratic formula: {total}² − 4 × {value} = {under}.",
        f"Its root: √{under} = {gap}.",
        f"The larger number: ({total} + {gap}) ÷ 2 = {large}.",
    )
    check = next(n for n in range(total, 0, -1) if n * (total - n) == value)
    return Draft(problem, steps, Integer(large), Integer(check))


@family("width-of-a-frame", topic="quadratics", level=4, formula="quadratic equation", stories=EVERYWHERE)
def width_of_a_frame(rng: Random, story: Story) -> Draft:
    width, border, longer = rng.randint(4, 20), rng.randint(2, 6), 2 * rng.randint(1, 6)
    length, middle = width + longer, width + longer // 2
    whole, name = (length + 2 * border) * (width + 2 * border), rng.choice(story.people)
    problem = pick(
        rng,
        f"A poster for the {story.place}, {length} dm by {width} dm, gets a frame of the same width on all sides. "
        f"With the frame it covers {whole} square decimeters. How wide is the frame, in decimeters?",
        f"{name} lays a path of constant width around a rectangular lawn of {length} by {width} meters at the "
        f"{story.place}. Lawn and path together have an area of {whole} square meters. How wide is the "
        "path, in meters?",
        f"How wide, in meters, is the walkway on all four sides of a pool at the {story.place}, {length} meters "
        f"by {width} meters, if pool and walkway together take up {whole} square meters?",
    )
    unit = "decimeters" if "poster" in problem else "meters"
    steps = (
        f"With the width x, the outer sides are {length} + 2x and {width} + 2x, and their product is {whole}.",
        f"Their mean is m = {middle} + 2x, and each differs from it by {longer} ÷ 2 = {longer // 2}.",
        f"So m² − {longer // 2}² = {whole}, where {whole} + {longer // 2}² = {whole + (longer // 2) ** 2} is m².",
        f"The mean: √{whole + (longer // 2) ** 2} = {middle + 2 * border}.",
        f"The width: ({middle + 2 * border} − {middle}) ÷ 2 = {border} {unit}.",
    )
    check = next(x for x in count(1) if (length + 2 * x) * (width + 2 * x) == whole)
    return Draft(problem, steps, Integer(border), Integer(check), unit)


@family("games-to-teams", topic="quadratics", level=4, formula="quadratic equation", stories=EVERYWHERE)
def games_to_teams(rng: Random, story: Story) -> Draft:
    teams = rng.randint(5, 30)
    games, name = teams * (teams - 1) // 2, rng.choice(story.people)
    problem = pick(
        rng,
        f"In a chess tournament at the {story.place} everyone plays everyone else exactly once; {games} games "
        "are played. How many people take part?",
        f"{name} counts {games} handshakes at a meeting of the {story.group}: each person shook hands with every "
        "other person once. How many people were there?",
        f"How many computers are in a network at the {story.place} in which every two are joined by a wire "
        f"of their own, if there are {games} wires?",
    )
    under, root = 1 + 8 * games, 2 * teams - 1
    steps = (
        f"For n of them there are n × (n − 1) ÷ 2 pairs, so n × (n − 1) is 2 × {games} = {2 * games}.",
        f"Under the root of the quadratic formula for n² − n − {2 * games} = 0: 1 + 4 × {2 * games} = {under}.",
        f"Its root: √{under} = {root}.",
        f"The positive solution: (1 + {root}) ÷ 2 = {teams}.",
    )
    check = next(n for n in count(2) if sum(1 for _ in combinations(range(n), 2)) == games)
    return Draft(problem, steps, Integer(teams), Integer(check))


@family("smaller-shares", topic="quadratics", level=5, formula="quadratic equation", stories=EVERYWHERE)
def smaller_shares(rng: Random, story: Story) -> Draft:
    people, joined = rng.choice(((2, 1), (3, 1), (3, 2), (4, 1), (4, 2), (5, 1), (6, 2), (6, 3), (8, 2), (5, 5)))
    factor = rng.randint(2, 8)
    # A cost that both numbers of people divide, so that the shares are whole dollars.
    cost = factor * people * (people + joined)
    saved, name = cost // people - cost // (people + joined), rng.choice(story.people)
    extra = "one more person joins" if joined == 1 else f"{joined} more people join"
    linear = "n" if joined == 1 else f"{joined}n"
    problem = pick(
        rng,
        f"Some friends of {name} want to share the rent of {cost} dollars for a room at the {story.place} "
        f"equally. When {extra}, everyone pays {saved} dollars less. How many friends were there at first?",
        f"A trip to the {story.place} costs {cost} dollars, split evenly. As {extra}, each share falls by "
        f"{saved} dollars. Among how many people was the price split before?",
        f"How many people of the {story.group} planned to share a present for {cost} dollars, if each share "
        f"became {saved} dollars smaller when it was announced that {extra}?",
    )
    ratio = Rational(cost * joined, saved)
    under = joined**2 + 4 * ratio
    steps = (
        f"With n people at first, {cost} ÷ n − {cost} ÷ (n + {joined}) = {saved}.",
        f"Multiplying by n × (n + {joined}) and dividing by {saved} leaves n² + {linear} on one side and "
        f"{cost} × {joined} ÷ {saved} = {ratio} on the other.",
        f"Under the root of the quadratic formula: {joined}² + 4 × {ratio} = {under}.",
        f"Its root: √{under} = {isqrt(under)}.",
        f"The positive solution: ({isqrt(under)} − {joined}) ÷ 2 = {people} people.",
    )
    check = next(n for n in count(1) if Rational(cost, n) - Rational(cost, n + joined) == saved)
    return Draft(problem, steps, Integer(people), Integer(check), "people")
