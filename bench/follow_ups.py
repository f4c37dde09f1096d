"""Follow-ups on a solved problem, measured beside the bare model: another language, another way, for a child.

    python bench/student_work.py collect --rows 80        # derivations of problems, kept in bench/runs
    python bench/follow_ups.py --count 40 --seed 3        # needs lingua-language-detector

The problems are those of stepverify_dev.jsonl that the model has a right derivation of; the tutor has the lesson that
it makes of all right ones, the bare model is given the same solution in words and one good prompt. Judged by a check
that shares no code with the tutor's guards: a retelling counts where every result of the solution stands in it, where
no equation in it is false, and where lingua says that it is in the language (only the words are looked at); another way
where the answer stands in it and a calculation that the solution does not have. Changed numbers ("what if it were 12
boxes?") are put into problems of the families, without a model. Writes bench/runs/follow_ups.jsonl, texts included.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import student_work
from accuracy import RUNS, append, read_jsonl
from langchain_core.messages import HumanMessage
from langgraph.runtime import Runtime
from rich.console import Console
from rich.progress import track
from tutoring import paired, share

from agent.assembly import Tutor, open_tutor
from agent.context import TutorContext
from agent.domain import Badge, Lesson, Route, Solution, Verdict
from agent.settings import load_settings, quiet_third_parties
from agent.teaching.changes import changed_problem
from agent.teaching.explanations import in_plain_sentences
from agent.teaching.follow_ups import another_way, in_language, in_simpler_words
from agent.teaching.lessons import lesson_of

RECORDS = RUNS / "follow_ups.jsonl"
LANGUAGES = ("French", "German", "Spanish")
TOKENS = 500
RETOLD = (
    "The problem: {problem}\n\nIts solution:\n{solution}\n\nTell this solution in {language}. Keep every number and "
    "every calculation exactly as it is. Write the {language} text alone."
)
SIMPLER = (
    "The problem: {problem}\n\nIts solution:\n{solution}\n\nExplain this solution to a ten-year-old in short and "
    "simple sentences. Keep every number and every calculation exactly as it is, and say why each calculation is made."
)
OTHER = (
    "The problem: {problem}\n\nIts solution:\n{solution}\n\nSolve the problem in a really different way, with other "
    "calculations that lead to the same answer. Write each calculation as an equation."
)
_NUMBER = r"\d[\d,.\u00a0\u202f ]*\d|\d"
_EQUATION = re.compile(
    rf"(?P<first>{_NUMBER})(?:[^\d=.;\n]{{0,12}}?)(?P<sign>[-+*/×÷·−]|\\times|\\div)(?:[^\d=.;\n]{{0,12}}?)"
    rf"(?P<second>{_NUMBER})(?:[^\d=.;\n+*/×÷−]{{0,16}})=\s*[^\d\s]?\s*(?P<result>{_NUMBER})(?!\s*[-+*/×÷·−\d])"
)


def lessons(data: Path, count: int, seed: int, tutor: Tutor) -> Iterator[Lesson]:
    """Lessons of problems with a right derivation by the model, as the tutor makes them."""
    rows = student_work.chosen_rows(read_jsonl(data / "stepverify_dev.jsonl"), 340, seed=2, development=False)
    known = student_work.known_calls()
    verifier = tutor.context.verifier
    found = 0
    for row in random.Random(seed).sample(rows, len(rows)):
        last = re.findall(r"-?\d[\d,]*(?:\.\d+)?", student_work.reference_steps(row)[-1])
        answer = last[-1].replace(",", "") if last else ""
        derivations = tuple(
            one
            for one in student_work._derivations(known, row)
            if one.answer is not None and verifier.same_value(one.answer, answer) is Verdict.VERIFIED
        )
        if derivations:
            badge = Badge(Verdict.VERIFIED, "Given by the reference solution.")
            solution = Solution(row["problem"], Route.WORD_PROBLEM, answer, badge, derivations=derivations)
            lesson = lesson_of(row["problem"], solution, None, verifier)
            if lesson.moves:
                found += 1
                yield lesson
        if found == count:
            return


def readings(written: str) -> set[Fraction]:
    """What a number can mean in one language or another."""
    digits = re.sub(r"[\u00a0\u202f ]", "", written).rstrip(".,")
    forms = {digits.replace(",", ""), digits.replace(".", "").replace(",", "."), digits.replace(",", ".")}
    return {Fraction(form) for form in forms if re.fullmatch(r"\d+(?:\.\d+)?", form)}


def numbers_of(text: str) -> set[Fraction]:
    """All that the numbers in a text can mean, fractions included."""
    found = set().union(*(readings(number) for number in re.findall(_NUMBER, text)))
    fractions = re.findall(r"\\frac\{(\d+)\}\{(\d+)\}", text) + re.findall(r"(\d+)\s*/\s*(\d+)", text)
    return found | {Fraction(int(top), int(bottom)) for top, bottom in fractions if int(bottom)}


def equations(text: str) -> Iterator[tuple[str, set[Fraction], set[Fraction], bool]]:
    """Sign, what may stand on either side of it, and whether the equation holds in some reading."""
    for match in _EQUATION.finditer(text):
        before = text[: match.start()].rstrip()
        if before and before[-1] in "+-*/×÷·−(":
            continue  # a longer calculation: only its end was seen
        sign = {"×": "*", "·": "*", "÷": "/", "−": "-", "\\times": "*", "\\div": "/"}.get(match["sign"], match["sign"])
        first, second, results = readings(match["first"]), readings(match["second"]), readings(match["result"])
        places = len(re.split(r"[.,]", match["result"])[1]) if re.search(r"[.,]\d", match["result"]) else 0
        holds = any(
            abs(value - result) <= Fraction(1, 2 * 10**places) * bool(places)
            for a in first
            for b in second
            if (value := _value(sign, a, b)) is not None
            for result in results
        )
        yield sign, first, second, holds


def _value(sign: str, a: Fraction, b: Fraction) -> Fraction | None:
    if sign == "/":
        return a / b if b else None
    return a + b if sign == "+" else a - b if sign == "-" else a * b


def is_faithful(text: str, lesson: Lesson) -> bool:
    """Whether every result of the solution stands in the text, and no equation in it is false."""
    results = {Fraction(move.result) for move in lesson.moves if re.fullmatch(r"\d+(?:/\d+|\.\d+)?", move.result)}
    return results <= numbers_of(text) and all(holds for *_, holds in equations(text))


def is_another_way(text: str, lesson: Lesson) -> bool:
    """Whether the answer stands in the text, nothing in it is false, and it calculates what the solution does not."""
    shown = {(sign, *_pair(sign, first, second)) for sign, first, second, _ in equations(in_plain_sentences(lesson))}
    found = list(equations(text))
    new = any((sign, *_pair(sign, first, second)) not in shown for sign, first, second, _ in found)
    answer = Fraction(str(lesson.solution.answer))
    return new and answer in numbers_of(text) and all(holds for *_, holds in found)


def _pair(sign: str, first: set[Fraction], second: set[Fraction]) -> tuple[Fraction, Fraction]:
    pair = (min(first), min(second))
    return pair if sign in "-/" else (min(pair), max(pair))


@cache
def detector() -> Any:
    from lingua import LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_all_languages().build()


def language_of(text: str) -> str:
    found = detector().detect_language_of(re.sub(r"[^\w\s]|[\d_]", " ", text))
    return found.name.title() if found else ""


def measure(found: Sequence[Lesson], tutor: Tutor, workers: int) -> None:
    """Ask both; each record is kept as soon as it is there, so that a run that is cut off leaves a table."""
    runtime: Runtime[TutorContext] = Runtime(context=tutor.context)

    def bare(prompt: str) -> str:
        return tutor.context.model.stream([HumanMessage(prompt)], max_tokens=TOKENS).text

    def one(job: tuple[int, Lesson, str]) -> dict[str, Any]:
        place, lesson, what = job
        language = LANGUAGES[place % len(LANGUAGES)]
        values = {"problem": lesson.question, "solution": in_plain_sentences(lesson), "language": language}
        if what == "language":
            texts = in_language(lesson, f"in {language}", runtime)[0], bare(RETOLD.format(**values))
            faithful = [is_faithful(text, lesson) for text in texts]
            spoken = [language_of(text) == language for text in texts]
            good = [a and b for a, b in zip(faithful, spoken, strict=True)]
        elif what == "simpler":
            texts = in_simpler_words(lesson, "for a child", runtime)[0], bare(SIMPLER.format(**values))
            good = faithful = [is_faithful(text, lesson) for text in texts]
            spoken = [True, True]
        else:
            texts = another_way(lesson, runtime)[0], bare(OTHER.format(**values))
            good = faithful = [is_another_way(text, lesson) for text in texts]
            spoken = [True, True]
        return {"what": what, "language": language, "problem": lesson.question, "tutor": texts[0], "bare": texts[1],
                "faithful": faithful, "spoken": spoken, "good": good}  # fmt: skip

    jobs = [
        (place, lesson, what) for what in ("language", "another way", "simpler") for place, lesson in enumerate(found)
    ]
    with ThreadPoolExecutor(workers) as pool:
        for record in track(pool.map(one, jobs), "asking", total=len(jobs), console=Console(stderr=True)):
            append(RECORDS, record)


def report(records: Sequence[dict[str, Any]]) -> list[str]:
    lines: list[str] = []
    for what in ("language", "another way", "simpler"):
        rows = [record for record in records if record["what"] == what]
        lines.append(f"{what}: {paired([tuple(row['good']) for row in rows])}")
        if what == "language":
            lines.append(f"  in the language: {paired([tuple(row['spoken']) for row in rows])}")
            lines.append(f"  every result, nothing false: {paired([tuple(row['faithful']) for row in rows])}")
    return lines


def changed(count: int, seed: int) -> str:
    """A number of a family's problem is asked to be another, by the noun behind it."""
    from index.families.corpus import all_families
    from index.families.family import instance

    rng = random.Random(seed)
    families = all_families()
    right = asked = tries = 0
    while asked < count and tries < 50 * count:
        tries += 1
        family = rng.choice(families)
        problem = instance(family, rng.choice(family.stories), rng.randrange(2000, 3000)).problem
        places = re.findall(r"(?<![\d.$%/])(\d+) ([a-z]{3,}s)\b", problem)
        nouns = [noun for _, noun in places]  # plurals alone: “5 is” names nothing
        fitting = [(digits, noun) for digits, noun in places if nouns.count(noun) == 1 and problem.count(digits) == 1]
        if not fitting:
            continue
        digits, noun = rng.choice(fitting)
        new = str(int(digits) + rng.randint(1, 9))
        asked += 1
        right += changed_problem(problem, f"what if it were {new} {noun}?") == problem.replace(digits, new)
    return f"a changed number is put where it is meant: {share(right, asked)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=40, help="problems (default 40)")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--report", action="store_true", help="the table again, of the records that are kept")
    options = parser.parse_args()
    print(changed(300, options.seed))
    if not options.report:
        if not (options.data / "stepverify_dev.jsonl").is_file() or not student_work.known_calls():
            print(
                "This needs stepverify_dev.jsonl in --data, and `student_work.py collect` before it.", file=sys.stderr
            )
            return 2
        quiet_third_parties()
        with open_tutor(load_settings(parallel=options.workers, retrieval=False)) as tutor:
            found = list(lessons(options.data, options.count, options.seed, tutor))
            RECORDS.unlink(missing_ok=True)
            measure(found, tutor, options.workers)
    print("\n".join(report(read_jsonl(RECORDS))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
