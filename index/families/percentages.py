"""Knows problems of parts per hundred: changes, discounts, taxes, interest, and back again; serves the starter corpus."""

from __future__ import annotations

from itertools import count
from random import Random

import sympy
from sympy import Integer, Rational

from index.families.family import Draft, family
from index.families.stories import Story
from index.families.wording import EVERYWHERE, a, money, number, pick

TOPIC = "percentages"


@family("others-from-a-percentage", topic=TOPIC, level=3, formula="percentage of an unknown", stories=EVERYWHERE)
def others_from_a_percentage(rng: Random, story: Story) -> Draft:
    rate, one = rng.choice((15, 20, 24, 30, 35, 40, 45, 60)), Rational(rng.randint(2, 40), 5)
    part, whole = rate * one, 100 * one
    if part.q != 1:
        return others_from_a_percentage(rng, story)
    others, items, name = whole - part, story.items, rng.choice(story.people)
    problem = pick(
        rng,
        f"{rate}% of the {items} at the {story.place} are reserved; that is {part} {items}. How many {items} are not "
        "reserved?",
        f"{name} has labeled {part} {items}, which is {rate}% of all of them. How many {items} still have no label?",
        f"How many {items} are not in use, if the {part} that are in use at the {story.place} make up {rate}% of the "
        "total?",
    )
    steps = (
        f"One percent: {part} ÷ {rate} = {number(one)}.",
        f"All of them: 100 × {number(one)} = {whole} {items}.",
        f"The others: {whole} − {part} = {others} {items}.",
    )
    total = next(n for n in count(1) if rate * n == 100 * part)
    return Draft(problem, steps, others, Integer(total) - part, items)


@family("change-in-percent", topic=TOPIC, level=2, formula="percentage change", stories=EVERYWHERE)
def change_in_percent(rng: Random, story: Story) -> Draft:
    rate, before = 5 * rng.randint(1, 16), 20 * rng.randint(2, 30)
    up = rng.random() < 0.5
    difference = before * rate // 100
    after = before + difference if up else before - difference
    items, verb, noun = story.items, "risen" if up else "fallen", "increase" if up else "decrease"
    problem = pick(
        rng,
        f"Last year the {story.place} used {before} {items}, this year {after}. By how many percent has the number "
        f"{verb}?",
        f"{rng.choice(story.people)} counted {after} {items} today and {before} a month ago. What is the {noun} in "
        "percent of the earlier number?",
        f"What is the percentage {noun} when the monthly order of {items} for the {story.place} is changed from "
        f"{before} to {after}?",
    )
    larger, smaller = max(before, after), min(before, after)
    steps = (
        f"The change: {larger} − {smaller} = {difference} {items}.",
        f"As a part of the earlier number: {difference} ÷ {before} = {number(Rational(rate, 100))}.",
        f"In percent: {number(Rational(rate, 100))} × 100 = {rate}.",
    )
    check = next(p for p in count(1) if before + (p if up else -p) * Rational(before, 100) == after)
    return Draft(problem, steps, Integer(rate), Integer(check), "%")


@family("bill-with-tax-and-tip", topic=TOPIC, level=3, formula="adding percentages", stories=EVERYWHERE)
def bill_with_tax_and_tip(rng: Random, story: Story) -> Draft:
    bill = Rational(5 * rng.randint(4, 30))
    tax, tip = rng.choice((4, 5, 6, 8, 10)), rng.choice((10, 15, 20))
    taxed, tipped = bill * tax / 100, bill * tip / 100
    total, name = bill + taxed + tipped, rng.choice(story.people)
    problem = pick(
        rng,
        f"A dinner for the {story.group} costs {money(bill)} before tax. The tax is {tax}%, and {name} adds a tip of "
        f"{tip}% of the price before tax. How much is paid in all?",
        f"{name} takes two guests of the {story.place} out for lunch. The menu price is {money(bill)}; a sales tax of "
        f"{tax}% and a tip of {tip}%, both of the menu price, come on top. What is the total?",
        f"How much money does {name} spend on a meal listed at {money(bill)}, if {tip}% of this price is left as a tip "
        f"and {tax}% of it is charged as tax?",
    )
    steps = (
        f"The tax: {money(bill)} × {tax} ÷ 100 = {money(taxed)}.",
        f"The tip: {money(bill)} × {tip} ÷ 100 = {money(tipped)}.",
        f"The total: {money(bill)} + {money(taxed)} + {money(tipped)} = {money(total)}.",
    )
    cents = 100 * int(bill)
    return Draft(problem, steps, total, Rational(cents * (100 + tax + tip), 10_000), "dollars")


@family("net-of-tax", topic=TOPIC, level=3, formula="reverse percentage", stories=EVERYWHERE)
def net_of_tax(rng: Random, story: Story) -> Draft:
    tax, net = rng.choice((5, 8, 10, 12, 20, 25)), 50 * rng.randint(1, 24)
    gross = Rational(net * (100 + tax), 100)
    included, machine, name = gross - net, story.machine, rng.choice(story.people)
    problem = pick(
        rng,
        f"The {story.place} pays {money(gross)} for {a(machine)}, with {tax}% tax included in the price. How many "
        "dollars of this are tax?",
        f"{money(gross)} is the price of {a(machine)} after {tax}% sales tax has been added. How much is the tax, in "
        "dollars?",
        f"{name} reads on a receipt for repairs: total {money(gross)}, including {tax}% tax on the net amount. What "
        f"amount of tax does the {story.place} pay?",
    )
    steps = (
        f"The price with tax is 100 + {tax} = {100 + tax} percent of the net price.",
        f"The net price: {money(gross)} ÷ {100 + tax} × 100 = {money(net)}.",
        f"The tax: {money(gross)} − {money(net)} = {money(included)}.",
    )
    x = sympy.Symbol("x")
    (before,) = sympy.solve(x + x * Rational(tax, 100) - gross, x)
    return Draft(problem, steps, included, before * Rational(tax, 100), "dollars")


@family("two-cuts-as-one", topic=TOPIC, level=4, formula="successive percentage changes", stories=EVERYWHERE)
def two_cuts_as_one(rng: Random, story: Story) -> Draft:
    first, second = rng.choice((10, 20, 25, 30, 40, 50)), rng.choice((5, 10, 15, 20, 30))
    after = 100 - first
    cut = Rational(after * second, 100)
    left = after - cut
    single, items = 100 - left, story.other_items
    name = rng.choice(story.people)
    problem = pick(
        rng,
        f"The {story.place} lowers the price of {items} by {first}%, and a month later the new price by {second}%. What "
        "single reduction in percent would have led to the same price?",
        f"{name} gets {first}% off on {items} and, at the till, another {second}% off the reduced price. How many "
        "percent does that save altogether?",
        f"Two reductions follow each other, {first}% and then {second}% of what is left. By how many percent have the "
        f"costs of the {story.place} fallen after both?",
    )
    steps = (
        f"Of every $100, the first reduction leaves 100 − {first} = {after} dollars.",
        f"The second takes away {second}% of that: {after} × {second} ÷ 100 = {number(cut)} dollars.",
        f"What is left: {after} − {number(cut)} = {number(left)} dollars.",
        f"The single reduction: 100 − {number(left)} = {number(single)} percent.",
    )
    price = Rational(7301)  # any price leads to the same
    for off in (first, second):
        price -= price * off / 100
    return Draft(problem, steps, single, (1 - price / 7301) * 100, "%")


@family("interest-for-months", topic=TOPIC, level=3, formula="simple interest", stories=EVERYWHERE)
def interest_for_months(rng: Random, story: Story) -> Draft:
    rate, months, loan = (
        rng.choice((2, 3, 4, 5, 6, 8)),
        rng.choice((3, 4, 6, 8, 9, 10, 15, 18)),
        300 * rng.randint(2, 40),
    )
    yearly = Rational(loan * rate, 100)
    interest = yearly * months / 12
    if (100 * interest).q != 1:
        return interest_for_months(rng, story)
    total, name = loan + interest, rng.choice(story.people)
    problem = pick(
        rng,
        f"The {story.place} borrows {money(loan)} at {rate}% simple interest a year and pays everything back after "
        f"{months} months. How much is paid back?",
        f"{name} lends the {story.place} {money(loan)} for {months} months. The yearly interest rate is {rate}%, without "
        f"compounding. What amount does {name} get back in the end?",
        f"What sum settles a loan of {money(loan)} for new {story.machines} after {months} months, at simple interest "
        f"of {rate}% per year?",
    )
    steps = (
        f"The interest for a year: {money(loan)} × {rate} ÷ 100 = {money(yearly)}.",
        f"For {months} months: {money(yearly)} × {months} ÷ 12 = {money(interest)}.",
        f"The amount to be paid: {money(loan)} + {money(interest)} = {money(total)}.",
    )
    check = Rational(loan)
    for _ in range(months):
        check += Rational(loan * rate, 1200)
    return Draft(problem, steps, total, check, "dollars")


@family("rate-from-interest", topic=TOPIC, level=4, formula="simple interest", stories=EVERYWHERE)
def rate_from_interest(rng: Random, story: Story) -> Draft:
    rate, years, sum_lent = Rational(rng.randint(2, 16), 2), rng.randint(2, 8), 200 * rng.randint(2, 40)
    interest = sum_lent * rate * years / 100
    total, name = sum_lent + interest, rng.choice(story.people)
    yearly = interest / years
    problem = pick(
        rng,
        f"{name} invests {money(sum_lent)} in the {story.place} and receives {money(total)} after {years} years, simple "
        "interest included. What is the yearly interest rate in percent?",
        f"With simple interest, {money(sum_lent)} in a fund of the {story.place} grew to {money(total)} in {years} "
        "years. How many percent a year were paid?",
        f"At what simple interest rate, in percent a year, do {money(sum_lent)} become {money(total)} within {years} "
        f"years for the {story.group}?",
    )
    steps = (
        f"The interest in all: {money(total)} − {money(sum_lent)} = {money(interest)}.",
        f"In one year: {money(interest)} ÷ {years} = {money(yearly)}.",
        f"In percent of the amount: {number(yearly)} ÷ {sum_lent} × 100 = {number(rate)}.",
    )
    r = sympy.Symbol("r")
    (check,) = sympy.solve(sum_lent * (1 + r * years / 100) - total, r)
    return Draft(problem, steps, rate, check, "%")


@family("before-two-changes", topic=TOPIC, level=4, formula="reverse percentage", stories=EVERYWHERE)
def before_two_changes(rng: Random, story: Story) -> Draft:
    up, down, start = rng.choice((10, 20, 25, 50)), rng.choice((10, 20, 30, 40, 50)), 40 * rng.randint(2, 25)
    raised = Rational(start * (100 + up), 100)
    end = raised * (100 - down) / 100
    if raised.q != 1 or end.q != 1:
        return before_two_changes(rng, story)
    items, name = story.items, rng.choice(story.people)
    problem = pick(
        rng,
        f"The number of {items} at the {story.place} first grew by {up}%, then fell by {down}% and is now {end}. What "
        "was it at the start?",
        f"There are {end} {items} today. In spring their number dropped by {down}%, after it had gone up by {up}% in "
        f"winter. How many {items} were there before the winter, according to {name}?",
        f"How many {items} did the {story.place} have originally, if an increase of {up}% followed by a decrease of "
        f"{down}% brought the number to {end}?",
    )
    steps = (
        f"Before the decrease, of which 100 − {down} = {100 - down} percent are left, there were {end} ÷ {100 - down} × "
        f"100 = {raised} {items}.",
        f"That is 100 + {up} = {100 + up} percent of the first number: {raised} ÷ {100 + up} × 100 = {start} {items}.",
    )
    check = next(n for n in count(1) if (n + n * Rational(up, 100)) * (1 - Rational(down, 100)) == end)
    return Draft(problem, steps, Integer(start), Integer(check), items)


@family("share-after-joining", topic=TOPIC, level=4, formula="percentage of a changed whole", stories=EVERYWHERE)
def share_after_joining(rng: Random, story: Story) -> Draft:
    total, rate = 20 * rng.randint(2, 15), 5 * rng.randint(2, 12)
    had = total * rate // 100
    joined = rng.choice((10, 20, 25, 30, 40, 50, 60, 80))
    share = Rational(100 * (had + joined), total + joined)
    if (2 * share).q != 1:
        return share_after_joining(rng, story)
    items, others = story.items, story.other_items
    name = rng.choice(story.people)
    problem = pick(
        rng,
        f"Of the {total} pieces in stock at the {story.place}, {rate}% are {items} and the rest {others}. Then {joined} "
        f"more {items} arrive. What percentage of the stock are {items} now?",
        f"{name} has a collection of {total} {items} and {others}; {rate}% of it are {items}. After {joined} {items} "
        f"have been added, how many percent of the collection are {items}?",
        f"What share in percent do {items} have among all {items} and {others}, if {joined} {items} join {total} pieces "
        f"at the {story.place} of which {rate}% were {items} before?",
    )
    steps = (
        f"The {items} at first: {total} × {rate} ÷ 100 = {had}.",
        f"The {items} now: {had} + {joined} = {had + joined}.",
        f"All pieces now: {total} + {joined} = {total + joined}.",
        f"The share: {had + joined} ÷ {total + joined} × 100 = {number(share)} percent.",
    )
    stock = [n % 20 < rate // 5 for n in range(total)] + [True] * joined
    return Draft(problem, steps, share, Rational(100 * sum(stock), len(stock)), "%")


@family("percent-of-a-percent", topic=TOPIC, level=3, formula="percentage of a percentage", stories=EVERYWHERE)
def percent_of_a_percent(rng: Random, story: Story) -> Draft:
    first, second, total = 5 * rng.randint(3, 17), 5 * rng.randint(2, 16), 100 * rng.randint(2, 20)
    part = Rational(total * first, 100)
    chosen = part * second / 100
    if chosen.q != 1:
        return percent_of_a_percent(rng, story)
    rest = part - chosen
    name, members = rng.choice(story.people), f"visitors of the {story.place}"
    problem = pick(
        rng,
        f"{first}% of {total} {members} fill in a form, and {second}% of these leave an address. How many fill in the "
        "form without an address?",
        f"{name} has asked {total} {members}. {first}% of them come by train, {second}% of those with a bicycle. How "
        "many come by train and have no bicycle with them?",
        f"How many of {total} {members} bought {a(story.item)} but no {story.other_item}, if {first}% of them bought "
        f"{a(story.item)}, and {second}% of those {a(story.other_item)} as well?",
    )
    steps = (
        f"The first group: {total} × {first} ÷ 100 = {part}.",
        f"Those of it who do not count: {part} × {second} ÷ 100 = {chosen}.",
        f"What remains: {part} − {chosen} = {rest}.",
    )
    check = Rational(total) * Rational(first, 100) * Rational(100 - second, 100)
    return Draft(problem, steps, rest, check, "people")


@family("cheaper-offer", topic=TOPIC, level=3, formula="comparing discounts", stories=EVERYWHERE)
def cheaper_offer(rng: Random, story: Story) -> Draft:
    price, off = 10 * rng.randint(4, 40), rng.choice((10, 15, 20, 25, 30))
    coupon = rng.randint(3, 30)
    saved = Rational(price * off, 100)
    cost_percent, cost_coupon = price - saved, Rational(price - coupon)
    gap = abs(cost_percent - cost_coupon)
    if gap == 0 or coupon >= price:
        return cheaper_offer(rng, story)
    machine, name = story.machine, rng.choice(story.people)
    problem = pick(
        rng,
        f"One shop offers {a(machine)} with a list price of {money(price)} at {off}% off, another one takes "
        f"{money(coupon)} off the same list price. How many dollars does the {story.place} save with the cheaper shop "
        "compared with the other?",
        f"{name} may use either a coupon for {money(coupon)} or a discount of {off}% on a bill of {money(price)} from "
        f"the {story.place}. What is the difference between the two, in dollars?",
        f"By how many dollars do the final prices differ, if {a(machine)} listed at {money(price)} is sold {off}% "
        f"cheaper in the first shop and {money(coupon)} cheaper in the second?",
    )
    high, low = max(cost_percent, cost_coupon), min(cost_percent, cost_coupon)
    steps = (
        f"The discount: {money(price)} × {off} ÷ 100 = {money(saved)}.",
        f"With the discount it costs {money(price)} − {money(saved)} = {money(cost_percent)}.",
        f"With the fixed amount it costs {money(price)} − {money(coupon)} = {money(cost_coupon)}.",
        f"The difference: {money(high)} − {money(low)} = {money(gap)}.",
    )
    cents = sum(off for _ in range(price)) - 100 * coupon  # the discount is `off` cents on every dollar
    return Draft(problem, steps, gap, abs(Rational(cents, 100)), "dollars")


@family("two-price-changes", topic=TOPIC, level=3, formula="successive percentage changes", stories=EVERYWHERE)
def two_price_changes(rng: Random, story: Story) -> Draft:
    price, first, second = 10 * rng.randint(3, 60), rng.choice((5, 10, 15, 20, 25, 40)), rng.choice((5, 10, 20, 25, 50))
    rises = rng.random() < 0.5  # a rise and then a cut, or the other way round
    signs = (1, -1) if rises else (-1, 1)
    change = Rational(price * first, 100)
    middle = price + signs[0] * change
    other = middle * second / 100
    end = middle + signs[1] * other
    if (100 * other).q != 1 or end == price:
        return two_price_changes(rng, story)
    machine, name = story.machine, rng.choice(story.people)
    one, two = ("raised", "lowered") if rises else ("lowered", "raised")
    problem = pick(
        rng,
        f"{a(machine).capitalize()} for the {story.place} costs {money(price)}. The price is {one} by {first}% and then "
        f"{two} by {second}%. What is it now?",
        f"{name} watches a price of {money(price)} for {story.items} in bulk: first it is {one} by {first}%, a month "
        f"later the new price is {two} by {second}%. How much is it in the end?",
        f"What does a {story.path} inspection that used to cost {money(price)} cost after the price was first {one} by "
        f"{first}% and the result then {two} by {second}%?",
    )
    marks = ("+", "−") if rises else ("−", "+")
    steps = (
        f"The first change: {money(price)} × {first} ÷ 100 = {money(change)}.",
        f"The price after it: {money(price)} {marks[0]} {money(change)} = {money(middle)}.",
        f"The second change: {money(middle)} × {second} ÷ 100 = {money(other)}.",
        f"The price after both: {money(middle)} {marks[1]} {money(other)} = {money(end)}.",
    )
    check = Rational(price * (100 + signs[0] * first) * (100 + signs[1] * second), 10_000)
    return Draft(problem, steps, end, check, "dollars")
