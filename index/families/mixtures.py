"""Knows problems of mixtures: strengths, alloys, dilution and prices of blends; serves the starter corpus."""

from __future__ import annotations

from itertools import count
from random import Random

import sympy
from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, a, money, number, pick, plural

LIQUIDS = ("vinegar", "syrup", "cleaning agent", "salt solution", "fertilizer solution", "antifreeze")
ALLOYS = ("silver", "copper", "tin", "nickel")


@family("strength-of-a-mixture", topic="mixtures", level=3, formula="weighted average", stories=EVERYWHERE)
def strength_of_a_mixture(rng: Random, story: Story) -> Draft:
    weak, strong = sorted(rng.sample(range(5, 85, 5), 2))
    first, second = rng.randint(2, 16), rng.randint(2, 16)
    pure_weak, pure_strong = Rational(first * weak, 100), Rational(second * strong, 100)
    pure, total = pure_weak + pure_strong, first + second
    strength = 100 * pure / total
    if (2 * strength).q != 1 or pure_weak == 1 or pure_strong == 1 or pure == 1:
        return strength_of_a_mixture(rng, story)
    liquid, name = rng.choice(LIQUIDS), rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} pours {first} liters of {weak}% {liquid} and {second} liters of {strong}% {liquid} together. What is the "
        "concentration of the mixture in percent?",
        f"In the stores of the {story.place} there are two cans of {liquid}: {second} liters with a strength of {strong}% "
        f"and {first} liters with {weak}%. They are emptied into one tank. How strong, in percent, is its content?",
        f"How many percent does a blend of {liquid} have, if {a(story.worker)} makes it from {first} liters at {weak}% "
        f"and {second} liters at {strong}%?",
    )
    steps = (
        f"Pure substance in the first part: {first} × {weak} ÷ 100 = {number(pure_weak)} liters.",
        f"In the second part: {second} × {strong} ÷ 100 = {number(pure_strong)} liters.",
        f"Together: {number(pure_weak)} + {number(pure_strong)} = {number(pure)} liters.",
        f"The whole: {first} + {second} = {total} liters.",
        f"The strength: {number(pure)} ÷ {total} × 100 = {number(strength)} percent.",
    )
    liters = [weak] * first + [strong] * second
    return Draft(problem, steps, strength, Rational(sum(liters), len(liters)), "%")


@family("how-much-of-the-stronger", topic="mixtures", level=4, formula="mixing rule", stories=EVERYWHERE)
def how_much_of_the_stronger(rng: Random, story: Story) -> Draft:
    weak, aim, strong = sorted(rng.sample(range(5, 95, 5), 3))
    total, span, above = rng.randint(4, 60), strong - weak, aim - weak
    needed = Rational(total * above, span)
    if needed.q != 1:
        return how_much_of_the_stronger(rng, story)
    liquid, name = rng.choice(LIQUIDS), rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} needs {total} liters of {aim}% {liquid} and mixes it from two kinds, {strong}% and {weak}%. How many "
        "liters of the stronger kind does it take?",
        f"Two kinds of {liquid}, with {weak}% and with {strong}%, are to give {total} liters with {aim}% for the "
        f"{story.place}. What amount of the one with {strong}% has to be used, in liters?",
        f"How many liters of {strong}% {liquid} must be mixed with some of {weak}%, so that the {story.place} gets exactly "
        f"{total} liters of {aim}% {liquid}?",
    )
    steps = (
        f"If all of it were of the weaker kind, {aim} − {weak} = {above} percentage points would be missing.",
        f"A liter of the stronger kind has {strong} − {weak} = {span} percentage points more.",
        f"So the part of the stronger kind is {above} ÷ {span} of {total} liters: {total} × {above} ÷ {span} = "
        f"{plural(needed, 'liter', 'liters')}.",
    )
    x, y = sympy.symbols("x y")
    found = sympy.solve([x + y - total, strong * x + weak * y - aim * total], [x, y])
    return Draft(problem, steps, needed, found[x], "liter" if needed == 1 else "liters")


@family("boiled-down", topic="mixtures", level=4, formula="constant amount of substance", stories=EVERYWHERE)
def boiled_down(rng: Random, story: Story) -> Draft:
    weak, strong = sorted(rng.sample((4, 5, 6, 8, 10, 12, 15, 16, 20, 24, 25, 30, 40, 50, 60), 2))
    amount = rng.randint(4, 60)
    left = Rational(amount * weak, strong)
    gone, salt = amount - left, Rational(amount * weak, 100)
    if (10 * left).q != 1 or 1 in (left, gone, salt):
        return boiled_down(rng, story)
    liquid, name = pick(rng, "sugar", "salt", "dye"), rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} heats {amount} kilograms of {liquid} solution until its strength has risen from {weak}% to {strong}%. "
        "How many kilograms of water have evaporated?",
        f"A tub at the {story.place} contains {amount} kilograms of {weak}% {liquid} solution. How many kilograms "
        f"of water must leave the tub until the content has {strong}% {liquid}?",
        f"What weight of water, in kilograms, has to be removed from {amount} kilograms of {liquid} solution for the "
        f"{story.place}, to raise its strength from {weak}% to {strong}%?",
    )
    steps = (
        f"The amount of {liquid} stays the same: {amount} × {weak} ÷ 100 = {number(salt)} kilograms.",
        f"At {strong}% this is found in {number(salt)} ÷ {strong} × 100 = {number(left)} kilograms.",
        f"The water that is gone: {amount} − {number(left)} = {number(gone)} kilograms.",
    )
    w = sympy.Symbol("w")
    (check,) = sympy.solve(strong * (amount - w) - weak * amount, w)
    return Draft(problem, steps, gone, check, "kilograms")


@family("pure-substance-added", topic="mixtures", level=4, formula="constant amount of the rest", stories=EVERYWHERE)
def pure_substance_added(rng: Random, story: Story) -> Draft:
    low, high = sorted(rng.sample((10, 20, 25, 40, 50, 60, 75, 80), 2))
    amount = rng.randint(3, 60)
    rest = Rational(amount * (100 - low), 100)
    after = rest * 100 / (100 - high)
    added, metal = after - amount, rng.choice(ALLOYS)
    if (10 * after).q != 1 or (10 * rest).q != 1 or 1 in (added, rest):
        return pure_substance_added(rng, story)
    name = rng.choice(story.people)
    problem = pick(
        rng,
        f"An alloy of {amount} kilograms contains {low}% {metal}. How many kilograms of pure {metal} does {name} have to "
        f"melt in to get an alloy with {high}% {metal}?",
        f"{name} has {amount} kilograms of metal for the {story.place}, {low}% of it {metal}. It should be {high}%. How "
        f"much pure {metal}, in kilograms, must be added?",
        f"What amount of pure {metal}, in kilograms, raises the {metal} content of {amount} kilograms of metal for "
        f"{story.machine} parts from {low}% to {high}%?",
    )
    steps = (
        f"The other metals make up 100 − {low} = {100 - low} percent.",
        f"They weigh {amount} × {100 - low} ÷ 100 = {number(rest)} kilograms, which does not change.",
        f"In the end they make up only 100 − {high} = {100 - high} percent.",
        f"The whole then weighs {number(rest)} ÷ {100 - high} × 100 = {number(after)} kilograms.",
        f"Added: {number(after)} − {amount} = {number(added)} kilograms.",
    )
    x = sympy.Symbol("x")
    (check,) = sympy.solve(Rational(low * amount, 100) + x - Rational(high, 100) * (amount + x), x)
    return Draft(problem, steps, added, check, "kilograms")


@family("partly-replaced", topic="mixtures", level=4, formula="repeated dilution", stories=EVERYWHERE)
def partly_replaced(rng: Random, story: Story) -> Draft:
    volume, strength = rng.choice((8, 10, 12, 16, 20, 25, 40)), rng.choice((40, 50, 60, 64, 75, 80))
    out = rng.choice([part for part in range(2, volume // 2 + 1) if volume % part == 0])
    kept = Rational(volume - out, volume)
    once, twice = strength * kept, strength * kept**2
    if (100 * twice).q != 1 or (100 * once).q != 1:
        return partly_replaced(rng, story)
    liquid, name = rng.choice(LIQUIDS), rng.choice(story.people)
    problem = pick(
        rng,
        f"From {volume} liters of {strength}% {liquid}, {name} takes {out} liters and replaces them by water. After "
        f"mixing, {name} does the same once more. How strong, in percent, is the {liquid} now?",
        f"A tank at the {story.place} is filled with {volume} liters of {strength}% {liquid}. Twice in a row {out} liters "
        f"are let out and {out} liters of water are filled in. What is the final strength in percent?",
        f"What percentage does {liquid} of {strength}% have after two rounds in which {out} of its {volume} liters are "
        f"drained and the tank at the {story.place} is filled up with water?",
    )
    steps = (
        f"Each time {volume} − {out} = {volume - out} liters stay.",
        f"After the first time: {strength} × {volume - out} ÷ {volume} = {number(once)} percent.",
        f"After the second time: {number(once)} × {volume - out} ÷ {volume} = {number(twice)} percent.",
    )
    pure = Rational(strength * volume, 100)
    for _ in range(2):
        pure -= pure / volume * out
    return Draft(problem, steps, twice, 100 * pure / volume, "%")


@family("dear-part-of-a-blend", topic="mixtures", level=4, formula="mixing rule", stories=EVERYWHERE)
def dear_part_of_a_blend(rng: Random, story: Story) -> Draft:
    low, aim, high = sorted(rng.sample(range(2, 20), 3))
    total, span = rng.randint(5, 60), high - low
    dear = Rational(total * (aim - low), span)
    if dear.q != 1:
        return dear_part_of_a_blend(rng, story)
    unit, name = "kilograms", rng.choice(story.people)
    ware = pick(rng, "tea", "coffee", "nuts", "dried fruit", "spice")
    problem = pick(
        rng,
        f"{name} sells a blend of {ware} at {money(aim)} a kilogram. It is mixed from a kind at {money(high)} and a kind "
        f"at {money(low)} a kilogram. How many kilograms of the dearer kind are in {total} kilograms?",
        f"For the kiosk of the {story.place}, {ware} worth {money(low)} and {ware} worth {money(high)} a kilogram are "
        f"mixed to {total} kilograms worth {money(aim)} a kilogram. What weight of the more expensive one is used, in "
        "kilograms?",
        f"How many kilograms of {ware} at {money(high)} a kilogram must go into {total} kilograms for the {story.group}, "
        f"if the rest costs {money(low)} and the mixture {money(aim)} a kilogram?",
    )
    cheap_cost, cost = total * low, total * aim
    steps = (
        f"The whole mixture is worth {total} × {aim} = {cost} dollars.",
        f"All of it in the cheaper kind: {total} × {low} = {cheap_cost} dollars.",
        f"The difference: {cost} − {cheap_cost} = {cost - cheap_cost} dollars.",
        f"A kilogram of the dearer kind adds {high} − {low} = {plural(span, 'dollar', 'dollars')}.",
        f"So there are {cost - cheap_cost} ÷ {span} = {plural(dear, 'kilogram', unit)} of it.",
    )
    check = next(n for n in count() if n * high + (total - n) * low == total * aim)
    return Draft(problem, steps, dear, Integer(check), "kilogram" if dear == 1 else unit)


@family("water-to-thin", topic="mixtures", level=4, formula="constant amount of substance", stories=EVERYWHERE)
def water_to_thin(rng: Random, story: Story) -> Draft:
    weak, strong = sorted(rng.sample((5, 8, 10, 12, 15, 20, 24, 25, 30, 40, 45, 50, 60, 80), 2))
    amount = rng.randint(3, 40)
    pure = Rational(amount * strong, 100)
    whole = pure * 100 / weak
    water = whole - amount
    if (10 * whole).q != 1 or 1 in (pure, water):
        return water_to_thin(rng, story)
    liquid, name = rng.choice(LIQUIDS), rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} has {amount} liters of {strong}% {liquid} and wants to bring it down to {weak}%. How many liters of "
        "water have to be added?",
        f"For the {story.place}, {liquid} should have a strength of {weak}%. The {amount} liters in stock have "
        f"{strong}%. What amount of water, in liters, makes them right?",
        f"How many liters of water thin {amount} liters of {liquid} from {strong}% to {weak}% for {a(story.worker)}?",
    )
    steps = (
        f"Pure substance: {amount} × {strong} ÷ 100 = {number(pure)} liters.",
        f"At {weak}% this is enough for {number(pure)} ÷ {weak} × 100 = {number(whole)} liters.",
        f"The water: {number(whole)} − {amount} = {number(water)} liters.",
    )
    w = sympy.Symbol("w")
    (check,) = sympy.solve(weak * (amount + w) - strong * amount, w)
    return Draft(problem, steps, water, check, "liters")


@family("price-of-a-blend", topic="mixtures", level=3, formula="weighted average price", stories=EVERYWHERE)
def price_of_a_blend(rng: Random, story: Story) -> Draft:
    cheap, dear = sorted(rng.sample(range(2, 18), 2))
    first, second = rng.randint(2, 15), rng.randint(2, 15)
    weight, cost = first + second, first * cheap + second * dear
    price = Rational(cost, weight)
    if 100 % price.q:
        return price_of_a_blend(rng, story)
    ware, name = pick(rng, "tea", "coffee", "rice", "dried fruit", "grass seed"), rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} mixes {first} kilograms of {ware} at {money(cheap)} a kilogram with {second} kilograms at {money(dear)} "
        "a kilogram. What is a kilogram of the mixture worth?",
        f"The {story.place} orders two sorts of {ware}, {second} kilograms for {money(dear)} each and {first} kilograms "
        f"for {money(cheap)} each, and blends them. What does each kilogram of the blend cost?",
        f"At what price per kilogram does {name} sell a blend of {ware} without gain or loss, if it is made of {first} "
        f"kilograms that cost {money(cheap)} a kilogram and {second} kilograms that cost {money(dear)} a kilogram?",
    )
    steps = (
        f"The cheaper part: {first} × {cheap} = {first * cheap} dollars.",
        f"The dearer part: {second} × {dear} = {second * dear} dollars.",
        f"Together: {first * cheap} + {second * dear} = {cost} dollars for {first} + {second} = {weight} kilograms.",
        f"One kilogram: {money(cost)} ÷ {weight} = {money(price)}.",
    )
    check = Rational(cheap) + Rational(second, weight) * (dear - cheap)
    return Draft(problem, steps, price, check, "dollars")
