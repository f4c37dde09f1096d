"""Knows problems of people and vehicles on the way: speeds, meetings, delays; serves the starter corpus."""

from __future__ import annotations

from itertools import count
from math import gcd, lcm
from random import Random

import sympy
from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, number, pick, plural


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


@family("meeting-after-a-late-start", topic="rates", level=4, formula="closing speed", stories=EVERYWHERE)
def meeting_after_a_late_start(rng: Random, story: Story) -> Draft:
    slow, fast = sorted(rng.sample(range(4, 30), 2))
    late, hours = rng.randint(1, 3), rng.randint(2, 6)
    lead, closing = slow * late, slow + fast
    gap = closing * hours
    distance, (first, second) = lead + gap, rng.sample(story.people, 2)
    delay = plural(late, "hour", "hours")
    problem = pick(
        rng,
        f"{first} sets out from the {story.place} toward {second}, {distance} kilometers away, at {slow} kilometers an "
        f"hour. {delay.capitalize()} later {second} starts toward {first} at {fast} kilometers an hour. How many hours "
        f"after {second}'s start do they meet?",
        f"Two vans drive toward each other on a road of {distance} kilometers. The one from the {story.place} makes "
        f"{slow} kilometers per hour and leaves {delay} before the other one, which makes {fast}. For how many hours is "
        "the later van on the road until they pass each other?",
        f"How many hours must {second} ride at {fast} kilometers an hour to meet {first}, who comes from {distance} "
        f"kilometers away with {slow} kilometers an hour and started {delay} earlier?",
    )
    steps = (
        f"In the first {'hour' if late == 1 else delay}: {late} × {slow} = {lead} kilometers.",
        f"What then lies between them: {distance} − {lead} = {gap} kilometers.",
        f"Each hour they come closer by {slow} + {fast} = {closing} kilometers.",
        f"The time: {gap} ÷ {closing} = {hours} hours.",
    )
    check = next(h for h in count(1) if slow * (h + late) + fast * h == distance)
    return Draft(problem, steps, Integer(hours), Integer(check), "hours")


@family("distance-from-travel-time", topic="rates", level=4, formula="speed, distance and time", stories=EVERYWHERE)
def distance_from_travel_time(rng: Random, story: Story) -> Draft:
    slow, fast = sorted(rng.sample((6, 8, 10, 12, 15, 20, 24, 30, 40, 60), 2))
    unit = lcm(slow, fast)
    distance = unit * rng.randint(1, 3)
    hours = distance // slow + distance // fast
    if hours > 14:
        return distance_from_travel_time(rng, story)
    pace = Rational(1, slow) + Rational(1, fast)
    name = rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} goes to the {story.place} at {slow} kilometers an hour and comes back on the same road at {fast} "
        f"kilometers an hour. Both ways together take {hours} hours. How many kilometers away is the {story.place}?",
        f"A truck spends {hours} hours on a round trip from the {story.place} to a customer, at {slow} kilometers per "
        f"hour when loaded and {fast} when empty. What is the distance to the customer in kilometers?",
        f"How many kilometers long is a road that {name} travels at {fast} kilometers an hour in one direction and at "
        f"{slow} in the other, if there and back takes {hours} hours in all?",
    )
    steps = (
        f"For one kilometer there and back: 1/{slow} + 1/{fast} = {pace} of an hour.",
        f"The distance: {hours} ÷ ({pace}) = {distance} kilometers.",
    )
    check = next(d for d in count(1) if Rational(d, slow) + Rational(d, fast) == hours)
    return Draft(problem, steps, Integer(distance), Integer(check), "kilometers")


@family("meters-to-hours", topic="rates", level=3, formula="converting units of speed", stories=EVERYWHERE)
def meters_to_hours(rng: Random, story: Story) -> Draft:
    meters, minutes, laps = 25 * rng.randint(4, 40), rng.choice((2, 3, 4, 5, 6, 10)), rng.randint(2, 8)
    hourly = Rational(meters * laps * 60, minutes * 1000)
    times = Rational(60, minutes)
    way = meters * laps
    if (10 * hourly).q != 1 or hourly > 60 or hourly == 1:
        return meters_to_hours(rng, story)
    name = rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} rides along the {story.path}, which is {meters} meters long, {laps} times in {minutes} minutes. What is "
        "the speed in kilometers per hour?",
        f"In {minutes} minutes a cart goes through the {story.path} of the {story.place} {laps} times; one way is "
        f"{meters} meters. How many kilometers would it cover in an hour at this speed?",
        f"At how many kilometers per hour does {name} move, if {laps} stretches of {meters} meters each take {minutes} "
        "minutes altogether?",
    )
    unit = "kilometers" if "cover in an hour" in problem else "kilometers per hour"
    steps = (
        f"The way: {laps} × {meters} = {way} meters.",
        f"An hour has 60 ÷ {minutes} = {times} times as many minutes.",
        f"In an hour: {times} × {way} = {times * way} meters.",
        f"In kilometers: {times * way} ÷ 1000 = {number(hourly)} {unit}.",
    )
    per_second = Rational(way, minutes * 60)
    return Draft(problem, steps, hourly, per_second * Rational(18, 5), unit)
