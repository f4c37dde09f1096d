"""Knows problems of whole numbers in several steps: totals, comparisons, leftovers, supplies; serves the starter corpus."""

from __future__ import annotations

from itertools import count
from random import Random

from sympy import Integer

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, a, pick, plural

TOPIC = "arithmetic"


@family("left-after-packing", topic=TOPIC, level=2, formula="division with remainder", stories=EVERYWHERE)
def left_after_packing(rng: Random, story: Story) -> Draft:
    deliveries, each, size = rng.randint(3, 9), rng.randint(15, 60), rng.randint(7, 18)
    total = deliveries * each
    if total % size == 0:
        total, each = total + deliveries, each + 1
    full, left = divmod(total, size)
    if left < 2 or full < 2:
        return left_after_packing(rng, story)
    name, items = rng.choice(story.people), story.items
    problem = pick(
        rng,
        f"The {story.place} receives {deliveries} deliveries of {each} {items}. {name} fills {story.containers} with "
        f"exactly {size} {items} each for as long as possible. How many {items} are left over?",
        f"{name} packs {items} into {story.containers} of {size}. If there are {deliveries} piles with {each} {items} "
        f"in each pile, how many {items} do not fill another {story.container}?",
        f"How many {items} remain at the {story.place} after as many {story.containers} as possible have been filled "
        f"with {size} {items} each, when {deliveries} times {each} {items} were there to begin with?",
    )
    steps = (
        f"In all there are {deliveries} × {each} = {total} {items}.",
        f"{plural(full, 'full ' + story.container, 'full ' + story.containers)} hold {full} × {size} = {full * size} "
        f"{items}; one more would be too many.",
        f"Left over are {total} − {full * size} = {left} {items}.",
    )
    rest = sum(each for _ in range(deliveries))
    while rest >= size:
        rest -= size
    return Draft(problem, steps, Integer(left), Integer(rest), items)


@family("containers-for-two-kinds", topic=TOPIC, level=2, formula="rounding up a quotient", stories=EVERYWHERE)
def containers_for_two_kinds(rng: Random, story: Story) -> Draft:
    size, first, second = rng.randint(6, 14), rng.randint(30, 120), rng.randint(30, 120)
    needed, other = -(-first // size), -(-second // size)
    if first % size == 0 or second % size == 0:
        return containers_for_two_kinds(rng, story)
    items, others, containers = story.items, story.other_items, story.containers
    problem = pick(
        rng,
        f"The {story.group} packs {first} {items} and {second} {others} for the {story.place}. Up to {size} pieces fit "
        f"into one {story.container}, and {items} and {others} must not be mixed. What is the smallest number of "
        f"{containers} that will do?",
        f"{a(story.container).capitalize()} takes at most {size} pieces. How many {containers} does "
        f"{rng.choice(story.people)} need for {first} {items} and {second} {others}, if {items} and {others} are kept "
        "apart?",
        f"At the {story.place}, {items} go into {containers} of {size} and so do {others}, never together. How many "
        f"{containers} have to be ready when {first} {items} and {second} {others} arrive?",
    )
    steps = (
        f"For the {items}, {needed - 1} {containers} are too few, because they hold {needed - 1} × {size} = "
        f"{(needed - 1) * size}, so it takes {needed - 1} + 1 = {needed}.",
        f"For the {others}, {other - 1} {containers} are too few, because they hold {other - 1} × {size} = "
        f"{(other - 1) * size}, so it takes {other - 1} + 1 = {other}.",
        f"Together: {needed} + {other} = {needed + other} {containers}.",
    )
    filled = 0
    for amount in (first, second):
        while amount > 0:
            amount, filled = amount - size, filled + 1
    return Draft(problem, steps, Integer(needed + other), Integer(filled), containers)


@family("three-compared", topic=TOPIC, level=2, formula="comparison", stories=EVERYWHERE)
def three_compared(rng: Random, story: Story) -> Draft:
    base, more, times = rng.randint(8, 40), rng.randint(3, 25), rng.randint(2, 4)
    one, two, three = rng.sample(story.people, 3)
    second, how = base + more, {2: "twice", 3: "three times", 4: "four times"}[times]
    third, items = times * second, story.items
    total = base + second + third
    problem = pick(
        rng,
        f"{one} has {base} {items}. {two} has {more} more than {one}, and {three} has {how} as many as {two}. How many "
        f"{items} do the three have together?",
        f"Three people count {items} at the {story.place}. {three} counts {how} as many as {two}, and {two} counts "
        f"{more} more than {one}, who counts {base}. How many {items} are counted in all?",
        f"How many {items} did {one}, {two} and {three} bring to the {story.place} in total, if {one} brought {base}, "
        f"{two} {more} more than that, and {three} {how} as many as {two}?",
    )
    steps = (
        f"{two}'s number: {base} + {more} = {second} {items}.",
        f"{three}'s number: {times} × {second} = {third} {items}.",
        f"All together: {base} + {second} + {third} = {total} {items}.",
    )
    check = next(n for n in count() if n - base - (base + more) == times * (base + more))
    return Draft(problem, steps, Integer(total), Integer(check), items)


@family("good-pieces-a-week", topic=TOPIC, level=2, formula="product of rates", stories=EVERYWHERE)
def good_pieces_a_week(rng: Random, story: Story) -> Draft:
    machines, rate, hours = rng.randint(2, 6), rng.randint(5, 20), rng.randint(4, 9)
    days, bad = rng.randint(3, 6), rng.randint(3, 18)
    hourly, daily = machines * rate, machines * rate * hours
    good, items = daily - bad, story.items
    problem = pick(
        rng,
        f"{machines} {story.machines} at the {story.place} handle {rate} {items} an hour each and run {hours} hours a "
        f"day. Every day {bad} of the {items} are found to be faulty. How many good {items} come out in {days} days?",
        f"In a factory hall, {machines} machines run {hours} hours a day, and each turns out {rate} {items} per hour. "
        f"The {story.place} takes all of them except the {bad} that fail inspection each day. How many {items} does it "
        f"take in {days} days?",
        f"How many {items} pass inspection in {days} days, if {bad} a day are rejected and {machines} machines make "
        f"{rate} {items} per hour each, {hours} hours a day, for the {story.place}?",
    )
    steps = (
        f"All machines in an hour: {machines} × {rate} = {hourly} {items}.",
        f"In a day: {hourly} × {hours} = {daily} {items}.",
        f"Good ones in a day: {daily} − {bad} = {good} {items}.",
        f"In {days} days: {days} × {good} = {days * good} {items}.",
    )
    check = sum(rate for _ in range(machines) for _ in range(hours) for _ in range(days)) - sum([bad] * days)
    return Draft(problem, steps, Integer(days * good), Integer(check), items)


@family("rest-of-the-order", topic=TOPIC, level=2, formula="equal shares of a remainder", stories=EVERYWHERE)
def rest_of_the_order(rng: Random, story: Story) -> Draft:
    slow, first, rest = rng.randint(8, 30), rng.randint(3, 8), rng.randint(2, 7)
    quota = slow + rng.randint(4, 25)
    done, left = slow * first, quota * rest
    order, days, items = done + left, first + rest, story.items
    name = rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} has {days} days to check {order} {items}. On each of the first {first} days {name} checks {slow}. How "
        f"many {items} must be checked on each of the remaining days, the same number every day?",
        f"An order of {order} {items} for the {story.place} has to be ready in {days} days. After {first} days at "
        f"{slow} {items} a day, what daily number for the rest of the time finishes it exactly?",
        f"The {story.group} wants to sort {order} {items} in {days} days. For {first} days it manages only {slow} a "
        f"day. How many a day does it have to sort from then on to finish just in time?",
    )
    steps = (
        f"Done in the first days: {first} × {slow} = {done} {items}.",
        f"Still to do: {order} − {done} = {left} {items}.",
        f"Days that remain: {days} − {first} = {rest}.",
        f"Each of these days: {left} ÷ {rest} = {quota} {items}.",
    )
    check = next(q for q in count() if sum([slow] * first + [q] * rest) == order)
    return Draft(problem, steps, Integer(quota), Integer(check), items)


@family("packed-again", topic=TOPIC, level=2, formula="same total in other groups", stories=EVERYWHERE)
def packed_again(rng: Random, story: Story) -> Draft:
    small, factor, unit = rng.randint(3, 8), rng.randint(2, 5), rng.randint(2, 6)
    large = small + rng.randint(2, 8)
    full = large * unit * (factor if factor < 4 else 2)  # so many small ones, then fewer large ones
    total = full * small
    fewer, items, containers = total // large, story.items, story.containers
    saved, name = full - fewer, rng.choice(story.people)
    problem = pick(
        rng,
        f"{full} {containers} hold {small} {items} each. {name} repacks all the {items} into larger {containers} for "
        f"{large} {items} each. How many fewer {containers} are in use afterwards?",
        f"By how many does the number of {containers} at the {story.place} go down, if the {items} from {full} "
        f"{containers} of {small} are put into {containers} of {large} instead?",
        f"At the {story.place} all {items} are in {containers} of {small}, and there are {full} of these. With "
        f"{large} {items} to {a(story.container)}, how many {containers} would be saved?",
    )
    steps = (
        f"All the {items}: {full} × {small} = {total}.",
        f"New number of {containers}: {total} ÷ {large} = {fewer}.",
        f"Saved: {full} − {fewer} = {saved} {containers}.",
    )
    check = full - sum(1 for _ in range(0, sum([small] * full), large))
    return Draft(problem, steps, Integer(saved), Integer(check), containers)


@family("shares-after-spoilage", topic=TOPIC, level=1, formula="equal shares", stories=EVERYWHERE)
def shares_after_spoilage(rng: Random, story: Story) -> Draft:
    people, share = rng.randint(3, 9), rng.randint(6, 25)
    usable = people * share
    containers = rng.randint(3, 8)
    each = -(-usable // containers) + rng.randint(1, 4)
    total = containers * each
    lost, items, name = total - usable, story.items, rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} opens {containers} {story.containers} of {each} {items}. {lost} {items} are damaged and thrown away; "
        f"the others are shared equally among {people} people. How many {items} does each of them get?",
        f"{people} {story.workers} at the {story.place} divide the contents of {containers} {story.containers} with "
        f"{each} {items} each evenly, after taking out {lost} unusable {items}. What is one person's share?",
        f"What number of {items} goes to each of {people} shops, if {containers} {story.containers} with {each} {items} "
        f"each come from the {story.place}, {lost} {items} are lost on the way, and the rest is split equally?",
    )
    steps = (
        f"At first there are {containers} × {each} = {total} {items}.",
        f"Usable are {total} − {lost} = {usable} {items}.",
        f"Each share: {usable} ÷ {people} = {share} {items}.",
    )
    shares = [0] * people
    for turn in range(sum([each] * containers) - lost):
        shares[turn % people] += 1
    return Draft(problem, steps, Integer(share), Integer(shares[0] if len(set(shares)) == 1 else -1), items)


@family("supply-runs-out", topic=TOPIC, level=3, formula="net change per day", stories=EVERYWHERE)
def supply_runs_out(rng: Random, story: Story) -> Draft:
    new, net, days = rng.randint(4, 25), rng.randint(3, 15), rng.randint(6, 24)
    used, stock, items = new + net, net * days, story.items
    name = rng.choice(story.people)
    problem = pick(
        rng,
        f"There are {stock} {items} in stock at the {story.place}. Every day {new} new ones come in and {used} are "
        "taken out. After how many days is the stock used up?",
        f"{name} starts with a supply of {stock} {items}, gets {new} fresh ones each morning and gives out "
        f"{used} during the day. For how many days does the supply last?",
        f"How many days does it take until a store of {stock} {items} is empty, if the {story.place} adds {new} every "
        f"morning and the {story.group} uses {used} every day?",
    )
    steps = (
        f"Each day the number falls by {used} − {new} = {net} {items}.",
        f"It lasts for {stock} ÷ {net} = {days} days.",
    )
    left, check = stock, 0
    while left > 0:
        left, check = left + new - used, check + 1
    return Draft(problem, steps, Integer(days), Integer(check), "days")


@family("one-of-three-counts", topic=TOPIC, level=2, formula="subtraction from a total", stories=EVERYWHERE)
def one_of_three_counts(rng: Random, story: Story) -> Draft:
    first, second, third = rng.randint(15, 90), rng.randint(15, 90), rng.randint(10, 60)
    both, later = first + second, second + third
    total = first + second + third
    items, name = story.items, rng.choice(story.people)
    morning, noon, evening = pick(rng, "Monday Tuesday Wednesday", "Friday Saturday Sunday", "May June July").split()
    joined = "in" if morning == "May" else "on"
    problem = pick(
        rng,
        f"In three periods, {morning}, {noon} and {evening}, the {story.place} used {total} {items}. {morning} and "
        f"{noon} together account for {both}, {noon} and {evening} together for {later}. How many {items} were used "
        f"{joined} {noon}?",
        f"{name} noted {both} {items} for {morning} and {noon} together and {later} for {noon} and {evening} together. "
        f"All three make {total} {items}. What is the number for {noon} alone?",
        f"How many {items} were handed out {joined} {noon}, if it was {total} from {morning} to {evening}, {both} "
        f"without {evening} and {later} without {morning}?",
    )
    steps = (
        f"The two sums together count {noon} twice: {both} + {later} = {both + later}.",
        f"What is counted too often is {noon}'s number: {both + later} − {total} = {second} {items}.",
    )
    check = next(n for n in range(total) if (both - n) + n + (later - n) == total)
    return Draft(problem, steps, Integer(second), Integer(check), items)


@family("moved-to-be-equal", topic=TOPIC, level=3, formula="half the difference", stories=EVERYWHERE)
def moved_to_be_equal(rng: Random, story: Story) -> Draft:
    less, moved = rng.randint(6, 60), rng.randint(3, 30)
    gap = 2 * moved
    more, items = less + gap, story.items
    giver, taker = rng.sample(story.people, 2)
    problem = pick(
        rng,
        f"{giver} has {more} {items} and {taker} has {less}. How many {items} must {giver} give to {taker}, so that both "
        "have the same number?",
        f"There are two {story.containers} at the {story.place}, one with {more} {items} and one with {less}. "
        "How many have to be moved from the fuller one to make them equal?",
        f"{taker} holds {less} {items}, {giver} {more}. What number of {items} has to change hands at the {story.place} "
        "until they hold equally many?",
    )
    steps = (
        f"The difference: {more} − {less} = {gap} {items}.",
        f"Each one that is moved closes it by 2, so {gap} ÷ 2 = {moved} {items} must be moved.",
    )
    check = 0
    while more - check > less + check:
        check += 1
    return Draft(problem, steps, Integer(moved), Integer(check), items)
