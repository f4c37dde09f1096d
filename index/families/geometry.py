"""Knows problems about plots, borders, tanks and straight ways across; serves the starter corpus."""

from __future__ import annotations

from itertools import product
from random import Random

import sympy
from sympy import Integer, Rational, pi

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, pick, plural

TRIPLES = ((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29), (9, 40, 41))


@family("perimeter-from-area", topic="geometry", level=2, formula="perimeter of a rectangle", stories=EVERYWHERE)
def perimeter_from_area(rng: Random, story: Story) -> Draft:
    width = rng.randint(4, 15)
    length = width + rng.randint(2, 20)
    area, name, side = length * width, rng.choice(story.people), length + width
    problem = pick(
        rng,
        f"A rectangular plot at the {story.place} has an area of {area} square meters and is {length} meters "
        f"long. {name} wants to run a rope all the way around it. How many meters of rope are needed?",
        f"How long is the rope that goes exactly once around a rectangular yard at the {story.place}, if the "
        f"yard covers {area} square meters and one of its sides measures {length} meters?",
        f"{name} is closing off a rectangular area of {area} square meters at the {story.place} with tape. "
        f"One side is {length} meters long. Find the length of tape for all four sides.",
    )
    steps = (
        f"The other side is the area divided by the known side: {area} ÷ {length} = {width} meters.",
        f"Two neighboring sides together: {length} + {width} = {side} meters.",
        f"All four sides: 2 × {side} = {2 * side} meters.",
    )
    found = next(other for other in range(1, area + 1) if other * length == area)
    return Draft(problem, steps, Integer(2 * side), Integer(sum((length, found, length, found))), "meters")


@family("triangle-height", topic="geometry", level=3, formula="area of a triangle", stories=EVERYWHERE)
def triangle_height(rng: Random, story: Story) -> Draft:
    base, height = 2 * rng.randint(2, 15), rng.randint(3, 25)
    area, name = base * height // 2, rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} sews a triangular banner for the {story.place}. Its base is {base} decimeters long and its "
        f"area is {area} square decimeters. How high is the banner, in decimeters?",
        f"A triangular sign at the {story.place} has an area of {area} square decimeters. If its base "
        f"measures {base} decimeters, what is its height in decimeters?",
        f"What height must a triangular board for the {story.place} have, if it stands on a base of {base} "
        f"decimeters and {name} has paint for exactly {area} square decimeters?",
    )
    steps = (
        "The area of a triangle is half of base times height, so base times height is twice the area: "
        f"2 × {area} = {2 * area}.",
        f"Dividing by the base gives the height: {2 * area} ÷ {base} = {height} decimeters.",
    )
    # The triangle that leans to one side has the same area: half the determinant of its corners.
    lean = Rational(base, 3)
    tip = sympy.Symbol("tip")
    corners = sympy.Matrix([[0, 0, 1], [base, 0, 1], [lean, tip, 1]])
    (check,) = sympy.solve(corners.det() / 2 - area, tip)
    return Draft(problem, steps, Integer(height), check, "decimeters")


@family("circle-from-rim", topic="geometry", level=3, formula="area of a circle", stories=EVERYWHERE)
def circle_from_rim(rng: Random, story: Story) -> Draft:
    radius = rng.randint(2, 25)
    place = story.place
    problem = pick(
        rng,
        f"A round stage at the {place} has a circumference of exactly {2 * radius}π meters. What is its "
        "area in square meters? Give the exact answer in terms of π.",
        f"{rng.choice(story.people)} walks once around the edge of a circular pool near the {place} and covers "
        f"{2 * radius}π meters. Find the exact area of the pool in square meters.",
        f"What is the exact area, in square meters, of a circular lawn beside the {place} whose edge is "
        f"{2 * radius}π meters long?",
    )
    steps = (
        f"The circumference is 2πr, so the radius is {2 * radius}π ÷ (2π) = {radius} meters.",
        f"The square of the radius: {radius} × {radius} = {radius**2}.",
        f"The area is πr², which gives {radius**2}π square meters.",
    )
    edge = sympy.Symbol("edge")  # the rings of radius `edge`, added up from the middle to the rim
    check = sympy.integrate(2 * pi * edge, (edge, 0, radius))
    return Draft(problem, steps, radius**2 * pi, check, "square meters")


@family("corner-cut-away", topic="geometry", level=2, formula="area of a composite figure", stories=EVERYWHERE)
def corner_cut_away(rng: Random, story: Story) -> Draft:
    long, wide = rng.randint(8, 20), rng.randint(7, 15)
    cut_long, cut_wide = rng.randint(2, long - 4), rng.randint(2, wide - 3)
    whole, cut, name = long * wide, cut_long * cut_wide, rng.choice(story.people)
    place = story.place
    problem = pick(
        rng,
        f"The floor plan of a hall at the {place} is a rectangle of {long} meters by {wide} meters from which a "
        f"corner of {cut_long} meters by {cut_wide} meters is cut away for the stairs. How many square meters "
        "of floor are left?",
        f"{name} lays a new floor at the {place}. The room measures {long} meters by {wide} meters, but a storage "
        f"closet of {cut_long} meters by {cut_wide} meters takes up one corner and gets no new floor. What area, "
        "in square meters, does the new floor have?",
        f"How large, in square meters, is an L-shaped yard at the {place} that would be a rectangle of {long} "
        f"by {wide} meters, were it not for a shed of {cut_long} by {cut_wide} meters in one corner?",
    )
    steps = (
        f"The full rectangle: {long} × {wide} = {whole} square meters.",
        f"The corner: {cut_long} × {cut_wide} = {cut} square meters.",
        f"What is left: {whole} − {cut} = {whole - cut} square meters.",
    )
    squares = sum(1 for x, y in product(range(long), range(wide)) if x >= cut_long or y >= cut_wide)
    return Draft(problem, steps, Integer(whole - cut), Integer(squares), "square meters")


@family("plan-to-ground", topic="geometry", level=3, formula="scale factor", stories=EVERYWHERE)
def plan_to_ground(rng: Random, story: Story) -> Draft:
    scale, long, wide = rng.randint(2, 12), rng.randint(4, 15), rng.randint(2, 9)
    real_long, real_wide, name = long * scale, wide * scale, rng.choice(story.people)
    problem = pick(
        rng,
        f"On {name}'s plan of the {story.place}, 1 centimeter stands for {scale} meters. A rectangular hall is "
        f"{long} centimeters long and {wide} centimeters wide on the plan. What is the real area of the hall in "
        "square meters?",
        f"A rectangular yard measures {long} cm by {wide} cm on a map of the {story.place}. Each centimeter of "
        f"the map is {scale} meters in reality. How many square meters does the yard cover?",
        f"How many square meters of ground belong to a rectangle of {long} cm by {wide} cm on the plan of the "
        f"{story.place}, if the plan shows every {scale} meters as 1 centimeter?",
    )
    steps = (
        f"The real length: {long} × {scale} = {real_long} meters.",
        f"The real width: {wide} × {scale} = {real_wide} meters.",
        f"The real area: {real_long} × {real_wide} = {real_long * real_wide} square meters.",
    )
    # Areas grow with the square of the scale.
    check = Integer(long * wide) * Integer(scale) ** 2
    return Draft(problem, steps, Integer(real_long * real_wide), check, "square meters")


@family("straight-across", topic="geometry", level=3, formula="Pythagorean theorem", stories=EVERYWHERE)
def straight_across(rng: Random, story: Story) -> Draft:
    factor = rng.randint(1, 12)
    east, north, across = (factor * side for side in rng.choice(TRIPLES))
    if rng.random() < 0.5:
        east, north = north, east
    name, squares = rng.choice(story.people), east**2 + north**2
    problem = pick(
        rng,
        f"From the gate of the {story.place}, {name} walks {east} meters due east and then {north} meters due "
        "north. How many meters would the straight way back to the gate save, compared with returning the "
        "same way?",
        f"Two straight paths meet at a right angle near the {story.place}; one is {east} meters long, the other "
        f"{north} meters. {name} cuts straight across from one far end to the other instead of walking both "
        "paths. How many meters shorter is that?",
        f"By how many meters is the diagonal of a rectangle of {east} by {north} meters at the {story.place} "
        "shorter than the way along two of its sides?",
    )
    steps = (
        f"The straight way is the longest side of a right triangle: {east}² + {north}² = {squares}.",
        f"Its length in meters: √{squares} = {across}.",
        f"The way along both sides: {east} + {north} = {east + north} meters.",
        f"The difference: {east + north} − {across} = {east + north - across} meters.",
    )
    straight = sympy.Point(0, 0).distance(sympy.Point(east, north))
    check = east + north - straight
    return Draft(problem, steps, Integer(east + north - across), check, "meters")


@family("depth-of-a-tank", topic="geometry", level=3, formula="volume of a box", stories=EVERYWHERE)
def depth_of_a_tank(rng: Random, story: Story) -> Draft:
    long, wide, high = rng.randint(4, 15), rng.randint(3, 10), rng.randint(5, 12)
    depth = rng.randint(2, high - 2)
    base, volume, name = long * wide, long * wide * depth, rng.choice(story.people)
    problem = pick(
        rng,
        f"A rainwater tank at the {story.place} is a box {long} dm long, {wide} dm wide and {high} dm high. "
        f"{name} pours {volume} liters of water into the empty tank (a liter is a cubic decimeter). How many "
        "decimeters below the rim does the water stand?",
        f"{name} fills {volume} liters of water into an empty box-shaped basin at the {story.place}. Its base "
        f"measures {long} dm by {wide} dm, its walls are {high} dm high, and one liter takes up one cubic "
        "decimeter. What distance, in decimeters, is left between the water and the rim?",
        f"How many decimeters of free height remain in an open tank with a base of {long} dm by {wide} dm, "
        f"{high} dm high, once the {story.group} of the {story.place} has put {volume} cubic decimeters of water "
        "in it?",
    )
    steps = (
        f"The base of the tank: {long} × {wide} = {base} square decimeters.",
        f"The depth of the water: {volume} ÷ {base} = {depth} decimeters.",
        f"Up to the rim: {high} − {depth} = {high - depth} decimeters.",
    )
    free = next(gap for gap in range(high + 1) if long * wide * high - long * wide * gap == volume)
    return Draft(problem, steps, Integer(high - depth), Integer(free), "decimeters")


@family("painted-box", topic="geometry", level=3, formula="surface of a box", stories=EVERYWHERE)
def painted_box(rng: Random, story: Story) -> Draft:
    long, wide, high = (rng.randint(2, 12) for _ in range(3))
    lid, front, side = long * wide, long * high, wide * high
    faces, name = lid + front + side, rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} wraps a closed cardboard box for the {story.place}. The box is {long} dm long, {wide} dm wide "
        f"and {high} dm high. How many square decimeters of paper cover it exactly, without any overlap?",
        f"A closed wooden chest at the {story.place} measures {long} dm by {wide} dm by {high} dm. All six faces "
        "are to be painted. What area, in square decimeters, has to be painted?",
        f"Find the total outer surface, in square decimeters, of the closed box in which {name} sends "
        f"{story.items} from the {story.place}: length {long} dm, width {wide} dm, height {high} dm.",
    )
    steps = (
        f"Top: {long} × {wide} = {lid} square decimeters.",
        f"Front: {long} × {high} = {front} square decimeters.",
        f"Side: {wide} × {high} = {side} square decimeters.",
        f"One of each: {lid} + {front} + {side} = {faces} square decimeters.",
        f"Every face occurs twice: 2 × {faces} = {2 * faces} square decimeters.",
    )
    # A strip around the four walls, unrolled, and two lids.
    check = Integer(2 * (long + wide) * high + lid + lid)
    return Draft(problem, steps, Integer(2 * faces), check, "square decimeters")


@family("round-tank", topic="geometry", level=3, formula="volume of a cylinder", stories=EVERYWHERE)
def round_tank(rng: Random, story: Story) -> Draft:
    radius, high = rng.randint(2, 9), rng.randint(3, 15)
    base = radius**2
    problem = pick(
        rng,
        f"A cylindrical water tank at the {story.place} is {2 * radius} meters across and {high} meters high. "
        "What is its volume in cubic meters? Give the exact answer in terms of π.",
        f"The {story.group} of the {story.place} digs a round pit with a diameter of {2 * radius} meters and a "
        f"depth of {high} meters. Exactly how many cubic meters of earth are dug out, in terms of π?",
        f"Find the exact volume, in cubic meters, of a round pillar at the {story.place} that is {high} meters "
        f"tall and has a diameter of {2 * radius} meters.",
    )
    steps = (
        f"The radius is half of the diameter: {2 * radius} ÷ 2 = {radius} meters.",
        f"The base is πr², and {radius}² = {base}, so the base measures {base}π square meters.",
        f"Base times height: {base}π × {high} = {base * high}π cubic meters.",
    )
    # The half profile turned around its axis, in shells.
    shell = sympy.Symbol("shell")
    check = sympy.integrate(2 * pi * shell * high, (shell, 0, radius))
    return Draft(problem, steps, base * high * pi, check, "cubic meters")


@family("path-around", topic="geometry", level=3, formula="area of a border", stories=EVERYWHERE)
def path_around(rng: Random, story: Story) -> Draft:
    long, wide, border = rng.randint(8, 25), rng.randint(5, 18), rng.randint(1, 3)
    meters = plural(border, "meter", "meters")
    outer_long, outer_wide = long + 2 * border, wide + 2 * border
    outer, inner, name = outer_long * outer_wide, long * wide, rng.choice(story.people)
    problem = pick(
        rng,
        f"A rectangular flower bed in front of the {story.place} is {long} meters long and {wide} meters wide. "
        f"{name} lays a gravel path around it that is {meters} wide on every side. What is the area of the path "
        "in square meters?",
        f"Around a rectangular pond of {long} by {wide} meters near the {story.place} runs a walkway, everywhere "
        f"{meters} wide and with square corners. How many square meters does the walkway cover?",
        f"How many square meters of paving does {name} need for a border of {meters} on all four sides of a "
        f"rectangular lawn at the {story.place} that measures {long} by {wide} meters?",
    )
    steps = (
        f"Length with the border: {long} + 2 × {border} = {outer_long} meters.",
        f"Width with the border: {wide} + 2 × {border} = {outer_wide} meters.",
        f"Area with the border: {outer_long} × {outer_wide} = {outer} square meters.",
        f"Area inside: {long} × {wide} = {inner} square meters.",
        f"The border alone: {outer} − {inner} = {outer - inner} square meters.",
    )
    strips = 2 * border * (long + wide) + 4 * border**2  # four strips and four corner squares
    return Draft(problem, steps, Integer(outer - inner), Integer(strips), "square meters")


@family("square-tiles", topic="geometry", level=2, formula="tiling a rectangle", stories=EVERYWHERE)
def square_tiles(rng: Random, story: Story) -> Draft:
    tile = rng.choice((20, 25, 40, 50))
    rows, columns = rng.randint(4, 15), rng.randint(6, 20)
    long, wide, name = columns * tile, rows * tile, rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} covers a rectangular floor at the {story.place} with square tiles. The floor is {long} cm long "
        f"and {wide} cm wide; each tile has a side of {tile} cm. How many tiles are needed?",
        f"Square tiles with sides of {tile} cm are to cover a wall of {long} cm by {wide} cm at the "
        f"{story.place} without gaps. How many tiles does the {story.group} have to buy?",
        f"How many {tile} cm × {tile} cm tiles fit exactly on a floor that is {long} cm by {wide} cm, in the "
        f"entrance of the {story.place}?",
    )
    steps = (
        f"Tiles along the length: {long} ÷ {tile} = {columns}.",
        f"Tiles along the width: {wide} ÷ {tile} = {rows}.",
        f"Tiles in all: {columns} × {rows} = {rows * columns} tiles.",
    )
    return Draft(problem, steps, Integer(rows * columns), Rational(long * wide, tile * tile), "tiles")


@family("side-of-a-square", topic="geometry", level=3, formula="area of a square", stories=EVERYWHERE)
def side_of_a_square(rng: Random, story: Story) -> Draft:
    side, spacing = 12 * rng.randint(1, 9), rng.choice((2, 3, 4, 6))
    posts, name = 4 * side // spacing, rng.choice(story.people)
    problem = pick(
        rng,
        f"A square meadow next to the {story.place} covers {side**2} square meters. {name} puts a post at each "
        f"corner and every {spacing} meters along the sides. How many posts are needed?",
        f"Posts stand around a square yard at the {story.place}, one in each corner and always {spacing} meters "
        f"apart. The yard has an area of {side**2} square meters. How many posts are there?",
        f"How many lamps are set up around a square parking lot of {side**2} square meters beside the "
        f"{story.place}, if every corner gets one and they follow each other at steps of {spacing} meters?",
    )
    steps = (
        f"The side of the square in meters: √{side**2} = {side}.",
        f"All the way around: 4 × {side} = {4 * side} meters.",
        f"One stands at every {spacing} meters: {4 * side} ÷ {spacing} = {posts}.",
    )
    edge = range(0, side + 1, spacing)
    ends = (0, side)
    stands = {(x, y) for x, y in product(edge, edge) if x in ends or y in ends}
    return Draft(problem, steps, Integer(posts), Integer(len(stands)))
