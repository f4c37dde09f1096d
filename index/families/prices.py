"""Knows problems about prices, discounts, blends and pay; serves the starter corpus."""

from __future__ import annotations

from random import Random

import sympy
from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import STORIES, Story
from index.families.wording import money, number

EVERYWHERE = tuple(STORIES)


@family("up-then-down", topic="percentages", level=3, formula="successive percentage changes", stories=EVERYWHERE)
def up_then_down(rng: Random, story: Story) -> Draft:
    price, up, down = 20 * rng.randint(2, 20), rng.choice((10, 20, 25, 50)), rng.choice((10, 20, 25, 50))
    raised = Rational(price * (100 + up), 100)
    cut = raised * down / 100
    problem = rng.choice(
        (
            f"A set of {story.items} costs {money(Integer(price))}. Its price goes up by {up}% and is later "
            f"lowered by {down}%. What does it cost now?",
            f"The {story.place} raised the price of {story.other_items}, {money(Integer(price))}, by {up}%, and then "
            f"took {down}% off the new price. What is the price after both changes?",
        )
    )
    steps = (
        f"The rise is {up}% of {money(Integer(price))}: {price} × {up} ÷ 100 = {number(raised - price)} dollars.",
        f"The higher price is {price} + {number(raised - price)} = {number(raised)} dollars.",
        f"The reduction is {number(raised)} × {down} ÷ 100 = {number(cut)} dollars.",
        f"The price now is {number(raised)} − {number(cut)} = {number(raised - cut)} dollars.",
    )
    check = price * (1 + Rational(up, 100)) * (1 - Rational(down, 100))
    return Draft(problem, steps, raised - cut, check, "dollars")


@family("price-before-sale", topic="percentages", level=3, formula="reverse percentage", stories=EVERYWHERE)
def price_before_sale(rng: Random, story: Story) -> Draft:
    off, one = rng.choice((10, 15, 20, 25, 30, 40)), rng.randint(1, 6)
    before, after = 100 * one, (100 - off) * one
    problem = rng.choice(
        (
            f"After a reduction of {off}%, a {story.item} costs ${after}. What did it cost before?",
            f"{rng.choice(story.people)} paid ${after} for a {story.machine} part in a sale at the {story.place}, where "
            f"everything was {off}% off. What was the price before the sale?",
        )
    )
    steps = (
        f"The sale price is 100 − {off} = {100 - off} percent of the old one.",
        f"One percent is {after} ÷ {100 - off} = {one} dollars.",
        f"The old price is 100 × {one} = {before} dollars.",
    )
    price = sympy.Symbol("price")
    (check,) = sympy.solve(price - price * Rational(off, 100) - after, price)
    return Draft(problem, steps, Integer(before), check, "dollars")


@family("cheaper-blend", topic="mixtures", level=3, formula="weighted average price", stories=EVERYWHERE)
def cheaper_blend(rng: Random, story: Story) -> Draft:
    a, b = rng.choice(((2, 3), (1, 4), (4, 6), (3, 5), (2, 6)))
    low, step = rng.randint(2, 9), rng.randint(1, 4)
    high = low + (a + b) * step
    total = a * high + b * low
    mean = Rational(total, a + b)
    unit = story.bulk_unit
    problem = rng.choice(
        (
            f"{rng.choice(story.people)} mixes {a} {unit} of {story.bulk} at ${high} with {b} {unit} at ${low}, prices "
            f"for one of the {unit}. What does one of the {unit} of the blend cost, in dollars?",
            f"The {story.place} blends {b} {unit} of plain {story.bulk} worth ${low} each and {a} {unit} of fine "
            f"{story.bulk} worth ${high} each. What is one of the mixed {unit} worth, in dollars?",
        )
    )
    steps = (
        f"The dearer part costs {a} × {high} = {a * high} dollars.",
        f"The cheaper part costs {b} × {low} = {b * low} dollars.",
        f"Together they cost {a * high} + {b * low} = {total} dollars.",
        f"There are {a} + {b} = {a + b} {unit}.",
        f"One of them costs {total} ÷ {a + b} = {number(mean)} dollars.",
    )
    check = Rational(sum([high] * a + [low] * b), len([high] * a + [low] * b))
    return Draft(problem, steps, mean, check, "dollars")


@family("thin-with-water", topic="mixtures", level=4, formula="concentration", stories=EVERYWHERE)
def thin_with_water(rng: Random, story: Story) -> Draft:
    strong, weak, amount = rng.choice(((30, 20, 4), (40, 25, 5), (60, 40, 6), (50, 20, 8), (45, 30, 10), (80, 50, 5)))
    amount *= rng.randint(1, 4)
    pure = Rational(amount * strong, 100)
    whole = pure * 100 / weak
    problem = rng.choice(
        (
            f"{rng.choice(story.people)} has {amount} liters of a cleaning mix that is {strong}% concentrate. How many "
            f"liters of water must be added to bring it down to {weak}%?",
            f"The {story.place} keeps {amount} liters of a {strong}% solution and needs a {weak}% solution. How many "
            f"liters of water have to go in?",
        )
    )
    steps = (
        f"The concentrate in it is {amount} × {strong} ÷ 100 = {number(pure)} liters.",
        f"At {weak}% that is enough for {number(pure)} × 100 ÷ {weak} = {number(whole)} liters.",
        f"The water to add is {number(whole)} − {amount} = {number(whole - amount)} liters.",
    )
    water = sympy.Symbol("water")
    (check,) = sympy.solve((amount + water) * Rational(weak, 100) - amount * Rational(strong, 100), water)
    return Draft(problem, steps, whole - amount, check, "liters")


@family("change-from-a-note", topic="money", level=1, formula="change", stories=EVERYWHERE)
def change_from_a_note(rng: Random, story: Story) -> Draft:
    count, other = rng.randint(2, 6), rng.randint(1, 4)
    price, other_price = Rational(rng.randint(2, 8) * 25, 100), Rational(rng.randint(2, 12) * 25, 100)
    cost, other_cost = count * price, other * other_price
    total = cost + other_cost
    note = next(n for n in (20, 50, 100) if n > total)
    thing = story.other_item if other == 1 else story.other_items
    problem = rng.choice(
        (
            f"{rng.choice(story.people)} buys {count} {story.items} at {money(price)} each and {other} {thing} at "
            f"{money(other_price)} each, and pays with ${note}. How much change is there, in dollars?",
            f"A {story.item} costs {money(price)} and a {story.other_item} {money(other_price)}. What is the change from "
            f"${note}, in dollars, for {count} {story.items} and {other} {thing}?",
        )
    )
    steps = (
        f"The {story.items} cost {count} × {number(price)} = {number(cost)} dollars.",
        f"The {thing} cost {other} × {number(other_price)} = {number(other_cost)} dollars.",
        f"In all that is {number(cost)} + {number(other_cost)} = {number(total)} dollars.",
        f"The change is {note} − {number(total)} = {number(note - total)} dollars.",
    )
    left = Integer(note)
    for paid in [price] * count + [other_price] * other:
        left -= paid
    return Draft(problem, steps, note - total, left, "dollars")


@family("pay-with-overtime", topic="money", level=2, formula="wages with overtime", stories=EVERYWHERE)
def pay_with_overtime(rng: Random, story: Story) -> Draft:
    rate, normal, extra = 2 * rng.randint(5, 15), rng.randint(30, 40), rng.randint(2, 9)
    overtime = rate * 3 // 2
    name = rng.choice(story.people)
    total = rate * normal + overtime * extra
    problem = rng.choice(
        (
            f"{name} earns ${rate} an hour at the {story.place} for the first {normal} hours of a week and half as much "
            f"again for every hour after that. How many dollars does {name} earn in a week of {normal + extra} hours?",
            f"A {story.worker} is paid ${rate} an hour. Hours beyond {normal} a week pay one and a half times as much. "
            f"What is the pay, in dollars, for {normal + extra} hours in one week?",
        )
    )
    steps = (
        f"The hours beyond the limit are {normal + extra} − {normal} = {extra}.",
        f"The normal hours pay {normal} × {rate} = {normal * rate} dollars.",
        f"An extra hour pays {rate} × 3 ÷ 2 = {overtime} dollars.",
        f"The extra hours pay {extra} × {overtime} = {extra * overtime} dollars.",
        f"Together that is {normal * rate} + {extra * overtime} = {total} dollars.",
    )
    check = sum(Integer(rate) if hour < normal else Rational(3 * rate, 2) for hour in range(normal + extra))
    return Draft(problem, steps, Integer(total), check, "dollars")
