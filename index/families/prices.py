"""Knows problems about change and pay; serves the starter corpus."""

from __future__ import annotations

from random import Random

from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import STORIES, Story
from index.families.wording import money, number

EVERYWHERE = tuple(STORIES)


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
