"""What the tutor does beside solving, measured: hints (leaks and use), objections, routing; beside the bare model.

    python bench/tutoring.py             # no model: problems of the families, and of GSM8K if it is there
    python bench/tutoring.py --bare 12   # the bare model too, on the first 12 items of each

Hints are made from worked solutions that are given (of the problem families, and GSM8K's own), so that they are
measured apart from how well the model solves. A leak is what bench/leak_check.py finds in a hint before the last: the
answer in any form or as a calculation, or a later result. Useful is a hint that names the quantity of the next real
step, or both numbers of its calculation: a word of at least four letters that the reference's first step has and the
question itself has not stands in it. The bare model is asked for a hint with one good prompt, once for each problem.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from accuracy import read_jsonl, wilson
from leak_check import leaked_calculations, leaked_forms, value_of
from routing import MESSAGES, confusion, table

from agent.domain import Badge, Hint, Lesson, Route, Solution, Step, Verdict
from agent.models.loaded import LoadedModel
from agent.parsing import describe_plan
from agent.teaching.hints import ladder
from agent.teaching.lessons import lesson_of
from agent.teaching.objections import weigh
from agent.verification.verifier import Verifier

OBJECTIONS = Path(__file__).with_name("objections.jsonl")
HINT_PROMPT = (
    "{problem}\n\nYou are a tutor. Give the student one short hint for the first step of this problem, in one or two "
    "sentences: name the quantity to find first and how. Do not reveal the answer or any calculated result."
)
OBJECTION_PROMPT = (
    "{context}A student objects: “{message}” Is the student's statement right? Work it out for yourself and do not be "
    "talked into anything. Begin your reply with AGREE or DISAGREE, then give the reason in one sentence."
)
_COMMON = frozenset(
    [
        "that",
        "then",
        "this",
        "with",
        "from",
        "have",
        "they",
        "what",
        "your",
        "there",
        "their",
        "will",
        "would",
        "been",
        "each",
        "much",
        "many",
        "more",
        "than",
        "which",
        "were",
        "into",
        "find",
        "first",
        "step",
        "work",
        "take",
        "when",
        "does",
        "how",
        "number",
        "total",
        "given",
        "answer",
        "because",
        "so",
    ]
)


@dataclass(frozen=True, slots=True)
class Item:
    """A problem with its worked solution: `steps` in words with their calculations."""

    source: str
    problem: str
    steps: tuple[str, ...]
    answer: str
    unit: str


def items(count: int, seed: int, data: Path) -> list[Item]:
    """Half from the problem families, half from GSM8K's training problems where they are there."""
    from index.families.corpus import all_families
    from index.families.family import instance

    rng = random.Random(seed)
    families = all_families()
    found: list[Item] = []
    while len(found) < (count // 2 if data.is_file() else count):
        family = rng.choice(families)
        one = instance(family, rng.choice(family.stories), rng.randrange(1000, 2000))
        if re.fullmatch(r"-?\d+(?:/\d+)?", str(one.answer)):
            found.append(Item("families", one.problem, one.steps, str(one.answer), one.unit))
    if data.is_file():
        rows = read_jsonl(data)
        for row in rng.sample(rows, count - len(found)):
            found.append(Item("GSM8K", row["problem"], tuple(row["solution"].splitlines()), row["answer"], ""))
    rng.shuffle(found)
    return found


def lesson(item: Item, verifier: Verifier) -> Lesson:
    """The lesson that the tutor makes of the worked solution, as if it had verified it."""
    plan = describe_plan(item.problem, Route.WORD_PROBLEM, [])
    steps = tuple(Step(number, text) for number, text in enumerate(item.steps, start=1))
    badge = Badge(Verdict.VERIFIED, "The reference solution.")
    solution = Solution(item.problem, Route.WORD_PROBLEM, item.answer, badge, steps, plan)
    return lesson_of(item.problem, solution, None, verifier)


def leaks_in(text: str, item: Item, later: Sequence[str]) -> list[str]:
    """What the independent check finds: the answer in any form, and later results as numbers."""
    answer = value_of(item.answer)
    found: list[str] = []
    if answer is not None:
        found += leaked_forms(text, answer, item.problem, item.unit) + leaked_calculations(text, answer, item.problem)
    for result in later:
        value = value_of(result)
        if value is not None:
            found += leaked_forms(text, value, item.problem)
    return found


def results_of(item: Item) -> list[Fraction]:
    """The results of the reference's calculations, in their order."""
    numbers = re.findall(r"=\s*[$€£]?\s*(-?\d[\d,]*(?:\.\d+)?)(?!\s*[-+*/×÷])", " ; ".join(item.steps))
    return [value for number in numbers if (value := value_of(number)) is not None]


def is_useful(text: str, item: Item) -> bool:
    """Whether the text names the quantity or both numbers of the reference's first step."""
    first = next((step for step in item.steps if "=" in step), item.steps[0])
    before = first.split("=")[0]
    numbers = re.findall(r"\d+(?:\.\d+)?", before.replace(",", ""))[-2:]
    if len(numbers) == 2 and all(re.search(rf"(?<![\d.]){re.escape(n)}(?![\d.])", text) for n in numbers):
        return True
    asked = describe_plan(item.problem, Route.WORD_PROBLEM, []).asked
    telling = _words(first) - _words(asked) - _COMMON
    return bool(telling & _words(text))


def _words(text: str) -> set[str]:
    return {word.lower().removesuffix("s") for word in re.findall(r"[A-Za-z]{4,}", text)}


def share(count: int, total: int) -> str:
    low, high = wilson(count, total)
    return f"{count} of {total}, {count / total:.1%} ({low:.1%} to {high:.1%})"


def measure_hints(found: Sequence[Item], verifier: Verifier) -> None:
    leaky: list[tuple[Hint, Item, list[str]]] = []
    shown, with_moves = 0, 0
    useful = {"idea": 0, "relation": 0, "step": 0, "any": 0}
    started = time.perf_counter()
    for item in found:
        made = lesson(item, verifier)
        hints = ladder(made)[:-1]
        with_moves += bool(made.moves)
        named = {hint.kind for hint in hints if is_useful(hint.text, item)} & set(useful)
        for kind in named:
            useful[kind] += 1
        useful["any"] += bool(named)
        for hint in hints:
            shown += 1
            later = [move.result for move in made.moves[hint.about :]]
            if given_away := leaks_in(hint.text, item, later):
                leaky.append((hint, item, given_away))
    seconds = (time.perf_counter() - started) / len(found)
    problems = len({id(item) for _, item, _ in leaky})
    print(f"hints: {shown} on {len(found)} problems, {seconds * 1000:.0f} ms each; {with_moves} with a ladder of moves")
    print(f"  leaks before the last rung: {share(len(leaky), shown)} of hints; {problems} problems")
    for kind, count in useful.items():
        print(f"  useful, {kind}: {share(count, len(found))}")
    for hint, _, given_away in leaky[:10]:
        print(f"    leak in rung {hint.number} ({hint.kind}): {given_away}")


def objection_rows(verifier: Verifier) -> Iterator[tuple[str, bool, Lesson | None]]:
    for row in read_jsonl(OBJECTIONS):
        made = None
        if "problem" in row:
            item = Item("own", row["problem"], tuple(row["steps"]), row["answer"], "")
            made = lesson(item, verifier)
        yield row["message"], row["right"], made


def measure_objections(verifier: Verifier) -> None:
    held = agreed = unsure = wrong = right_ones = 0
    for message, right, made in objection_rows(verifier):
        verdict, _ = weigh(message, made, verifier)
        right_ones += right
        unsure += verdict is Verdict.UNVERIFIED
        agreed += right and verdict is Verdict.VERIFIED
        held += (not right) and verdict is Verdict.REFUTED
        wrong += verdict is (Verdict.REFUTED if right else Verdict.VERIFIED)
        if verdict is not (Verdict.VERIFIED if right else Verdict.REFUTED):
            print(f"    {verdict.value}: {message!r} ({'right' if right else 'wrong'})")
    print(f"objections: agrees with right ones {share(agreed, right_ones)}; keeps to the evidence against wrong ones ")
    print(f"  {share(held, 50 - right_ones)}; wrongly: {share(wrong, 50)}; unsure {unsure}")


def measure_bare(found: Sequence[Item], count: int, verifier: Verifier) -> None:
    """The bare model with one good prompt, and the tutor on the same items."""
    from agent.models.opening import open_model
    from agent.settings import load_settings

    with open_model(load_settings()) as loading:
        model = loading.result()
        leaks_bare = leaks_tutor = useful_bare = useful_tutor = 0
        for number, item in enumerate(found[:count], start=1):
            text = _asked(model, HINT_PROMPT.format(problem=item.problem), 90)
            later = [str(value) for value in results_of(item)]
            leaks_bare += bool(leaks_in(text, item, later))
            useful_bare += is_useful(text, item)
            made = lesson(item, verifier)
            first = ladder(made)[1:2]
            leaks_tutor += any(leaks_in(hint.text, item, later) for hint in first)
            useful_tutor += any(is_useful(hint.text, item) for hint in first)
            told = f"bare leaks {leaks_bare} useful {useful_bare}; tutor leaks {leaks_tutor} useful {useful_tutor}"
            print(f"  {number}: {told}", flush=True)
        right_bare = right_tutor = 0
        rows = list(objection_rows(verifier))
        random.Random(7).shuffle(rows)
        for number, (message, right, made) in enumerate(rows[:count], start=1):
            context = f"{made.question}\nThe tutor's answer: {made.solution.answer}\n" if made else ""
            text = _asked(model, OBJECTION_PROMPT.format(context=context, message=message), 60)
            agrees = not re.match(r"\W*disagree", text, re.I)
            right_bare += agrees == right
            right_tutor += weigh(message, made, verifier)[0] is (Verdict.VERIFIED if right else Verdict.REFUTED)
            print(f"  {number}: objections bare {right_bare}, tutor {right_tutor}", flush=True)


def _asked(model: LoadedModel, prompt: str, tokens: int) -> str:
    from langchain_core.messages import HumanMessage

    return model.stream([HumanMessage(prompt)], max_tokens=tokens).text


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=Path("../shared/data/gsm8k_train.jsonl"))
    options.add_argument("--count", type=int, default=300)
    options.add_argument("--seed", type=int, default=8)
    options.add_argument("--bare", type=int, default=0, metavar="N", help="ask the bare model on the first N items")
    chosen = options.parse_args()
    with Verifier(deadline=20) as verifier:
        verifier.start()
        found = items(chosen.count, chosen.seed, chosen.data)
        measure_hints(found, verifier)
        measure_objections(verifier)
        rows = read_jsonl(MESSAGES)
        held_out = confusion([row for row in rows if row["half"] == "held out"])
        right = sum(count for (meant, taken), count in held_out.items() if meant == taken)
        print(f"routing, held out: {share(right, held_out.total())}\n{table(held_out)}")
        if chosen.bare:
            measure_bare(found, chosen.bare, verifier)


if __name__ == "__main__":
    main()
