"""Knows problems about rates, extremes, accumulated amounts and averages; serves the starter corpus."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from sympy import Integer, Rational, pi

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, pick

TOPIC = "calculus"


def _simpson(value: Callable[[Rational], Rational], end: int) -> Rational:
    """The integral from 0 to `end`, exact for polynomials up to the third degree, without an antiderivative."""
    return Rational(end, 6) * (value(Integer(0)) + 4 * value(Rational(end, 2)) + value(Integer(end)))


def _secant(value: Callable[[Rational], Rational], at: int) -> Rational:
    """The derivative from secants: two symmetric ones and Richardson's rule are exact up to the fourth degree."""
    wide, narrow = ((value(at + h) - value(at - h)) / (2 * h) for h in (Integer(1), Rational(1, 2)))
    return (4 * narrow - wide) / 3


@family("speed-at-a-moment", topic=TOPIC, level=5, formula="derivative", stories=EVERYWHERE)
def speed_at_a_moment(rng: Random, story: Story) -> Draft:
    cubic, square, linear, at = rng.randint(1, 4), rng.randint(2, 9), rng.randint(2, 20), rng.randint(2, 6)
    lead = "" if cubic == 1 else str(cubic)
    place = f"s(t) = {lead}t³ + {square}t² + {linear}t"
    three, two, name = 3 * cubic * at**2, 2 * square * at, rng.choice(story.people)
    problem = pick(
        rng,
        f"A test vehicle near the {story.place} starts on a straight track; after t seconds it is {place} "
        f"centimeters from its start. What is its speed, in centimeters per second, at t = {at}?",
        f"{name} films a cart rolling along the {story.path}. Its position after t seconds is {place}, in "
        f"centimeters. How fast, in centimeters per second, is it exactly {at} seconds after the start?",
        f"Find the speed in centimeters per second at the moment t = {at} seconds of a delivery robot at the "
        f"{story.place} whose distance from its charger is {place} centimeters.",
    )
    steps = (
        f"The speed is the derivative of the position: {3 * cubic}t² + {2 * square}t + {linear}.",
        f"Its first term at t = {at}: {3 * cubic} × {at}² = {three}.",
        f"Its second term: {2 * square} × {at} = {two}.",
        f"The speed: {three} + {two} + {linear} = {three + two + linear} centimeters per second.",
    )
    check = _secant(lambda t: cubic * t**3 + square * t**2 + linear * t, at)
    return Draft(problem, steps, Integer(three + two + linear), check, "centimeters per second")


@family("pen-along-a-wall", topic=TOPIC, level=5, formula="optimization", stories=EVERYWHERE)
def pen_along_a_wall(rng: Random, story: Story) -> Draft:
    width = rng.randint(4, 40)
    length, name = 4 * width, rng.choice(story.people)
    long, area = 2 * width, 2 * width**2
    problem = pick(
        rng,
        f"{name} wants to fence off a rectangle at the {story.place}. One of its sides is a long wall and needs "
        f"no fence; for the other three sides there are {length} meters of fence. What is the largest possible "
        "area in square meters?",
        f"With {length} meters of rope, a rectangular area along the straight front of the {story.place} is to be "
        "closed off; no rope is needed along the front itself. How many square meters can it have at most?",
        "What is the greatest area, in square meters, of a rectangular enclosure that has a canal on one side "
        f"and {length} meters of netting from the {story.place} on the other three?",
    )
    steps = (
        f"With the width w, the side along the wall is {length} − 2w, and the area is {length}w − 2w².",
        f"Its derivative is {length} − 4w, which is zero at w = {length} ÷ 4 = {width}.",
        f"The side along the wall: {length} − 2 × {width} = {long} meters.",
        f"The largest area: {width} × {long} = {area} square meters.",
    )
    halves = (Rational(half, 2) for half in range(1, length))
    check = max(w * (length - 2 * w) for w in halves)
    return Draft(problem, steps, Integer(area), check, "square meters")


@family("distance-from-speed", topic=TOPIC, level=5, formula="definite integral", stories=EVERYWHERE)
def distance_from_speed(rng: Random, story: Story) -> Draft:
    square, linear, end = 3 * rng.randint(1, 4), 2 * rng.randint(1, 9), rng.randint(2, 9)
    speed = f"v(t) = {square}t² + {linear}t"
    cubes, squares, name = square // 3 * end**3, linear // 2 * end**2, rng.choice(story.people)
    cube_term = "t³" if square == 3 else f"{square // 3}t³"
    square_term = "t²" if linear == 2 else f"{linear // 2}t²"
    problem = pick(
        rng,
        f"A rail cart at the {story.place} starts from rest, and its speed after t seconds is {speed} millimeters "
        f"per second. How many millimeters does it travel in the first {end} seconds?",
        f"{name} reads from a sensor that one of the {story.machines} on test moves at {speed} millimeters per "
        f"second, t seconds after the start. What distance, in millimeters, has it covered after {end} seconds?",
        f"How far, in millimeters, does a sliding door of the {story.place} move between t = 0 and t = {end} "
        f"seconds, if its speed is {speed} millimeters per second?",
    )
    steps = (
        f"The distance is the integral of the speed; an antiderivative is {cube_term} + {square_term}.",
        f"Its first term at {end}: {square // 3} × {end}³ = {cubes}.",
        f"Its second term at {end}: {linear // 2} × {end}² = {squares}.",
        f"At 0 both are zero, so the distance is {cubes} + {squares} = {cubes + squares} millimeters.",
    )
    check = _simpson(lambda t: square * t**2 + linear * t, end)
    return Draft(problem, steps, Integer(cubes + squares), check, "millimeters")


@family("slope-of-a-ramp", topic=TOPIC, level=5, formula="tangent line", stories=EVERYWHERE)
def slope_of_a_ramp(rng: Random, story: Story) -> Draft:
    square, linear, at = rng.randint(1, 6), rng.randint(2, 15), rng.randint(2, 9)
    ahead, base = rng.randint(2, 9), rng.randint(1, 20)
    curve = f"y = {'' if square == 1 else square}x² + {linear}x + {base}"
    height, slope = square * at**2 + linear * at + base, 2 * square * at + linear
    end, name = at + ahead, rng.choice(story.people)
    problem = pick(
        rng,
        f"On a screen, {name} draws the curve {curve} for a sign of the {story.place} and the tangent line that "
        f"touches it at x = {at}. What is the y-coordinate of the tangent line at x = {end}?",
        f"A drone climbs along the curve {curve} over the {story.place}. At x = {at} it leaves the curve and "
        f"flies straight on along the tangent. Which height y does it have at x = {end}?",
        f"The tangent to {curve} at the point with x = {at} meets the vertical line x = {end} in a lamp on the "
        f"plan of the {story.place}. Find the y-coordinate of the lamp.",
    )
    steps = (
        f"The point of contact: {square} × {at}² + {linear} × {at} + {base} = {height}.",
        f"The derivative is {2 * square}x + {linear}; at x = {at} the slope is {2 * square} × {at} + {linear} = "
        f"{slope}.",
        f"Along the tangent x grows by {end} − {at} = {ahead}, so y grows by {slope} × {ahead} = {slope * ahead}.",
        f"The y-coordinate: {height} + {slope * ahead} = {height + slope * ahead}.",
    )
    # The curve less the tangent has a double zero where they touch, so it is a multiple of (x − at)².
    check = square * end**2 + linear * end + base - square * (end - at) ** 2
    return Draft(problem, steps, Integer(height + slope * ahead), Integer(check))


@family("average-over-time", topic=TOPIC, level=5, formula="average value of a function", stories=EVERYWHERE)
def average_over_time(rng: Random, story: Story) -> Draft:
    square, end, base = 3 * rng.randint(1, 3), rng.randint(2, 8), rng.randint(5, 40)
    linear, name = 2 * rng.randint(1, 8), rng.choice(story.people)
    curve = f"{square}t² + {linear}t + {base}"
    squares, lines = square // 3 * end**2, linear // 2 * end
    lead = "" if square == 3 else str(square // 3)
    half = "" if linear == 2 else str(linear // 2)
    answer = squares + lines + base
    problem = pick(
        rng,
        f"The number of visitors at the {story.place} t hours after opening is modeled by {curve}. What is its "
        f"average value over the first {end} hours?",
        f"{name} models the power, in watts, that the {story.place} draws t minutes after switching on as "
        f"{curve}. Find the average power in watts from t = 0 to t = {end}.",
        f"What is the average of the function {curve}, the load in kilograms on a beam of the {story.place}, over "
        f"the time from t = 0 to t = {end} minutes?",
    )
    steps = (
        f"The average is the integral from 0 to {end} divided by {end}; an antiderivative is "
        f"{lead}t³ + {half}t² + {base}t.",
        f"Divided by t = {end}, its first term is {square // 3} × {end}² = {squares}.",
        f"Its second term is {linear // 2} × {end} = {lines}.",
        f"The average: {squares} + {lines} + {base} = {answer}.",
    )
    check = _simpson(lambda t: square * t**2 + linear * t + base, end) / end
    return Draft(problem, steps, Integer(answer), check)


@family("spreading-circle", topic=TOPIC, level=5, formula="related rates", stories=EVERYWHERE)
def spreading_circle(rng: Random, story: Story) -> Draft:
    rate, radius, name = rng.randint(2, 12), rng.randint(3, 40), rng.choice(story.people)
    problem = pick(
        rng,
        f"Water from a leak forms a growing circle on the floor of the {story.place}. Its radius grows by "
        f"{rate} centimeters per minute. At what rate, in square centimeters per minute, does its area grow when "
        f"the radius is {radius} centimeters? Give the exact value in terms of π.",
        f"{name} drops a pebble into a pond near the {story.place}. The radius of the outermost ring grows at "
        f"{rate} centimeters per second. How fast, in square centimeters per second, does the area inside the "
        f"ring grow when the radius is {radius} centimeters? Answer in terms of π.",
        f"A round patch of ice beside the {story.place} has a radius of {radius} meters just now, and the radius "
        f"increases by {rate} meters per day. Find the exact rate, in square meters per day, at which the area "
        "increases now, in terms of π.",
    )
    unit = "square meters per day" if "ice" in problem else "square centimeters per second"
    unit = "square centimeters per minute" if "leak" in problem else unit
    steps = (
        "The area is πr², so its rate of change is 2πr times the rate of change of r.",
        f"Twice the radius: 2 × {radius} = {2 * radius}.",
        f"Times the rate of the radius: {2 * radius} × {rate} = {2 * radius * rate}, so the area grows by "
        f"{2 * radius * rate}π {unit}.",
    )
    check = pi * _secant(lambda t: (radius + rate * t) ** 2, 0)
    return Draft(problem, steps, 2 * radius * rate * pi, check, unit)


@family("box-from-a-sheet", topic=TOPIC, level=5, formula="optimization", stories=EVERYWHERE)
def box_from_a_sheet(rng: Random, story: Story) -> Draft:
    cut = rng.randint(1, 15)
    side, base, name = 6 * cut, 4 * cut, rng.choice(story.people)
    problem = pick(
        rng,
        f"From a square sheet of cardboard with sides of {side} centimeters, {name} cuts equal squares out of the "
        f"four corners and folds up the rest to an open box for {story.items}. What is the largest possible "
        "volume in cubic centimeters?",
        f"The {story.place} needs open trays made of square metal sheets, {side} centimeters by {side} "
        "centimeters: a square is cut from each corner and the edges are bent up. How many cubic centimeters can "
        "a tray hold at most?",
        f"What is the greatest volume, in cubic centimeters, of an open box that {name} from the {story.place} "
        f"can fold from a sheet of {side} cm × {side} cm by cutting the same square from every corner?",
    )
    steps = (
        f"With squares of side x, the volume is x × ({side} − 2x)².",
        f"Its derivative is ({side} − 2x) × ({side} − 6x), which is zero inside the range at x = {side} ÷ 6 = {cut}.",
        f"The side of the base: {side} − 2 × {cut} = {base} centimeters.",
        f"The volume: {cut} × {base} × {base} = {cut * base**2} cubic centimeters.",
    )
    tries = (Rational(third, 3) for third in range(1, 9 * cut))
    check = max(x * (side - 2 * x) ** 2 for x in tries)
    return Draft(problem, steps, Integer(cut * base**2), check, "cubic centimeters")


@family("filling-a-vat", topic=TOPIC, level=5, formula="definite integral", stories=EVERYWHERE)
def filling_a_vat(rng: Random, story: Story) -> Draft:
    slower, end = rng.randint(1, 5), rng.randint(3, 12)
    start, rate = rng.randint(10, 90), 2 * slower * end + rng.randint(0, 20)
    flow, loss, name = rate * end, slower * end**2, rng.choice(story.people)
    bulk, unit = story.bulk, story.bulk_unit
    lost = "t²" if slower == 1 else f"{slower}t²"
    speed = f"{rate} − {2 * slower}t"
    problem = pick(
        rng,
        f"A vat at the {story.place} contains {start} {unit} of {bulk}. At time t, in minutes, {bulk} is added at "
        f"a rate of {speed} {unit} per minute. How many {unit} are in the vat after {end} minutes?",
        f"{name} opens a valve, and {bulk} runs into a tank at {speed} {unit} per minute, t minutes after the "
        f"opening. There were {start} {unit} in the tank before. What amount, in {unit}, is in it at t = {end}?",
        f"What quantity of {bulk}, in {unit}, does the {story.place} hold {end} minutes after a delivery began, "
        f"if there were {start} {unit} before and the delivery adds {speed} {unit} per minute at minute t?",
    )
    steps = (
        f"The amount added is the integral of the rate; an antiderivative is {rate}t − {lost}.",
        f"Its first term at {end}: {rate} × {end} = {flow}.",
        f"Its second term at {end}: {slower} × {end}² = {loss}.",
        f"The amount added: {flow} − {loss} = {flow - loss} {unit}.",
        f"With what was there before: {start} + {flow - loss} = {start + flow - loss} {unit}.",
    )
    # The rate falls evenly, so its mean is the mean of its first and its last value.
    check = start + Rational(rate + (rate - 2 * slower * end), 2) * end
    return Draft(problem, steps, Integer(start + flow - loss), check, unit)


@family("greatest-profit", topic=TOPIC, level=5, formula="optimization", stories=EVERYWHERE)
def greatest_profit(rng: Random, story: Story) -> Draft:
    low = rng.randint(1, 4)
    high = low + 2 * rng.randint(1, 4)
    while high <= 3 * low:  # the profit at the maximum then exceeds the profit at zero
        high += 2
    square, linear = 3 * (low + high) // 2, 3 * low * high
    name, fixed = rng.choice(story.people), rng.randint(0, 40)
    best = -(high**3) + square * high**2 - linear * high + fixed + linear
    curve = f"P(x) = −x³ + {square}x² − {linear}x + {fixed + linear}"
    problem = pick(
        rng,
        f"The profit of the {story.place} from x hundred {story.items}, in dollars, is {curve} for x from 0 to "
        f"{high + 3}. For which x is the profit greatest?",
        f"{name} describes the monthly profit of a stall with x helpers as {curve} dollars, with x between 0 and "
        f"{high + 3}. At which value of x does it have its maximum?",
        f"At what x between 0 and {high + 3} does {curve}, the profit in dollars from x tons of goods shipped to "
        f"the {story.place}, reach its greatest value?",
    )
    steps = (
        f"The derivative is −3x² + {2 * square}x − {linear}; divided by −3, it is zero where "
        f"x² − {low + high}x + {low * high} = 0.",
        f"The solutions have the sum {low} + {high} = {low + high} and the product {low} × {high} = {low * high}: "
        f"they are {low} and {high}.",
        f"The derivative is positive between them and negative beyond {high}, so there is a maximum at x = {high}, "
        f"with the value −{high}³ + {square} × {high}² − {linear} × {high} + {fixed + linear} = {best}.",
        f"That is more than the {fixed + linear} dollars at x = 0, so the profit is greatest at x = {high}.",
    )
    tries = [Rational(quarter, 4) for quarter in range(4 * (high + 3) + 1)]
    check = max(tries, key=lambda x: -(x**3) + square * x**2 - linear * x)
    return Draft(problem, steps, Integer(high), check)
