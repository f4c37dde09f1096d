"""Knows problems of budgets, prices, wages, profit and exchange, exact to the cent; serves the starter corpus."""

from __future__ import annotations

from itertools import count
from random import Random

import sympy
from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, a, money, number, pick, plural

TOPIC = "money"


def _cents(rng: Random, low: int, high: int, step: int = 25) -> Rational:
    """An amount of dollars from `low` to `high` in steps of so many cents."""
    return Rational(step * rng.randint(low * 100 // step, high * 100 // step), 100)


@family("others-from-the-rest", topic=TOPIC, level=2, formula="budget", stories=EVERYWHERE)
def others_from_the_rest(rng: Random, story: Story) -> Draft:
    price, other = _cents(rng, 2, 9), _cents(rng, 1, 6)
    bought, fits = rng.randint(2, 8), rng.randint(3, 15)
    spare = Rational(rng.randint(0, int(other * 20) - 1), 20)
    spent = bought * price
    budget = spent + fits * other + spare
    rest = budget - spent
    items, others, name = story.items, story.other_items, rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} has {money(budget)}. After buying {bought} {items} at {money(price)} each, how many {others} at "
        f"{money(other)} each can {name} still afford?",
        f"The {story.group} has collected {money(budget)}. It pays for {bought} {items}, {money(price)} apiece, and "
        f"spends as much as possible of the rest on {others} for {money(other)} apiece. How many {others} does it get?",
        f"What is the largest number of {others} that {money(budget)} will buy, if {a(story.other_item)} costs "
        f"{money(other)} and {bought} {items} at {money(price)} each have to be paid first?",
    )
    steps = [
        f"The {items} cost {bought} × {money(price)} = {money(spent)}.",
        f"What is left: {money(budget)} − {money(spent)} = {money(rest)}.",
        f"For {fits} {others}: {fits} × {money(other)} = {money(fits * other)}.",
    ]
    last = f"and {fits} + 1 = {fits + 1} would cost more" if spare else "and nothing remains"
    steps.append(f"So {money(rest)} is enough for {fits} {others}, {last}.")
    purse, check = budget - sum([price] * bought), 0
    while purse >= other:
        purse, check = purse - other, check + 1
    return Draft(problem, tuple(steps), Integer(fits), Integer(check), others)


@family("saved-by-the-pack", topic=TOPIC, level=2, formula="comparing unit prices", stories=EVERYWHERE)
def saved_by_the_pack(rng: Random, story: Story) -> Draft:
    size, single, packs = rng.choice((4, 5, 6, 8, 10, 12)), _cents(rng, 1, 5, 10), rng.randint(2, 9)
    pack = size * single - _cents(rng, 1, 3, 10)
    if pack < size * single / 2:
        return saved_by_the_pack(rng, story)
    items, wanted, name = story.items, size * packs, rng.choice(story.people)
    alone, together = wanted * single, packs * pack
    problem = pick(
        rng,
        f"{a(story.item).capitalize()} costs {money(single)}, a pack of {size} costs {money(pack)}. {name} needs {wanted} "
        f"{items}. How many dollars are saved by buying packs instead of single {items}?",
        f"At the {story.place}, {wanted} {items} are ordered in packs of {size} at {money(pack)} a pack. Bought one by "
        f"one they would cost {money(single)} each. What is the saving in dollars?",
        f"How much cheaper, in dollars, are {wanted} {items} in packs of {size}, if a pack is sold for {money(pack)} and "
        f"a single {story.item} for {money(single)}?",
    )
    steps = (
        f"One by one they cost {wanted} × {money(single)} = {money(alone)}.",
        f"The number of packs: {wanted} ÷ {size} = {packs}.",
        f"In packs they cost {packs} × {money(pack)} = {money(together)}.",
        f"The saving: {money(alone)} − {money(together)} = {money(alone - together)}.",
    )
    check = sum((size * single - pack for _ in range(packs)), Rational(0))  # pack by pack
    return Draft(problem, steps, alone - together, check, "dollars")


@family("profit-on-sales", topic=TOPIC, level=3, formula="profit", stories=EVERYWHERE)
def profit_on_sales(rng: Random, story: Story) -> Draft:
    bought, cost, rise = rng.randint(20, 90), _cents(rng, 1, 4), _cents(rng, 1, 4)
    sold, fee = bought - rng.randint(2, 12), rng.randint(5, 30)
    price = cost + rise
    spent, earned = bought * cost, sold * price
    profit = earned - spent - fee
    if profit <= 0:
        return profit_on_sales(rng, story)
    items, name = story.other_items, rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} buys {bought} {items} at {money(cost)} each, pays {money(fee)} for a stand at the {story.place} and sells "
        f"{sold} of them at {money(price)} each. The others are given away. What is the profit?",
        f"A stand at the {story.place} costs {money(fee)} a day. The {story.group} offers {bought} {items} there, which it "
        f"got for {money(cost)} apiece; {sold} are sold for {money(price)} apiece and the rest cannot be sold. How much "
        "money does it gain?",
        f"How many dollars does {name} earn after all expenses, if {sold} {items} are sold at {money(price)} each, "
        f"{bought} were bought at {money(cost)} each, and the seller's permit is {money(fee)}?",
    )
    steps = (
        f"Spent on the {items}: {bought} × {money(cost)} = {money(spent)}.",
        f"With the fee: {money(spent)} + {money(fee)} = {money(spent + fee)}.",
        f"Taken in: {sold} × {money(price)} = {money(earned)}.",
        f"The profit: {money(earned)} − {money(spent + fee)} = {money(profit)}.",
    )
    check = -Rational(fee) + sum((price - cost if n < sold else -cost for n in range(bought)), Rational(0))
    return Draft(problem, steps, profit, check, "dollars")


@family("price-for-a-profit", topic=TOPIC, level=3, formula="selling price", stories=EVERYWHERE)
def price_for_a_profit(rng: Random, story: Story) -> Draft:
    sold, price = rng.randint(12, 80), _cents(rng, 2, 9)
    takings = sold * price
    profit = Rational(rng.randint(10, 60))
    cost = takings - profit
    if takings.q != 1 or cost < 15:
        return price_for_a_profit(rng, story)
    fixed = Rational(rng.randint(5, int(cost) - 5))
    material, items, name = cost - fixed, story.items, rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} has spent {money(material)} on materials and {money(fixed)} on rent to make {sold} {items} for the "
        f"{story.place}. At what price must each be sold, so that the profit is {money(profit)} when all are sold?",
        f"The {story.group} wants to earn {money(profit)} with {sold} {items}. It has expenses of {money(fixed)} and "
        f"{money(material)}. What must one {story.item} cost, if all of them find a buyer?",
        f"How many dollars should {name} charge for each of {sold} {items} to be left with {money(profit)} after paying "
        f"bills of {money(material)} and {money(fixed)}?",
    )
    steps = (
        f"The expenses: {money(material)} + {money(fixed)} = {money(cost)}.",
        f"With the profit, {money(cost)} + {money(profit)} = {money(takings)} must be taken in.",
        f"The price of one: {money(takings)} ÷ {sold} = {money(price)}.",
    )
    check = next(cent for cent in count(1) if cent * sold - 100 * (material + fixed) == 100 * profit)
    return Draft(problem, steps, price, Rational(check, 100), "dollars")


@family("weeks-until-affordable", topic=TOPIC, level=3, formula="savings plan", stories=EVERYWHERE)
def weeks_until_affordable(rng: Random, story: Story) -> Draft:
    income, spent, saved = rng.randint(20, 60), rng.randint(5, 18), rng.randint(10, 90)
    weekly, weeks = income - spent, rng.randint(4, 20)
    short = rng.randint(0, min(3, weekly - 1))
    goal = saved + weekly * weeks - short
    missing, name = goal - saved, rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} wants a toy {story.machine} for {money(goal)} and has {money(saved)}. Every week {name} gets "
        f"{money(income)} and spends {money(spent)} of it. After how many weeks is there enough money?",
        f"The {story.group} has {money(saved)} in its cash box and takes in {money(income)} a week, of which "
        f"{money(spent)} are needed for running costs. How many full weeks does it take to have {money(goal)}?",
        f"How many weeks must {name} save for a trip to the {story.place} that costs {money(goal)}, starting with "
        f"{money(saved)}, with a weekly wage of {money(income)} and weekly expenses of {money(spent)}?",
    )
    before = weekly * (weeks - 1)
    steps = (
        f"Saved in a week: {income} − {spent} = {weekly} dollars.",
        f"Still missing: {goal} − {saved} = {missing} dollars.",
        f"{weeks - 1} weeks give {weeks - 1} × {weekly} = {before} dollars, which is too little.",
        f"{weeks} weeks give {weeks} × {weekly} = {weekly * weeks} dollars, so the answer is {weeks} weeks.",
    )
    purse, check = saved, 0
    while purse < goal:
        purse, check = purse + income - spent, check + 1
    return Draft(problem, steps, Integer(weeks), Integer(check), "weeks")


@family("exchange-and-spend", topic=TOPIC, level=3, formula="exchange rate", stories=EVERYWHERE)
def exchange_and_spend(rng: Random, story: Story) -> Draft:
    rate = Rational(rng.choice((8, 10, 16, 20, 25, 40)))
    dollars, fee = rng.randint(10, 60) * 5, rng.choice((2, 3, 4, 5))
    left_dollars = rng.randint(2, 12)
    crowns = (dollars - fee) * rate
    spent = crowns - left_dollars * rate
    if spent <= 0:
        return exchange_and_spend(rng, story)
    name, coin = rng.choice(story.people), pick(rng, "crowns", "pesos", "rupees")
    problem = pick(
        rng,
        f"{name} changes {money(dollars)} at a bank that keeps {money(fee)} and gives {rate} {coin} for every other "
        f"dollar. Of these, {name} spends {spent} {coin} on a trip to a foreign {story.place} and changes the rest back "
        "at the same rate without a fee. How many dollars does that give?",
        f"On a visit to the {story.group} abroad, {name} exchanges {money(dollars)}. A fee of {money(fee)} is taken off "
        f"first, and one dollar is worth {rate} {coin}. {spent} {coin} are spent. What is the rest worth in dollars?",
        f"How many dollars are left from {money(dollars)}, if {money(fee)} go to the exchange office, the remaining money "
        f"is turned into {coin} at {rate} for a dollar, and the stay near the {story.place} costs {spent} {coin}?",
    )
    rest = crowns - spent
    steps = (
        f"Exchanged: {dollars} − {fee} = {dollars - fee} dollars.",
        f"In {coin}: {dollars - fee} × {rate} = {crowns}.",
        f"Not spent: {crowns} − {spent} = {rest} {coin}.",
        f"In dollars: {rest} ÷ {rate} = {left_dollars} dollars.",
    )
    check = dollars - fee - spent / rate
    return Draft(problem, steps, Integer(left_dollars), check, "dollars")


@family("one-pays-extra", topic=TOPIC, level=3, formula="splitting a bill", stories=EVERYWHERE)
def one_pays_extra(rng: Random, story: Story) -> Draft:
    people, shared, extra = rng.randint(3, 8), _cents(rng, 6, 20), _cents(rng, 2, 9)
    common = people * shared
    bill, name = common + extra, rng.choice(story.people)
    problem = pick(
        rng,
        f"{people} people from the {story.place} share a bill of {money(bill)}. {name}, one of them, pays for a dessert "
        f"of {money(extra)} alone; the rest is split equally among all {people}. How much does {name} pay in all?",
        f"{name} and {people - 1} friends rent {a(story.machine)} for {money(bill)}. This price includes "
        f"{money(extra)} for insurance, which only {name} wants and pays. Everything else is divided evenly among the "
        f"{people}. What is {name}'s total?",
        f"What does {name} owe, if a group of {people}, {name} included, spends {money(bill)} at the {story.place}, of "
        f"which {money(extra)} is for {name} only and the remainder is shared equally by everyone?",
    )
    steps = (
        f"To be shared: {money(bill)} − {money(extra)} = {money(common)}.",
        f"One share: {money(common)} ÷ {people} = {money(shared)}.",
        f"{name} pays {money(shared)} + {money(extra)} = {money(shared + extra)}.",
    )
    x = sympy.Symbol("x")
    (check,) = sympy.solve(x + (people - 1) * (x - extra) - bill, x)
    return Draft(problem, steps, shared + extra, check, "dollars")


@family("equally-many-coins", topic=TOPIC, level=3, formula="value of a set", stories=EVERYWHERE)
def equally_many_coins(rng: Random, story: Story) -> Draft:
    first, second = rng.sample((5, 10, 20, 25, 50), 2)
    sets = rng.randint(8, 60)
    pair, total = first + second, sets * (first + second)
    amount, name = Rational(total, 100), rng.choice(story.people)
    problem = pick(
        rng,
        f"The cash box of the {story.place} has equally many {first}-cent and {second}-cent coins, worth {money(amount)} "
        "altogether. How many coins are in it?",
        f"{name} saves {first}-cent coins and {second}-cent coins and has the same number of both. Their value is "
        f"{money(amount)}. What is the number of all coins together?",
        f"How many coins does the {story.group} hold, if they make {money(amount)}, half of them are {first}-cent pieces "
        f"and the other half {second}-cent pieces?",
    )
    steps = (
        f"One coin of each kind: {first} + {second} = {pair} cents.",
        f"The amount in cents: {number(amount)} × 100 = {total}.",
        f"Number of pairs: {total} ÷ {pair} = {sets}.",
        f"Coins: 2 × {sets} = {2 * sets}.",
    )
    check = next(n for n in count(2, 2) if n // 2 * first + n // 2 * second == 100 * amount)
    return Draft(problem, steps, Integer(2 * sets), Integer(check), "coins")


@family("wage-from-weekly-pay", topic=TOPIC, level=4, formula="wages with overtime", stories=EVERYWHERE)
def wage_from_weekly_pay(rng: Random, story: Story) -> Draft:
    normal, over, wage = rng.randint(25, 40), 2 * rng.randint(1, 6), Rational(rng.randint(20, 70), 2)
    counted = normal + over // 2 * 3
    pay, hours, name = counted * wage, normal + over, rng.choice(story.people)
    worker = a(story.worker)
    problem = pick(
        rng,
        f"{name} worked {hours} hours at the {story.place} last week and was paid {money(pay)}. Hours beyond {normal} are "
        f"paid one and a half times. What is {name}'s normal hourly wage?",
        f"For a week of {hours} hours {worker} receives {money(pay)}. The first {normal} hours are paid at the normal "
        "rate, all others at 1.5 times this rate. Find the normal rate per hour.",
        f"What does {worker} get for a normal hour, if {normal} normal hours and {over} hours of overtime, each worth an "
        f"hour and a half, bring {money(pay)}?",
    )
    steps = (
        f"Hours of overtime: {hours} − {normal} = {over}.",
        f"They count like {over} × 1.5 = {over // 2 * 3} normal hours.",
        f"Paid are {normal} + {over // 2 * 3} = {counted} normal hours.",
        f"One of them: {money(pay)} ÷ {counted} = {money(wage)}.",
    )
    w = sympy.Symbol("w")
    (check,) = sympy.solve(normal * w + over * w * Rational(3, 2) - pay, w)
    return Draft(problem, steps, wage, check, "dollars")


@family("every-third-free", topic=TOPIC, level=3, formula="bundle offer", stories=EVERYWHERE)
def every_third_free(rng: Random, story: Story) -> Draft:
    size, price, wanted = rng.randint(3, 5), _cents(rng, 1, 8), rng.randint(8, 40)
    free = wanted // size
    paid = wanted - free
    ordinal = {3: "third", 4: "fourth", 5: "fifth"}[size]
    items, name = story.items, rng.choice(story.people)
    problem = pick(
        rng,
        f"In a sale every {ordinal} {story.item} is free. {a(story.item).capitalize()} normally costs {money(price)}. How "
        f"much does {name} pay for {wanted} {items}?",
        f"The {story.place} offers {items} for {money(price)} each: whoever takes {size} pays for only {size - 1} of "
        f"them. What does it cost to get {wanted} {items} this way?",
        f"What is the price of {wanted} {items} at {money(price)} apiece, if {name} gets one in every {size} for nothing?",
    )
    steps = (
        f"In {wanted} {items} there are {plural(free, 'full group', 'full groups')} of {size}, since {free} × {size} = "
        f"{free * size}.",
        f"So {plural(free, 'is', 'are')} free and {wanted} − {free} = {paid} are paid.",
        f"The price: {paid} × {money(price)} = {money(paid * price)}.",
    )
    check = sum((price for n in range(1, wanted + 1) if n % size), Rational(0))
    return Draft(problem, steps, paid * price, check, "dollars")


@family("sales-for-a-target", topic=TOPIC, level=3, formula="break-even point", stories=EVERYWHERE)
def sales_for_a_target(rng: Random, story: Story) -> Draft:
    cost, margin = _cents(rng, 1, 5), _cents(rng, 1, 5)
    fixed, target = rng.randint(20, 90), rng.randint(30, 200)
    price, aim = cost + margin, Rational(fixed + target)
    needed = sympy.ceiling(aim / margin)
    if needed > 300:
        return sales_for_a_target(rng, story)
    items, name = story.items, rng.choice(story.people)
    problem = pick(
        rng,
        f"{name} makes {items} at a cost of {money(cost)} each and sells them for {money(price)} each. The equipment cost "
        f"{money(fixed)}. What is the smallest number of {items} that brings a profit of at least {money(target)}?",
        f"The {story.group} pays {money(fixed)} for a stand and {money(cost)} for every {story.item}, which it sells at "
        f"{money(price)}. How many {items} must be sold to have earned {money(target)} or more in the end?",
        f"How many {items} at {money(price)} does the shop of the {story.place} have to sell at least, if each costs it "
        f"{money(cost)}, the rent is {money(fixed)}, and {money(target)} are to be left over?",
    )
    less = needed - 1
    steps = (
        f"Each one brings {money(price)} − {money(cost)} = {money(margin)}.",
        f"Rent or equipment and profit together: {money(fixed)} + {money(target)} = {money(aim)}.",
        f"With {less} it would be {less} × {money(margin)} = {money(less * margin)}, which is too little.",
        f"So {less} + 1 = {needed} have to be sold.",
    )
    gained, check = -Rational(fixed), 0
    while gained < target:
        gained, check = gained - cost + price, check + 1
    return Draft(problem, steps, needed, Integer(check), items)


@family("change-from-a-note", topic=TOPIC, level=1, formula="change", stories=EVERYWHERE)
def change_from_a_note(rng: Random, story: Story) -> Draft:
    bought, others = rng.randint(2, 7), rng.randint(2, 6)
    price, other = _cents(rng, 1, 6), _cents(rng, 1, 6)
    first, second = bought * price, others * other
    total, name = first + second, rng.choice(story.people)
    note = next(value for value in (20, 50, 100) if value > total)
    problem = pick(
        rng,
        f"{name} buys {bought} {story.items} at {money(price)} each and {others} {story.other_items} at {money(other)} "
        f"each, and pays with a {note}-dollar bill. How much change does {name} get?",
        f"{a(story.item).capitalize()} costs {money(price)} and {a(story.other_item)} {money(other)}. What is the change "
        f"from {money(note)} for {bought} {story.items} and {others} {story.other_items}?",
        f"How much is left of {money(note)}, when the {story.group} has paid for {others} {story.other_items} at "
        f"{money(other)} and {bought} {story.items} at {money(price)} apiece?",
    )
    steps = (
        f"The {story.items}: {bought} × {money(price)} = {money(first)}.",
        f"The {story.other_items}: {others} × {money(other)} = {money(second)}.",
        f"Together: {money(first)} + {money(second)} = {money(total)}.",
        f"The change: {money(note)} − {money(total)} = {money(note - total)}.",
    )
    left = Rational(note)
    for paid in [price] * bought + [other] * others:
        left -= paid
    return Draft(problem, steps, note - total, left, "dollars")


@family("pay-with-overtime", topic=TOPIC, level=2, formula="wages with overtime", stories=EVERYWHERE)
def pay_with_overtime(rng: Random, story: Story) -> Draft:
    wage, normal, over = Rational(2 * rng.randint(5, 15)), rng.randint(30, 40), rng.randint(2, 9)
    dear, hours, name = wage * 3 / 2, normal + over, rng.choice(story.people)
    basic, extra = normal * wage, over * dear
    problem = pick(
        rng,
        f"{name} earns {money(wage)} an hour at the {story.place} for the first {normal} hours of a week and half as much "
        f"again for each further hour. How much does a week of {hours} hours bring?",
        f"{a(story.worker).capitalize()} is paid {money(wage)} an hour. Hours beyond {normal} a week count one and a half "
        f"times. What is the pay for {hours} hours in one week?",
        f"What does the {story.place} pay {name} for {hours} hours, of which only {normal} are at the normal wage of "
        f"{money(wage)} an hour, and the others at 1.5 times the normal wage?",
    )
    steps = (
        f"Hours of overtime: {hours} − {normal} = {over}.",
        f"The normal hours: {normal} × {money(wage)} = {money(basic)}.",
        f"An hour of overtime: {money(wage)} × 1.5 = {money(dear)}.",
        f"The overtime: {over} × {money(dear)} = {money(extra)}.",
        f"Together: {money(basic)} + {money(extra)} = {money(basic + extra)}.",
    )
    check = sum((wage if hour < normal else wage * 3 / 2 for hour in range(hours)), Rational(0))
    return Draft(problem, steps, basic + extra, check, "dollars")
