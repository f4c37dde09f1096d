"""Knows problems of work that is shared by people, machines or pipes; serves the starter corpus."""

from __future__ import annotations

from math import gcd, lcm
from random import Random

import sympy
from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, number, pick, plural

JOBS = ("paint the fence", "clean the rooms", "stack the chairs", "check the stock", "set up the stands")


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


@family("both-at-once", topic="shared work", level=3, formula="adding rates of work", stories=EVERYWHERE)
def both_at_once(rng: Random, story: Story) -> Draft:
    a_hours, b_hours = rng.sample(range(3, 46), 2)
    per = Rational(1, a_hours) + Rational(1, b_hours)
    time = 1 / per
    if (2 * time).q != 1:
        return both_at_once(rng, story)
    first, second = rng.sample(story.people, 2)
    job = rng.choice(JOBS)
    problem = pick(
        rng,
        f"{first} needs {a_hours} hours to {job} at the {story.place}, {second} needs {b_hours} hours. How many hours do "
        "they need together?",
        f"One of the {story.machines} finishes an order in {a_hours} hours, an older one in {b_hours} hours. How long, in "
        "hours, does the order take if both of them work on it?",
        f"How many hours does it take {first} and {second} to {job} side by side, if it takes them {a_hours} and "
        f"{b_hours} hours alone?",
    )
    steps = (
        f"Together in an hour: 1/{a_hours} + 1/{b_hours} = {per} of the job.",
        f"The whole job: 1 ÷ ({per}) = {number(time)} hours.",
    )
    t = sympy.Symbol("t")
    (check,) = sympy.solve(t / a_hours + t / b_hours - 1, t)
    return Draft(problem, steps, time, check, "hours")


@family("second-joins-later", topic="shared work", level=4, formula="rates of work", stories=EVERYWHERE)
def second_joins_later(rng: Random, story: Story) -> Draft:
    a_hours, b_hours = rng.sample((4, 5, 6, 8, 9, 10, 12, 15, 18, 20, 24, 30), 2)
    alone = rng.randint(2, 8)
    done, per = Rational(alone, a_hours), Rational(1, a_hours) + Rational(1, b_hours)
    rest = 1 - done
    more = rest / per
    if rest <= 0 or more.q != 1 or more < 2:
        return second_joins_later(rng, story)
    total, (first, second) = alone + more, rng.sample(story.people, 2)
    job = rng.choice(JOBS)
    problem = pick(
        rng,
        f"{first} would {job} in {a_hours} hours, {second} in {b_hours} hours. {first} starts alone, and {second} joins "
        f"in after {alone} hours. How many hours after {first}'s start is everything done?",
        f"An order at the {story.place} takes one machine {a_hours} hours and a second one {b_hours} hours. The first "
        f"has been running for {alone} hours when the second is switched on as well. How many hours does the first one "
        "run in all?",
        f"How many hours does the whole job last, if {first} works on it from beginning to end, {second} helps after the "
        f"first {alone} hours, and alone it would take {first} {a_hours} hours and {second} {b_hours} hours?",
    )
    steps = (
        f"Done before the second one starts: {alone} × 1/{a_hours} = {done} of the job.",
        f"What is left: 1 − {done} = {rest} of the job.",
        f"Together in an hour: 1/{a_hours} + 1/{b_hours} = {per} of the job.",
        f"The rest takes {rest} ÷ ({per}) = {more} hours.",
        f"In all: {alone} + {more} = {total} hours.",
    )
    pieces = lcm(a_hours, b_hours)
    made, check = 0, 0
    while made < pieces:
        made, check = made + pieces // a_hours + (pieces // b_hours if check >= alone else 0), check + 1
    return Draft(problem, steps, total, Integer(check), "hours")
