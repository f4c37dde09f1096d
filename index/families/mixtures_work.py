"""Knows problems of mixtures and of work that is shared among people or machines; serves the starter corpus."""

from __future__ import annotations

from itertools import count
from math import gcd, lcm
from random import Random

import sympy
from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, a, money, number, pick, plural

LIQUIDS = ("vinegar", "syrup", "cleaning agent", "salt solution", "fertilizer solution", "antifreeze")
ALLOYS = ("silver", "copper", "tin", "nickel")
JOBS = ("paint the fence", "clean the rooms", "stack the chairs", "check the stock", "set up the stands")


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
        f"What amount of pure {metal}, in kilograms, raises the {metal} content of a {amount}-kilogram block for "
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


@family("second-one-alone", topic="shared work", level=4, formula="rates of work", stories=EVERYWHERE)
def second_one_alone(rng: Random, story: Story) -> Draft:
    together, alone = rng.randint(2, 12), rng.randint(3, 30)
    if alone <= together:
        return second_one_alone(rng, story)
    other = Rational(together * alone, alone - together)
    if other.q != 1 or other > 60:
        return second_one_alone(rng, story)
    rate = Rational(1, together) - Rational(1, alone)
    first, second = rng.sample(story.people, 2)
    job = rng.choice(JOBS)
    problem = pick(
        rng,
        f"Together {first} and {second} {job} in {together} hours. {first} alone would need {alone} hours. How many hours "
        f"would {second} need alone?",
        f"Two {story.machines} finish a job in {together} hours when both are running. The first alone takes {alone} "
        "hours for it. How many hours does the second take alone?",
        f"How long, in hours, does {second} work on a job at the {story.place} without help, if {first} does it in "
        f"{alone} hours and the two of them side by side in {together}?",
    )
    steps = (
        f"The second one's part in an hour: 1/{together} − 1/{alone} = {rate} of the job.",
        f"The whole job alone: 1 ÷ ({rate}) = {other} hours.",
    )
    t = sympy.Symbol("t", positive=True)
    (check,) = sympy.solve(together * (1 / t + Rational(1, alone)) - 1, t)
    return Draft(problem, steps, other, check, "hours")


@family("one-stops-early", topic="shared work", level=4, formula="rates of work", stories=EVERYWHERE)
def one_stops_early(rng: Random, story: Story) -> Draft:
    a_hours, b_hours = rng.sample((4, 5, 6, 8, 9, 10, 12, 15, 18, 20, 24, 30), 2)
    both = rng.randint(1, 8)
    done = Rational(both, a_hours) + Rational(both, b_hours)
    rest = 1 - done
    more = rest * b_hours
    if rest <= 0 or more.q != 1 or more < 2:
        return one_stops_early(rng, story)
    first, second = rng.sample(story.people, 2)
    job = rng.choice(JOBS)
    start = plural(both, "hour", "hours")
    problem = pick(
        rng,
        f"{first} needs {a_hours} hours to {job}, {second} needs {b_hours} hours. They begin together, but {first} leaves "
        f"after {start}. How many more hours does {second} have to work?",
        f"Two {story.machines} can do a job in {a_hours} and {b_hours} hours. Both run for {start}; then the first one "
        "breaks down. How many hours does the second one need for what is left?",
        f"For how many hours does {second} go on alone, if the job at the {story.place} takes {first} {a_hours} hours and "
        f"{second} {b_hours} hours, and they work on it together for the first {'hour' if both == 1 else start}?",
    )
    steps = (
        f"Together in an hour: 1/{a_hours} + 1/{b_hours} = {done / both} of the job.",
        f"In {start}: {both} × {done / both} = {done} of the job.",
        f"What is left: 1 − {done} = {rest} of the job.",
        f"The second one needs {rest} × {b_hours} = {more} hours for it.",
    )
    pieces = lcm(a_hours, b_hours)  # the job in pieces that each of them does a whole number of in an hour
    left, check = pieces - both * (pieces // a_hours + pieces // b_hours), 0
    while left > 0:
        left, check = left - pieces // b_hours, check + 1
    return Draft(problem, steps, more, Integer(check), "hours")


@family("two-in-one-out", topic="shared work", level=4, formula="rates of work", stories=EVERYWHERE)
def two_in_one_out(rng: Random, story: Story) -> Draft:
    first, second, drain = rng.sample((3, 4, 5, 6, 8, 9, 10, 12, 15, 18, 20, 24, 30, 36, 40), 3)
    net = Rational(1, first) + Rational(1, second) - Rational(1, drain)
    if net <= 0 or (1 / net).q != 1 or 1 / net > 60:
        return two_in_one_out(rng, story)
    time, name = 1 / net, rng.choice(story.people)
    inflow = Rational(1, first) + Rational(1, second)
    problem = pick(
        rng,
        f"One pipe fills the basin at the {story.place} in {first} hours, another in {second} hours, and the drain "
        f"empties it in {drain} hours. {name} opens all three. After how many hours is the empty basin full?",
        f"A full water tank near the {story.place} runs empty through its outlet in {drain} hours. Its two inlets would "
        f"fill it in {first} and in {second} hours. How many hours does filling take with both inlets and the outlet "
        "open?",
        f"How many hours pass until an empty pool is full, if {name} turns on two taps that would fill it in {first} and "
        f"{second} hours, but leaves the plug out, through which a full pool drains in {drain} hours?",
    )
    steps = (
        f"Both inlets in an hour: 1/{first} + 1/{second} = {inflow} of the whole.",
        f"Less what runs out: {inflow} − 1/{drain} = {net} of the whole in an hour.",
        f"The whole takes 1 ÷ ({net}) = {time} hours.",
    )
    volume = lcm(first, second, drain)
    level, check = 0, 0
    while level < volume:
        level, check = level + volume // first + volume // second - volume // drain, check + 1
    return Draft(problem, steps, time, Integer(check), "hours")


@family("crew-grows-midway", topic="shared work", level=3, formula="worker-days", stories=EVERYWHERE)
def crew_grows_midway(rng: Random, story: Story) -> Draft:
    crew, planned, passed, change = rng.randint(4, 15), rng.randint(8, 24), rng.randint(2, 7), rng.randint(2, 8)
    joins = rng.random() < 0.5
    now = crew + change if joins else crew - change
    rest = planned - passed
    if 2 * now < crew or crew * rest % now or rest < 3:
        return crew_grows_midway(rng, story)
    more = crew * rest // now
    workers = story.workers
    what = f"{change} more {workers} join them" if joins else f"{change} of the {workers} leave"
    problem = pick(
        rng,
        f"{crew} {workers} would finish a job at the {story.place} in {planned} days. After {passed} days {what}. "
        "How many more days does the job take?",
        f"Work at the {story.place} is planned for {planned} days with {crew} people. {passed} days later the number of "
        f"people changes to {now}. How many days are needed from then on?",
        f"How many days does the rest of the work take {now} {workers}, if {crew} of them had worked on it for {passed} "
        f"days and could have completed it in {planned} days altogether?",
    )
    steps = (
        f"After {passed} days there is work left for {crew} people and {planned} − {passed} = {rest} days.",
        f"For one person that is {crew} × {rest} = {crew * rest} days of work.",
        f"For {now} people: {crew * rest} ÷ {now} = {plural(more, 'day', 'days')}.",
    )
    left, check = crew * planned - crew * passed, 0
    while left > 0:
        left, check = left - now, check + 1
    return Draft(problem, steps, Integer(more), Integer(check), "day" if more == 1 else "days")


@family("longer-working-days", topic="shared work", level=4, formula="inverse proportion", stories=EVERYWHERE)
def longer_working_days(rng: Random, story: Story) -> Draft:
    crew, hours, days = rng.randint(3, 15), rng.randint(4, 10), rng.randint(4, 20)
    other_crew, other_hours = rng.randint(3, 15), rng.randint(4, 10)
    work = crew * hours * days
    if other_crew == crew or other_hours == hours or work % (other_crew * other_hours):
        return longer_working_days(rng, story)
    daily = other_crew * other_hours
    needed, workers, name = work // daily, story.workers, rng.choice(story.people)
    if not 2 <= needed <= 40 or needed == days:
        return longer_working_days(rng, story)
    problem = pick(
        rng,
        f"Working {hours} hours a day, {crew} {workers} complete a job in {days} days. In how many days do {other_crew} "
        f"{workers} complete it, working {other_hours} hours a day?",
        f"{name} planned an order for {crew} {story.machines} that run {hours} hours a day for {days} days. Now "
        f"{other_crew} {story.machines} are to do it, running {other_hours} hours a day. How many days will it take?",
        f"How many days do {other_crew} people of the {story.place} need with {other_hours} hours a day for the work that "
        f"{crew} people do in {days} days of {hours} hours?",
    )
    steps = (
        f"The work in hours of one: {crew} × {hours} × {days} = {work}.",
        f"Done in a day in the other case: {other_crew} × {other_hours} = {daily}.",
        f"The days needed: {work} ÷ {daily} = {needed} days.",
    )
    check = Rational(days) * Rational(crew, other_crew) * Rational(hours, other_hours)
    return Draft(problem, steps, Integer(needed), check, "days")


@family("part-of-the-job-done", topic="shared work", level=3, formula="rates of work", stories=EVERYWHERE)
def part_of_the_job_done(rng: Random, story: Story) -> Draft:
    a_hours, b_hours, worked = rng.randint(4, 15), rng.randint(4, 15), rng.randint(2, 5)
    per = Rational(1, a_hours) + Rational(1, b_hours)
    left = 1 - worked * per
    if left <= 0 or gcd(a_hours, b_hours) == a_hours:
        return part_of_the_job_done(rng, story)
    first, second = rng.sample(story.people, 2)
    job = rng.choice(JOBS)
    problem = pick(
        rng,
        f"{first} can {job} in {a_hours} hours, {second} in {b_hours} hours. They have worked together for {worked} "
        "hours. What fraction of the work is left?",
        f"Two {story.machines} work on the same order. One would need {a_hours} hours for it, the other {b_hours}. What "
        f"fraction of the order is not done after {worked} hours with both?",
        f"What fraction of a job at the {story.place} remains after {worked} hours of joint work, if {second} alone takes "
        f"{b_hours} hours and {first} alone {a_hours} hours for it?",
    )
    steps = (
        f"Together in an hour: 1/{a_hours} + 1/{b_hours} = {per} of the work.",
        f"In {worked} hours: {worked} × {per} = {worked * per} of the work.",
        f"What is left: 1 − {worked * per} = {left} of the work.",
    )
    pieces = a_hours * b_hours
    undone = pieces
    for _ in range(worked):
        undone -= b_hours + a_hours
    return Draft(problem, steps, left, Rational(undone, pieces))
