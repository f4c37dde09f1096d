"""Knows problems about growth, decay, powers and logarithmic scales; serves the starter corpus."""

from __future__ import annotations

from itertools import count
from random import Random

from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, money, number, pick


@family("compound-interest", topic="exponents", level=4, formula="compound interest", stories=EVERYWHERE)
def compound_interest(rng: Random, story: Story) -> Draft:
    rate, years = rng.choice((5, 10, 20, 2, 4)), rng.choice((2, 3))
    start, name = 100 * rng.randint(2, 50), rng.choice(story.people)
    factor = Rational(100 + rate, 100)
    final = start * factor**years
    while (final * 100).q != 1:  # whole cents
        start += 100
        final = start * factor**years
    problem = pick(
        rng,
        f"{name} puts {start} dollars into a savings account for a new project at the {story.place}. It earns "
        f"{rate}% interest every year, which stays in the account. How many dollars are there after {years} "
        "years?",
        f"A fund of the {story.place} with {start} dollars grows by {rate}% a year. What is it worth after "
        f"{years} years, in dollars, if nothing is taken out?",
        f"To what amount, in dollars, do {start} dollars of the {story.group} grow in {years} years at {rate}% "
        "compound interest a year?",
    )
    growth, power = number(factor), number(factor**years)
    steps = (
        f"Each year multiplies the amount by 1 + {rate}/100 = {growth}.",
        f"Over {years} years: {growth}^{years} = {power}.",
        f"The amount: {start} × {power} = {money(final)}.",
    )
    check = Rational(start)
    for _ in range(years):
        check += check * rate / 100
    return Draft(problem, steps, final, check, "dollars")


@family("half-lives", topic="exponents", level=4, formula="exponential decay", stories=EVERYWHERE)
def half_lives(rng: Random, story: Story) -> Draft:
    half, periods = rng.randint(2, 15), rng.randint(3, 6)
    left, factor = rng.randint(2, 20), 2**periods
    start, hours, name = left * factor, half * periods, rng.choice(story.people)
    problem = pick(
        rng,
        f"The amount of a cleaning agent in the pool of the {story.place} halves every {half} hours. At first "
        f"there are {start} grams. How many grams are left after {hours} hours?",
        f"{name} at the {story.place} measures {start} units of a radioactive substance with a half-life of "
        f"{half} hours. How many units will there be {hours} hours later?",
        f"What remains, in milligrams, of {start} milligrams of a medicine after {hours} hours, if half of it "
        f"breaks down every {half} hours? {name} has to know it for the first aid course at the {story.place}.",
    )
    unit = "milligrams" if "medicine" in problem else "grams" if "pool" in problem else "units"
    steps = (
        f"The number of halvings: {hours} ÷ {half} = {periods}.",
        f"Together they divide by 2^{periods} = {factor}.",
        f"What is left: {start} ÷ {factor} = {left} {unit}.",
    )
    amount = Rational(start)
    for _ in range(0, hours, half):
        amount /= 2
    return Draft(problem, steps, Integer(left), amount, unit)


@family("time-to-grow", topic="logarithms", level=4, formula="exponential equation", stories=EVERYWHERE)
def time_to_grow(rng: Random, story: Story) -> Draft:
    base, every = rng.choice((2, 3, 4, 5, 10)), rng.randint(2, 9)
    power = rng.randint(3, {2: 10, 3: 6, 4: 5, 5: 4, 10: 4}[base])
    start, name = rng.randint(2, 9), rng.choice(story.people)
    goal, factor, hours = start * base**power, base**power, every * power
    verb = {2: "doubles", 3: "triples", 4: "quadruples"}.get(base, f"grows by the factor {base}")
    problem = pick(
        rng,
        f"A colony of {start} yeast cells, watched by {name} for a course at the {story.place}, {verb} every "
        f"{every} hours. After how many hours are there {goal} cells?",
        f"The number of people who have heard a rumor about the {story.place} is {start} × {base}^(t/{every}) "
        f"after t hours. At what time t, in hours, does it reach {goal}?",
        f"How many hours does it take until a picture of the {story.place}, seen by {start} people at first, has "
        f"been seen by {goal} people, if that number {verb} every {every} hours?",
    )
    steps = (
        f"The factor of growth: {goal} ÷ {start} = {factor}.",
        f"Since {base}^{power} = {factor}, the logarithm of {factor} to the base {base} is {power}.",
        f"The time: {power} × {every} = {hours} hours.",
    )
    size, check = start, 0
    while size < goal:
        size, check = size * base, check + every
    return Draft(problem, steps, Integer(hours), Integer(check if size == goal else -1), "hours")


@family("sound-level", topic="logarithms", level=5, formula="decibel scale", stories=EVERYWHERE)
def sound_level(rng: Random, story: Story) -> Draft:
    low, tens = rng.randint(30, 60), rng.randint(2, 5)
    high, name = low + 10 * tens, rng.choice(story.people)
    scale = "A sound of intensity I has the level L = 10 × log₁₀(I ÷ I₀) decibels, where I₀ is a fixed intensity."
    problem = pick(
        rng,
        f"{scale} At the {story.place}, {name} measures {low} decibels in the morning and {high} decibels at "
        "noon. How many times as intense as in the morning is the sound at noon?",
        f"Near one of the {story.machines} of the {story.place} the sound level is {high} decibels, outside it is "
        f"{low} decibels. {scale} By what factor do the intensities differ?",
        f"By what factor does the intensity of the noise at the {story.place} drop when its level falls from "
        f"{high} to {low} decibels? {scale}",
    )
    factor = 10**tens
    steps = (
        f"The levels differ by {high} − {low} = {10 * tens} decibels.",
        "A difference of levels is 10 times the logarithm of the quotient of the intensities: "
        f"{10 * tens} ÷ 10 = {tens} is this logarithm.",
        f"The quotient: 10^{tens} = {factor}.",
    )
    check = 1
    for _ in range(low, high, 10):  # ten decibels more are ten times the intensity
        check *= 10
    return Draft(problem, steps, Integer(factor), Integer(check))


@family("thinned-acid", topic="logarithms", level=5, formula="pH scale", stories=EVERYWHERE)
def thinned_acid(rng: Random, story: Story) -> Draft:
    times = rng.randint(2, 4)
    start = rng.randint(1, 6 - times)  # still an acid afterwards
    factor, after, name = 10**times, start + times, rng.choice(story.people)
    rule = "The pH value of a liquid is −log₁₀(c), where c is its concentration of acid in moles per liter."
    problem = pick(
        rng,
        f"{rule} {name} thins a cleaner with a pH of {start} for the {story.place} until the "
        f"concentration is {factor} times smaller. What is the pH then?",
        f"The {story.place} uses two acid solutions. The stronger one has a pH of {start}; the other "
        f"contains only 1/{factor} of its concentration of acid. {rule} Find the pH of the weaker solution.",
        f"What pH does a liquid have after {name} of the {story.place} has reduced its concentration of acid to "
        f"one part in {factor}, if the pH was {start} before? {rule}",
    )
    steps = (
        f"The factor is a power of ten: 10^{times} = {factor}, so log₁₀({factor}) is {times}.",
        "The logarithm of a quotient is a difference, so the pH rises by this number.",
        f"The new pH: {start} + {times} = {after}.",
    )
    concentration = Rational(1, 10**start) / factor
    check = next(value for value in count() if concentration * 10**value == 1)
    return Draft(problem, steps, Integer(after), Integer(check))


@family("logarithms-added", topic="logarithms", level=5, formula="logarithm of a product", stories=EVERYWHERE)
def logarithms_added(rng: Random, story: Story) -> Draft:
    base = rng.choice((2, 2, 3))
    low, high = sorted(rng.sample(range(1, 6 if base == 2 else 4), 2))
    small, large, total = base**low, base**high, low + high
    gap, value, name = large - small, small * large, rng.choice(story.people)
    sign = {2: "log₂", 3: "log₃"}[base]
    problem = pick(
        rng,
        f"The {story.place} rates a file of n pages with {sign}(n) points. Two files get {total} points together, "
        f"and one has {gap} pages more than the other. How many pages does the longer file have?",
        f"In a game by {name} of the {story.place}, a pile of n {story.items} is worth {sign}(n) points. Two "
        f"piles are worth {total} points together; the larger one has {gap} more {story.items}. How many are in "
        "the larger pile?",
        f"Find the positive number x with {sign}(x) + {sign}(x − {gap}) = {total}, which {name} needs to open a "
        f"lock at the {story.place}.",
    )
    under = gap**2 + 4 * value
    steps = (
        f"The logarithms of two numbers add up to the logarithm of their product, which is {base}^{total} = {value}.",
        f"So x × (x − {gap}) is {value}, that is x² − {gap}x − {value} = 0.",
        f"Under the root of the quadratic formula: {gap}² + 4 × {value} = {under}.",
        f"Its root: √{under} = {small + large}.",
        f"The positive solution: ({gap} + {small + large}) ÷ 2 = {large}.",
    )
    check = next(base**a for a in count(1) for b in range(1, a + 1) if base**a - base**b == gap and a + b == total)
    return Draft(problem, steps, Integer(large), Integer(check))


@family("powers-of-ten", topic="exponents", level=3, formula="scientific notation", stories=EVERYWHERE)
def powers_of_ten(rng: Random, story: Story) -> Draft:
    lead, divisor = rng.randint(2, 9), rng.randint(2, 9)
    small, rise = rng.randint(2, 5), rng.randint(2, 5)
    while lead * divisor > 99 or lead * divisor % 10 == 0 or lead == divisor:
        lead, divisor = rng.randint(2, 9), rng.randint(2, 9)
    product, large = lead * divisor, small + rise
    top = f"{number(Rational(product, 10))} × 10^{large + 1}" if product > 9 else f"{product} × 10^{large}"
    bottom, answer, name = f"{divisor} × 10^{small}", lead * 10**rise, rng.choice(story.people)
    problem = pick(
        rng,
        f"A computer of the {story.place} stores {top} bytes of pictures. One picture takes up {bottom} bytes. "
        "How many pictures are stored?",
        f"{name} reads that all {story.items} in the country together weigh {top} grams and that those of one "
        f"town weigh {bottom} grams. How many times as much is the first as the second?",
        f"The archive of the {story.place} has {top} letters of text, and one page holds {bottom} letters. How "
        "many pages does the archive fill?",
    )
    lifted = f"{product} × 10^{large}"
    steps = [f"The same power, written with a whole number in front: {top} = {lifted}."] if product > 9 else []
    steps += [
        f"The numbers in front: {product} ÷ {divisor} = {lead}.",
        f"The exponents are subtracted: {large} − {small} = {rise}.",
        f"Together: {lead} × 10^{rise} = {answer}.",
    ]
    check = Rational(int(str(product) + "0" * large), int(str(divisor) + "0" * small))
    return Draft(problem, tuple(steps), Integer(answer), check)


@family("powers-of-one-base", topic="exponents", level=3, formula="laws of exponents", stories=EVERYWHERE)
def powers_of_one_base(rng: Random, story: Story) -> Draft:
    base, first = rng.choice((2, 2, 3)), rng.randint(2, 4)
    second = rng.randint(2, 5)
    taken = rng.randint(2, first + second - 1)
    power, name = first + second - taken, rng.choice(story.people)
    problem = pick(
        rng,
        f"At the {story.place} there are {base}^{first} rooms with {base}^{second} {story.items} each. All of "
        f"them are shared evenly among {base}^{taken} people. How many {story.items} does each person get?",
        f"{name} prints {base}^{first} sheets with {base}^{second} labels each and packs all the labels into "
        f"{base}^{taken} envelopes, the same number in each. How many labels for the {story.place} are in an "
        "envelope?",
        f"The memory of a computer at the {story.place} has {base}^{first} parts of {base}^{second} cells. It is "
        f"divided equally among {base}^{taken} programs. How many cells does each program get?",
    )
    steps = (
        f"Multiplying powers of {base} adds the exponents: {first} + {second} = {first + second}.",
        f"Dividing subtracts the exponent: {first + second} − {taken} = {power}.",
        f"The result: {base}^{power} = {base**power}.",
    )
    check = Rational(base**first * base**second, base**taken)
    return Draft(problem, steps, Integer(base**power), check)
