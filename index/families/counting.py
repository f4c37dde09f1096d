"""Knows problems about the number of choices, orders and selections; serves the starter corpus."""

from __future__ import annotations

from itertools import combinations, permutations, product
from math import comb, factorial, perm
from random import Random

from sympy import Integer

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, pick

SIGNALS = (("red", "blue"), ("green", "white"), ("yellow", "black"), ("orange", "purple"))


def _factors(top: int, number: int) -> str:
    """`number` factors downward from `top`: "7 × 6 × 5"."""
    return " × ".join(str(top - back) for back in range(number))


@family("one-of-each", topic="counting", level=2, formula="product rule", stories=EVERYWHERE)
def one_of_each(rng: Random, story: Story) -> Draft:
    first, second, third = rng.randint(3, 9), rng.randint(2, 8), rng.randint(2, 6)
    name, pairs = rng.choice(story.people), first * second
    problem = pick(
        rng,
        f"{name} puts together a gift with one of {first} kinds of {story.items}, one of {second} kinds of "
        f"{story.other_items} and one of {third} cards. How many different gifts are possible?",
        f"The shop of the {story.place} sells shirts in {first} colors, {second} sizes and {third} cuts. How many "
        "different shirts can be ordered?",
        f"How many menus can the canteen of the {story.place} offer, if each consists of one of {first} starters, "
        f"one of {second} main dishes and one of {third} desserts?",
    )
    steps = (
        f"Every first choice goes with every second one: {first} × {second} = {pairs}.",
        f"Each of these goes with every third choice: {pairs} × {third} = {pairs * third}.",
    )
    every = sum(1 for _ in product(range(first), range(second), range(third)))
    return Draft(problem, steps, Integer(pairs * third), Integer(every))


@family("two-side-by-side", topic="counting", level=4, formula="permutations", stories=EVERYWHERE)
def two_side_by_side(rng: Random, story: Story) -> Draft:
    people, apart = rng.randint(4, 7), rng.random() < 0.5
    first, second = rng.sample(story.people, 2)
    want, must = ("avoid being", "not be") if apart else ("be", "be")
    problem = pick(
        rng,
        f"{people} people of the {story.group} line up for a photo, among them {first} and {second}, who want to "
        f"{want} neighbors. In how many orders can all of them stand?",
        f"In how many orders can {people} people sit in a row at the {story.place}, if two of them, {first} and "
        f"{second}, must {must} neighbors?",
        f"{first} and {second} join a queue of {people} people (both included) at the {story.place}, and they "
        f"will {must} neighbors. How many different queues are possible?",
    )
    blocks, every = factorial(people - 1), factorial(people)
    together = 2 * blocks
    steps = [
        f"Taken as one block, the two leave {people} − 1 = {people - 1} things to order: "
        f"{_factors(people - 1, people - 1)} = {blocks}.",
        f"Within the block there are two orders, so they are side by side in 2 × {blocks} = {together} orders.",
    ]
    if apart:
        steps.append(f"Orders without any condition: {_factors(people, people)} = {every}.")
        steps.append(f"Orders with the two apart: {every} − {together} = {every - together}.")
    near = sum(1 for order in permutations(range(people)) if abs(order.index(0) - order.index(1)) == 1)
    check = every - near if apart else near
    return Draft(problem, tuple(steps), Integer(every - together if apart else together), Integer(check))


@family("choose-some", topic="counting", level=3, formula="combinations", stories=EVERYWHERE)
def choose_some(rng: Random, story: Story) -> Draft:
    total, chosen = rng.randint(6, 13), rng.randint(2, 4)
    name, ordered, orders = rng.choice(story.people), perm(total, chosen), factorial(chosen)
    problem = pick(
        rng,
        f"{name} may take {chosen} of {total} different {story.items} home from the {story.place}. How many "
        "different selections are possible?",
        f"In how many ways can {chosen} of the {total} {story.workers} at the {story.place} be picked for the "
        "same weekend duty?",
        f"How many different groups of {chosen} can be formed from {total} people of the {story.group} of the "
        f"{story.place}?",
    )
    steps = (
        f"One after another, {chosen} out of {total} can be picked in {_factors(total, chosen)} = {ordered} ways.",
        f"The same choice is counted once for each of its orders: {_factors(chosen, chosen)} = {orders}.",
        f"Selections without order: {ordered} ÷ {orders} = {ordered // orders}.",
    )
    check = sum(1 for _ in combinations(range(total), chosen))
    return Draft(problem, steps, Integer(ordered // orders), Integer(check))


@family("mixed-committee", topic="counting", level=4, formula="combinations", stories=EVERYWHERE)
def mixed_committee(rng: Random, story: Story) -> Draft:
    workers, guests, seats = rng.randint(3, 7), rng.randint(4, 7), rng.choice((3, 4))
    all_ways, name = comb(workers + guests, seats), rng.choice(story.people)
    none, everyone = comb(guests, seats), workers + guests
    problem = pick(
        rng,
        f"A committee of {seats} is to be chosen from {workers} {story.workers} and {guests} visitors of the "
        f"{story.place}. At least one of the {story.workers} has to be in it. In how many ways is that possible?",
        f"{name} picks {seats} out of {workers} {story.items} and {guests} {story.other_items}, all different. In "
        f"how many of the selections is there at least one {story.item}?",
        f"How many groups of {seats} can be formed from {workers} adults and {guests} children at the "
        f"{story.place}, if no group may consist of children only?",
    )
    orders = factorial(seats)
    steps = (
        f"A choice of {seats} can be made in {_factors(seats, seats)} = {orders} orders, which count as one.",
        f"Without the condition there are {everyone} to choose from: {_factors(everyone, seats)} ÷ {orders} = "
        f"{all_ways}.",
        f"Forbidden are the choices from the other {guests} alone: {_factors(guests, seats)} ÷ {orders} = {none}.",
        f"What remains: {all_ways} − {none} = {all_ways - none}.",
    )
    choices = combinations(range(everyone), seats)
    check = sum(1 for choice in choices if any(member < workers for member in choice))
    return Draft(problem, steps, Integer(all_ways - none), Integer(check))


@family("handshakes-between-groups", topic="counting", level=3, formula="counting pairs", stories=EVERYWHERE)
def handshakes_between_groups(rng: Random, story: Story) -> Draft:
    hosts, guests = rng.randint(4, 15), rng.randint(3, 15)
    everyone, name = hosts + guests, rng.choice(story.people)
    pairs, inside = everyone * (everyone - 1) // 2, guests * (guests - 1) // 2
    problem = pick(
        rng,
        f"{hosts} people of the {story.group} meet {guests} guests at the {story.place}. Everybody shakes hands "
        "once with everybody else, except that the guests do not shake hands with one another. How many "
        "handshakes are there?",
        f"In a video network there are {hosts} offices and {guests} telephones. Every office is linked to every "
        f"other office and to every telephone, but no two telephones are linked. How many links does {name} have "
        "to set up?",
        f"How many matches are played at the {story.place}, if {everyone} players meet each other once each, but "
        f"the {guests} players of the home club do not play among themselves?",
    )
    steps = (
        f"Together there are {hosts} + {guests} = {everyone}.",
        f"All possible pairs: {everyone} × {everyone - 1} ÷ 2 = {pairs}.",
        f"Pairs that do not count: {guests} × {guests - 1} ÷ 2 = {inside}.",
        f"What remains: {pairs} − {inside} = {pairs - inside}.",
    )
    if "matches" in problem:
        steps = (f"Players who are not from the home club: {everyone} − {guests} = {hosts}.", *steps[1:])
    check = sum(1 for low, _ in combinations(range(everyone), 2) if low < hosts)
    return Draft(problem, steps, Integer(pairs - inside), Integer(check))


@family("shortest-ways", topic="counting", level=4, formula="paths on a grid", stories=EVERYWHERE)
def shortest_ways(rng: Random, story: Story) -> Draft:
    east, north = rng.randint(2, 6), rng.randint(2, 5)
    blocks, name = east + north, rng.choice(story.people)
    fewer = min(east, north)
    ordered, orders = perm(blocks, fewer), factorial(fewer)
    problem = pick(
        rng,
        f"The streets of a town form a square grid. The {story.place} lies {east} blocks east and {north} blocks "
        f"north of {name}'s home. How many shortest ways along the streets lead from home to the {story.place}?",
        f"A robot at the {story.place} moves on a grid from one corner to the opposite one, {east} squares to the "
        f"right and {north} squares up, and never left or down. How many different routes can it take?",
        f"How many routes without detours does {name} have from the gate to a hut on a grid of paths, if the hut "
        f"of the {story.place} is {east} crossings to the east and {north} crossings to the north?",
    )
    steps = (
        f"Each way is a sequence of {east} + {north} = {blocks} moves.",
        f"It is fixed by the places of the {fewer} moves in one direction; picked in order, these are "
        f"{_factors(blocks, fewer)} = {ordered} ways.",
        f"These moves are alike, so their {_factors(fewer, fewer)} = {orders} orders count as one.",
        f"Different ways: {ordered} ÷ {orders} = {ordered // orders}.",
    )
    # The ways to each crossing are the ways to the crossings just before it, added.
    ways = [1] * (east + 1)
    for _ in range(north):
        for x in range(1, east + 1):
            ways[x] += ways[x - 1]
    return Draft(problem, steps, Integer(ordered // orders), Integer(ways[east]))


@family("flags-in-a-row", topic="counting", level=4, formula="permutations with repetition", stories=EVERYWHERE)
def flags_in_a_row(rng: Random, story: Story) -> Draft:
    (one, two), first, second = rng.choice(SIGNALS), rng.randint(2, 4), rng.randint(2, 3)
    total, name = first + second + 1, rng.choice(story.people)
    every, alike = factorial(total), factorial(first) * factorial(second)
    problem = pick(
        rng,
        f"{name} hangs {first} {one} flags, {second} {two} flags and a striped one in a row at the {story.place}. "
        "Flags of the same color look alike. How many different rows are possible?",
        f"In how many visibly different orders can {first} {one} lamps, {second} {two} lamps and a clear lamp be "
        f"mounted side by side above the entrance of the {story.place}?",
        f"Along the {story.path}, {name} sets up {first} {one} signs, {second} {two} signs and one with an arrow. "
        "Signs of one color cannot be told apart. How many orders are there?",
    )
    steps = (
        f"There are {first} + {second} + 1 = {total} places.",
        f"If all were different: {_factors(total, total)} = {every} orders.",
        f"Exchanging equal ones changes nothing: {_factors(first, first)} × {_factors(second, second)} = {alike} "
        "orders look the same.",
        f"Different orders: {every} ÷ {alike} = {every // alike}.",
    )
    check = len(set(permutations("a" * first + "b" * second + "c")))
    return Draft(problem, steps, Integer(every // alike), Integer(check))


@family("codes-without-repeats", topic="counting", level=3, formula="product rule", stories=EVERYWHERE)
def codes_without_repeats(rng: Random, story: Story) -> Draft:
    places, digits = rng.choice((3, 4)), rng.randint(5, 9)
    last, choices = digits - 1, (digits - 1, digits - 1, digits - 2, digits - 3)[:places]
    name = rng.choice(story.people)
    problem = pick(
        rng,
        f"The locker codes of the {story.place} have {places} digits from 0 to {last}. No digit occurs twice in a "
        "code, and no code starts with 0. How many codes are there?",
        f"{name} may choose a {places}-digit number for a ticket at the {story.place}. Only the digits 0 to "
        f"{last} are allowed, each at most once, and the first one must not be 0. How many numbers can be chosen?",
        f"How many {places}-digit numbers with different digits, all of them between 0 and {last}, can be used to "
        f"label the {story.items} at the {story.place}, if the first digit is not 0?",
    )
    steps = [f"The first digit can be any from 1 to {last}: {digits} − 1 = {digits - 1} choices."]
    ways = choices[0]
    names = ("second", "third", "fourth")
    for place, choice in zip(names, choices[1:], strict=False):
        reason = "0 is now allowed, the first digit is not" if place == "second" else "one digit fewer is left"
        steps.append(
            f"For the {place} digit there are {choice} choices ({reason}): {ways} × {choice} = {ways * choice}."
        )
        ways *= choice
    check = sum(1 for code in permutations(range(digits), places) if code[0])
    return Draft(problem, tuple(steps), Integer(ways), Integer(check))
