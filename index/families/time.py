"""Knows problems of clocks, calendars, schedules and ages; serves the starter corpus."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from random import Random

import sympy
from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, a, clock, duration, number, pick, plural

TOPIC = "time"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
A_DAY = datetime(2023, 3, 1)  # any day will do: a day without a date in the problem


def _day(moment: date) -> str:
    return f"{moment:%B} {moment.day}"


@family("rounds-with-breaks", topic=TOPIC, level=2, formula="gaps between rounds", stories=EVERYWHERE)
def rounds_with_breaks(rng: Random, story: Story) -> Draft:
    rounds, each, pause = rng.randint(3, 9), 5 * rng.randint(3, 12), rng.randint(4, 20)
    work, gaps = rounds * each, rounds - 1
    total, name = work + gaps * pause, rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} gives {rounds} guided tours of the {story.place}, each {each} minutes long, with a break of {pause} "
        "minutes between one tour and the next. How many minutes pass from the start of the first to the end of the "
        "last?",
        f"A training day for the {story.group} consists of {rounds} lessons of {each} minutes. Between two lessons there "
        f"are always {pause} minutes off. How long does the whole program take, in minutes?",
        f"How many minutes does it take to run a program of {each} minutes {rounds} times on one of the "
        f"{story.machines}, if it needs {pause} minutes of rest between any two runs?",
    )
    steps = (
        f"Without breaks: {rounds} × {each} = {work} minutes.",
        f"There are {rounds} − 1 = {gaps} breaks.",
        f"The breaks: {gaps} × {pause} = {gaps * pause} minutes.",
        f"In all: {work} + {gaps * pause} = {total} minutes.",
    )
    now = A_DAY
    for turn in range(rounds):
        now += timedelta(minutes=each if turn == 0 else pause + each)
    return Draft(problem, steps, Integer(total), Integer((now - A_DAY).total_seconds() / 60), "minutes")


@family("time-left-for-breakfast", topic=TOPIC, level=2, formula="working backwards", stories=EVERYWHERE)
def time_left_for_breakfast(rng: Random, story: Story) -> Draft:
    start, spare = 60 * rng.randint(5, 8) + 5 * rng.randint(0, 11), rng.randint(10, 50)
    walk, ride, early = rng.randint(4, 20), rng.randint(10, 45), rng.randint(3, 15)
    travel = walk + ride + early
    due = start + travel + spare
    span, name = due - start, rng.choice(story.people)
    if span < 60:
        return time_left_for_breakfast(rng, story)
    problem = pick(
        rng,
        f"{name} gets up at {clock(start)} and has to be at the {story.place} at {clock(due)}. The walk to the station "
        f"takes {walk} minutes, the train {ride} minutes, and {name} wants to arrive {early} minutes early. How many "
        "minutes are left before leaving home?",
        f"The shift at the {story.place} begins at {clock(due)}. {name} needs {walk} minutes on foot and {ride} minutes "
        f"by bus, and likes to be there {early} minutes before the start. If the alarm clock rings at {clock(start)}, "
        "how many minutes remain at home?",
        f"How long, in minutes, can {name} stay at home after waking up at {clock(start)}, with {walk} minutes to walk, "
        f"{ride} minutes to ride and {early} minutes to change clothes before work starts at {clock(due)}?",
    )
    whole, rest = divmod(span, 60)
    steps = (
        f"From {clock(start)} to {clock(due)} it is {duration(span)}: {whole} × 60 + {rest} = {span} minutes.",
        f"Walking, riding and time before work: {walk} + {ride} + {early} = {travel} minutes.",
        f"What remains: {span} − {travel} = {spare} minutes.",
    )
    leave = A_DAY + timedelta(minutes=due) - timedelta(minutes=early) - timedelta(minutes=ride + walk)
    free = leave - (A_DAY + timedelta(minutes=start))
    return Draft(problem, steps, Integer(spare), Integer(free.total_seconds() / 60), "minutes")


@family("hours-in-a-week", topic=TOPIC, level=2, formula="converting hours and minutes", stories=EVERYWHERE)
def hours_in_a_week(rng: Random, story: Story) -> Draft:
    minutes, pause, days = 15 * rng.randint(20, 38), 15 * rng.randint(1, 4), rng.randint(3, 6)
    start = 60 * rng.randint(6, 9) + 15 * rng.randint(0, 3)
    end, net = start + minutes, minutes - pause
    weekly = Rational(net * days, 60)
    name = rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} is at the {story.place} from {clock(start)} to {clock(end)} on {days} days of the week. Each day there "
        f"is an unpaid break of {pause} minutes. How many hours a week does {name} work?",
        f"The {story.place} is staffed from {clock(start)} until {clock(end)}, {days} days a week, except for {pause} "
        "minutes at lunch time. To how many hours does that add up in a week?",
        f"How many hours do {days} working days have, if each lasts from {clock(start)} to {clock(end)} with {pause} "
        f"minutes of rest for {a(story.worker)} that do not count?",
    )
    steps = (
        f"From {clock(start)} to {clock(end)}: {minutes // 60} × 60 + {minutes % 60} = {minutes} minutes.",
        f"Without the break: {minutes} − {pause} = {net} minutes.",
        f"In a week: {days} × {net} = {days * net} minutes.",
        f"In hours: {days * net} ÷ 60 = {number(weekly)} hours.",
    )
    hours = days * (Rational(end, 60) - Rational(start, 60) - Rational(pause, 60))
    return Draft(problem, steps, weekly, hours, "hours")


@family("days-between-dates", topic=TOPIC, level=2, formula="counting days", stories=EVERYWHERE)
def days_between_dates(rng: Random, story: Story) -> Draft:
    first = date(2023, rng.randint(3, 9), rng.randint(5, 27))
    last = first + timedelta(days=rng.randint(40, 85))
    name = rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} starts a project at the {story.place} on {_day(first)} and ends it on {_day(last)} of the same year. How "
        "many days after the start is the end?",
        f"Today is {_day(first)}. The {story.place} reopens on {_day(last)} this year. In how many days is that?",
        f"How many days pass from {_day(first)} to {_day(last)} of one year, while the {story.group} prepares its show?",
    )
    parts, steps = [], []
    turn = first
    while (turn.year, turn.month) != (last.year, last.month):
        following = date(turn.year + turn.month // 12, turn.month % 12 + 1, 1)
        length = (following - timedelta(days=1)).day
        if turn is first:
            parts.append(length - turn.day)
            steps.append(f"{turn:%B} has {length} days, so {length} − {turn.day} = {length - turn.day} of them remain.")
        else:
            parts.append(length)
            steps.append(f"{turn:%B} counts in full, with its {length} days.")
        turn = following
    parts.append(last.day)
    added = " + ".join(map(str, parts))
    steps.append(f"With {plural(last.day, 'day', 'days')} of {last:%B} it is {added} = {sum(parts)} days.")
    return Draft(problem, tuple(steps), Integer(sum(parts)), Integer((last - first).days), "days")


@family("weekdays-in-a-span", topic=TOPIC, level=3, formula="weeks and remainder", stories=EVERYWHERE)
def weekdays_in_a_span(rng: Random, story: Story) -> Draft:
    days, begins, wanted = rng.randint(25, 120), rng.randrange(7), rng.randrange(7)
    weeks, rest = divmod(days, 7)
    offset = (wanted - begins) % 7
    more = 1 if offset < rest else 0
    if rest < 2 or offset == 0:
        return weekdays_in_a_span(rng, story)
    first_day, counted, name = WEEKDAYS[begins], WEEKDAYS[wanted], rng.choice(story.people)
    problem = pick(
        rng,
        f"An exhibition at the {story.place} is open for {days} days in a row and opens on a {first_day}. How many "
        f"{counted}s does it include?",
        f"{name} is trained at the {story.place} for {days} consecutive days. The first of them is a {first_day}. On how "
        f"many of the days is it {counted}?",
        f"Every {counted} the {story.group} holds a meeting. How many meetings fall into a period of {days} days that "
        f"starts with a {first_day}?",
    )
    steps = (
        f"Full weeks: {weeks} of them have {weeks} × 7 = {weeks * 7} days, each with one {counted}.",
        f"Days that are left: {days} − {weeks * 7} = {rest}.",
        f"These days start with a {first_day}, so they bring {'one more' if more else 'no other'} {counted}.",
        f"In all: {weeks} + {more} = {weeks + more}.",
    )
    check = sum((begins + n) % 7 == wanted for n in range(days))
    return Draft(problem, steps, Integer(weeks + more), Integer(check), f"{counted}s")


@family("clock-runs-wrong", topic=TOPIC, level=3, formula="unit rate", stories=EVERYWHERE)
def clock_runs_wrong(rng: Random, story: Story) -> Draft:
    seconds, per, days = rng.randint(2, 20), rng.choice((2, 3, 4, 6, 8, 12)), rng.randint(2, 15)
    hours = 24 * days
    total = seconds * hours // per
    minutes = Rational(total, 60)
    if (10 * minutes).q != 1 or minutes == 1:
        return clock_runs_wrong(rng, story)
    name, goes = rng.choice(story.people), pick(rng, "loses", "gains")
    side = "behind" if goes == "loses" else "ahead"
    problem = pick(
        rng,
        f"The clock at the {story.place} {goes} {seconds} seconds every {per} hours. {name} sets it right at noon. By how "
        f"many minutes is it {side} after {days} days?",
        f"Every {per} hours the timer of one of the {story.machines} {goes} {seconds} seconds. How many minutes wrong is "
        f"it {days} days after it was set?",
        f"How many minutes {side} is {name}'s watch after {days} days, if it {goes} {seconds} seconds in {per} hours and "
        f"was right at first?",
    )
    steps = (
        f"{days} days have {days} × 24 = {hours} hours.",
        f"The error occurs {hours} ÷ {per} = {hours // per} times.",
        f"The error in seconds: {hours // per} × {seconds} = {total}.",
        f"In minutes: {total} ÷ 60 = {number(minutes)} minutes.",
    )
    check = sum((Rational(seconds, 60) for hour in range(1, hours + 1) if hour % per == 0), Rational(0))
    return Draft(problem, steps, minutes, check, "minutes")


@family("departures-in-a-span", topic=TOPIC, level=3, formula="gaps and posts", stories=EVERYWHERE)
def departures_in_a_span(rng: Random, story: Story) -> Draft:
    every, runs = rng.choice((6, 8, 9, 12, 15, 18, 20, 24, 25)), rng.randint(6, 30)
    first = 60 * rng.randint(5, 10) + 5 * rng.randint(0, 11)
    last = first + every * (runs - 1)
    span, gaps = last - first, runs - 1
    if span < 60:
        return departures_in_a_span(rng, story)
    name = rng.choice(story.people)
    problem = pick(
        rng,
        f"A shuttle leaves the {story.place} every {every} minutes. The first one goes at {clock(first)}, the last at "
        f"{clock(last)}. How many shuttles leave?",
        f"From {clock(first)} to {clock(last)}, both included, {name} writes down a reading every {every} minutes. How "
        "many readings are written down?",
        f"How many tours of the {story.place} are there a day, if they start at equal intervals of {every} minutes, the "
        f"earliest at {clock(first)} and the latest at {clock(last)}?",
    )
    steps = (
        f"From the first to the last it is {duration(span)}: {span // 60} × 60 + {span % 60} = {span} minutes.",
        f"Intervals: {span} ÷ {every} = {gaps}.",
        f"The first one comes on top: {gaps} + 1 = {runs}.",
    )
    check = sum(1 for _ in range(first, last + 1, every))
    return Draft(problem, steps, Integer(runs), Integer(check))


@family("flight-across-zones", topic=TOPIC, level=4, formula="time zones", stories=EVERYWHERE)
def flight_across_zones(rng: Random, story: Story) -> Draft:
    leave, zones = 60 * rng.randint(6, 11) + 5 * rng.randint(0, 11), rng.randint(2, 6)
    flight = 30 * rng.randint(5, 16) + rng.choice((0, 10, 15, 20))
    ahead = rng.random() < 0.5
    shift = 60 * zones if ahead else -60 * zones
    land = leave + flight + shift
    span = land - leave
    if not leave + 60 <= land < 24 * 60:
        return flight_across_zones(rng, story)
    name, side = rng.choice(story.people), "ahead of" if ahead else "behind"
    problem = pick(
        rng,
        f"{name} flies to a partner of the {story.place} and leaves at {clock(leave)} local time. The plane lands at "
        f"{clock(land)} of the same day, local time there, where clocks are {zones} hours {side} those at home. How many "
        "minutes does the flight take?",
        f"The time at the destination is {zones} hours {side} the time at the start. A flight with {story.items} for the "
        f"{story.place} starts at {clock(leave)} and arrives at {clock(land)}, each in local time, on the same day. Find "
        "its length in minutes.",
        f"How many minutes is {name} in the air between {clock(leave)} at home and {clock(land)} of that day at the "
        f"destination, where it is always {zones} hours {'later' if ahead else 'earlier'}?",
    )
    sign = "−" if ahead else "+"
    steps = (
        f"By the clocks, {duration(span)} pass: {span // 60} × 60 + {span % 60} = {span} minutes.",
        f"The clocks differ by {zones} × 60 = {60 * zones} minutes.",
        f"The flight: {span} {sign} {60 * zones} = {flight} minutes.",
    )
    here = A_DAY + timedelta(minutes=leave)
    there = A_DAY + timedelta(minutes=land) - timedelta(hours=zones if ahead else -zones)
    return Draft(problem, steps, Integer(flight), Integer((there - here).total_seconds() / 60), "minutes")


@family("seconds-a-piece", topic=TOPIC, level=3, formula="time per piece", stories=EVERYWHERE)
def seconds_a_piece(rng: Random, story: Story) -> Draft:
    seconds, machines, share = (
        rng.choice((12, 15, 18, 20, 24, 30, 36, 40, 45, 50)),
        rng.randint(2, 6),
        rng.randint(10, 80),
    )
    setup, pieces = rng.randint(2, 12), machines * share
    work = Rational(share * seconds, 60)
    total = work + setup
    if work.q > 2 or work == 1:
        return seconds_a_piece(rng, story)
    items, name = story.other_items, rng.choice(story.people)
    problem = pick(
        rng,
        f"Each of {machines} machines at the {story.place} needs {seconds} seconds for one of the {items}. Before the "
        f"start, {name} spends {setup} minutes on the settings. How many minutes does it take in all to make {pieces} "
        f"{items}?",
        f"{machines} people wrap {pieces} {items}; one {story.other_item} takes a person {seconds} seconds, and the work "
        f"is shared evenly. Together with {setup} minutes of preparation, how many minutes do they need?",
        f"After {setup} minutes of warming up, {machines} machines work side by side, each taking {seconds} seconds per "
        f"{story.other_item}. How many minutes after being switched on have they finished {pieces} {items}?",
    )
    steps = (
        f"For each one: {pieces} ÷ {machines} = {share} {items}.",
        f"That takes {share} × {seconds} = {share * seconds} seconds.",
        f"In minutes: {share * seconds} ÷ 60 = {number(work)}.",
        f"With the preparation: {number(work)} + {setup} = {number(total)} minutes.",
    )
    done, clock_seconds = 0, setup * 60
    while done < pieces:
        done, clock_seconds = done + machines, clock_seconds + seconds
    return Draft(problem, steps, total, Rational(clock_seconds, 60), "minutes")


@family("ages-from-a-later-sum", topic=TOPIC, level=3, formula="sum of ages", stories=EVERYWHERE)
def ages_from_a_later_sum(rng: Random, story: Story) -> Draft:
    youngest, gap, other_gap, years = rng.randint(4, 40), rng.randint(2, 9), rng.randint(10, 25), rng.randint(3, 15)
    middle, oldest = youngest + gap, youngest + other_gap
    later = youngest + middle + oldest + 3 * years
    now = later - 3 * years
    one, two, three = rng.sample(story.people, 3)
    problem = pick(
        rng,
        f"{two} is {gap} years older than {one}, and {three} is {other_gap} years older than {one}. In {years} years the "
        f"three from the {story.place} will be {later} years old together. How old is {one} now?",
        f"In {years} years, the ages of {one}, {two} and {three} will add up to {later}. {one} is {gap} years younger "
        f"than {two} and {other_gap} years younger than {three}. Find {one}'s present age.",
        f"What is {one}'s age today, if {three} was {other_gap} when {one} was born, {two} was {gap} then, and the sum of "
        f"all three ages will be {later} in {years} years?",
    )
    steps = (
        f"Until then all three together grow older by 3 × {years} = {3 * years} years.",
        f"Today's sum: {later} − {3 * years} = {now} years.",
        f"If all were as old as {one}: {now} − {gap} − {other_gap} = {3 * youngest} years.",
        f"{one}'s age: {3 * youngest} ÷ 3 = {youngest} years.",
    )
    check = next(n for n in count() if sum(born + n + years for born in (0, gap, other_gap)) == later)
    return Draft(problem, steps, Integer(youngest), Integer(check), "years")


@family("ages-years-ago", topic=TOPIC, level=4, formula="age equation", stories=EVERYWHERE)
def ages_years_ago(rng: Random, story: Story) -> Draft:
    times, ago, then = rng.randint(2, 6), rng.randint(3, 15), rng.randint(2, 14)
    old_then = times * then
    total, now_old = then + old_then + 2 * ago, old_then + ago
    if not 18 <= old_then <= 70:
        return ages_years_ago(rng, story)
    young, old = rng.sample(story.people, 2)
    how = {2: "twice", 3: "three times", 4: "four times", 5: "five times", 6: "six times"}[times]
    problem = pick(
        rng,
        f"{ago} years ago {old} was {how} as old as {young}. Today their ages add up to {total}. How old is {old} today?",
        f"Together, {young} and {old} from the {story.place} are {total} years old. When {old} came there {ago} years "
        f"ago, {young}'s age went into {old}'s age exactly {times} times. What is {old}'s age now?",
        f"What is the present age of {old}, if {young} and {old} are {total} years old together and {ago} years earlier "
        f"{old} was {how} {young}'s age?",
    )
    sum_then = total - 2 * ago
    steps = (
        f"Both were {ago} years younger, so the sum was smaller by 2 × {ago} = {2 * ago} years.",
        f"The sum at that time: {total} − {2 * ago} = {sum_then} years.",
        f"It is {times} + 1 = {times + 1} times {young}'s age then: {sum_then} ÷ {times + 1} = {then} years.",
        f"{old} was {times} × {then} = {old_then} years old.",
        f"Today: {old_then} + {ago} = {now_old} years.",
    )
    x, y = sympy.symbols("x y")
    found = sympy.solve([x + y - total, y - ago - times * (x - ago)], [x, y])
    return Draft(problem, steps, Integer(now_old), found[y], "years")


@family("burning-until", topic=TOPIC, level=3, formula="rate of consumption", stories=EVERYWHERE)
def burning_until(rng: Random, story: Story) -> Draft:
    per_hour, hours, quarter = 4 * rng.randint(1, 6), rng.randint(3, 12), rng.randint(1, 3)
    start = 60 * rng.randint(5, 9) + 5 * rng.randint(0, 11)
    minutes = 60 * hours + 15 * quarter
    used = Rational(per_hour * minutes, 60)
    late = rng.randint(1, 4)
    left = per_hour * late
    stock, name = used + left, rng.choice(story.people)
    problem = pick(
        rng,
        f"At {clock(start)} a backup battery at the {story.place} holds {stock} units and then uses {per_hour} units "
        f"an hour. After how many minutes are only {left} units left?",
        f"{name} switches on a pump at {clock(start)} next to a tank with {stock} liters. It takes {per_hour} liters an "
        f"hour and stops by itself when {left} liters remain. For how many minutes does it run?",
        f"For how many minutes does a lamp at the {story.place} burn, if it starts at {clock(start)} with {stock} "
        f"milliliters of oil, needs {per_hour} milliliters an hour, and is put out when {left} milliliters are left?",
    )
    steps = (
        f"To be used up: {stock} − {left} = {used}.",
        f"In hours: {used} ÷ {per_hour} = {number(Rational(minutes, 60))} hours.",
        f"In minutes: {number(Rational(minutes, 60))} × 60 = {plural(minutes, 'minute', 'minutes')}.",
    )
    check, rest = 0, stock
    while rest > left:
        rest, check = rest - Rational(per_hour, 4), check + 15  # a quarter of an hour at a time
    return Draft(problem, steps, Integer(minutes), Integer(check), "minutes")
