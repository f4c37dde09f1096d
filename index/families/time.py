"""Knows problems about clock times, shifts, timetables, calendars and ages; serves the starter corpus."""

from __future__ import annotations

from random import Random

import sympy
from sympy import Integer

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, clock, pick

DAY = 24 * 60


def _since_midnight(minute: int) -> str:
    hours, rest = divmod(minute, 60)
    return f"{hours} × 60 + {rest} = {minute}"


@family("minutes-to-spare", topic="time", level=2, formula="elapsed time", stories=EVERYWHERE)
def minutes_to_spare(rng: Random, story: Story) -> Draft:
    count, each, rest = rng.randint(8, 25), rng.randint(3, 9), 5 * rng.randint(3, 9)
    start = 8 * 60 + 5 * rng.randint(1, 23)
    work = count * each
    spare = rng.randint(10, 80)
    end = start + work + rest + spare
    name = rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} starts at {clock(start)} at the {story.place} and checks {count} {story.items}, {each} minutes for "
        f"each, with one break of {rest} minutes. How many minutes are left until {clock(end)}?",
        f"A check of {count} {story.items} begins at {clock(start)} sharp. Every {story.item} takes {each} minutes, and "
        f"there is a break of {rest} minutes in between. By how many minutes is {name} done before {clock(end)}?",
        f"The {story.place} closes at {clock(end)} today. From {clock(start)} on, {name} looks after {count} "
        f"{story.items}, {each} minutes for each of them, and then rests for {rest} minutes. How many minutes remain "
        "until closing time?",
    )
    steps = (
        f"The {story.items} take {count} × {each} = {work} minutes.",
        f"With the break that is {work} + {rest} = {work + rest} minutes.",
        f"From {clock(start)} to {clock(end)} there are {end} − {start} = {end - start} minutes, counted from midnight.",
        f"What is left is {end - start} − {work + rest} = {spare} minutes.",
    )
    minute = start + rest
    for _ in range(count):
        minute += each
    left = sum(1 for _ in range(minute, end))
    return Draft(problem, steps, Integer(spare), Integer(left), "minutes")


@family("length-of-a-session", topic="time", level=3, formula="equal sessions with breaks", stories=EVERYWHERE)
def length_of_a_session(rng: Random, story: Story) -> Draft:
    sessions, length, rest = rng.randint(3, 6), 5 * rng.randint(5, 12), 5 * rng.randint(1, 5)
    start = 9 * 60 + 5 * rng.randint(0, 11)
    breaks = (sessions - 1) * rest
    total = sessions * length + breaks
    end = start + total
    problem = pick(
        rng,
        f"A training day at the {story.place} lasts from {clock(start)} to {clock(end)}. It has {sessions} equally "
        f"long sessions with a break of {rest} minutes between any two of them. How many minutes is a session?",
        f"The {story.group} meets from {clock(start)} until {clock(end)} for {sessions} sessions of the same length, "
        f"separated by breaks of {rest} minutes each. How long is one session, in minutes?",
        f"Between {clock(start)} and {clock(end)} of one day, {sessions} equally long tours of the {story.place} "
        f"take place. After every tour but the last there is a pause of {rest} minutes. How many minutes does a "
        "tour take?",
    )
    steps = (
        f"From {clock(start)} to {clock(end)} there are {end} − {start} = {total} minutes, counted from midnight.",
        f"There is one break fewer, so the breaks take {sessions - 1} × {rest} = {breaks} minutes.",
        f"For the rest there remain {total} − {breaks} = {sessions * length} minutes.",
        f"One of them takes {sessions * length} ÷ {sessions} = {length} minutes.",
    )
    x = sympy.Symbol("x")
    (check,) = sympy.solve(start + x + (sessions - 1) * (x + rest) - end, x)
    return Draft(problem, steps, Integer(length), check, "minutes")


@family("over-midnight", topic="time", level=3, formula="elapsed time", stories=EVERYWHERE)
def over_midnight(rng: Random, story: Story) -> Draft:
    start = 20 * 60 + 5 * rng.randint(1, 40)
    end = 4 * 60 + 5 * rng.randint(1, 40)
    rest, nights = 5 * rng.randint(4, 9), rng.randint(2, 6)
    before, name = DAY - start, rng.choice(story.people)
    shift = before + end
    problem = pick(
        rng,
        f"{name} works at the {story.place} from {clock(start)} until {clock(end)} of the next morning, with an "
        f"unpaid break of {rest} minutes. How many minutes of work are that in {nights} nights?",
        f"The night shift of the {story.place} lasts from {clock(start)} to {clock(end)}. {rest} minutes of it are a "
        f"break. How many minutes does {name} really work in {nights} such nights?",
        f"For {nights} nights one of the {story.machines} is on from {clock(start)} to {clock(end)}, except for "
        f"{rest} minutes of service every night. How many minutes does it run altogether?",
    )
    steps = (
        f"Until midnight it is {DAY} − {start} = {before} minutes.",
        f"With the minutes after midnight, a night has {before} + {end} = {shift} minutes.",
        f"Without the interruption {shift} − {rest} = {shift - rest} minutes remain.",
        f"In all nights together it is {nights} × {shift - rest} = {nights * (shift - rest)} minutes.",
    )
    on = sum(1 for minute in range(nights * DAY) if not end <= minute % DAY < start)
    return Draft(problem, steps, Integer(nights * (shift - rest)), Integer(on - nights * rest), "minutes")


@family("clock-that-loses-time", topic="time", level=3, formula="proportion", stories=EVERYWHERE)
def clock_that_loses_time(rng: Random, story: Story) -> Draft:
    loss, every = rng.choice(((2, 3), (3, 4), (4, 5), (3, 8), (5, 6), (2, 5), (5, 12)))
    groups = rng.randint(6, 15)
    late, hours = loss * groups, every * groups
    problem = pick(
        rng,
        f"The clock at the {story.place} loses {loss} minutes in every {every} hours. It was set correctly. After "
        f"how many hours is it {late} minutes slow?",
        f"An old clock falls behind by {loss} minutes every {every} hours. When {rng.choice(story.people)} looks at "
        f"it, it is {late} minutes behind. How many hours ago was it right?",
        f"{rng.choice(story.people)} notices that a timer of the {story.group} runs slow: {loss} minutes are missing "
        f"after {every} hours. After how many hours will {late} minutes be missing?",
    )
    steps = (
        f"The loss happens {late} ÷ {loss} = {groups} times.",
        f"Each time takes {every} hours, so it is {groups} × {every} = {hours} hours.",
    )
    x = sympy.Symbol("x")
    (check,) = sympy.solve(x * Integer(loss) / every - late, x)
    return Draft(problem, steps, Integer(hours), check, "hours")


@family("departures-in-a-day", topic="time", level=3, formula="counting with both ends", stories=EVERYWHERE)
def departures_in_a_day(rng: Random, story: Story) -> Draft:
    every, gaps = rng.choice((12, 15, 20, 24, 25, 35, 40)), rng.randint(9, 18)
    first = 6 * 60 + 5 * rng.randint(0, 30)
    last = first + every * gaps
    problem = pick(
        rng,
        f"A shuttle to the {story.place} leaves every {every} minutes, the first at {clock(first)} and the last at "
        f"{clock(last)} of the same day. How many departures are there?",
        f"From {clock(first)} to {clock(last)} a bus stops at the {story.place} every {every} minutes, at both of "
        "these times too. How many times does it stop?",
        f"{rng.choice(story.people)} reads off a gauge at the {story.place} every {every} minutes: for the first "
        f"time at {clock(first)}, for the last time at {clock(last)} that day. How many readings are that?",
    )
    steps = (
        f"Counted from midnight, the first is at minute {_since_midnight(first)}.",
        f"The last is at minute {_since_midnight(last)}.",
        f"Between them lie {last} − {first} = {last - first} minutes.",
        f"That makes {last - first} ÷ {every} = {gaps} gaps.",
        f"The first one has no gap before it, so there are {gaps} + 1 = {gaps + 1}.",
    )
    check = len(range(first, last + 1, every))
    return Draft(problem, steps, Integer(gaps + 1), Integer(check))


@family("days-with-weekends", topic="time", level=4, formula="weeks and remaining days", stories=EVERYWHERE)
def days_with_weekends(rng: Random, story: Story) -> Draft:
    a_day, weeks, rest = rng.randint(6, 30), rng.randint(2, 7), rng.randint(1, 4)
    workdays = 5 * weeks + rest
    total, name = workdays * a_day, rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} has {total} {story.items} to label, begins on a Monday and labels {a_day} on every day from Monday "
        "to Friday. Weekends are free. On which day, counting that Monday as day 1 and every day of the calendar, "
        "is the last one labeled?",
        f"From Monday to Friday the {story.place} sends off {a_day} {story.items} a day, at weekends none. An order "
        f"of {total} is begun on a Monday. How many days of the calendar pass from that Monday to the day of the "
        "last delivery, both included?",
        f"An order of {total} {story.items} is worked off at {a_day} a day, Mondays to Fridays only, beginning on a "
        f"Monday. How many calendar days does {name} have to plan, the first and the last day included?",
    )
    steps = (
        f"The work takes {total} ÷ {a_day} = {workdays} working days.",
        f"Five of them make a week: {workdays} − {weeks} × 5 = {rest}, so there are {weeks} full weeks and "
        f"{rest} more of these days.",
        f"The full weeks have {weeks} × 7 = {7 * weeks} days.",
        f"Altogether it is {7 * weeks} + {rest} = {7 * weeks + rest} days.",
    )
    day, left = 0, total
    while left > 0:
        day += 1
        left -= a_day if (day - 1) % 7 < 5 else 0
    return Draft(problem, steps, Integer(7 * weeks + rest), Integer(day))


@family("two-time-zones", topic="time", level=3, formula="time zones", stories=EVERYWHERE)
def two_time_zones(rng: Random, story: Story) -> Draft:
    start, zone = 7 * 60 + 5 * rng.randint(0, 30), rng.randint(2, 5)
    flight = 60 * rng.randint(2, 4) + 5 * rng.randint(1, 11)
    local = start + flight + 60 * zone
    at_home, name = local - 60 * zone, rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} flies off at {clock(start)} local time and lands at {clock(local)} local time of the same day, in a "
        f"city where the clocks are {zone} hours ahead. How many minutes does the flight take?",
        f"A parcel of {story.items} leaves the {story.place} by plane at {clock(start)} local time. It arrives on the same day "
        f"at {clock(local)} by the clocks there, which are {zone} hours ahead. How many minutes is it in the air?",
        f"Two airports lie {zone} time zones of one hour apart. The plane that brings {story.other_items} takes off "
        f"in the western one at {clock(start)} and lands in the eastern one at {clock(local)}, both in local time. "
        "How many minutes does it fly?",
    )
    steps = (
        f"The clocks differ by {zone} × 60 = {60 * zone} minutes.",
        f"Counted from midnight, the landing is at minute {_since_midnight(local)} by the clocks there.",
        f"By the clocks of the start that is minute {local} − {60 * zone} = {at_home}.",
        f"The start is at minute {_since_midnight(start)}.",
        f"The flight takes {at_home} − {start} = {flight} minutes.",
    )
    check = next(m for m in range(DAY) if start + m + 60 * zone == local)
    return Draft(problem, steps, Integer(flight), Integer(check), "minutes")


@family("ages-some-years-ago", topic="time", level=4, formula="ages", stories=EVERYWHERE)
def ages_some_years_ago(rng: Random, story: Story) -> Draft:
    older, younger = rng.sample(story.people, 2)
    times, ago, then = rng.randint(2, 5), rng.randint(3, 12), rng.randint(4, 11)
    total = (times + 1) * then + 2 * ago
    problem = pick(
        rng,
        f"Together {older} and {younger} are {total} years old. {ago} years ago {older} was {times} times as old as "
        f"{younger}. How old is {younger} now?",
        f"{ago} years ago, {older} from the {story.place} was {times} times the age of {younger}. Today their ages "
        f"add up to {total}. What is the age of {younger} today?",
        f"The ages of two people of the {story.group} add up to {total}. {ago} years ago one of them was {times} "
        "times as old as the other. How old is the younger one today?",
    )
    both = total - 2 * ago
    steps = (
        f"Both together have grown older by 2 × {ago} = {2 * ago} years.",
        f"Back then the sum of the ages was {total} − {2 * ago} = {both}.",
        f"It consisted of {times} + 1 = {times + 1} times the younger age.",
        f"So the younger age was {both} ÷ {times + 1} = {then} years.",
        f"Today it is {then} + {ago} = {then + ago} years.",
    )
    check = next(y for y in range(ago + 1, total) if total - y - ago == times * (y - ago))
    return Draft(problem, steps, Integer(then + ago), Integer(check), "years")
