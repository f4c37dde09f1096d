"""Knows problems about speed, work done together, clocks and ages; serves the starter corpus."""

from __future__ import annotations

from random import Random

import sympy
from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import STORIES, Story

EVERYWHERE = tuple(STORIES)


@family("unit-rate", topic="rates", level=1, formula="unit rate", stories=EVERYWHERE)
def unit_rate(rng: Random, story: Story) -> Draft:
    number, rate, wanted = rng.randint(2, 9), rng.randint(3, 15), rng.randint(10, 30)
    problem = rng.choice(
        (
            f"{number} {story.machines} handle {number * rate} {story.items} in an hour. At the same rate, how many "
            f"{story.items} do {wanted} {story.machines} handle in an hour?",
            f"In {number} hours {rng.choice(story.people)} prepares {number * rate} {story.items}. How many "
            f"{story.items} are that in {wanted} hours, at the same speed?",
        )
    )
    steps = (
        f"For one it is {number * rate} ÷ {number} = {rate} {story.items}.",
        f"For {wanted} it is {wanted} × {rate} = {wanted * rate} {story.items}.",
    )
    check = Rational(wanted, number) * (number * rate)
    return Draft(problem, steps, Integer(wanted * rate), check, story.items)


@family("meeting-on-the-way", topic="rates", level=3, formula="closing speed", stories=EVERYWHERE)
def meeting_on_the_way(rng: Random, story: Story) -> Draft:
    first, second = rng.sample(story.people, 2)
    slow, fast, hours = rng.randint(3, 12), rng.randint(13, 25), rng.randint(2, 6)
    distance = (slow + fast) * hours
    problem = rng.choice(
        (
            f"{first} and {second} start toward each other at the same time from two places {distance} kilometers "
            f"apart. {first} moves at {slow} kilometers an hour, {second} at {fast}. After how many hours do they meet?",
            f"Two people from the {story.place} are {distance} kilometers apart and ride toward each other, at {slow} and "
            f"{fast} kilometers an hour. How many hours pass until they meet?",
        )
    )
    steps = (
        f"Each hour they come closer by {slow} + {fast} = {slow + fast} kilometers.",
        f"They meet after {distance} ÷ {slow + fast} = {hours} hours.",
    )
    check = next(h for h in range(1, 100) if distance - slow * h <= fast * h)
    return Draft(problem, steps, Integer(hours), Integer(check), "hours")


@family("together-faster", topic="shared work", level=3, formula="adding rates of work", stories=EVERYWHERE)
def together_faster(rng: Random, story: Story) -> Draft:
    a, b, both = rng.choice(((3, 6, 2), (4, 12, 3), (6, 12, 4), (10, 15, 6), (5, 20, 4), (12, 24, 8), (20, 30, 12)))
    first, second = rng.sample(story.people, 2)
    problem = rng.choice(
        (
            f"{first} needs {a} hours to put the {story.place} in order, {second} needs {b} hours. How many hours do "
            f"they need together?",
            f"One of the {story.machines} does a job in {a} hours, an older one in {b} hours. How many hours does the job "
            f"take if both work on it?",
        )
    )
    bottom = sympy.ilcm(a, b)
    steps = (
        f"In an hour they do 1/{a} and 1/{b} of the job: 1/{a} + 1/{b} = {bottom // a + bottom // b}/{bottom}.",
        f"The whole job takes {bottom} ÷ {bottom // a + bottom // b} = {both} hours.",
    )
    check = next(h for h in range(1, 60) if Rational(h, a) + Rational(h, b) == 1)
    return Draft(problem, steps, Integer(both), Integer(check), "hours")


@family("more-hands", topic="shared work", level=2, formula="inverse proportion", stories=EVERYWHERE)
def more_hands(rng: Random, story: Story) -> Draft:
    workers, days, fewer_days = rng.choice(((6, 10, 4), (8, 9, 6), (4, 15, 10), (5, 12, 6), (9, 8, 6), (12, 5, 4)))
    needed = workers * days // fewer_days
    problem = rng.choice(
        (
            f"{workers} {story.workers} finish a job at the {story.place} in {days} days. How many {story.workers} are "
            f"needed to finish it in {fewer_days} days?",
            f"A job at the {story.place} takes {workers} {story.workers} {days} days. It has to be done in {fewer_days} "
            f"days. How many {story.workers} must work on it?",
        )
    )
    steps = (
        f"The job is {workers} × {days} = {workers * days} days of work for one person.",
        f"In {fewer_days} days it needs {workers * days} ÷ {fewer_days} = {needed} {story.workers}.",
    )
    check = next(n for n in range(1, 200) if Rational(n * fewer_days, workers * days) == 1)
    return Draft(problem, steps, Integer(needed), Integer(check), story.workers)


@family("minutes-between", topic="time", level=1, formula="elapsed time", stories=EVERYWHERE)
def minutes_between(rng: Random, story: Story) -> Draft:
    start_hour, start_minute = rng.randint(7, 11), 5 * rng.randint(1, 11)
    end_hour, end_minute = start_hour + rng.randint(2, 5), 5 * rng.randint(0, 11)
    first, last = 60 - start_minute, end_minute
    hours = end_hour - start_hour - 1
    total = first + 60 * hours + last
    clock = f"{start_hour}:{start_minute:02d}", f"{end_hour}:{end_minute:02d}"
    problem = rng.choice(
        (
            f"The {story.group} works at the {story.place} from {clock[0]} until {clock[1]} on the same day. How many "
            f"minutes is that?",
            f"{rng.choice(story.people)} arrives at the {story.place} at {clock[0]} and leaves at {clock[1]} of the same "
            f"day (24-hour clock). How many minutes does the visit last?",
        )
    )
    steps = (
        f"To the next full hour it is 60 − {start_minute} = {first} minutes.",
        f"The full hours after that are {hours} × 60 = {60 * hours} minutes.",
        f"In all it is {first} + {60 * hours} + {last} = {total} minutes.",
    )
    check = (60 * end_hour + end_minute) - (60 * start_hour + start_minute)
    return Draft(problem, steps, Integer(total), Integer(check), "minutes")


@family("ages-now-and-later", topic="time", level=3, formula="ages", stories=EVERYWHERE)
def ages_now_and_later(rng: Random, story: Story) -> Draft:
    older, younger = rng.sample(story.people, 2)
    times, later = rng.choice(((3, 2), (4, 2), (5, 3), (4, 3)))
    child = (times - later) * rng.randint(2, 6)
    years = child * (times - later) // (later - 1)
    if (child * (times - later)) % (later - 1):
        child *= later - 1
        years = child * (times - later) // (later - 1)
    parent = times * child
    problem = rng.choice(
        (
            f"{older} from the {story.place} is {times} times as old as {younger}, who is {child}. In how many years will "
            f"{older} be only {later} times as old as {younger}?",
            f"{younger} is {child} years old and {older} is {times} times that age. After how many years is {older} "
            f"{later} times as old as {younger}?",
        )
    )
    gap = parent - child
    steps = (
        f"{older} is {times} × {child} = {parent} years old.",
        f"The difference stays {parent} − {child} = {gap} years.",
        f"Then it is {later} − 1 = {later - 1} times the younger age, which is {gap} ÷ {later - 1} = {gap // (later - 1)}.",
        f"That is {gap // (later - 1)} − {child} = {years} years from now.",
    )
    check = next(y for y in range(1, 300) if parent + y == later * (child + y))
    return Draft(problem, steps, Integer(years), Integer(check), "years")
