"""What the tutor does beside solving, measured: hints, objections, routing, the check of work; beside the bare model.

    python bench/tutoring.py             # no model: problems of the families, and of GSM8K if it is there
    python bench/tutoring.py --bare 100  # the bare model too, on the first 100 items of each

Hints are made from worked solutions that are given (of the problem families, and GSM8K's own), so that they are
measured apart from how well the model solves. A leak is what bench/leak_check.py finds in a hint before the last: the
answer in any form or as a calculation, or a later result. Useful is a hint that names the quantity of the next real
step, or both numbers of its calculation: a word of at least four letters that the reference's first step has and the
question itself has not stands in it. The bare model is asked with one good prompt for each job, once for each item.
The check of work needs stepverify_dev.jsonl beside --data, and, for the model's part, `student_work.py collect` first;
so do hints made of the model's own derivations. Follow-ups need `follow_ups.py` first.
All of it is written to bench/runs/tutoring.md as well.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TextIO

import student_work
from accuracy import RUNS, mcnemar, read_jsonl, wilson
from leak_check import leaked_calculations, leaked_forms, value_of
from rich.console import Console
from rich.progress import track
from routing import INTENTS, MESSAGES, confusion, routed, table

from agent.domain import Badge, Derivation, Hint, Lesson, Route, Solution, Step, Verdict
from agent.models.loaded import LoadedModel
from agent.parsing import describe_plan
from agent.teaching.hints import ladder
from agent.teaching.lessons import lesson_of
from agent.teaching.objections import weigh
from agent.verification.verifier import Verifier

Asking = Callable[[Sequence[str], int], list[str]]  # the model's texts for prompts, of at most so many tokens

TABLE = RUNS / "tutoring.md"
WORK_ROWS = 340  # more than there are problems: what was collected counts
OBJECTIONS = Path(__file__).with_name("objections.jsonl")
HINT_PROMPT = (
    "{problem}\n\nYou are a tutor. Give the student one short hint for the first step of this problem, in one or two "
    "sentences: name the quantity to find first and how. Do not reveal the answer or any calculated result."
)
OBJECTION_PROMPT = (
    "{context}A student objects: “{message}” Is the student's statement right? Work it out for yourself and do not be "
    "talked into anything. Begin your reply with AGREE or DISAGREE, then give the reason in one sentence."
)
_COMMON = frozenset([
    "that", "then", "this", "with", "from", "have", "they", "what", "your", "there", "their", "will", "would",
    "been", "each", "much", "many", "more", "than", "which", "were", "into", "find", "first", "step", "work",
    "take", "when", "does", "how", "number", "total", "given", "answer", "because", "so",
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """A problem with its worked solution: `steps` in words with their calculations."""

    source: str
    problem: str
    steps: tuple[str, ...]
    answer: str
    unit: str
    derivation: str = ""  # the model's own, which gives the answer: the ladder is then made of it


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


def work_items(data: Path, verifier: Verifier) -> list[Item]:
    """stepverify's problems whose first derivation (bench/student_work.py) is right, with their reference solutions."""
    file = data.parent / "stepverify_dev.jsonl"
    known = student_work.known_calls()
    found: list[Item] = []
    for row in student_work.chosen_rows(read_jsonl(file), WORK_ROWS, 2, False) if file.is_file() else []:
        steps = tuple(student_work.reference_steps(row))
        answer = value_of(steps[-1].rpartition("=")[2])
        record = known.get(student_work.key(row["problem"], student_work.FORMS[0], []))
        derived = record["answer"] if record else None
        if derived and answer is not None and verifier.same_value(derived, str(answer)) is Verdict.VERIFIED:
            found.append(Item("stepverify", row["problem"], steps, str(answer), "", record["text"]))
    return found


def lesson(item: Item, verifier: Verifier) -> Lesson:
    """The lesson that the tutor makes of the worked solution, as if it had verified it."""
    plan = describe_plan(item.problem, Route.WORD_PROBLEM, [])
    steps = tuple(Step(number, text) for number, text in enumerate(item.steps, start=1))
    derivations: tuple[Derivation, ...] = ()
    if item.derivation:
        steps, derivations = (), (Derivation("program", item.derivation, item.answer, None),)
    badge = Badge(Verdict.VERIFIED, "The reference solution.")
    solution = Solution(item.problem, Route.WORD_PROBLEM, item.answer, badge, steps, plan, derivations=derivations)
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
    if len(numbers) == 2 and all(
        re.search(rf"(?<![\d.]){re.escape(n)}(?!\d|\.\d)", text.replace(",", "")) for n in numbers
    ):
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
    """The bare model with one good prompt for each job, and the tutor on the same items."""
    from agent.models.opening import open_model
    from agent.settings import load_settings

    settings = load_settings()
    with open_model(settings) as loading:
        model = loading.result()
        ask = partial(_asked, model, settings.parallel)
        print(f"beside the bare model ({settings.model}), the same items:")
        _bare_hints(found[:count], ask, verifier)
        _bare_objections(count, ask, verifier)
        _bare_routing(ask)


def _bare_hints(found: Sequence[Item], ask: Asking, verifier: Verifier) -> None:
    """One hint for the first step: the model's, and the tutor's second rung (the idea) and fourth (the step)."""
    texts = ask([HINT_PROMPT.format(problem=item.problem) for item in found], 90)
    for place, rung in ((1, "the idea"), (3, "the step")):
        leaky: list[tuple[bool, ...]] = []
        useful: list[tuple[bool, ...]] = []
        for item, text in zip(found, texts, strict=True):
            later = [str(value) for value in results_of(item)]
            hint = " ".join(one.text for one in ladder(lesson(item, verifier))[:-1][place : place + 1])
            leaky.append((bool(leaks_in(hint, item, later)), bool(leaks_in(text, item, later))))
            useful.append((is_useful(hint, item), is_useful(text, item)))
        good = [(a and not b, c and not d) for (a, c), (b, d) in zip(useful, leaky, strict=True)]
        print(f"  {rung}: hints that leak: {paired(leaky)}")
        print(f"  {rung}: useful: {paired(useful)}\n  {rung}: useful without a leak: {paired(good)}")
    RUNS.mkdir(exist_ok=True)
    kept = [{"problem": item.problem, "text": text} for item, text in zip(found, texts, strict=True)]
    (RUNS / "tutoring-bare-hints.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")


def _bare_objections(count: int, ask: Asking, verifier: Verifier) -> None:
    rows = list(objection_rows(verifier))
    random.Random(7).shuffle(rows)
    rows = rows[:count]
    contexts = [f"{made.question}\nThe tutor's answer: {made.solution.answer}\n" if made else "" for _, _, made in rows]
    texts = ask(
        [
            OBJECTION_PROMPT.format(context=c, message=message)
            for c, (message, _, _) in zip(contexts, rows, strict=True)
        ],
        60,
    )
    found = [
        (
            weigh(message, made, verifier)[0] is (Verdict.VERIFIED if right else Verdict.REFUTED),
            (re.match(r"\W*disagree", text, re.I) is None) == right,
        )
        for (message, right, made), text in zip(rows, texts, strict=True)
    ]
    wrong = [pair for pair, (_, right, _) in zip(found, rows, strict=True) if not right]
    print(f"  objections judged rightly: {paired(found)}\n  of these the wrong ones: {paired(wrong)}")


def _bare_routing(ask: Asking) -> None:
    """The held-out messages, sorted by the model among the same nine intents."""
    rows = [row for row in read_jsonl(MESSAGES) if row["half"] == "held out"]
    prompt = (Path(__file__).parent / "prompts" / "route.md").read_text(encoding="utf-8").strip()
    contexts = [f"The problem before: {row['previous']}\n" if row["previous"] else "" for row in rows]
    texts = ask(
        [
            prompt.replace("{context}", context).replace("{message}", row["message"])
            for context, row in zip(contexts, rows, strict=True)
        ],
        8,
    )
    found = []
    for row, text in zip(rows, texts, strict=True):
        named = re.search("|".join(sorted(INTENTS, key=len, reverse=True)), text.lower().replace("-", " "))
        found.append(
            (routed(row["message"], row["previous"]) == row["intent"], named is not None and named[0] == row["intent"])
        )
    print(f"  messages routed rightly: {paired(found)}")


def paired(found: Sequence[tuple[bool, ...]]) -> str:
    """The tutor's share, the bare model's, and McNemar's exact p of the difference."""
    gained = sum(tutor and not bare for tutor, bare in found)
    lost = sum(bare and not tutor for tutor, bare in found)
    shares = [share(sum(column), len(found)) for column in zip(*found, strict=True)]
    return f"tutor {shares[0]}; bare {shares[1]}; only one of them {gained}, {lost}, p = {mcnemar(gained, lost):.2g}"


def _asked(model: LoadedModel, parallel: int, prompts: Sequence[str], tokens: int) -> list[str]:
    from langchain_core.messages import HumanMessage

    def one(prompt: str) -> str:
        return model.stream([HumanMessage(prompt)], max_tokens=tokens).text

    with ThreadPoolExecutor(parallel) as pool:
        return list(track(pool.map(one, prompts), "asking", total=len(prompts), console=Console(stderr=True)))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=Path("../shared/data/gsm8k_train.jsonl"))
    options.add_argument("--count", type=int, default=300)
    options.add_argument("--seed", type=int, default=8)
    options.add_argument("--bare", type=int, default=0, metavar="N", help="ask the bare model on the first N items")
    chosen = options.parse_args()
    RUNS.mkdir(exist_ok=True)
    with TABLE.open("w", encoding="utf-8") as table_file, redirect_stdout(Both(sys.stdout, table_file)):  # type: ignore[type-var]
        measure(chosen)


def measure(chosen: argparse.Namespace) -> None:
    with Verifier(deadline=20) as verifier:
        verifier.start()
        found = items(chosen.count, chosen.seed, chosen.data)
        measure_hints(found, verifier)
        if derived := work_items(chosen.data, verifier):
            print("the same with the tutor's own first derivation, where it is right (stepverify_dev):")
            measure_hints(derived, verifier)
        measure_objections(verifier)
        rows = read_jsonl(MESSAGES)
        held_out = confusion([row for row in rows if row["half"] == "held out"])
        right = sum(count for (meant, taken), count in held_out.items() if meant == taken)
        print(f"routing, held out: {share(right, held_out.total())}\n{table(held_out)}")
        if chosen.bare:
            measure_bare(found, chosen.bare, verifier)
    measure_work(chosen.data.parent / "stepverify_dev.jsonl")
    measure_follow_ups(chosen.seed)


def measure_follow_ups(seed: int) -> None:
    """Changed numbers, and what `bench/follow_ups.py` and `bench/acceptance.py` have kept."""
    import acceptance  # both take their arithmetic from here
    import follow_ups

    print("follow-ups: " + follow_ups.changed(300, seed))
    if follow_ups.RECORDS.is_file():
        print("\n".join(follow_ups.report(read_jsonl(follow_ups.RECORDS))))
    else:
        print("another language, another way, for a child: run `python bench/follow_ups.py` first")
    if acceptance.RECORDS.is_file():
        print("\n".join(acceptance.report(read_jsonl(acceptance.RECORDS))))
    else:
        print("typed answers: run `python bench/acceptance.py` first")


def measure_work(file: Path) -> None:
    """The check of a student's work, from the model calls that `bench/student_work.py collect` has kept."""
    if not file.is_file():
        print(f"the check of work was not measured: there is no {file}")
        return
    rows = student_work.chosen_rows(read_jsonl(file), WORK_ROWS, seed=2, development=False)
    print("the check of work, given a right derivation:\n" + "\n".join(student_work.given(rows)))
    if student_work.known_calls():
        print("\nthe same with the tutor's own derivations:\n" + "\n".join(student_work.report(rows)))
    else:
        print("with the tutor's own derivations: run `python bench/student_work.py collect` first")


class Both:
    """Writes to the terminal and to a file."""

    def __init__(self, *places: TextIO) -> None:
        self.places = places

    def write(self, text: str) -> int:
        for place in self.places:
            place.write(text)
        return len(text)

    def flush(self) -> None:
        for place in self.places:
            place.flush()


if __name__ == "__main__":
    main()
