"""Whether a typed answer is taken for what it is, beside the bare model: python bench/acceptance.py --count 150

Problems of the families with a rational answer; half of the typed answers have its value in another form (decimals,
fractions, mixed numbers, words, LaTeX, per cent, with its unit), half another value in such a form (one more or less,
ten times, a digit wrong, the reciprocal): so what is right is known by construction. The forms are written by
bench/leak_check.py, not by the tutor. The bare model is told the right answer and asked for one word.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

from accuracy import RUNS
from langchain_core.messages import HumanMessage
from leak_check import written_forms
from rich.console import Console
from rich.progress import track
from tutoring import paired

from agent.models.opening import open_model
from agent.settings import load_settings, quiet_third_parties
from agent.verification.students.outcomes import Outcome
from agent.verification.verifier import Verifier
from index.families.corpus import all_families
from index.families.family import instance

RECORDS = RUNS / "acceptance.jsonl"
PROMPT = (
    "{problem}\n\nThe right answer is {answer}{unit}. A student typed: “{typed}”. Is this the same value, in whatever "
    "form it is written? Reply with YES or NO alone."
)


def items(count: int, seed: int) -> list[dict[str, object]]:
    rng = random.Random(seed)
    families = all_families()
    found: list[dict[str, object]] = []
    while len(found) < count:
        family = rng.choice(families)
        one = instance(family, rng.choice(family.stories), rng.randrange(4000, 5000))
        try:
            answer = Fraction(str(one.answer))
        except ValueError:
            continue
        if answer <= 0:
            continue
        same = len(found) % 2 == 0
        typed = rng.choice(sorted(forms(answer if same else another(answer, rng))))
        if rng.random() < 0.3 and one.unit:
            typed = f"{typed} {one.unit}"
        found.append({"problem": one.problem, "answer": str(answer), "unit": one.unit, "typed": typed, "same": same})
    return found


def forms(value: Fraction) -> set[str]:
    """Exact ways to write it."""
    exact = {form for form in written_forms(value) if "." not in form or Fraction(form) == value}
    exact |= {f"x = {value}", rf"\frac{{{2 * value.numerator}}}{{{2 * value.denominator}}}"}
    if (value * 100).denominator == 1 and value < 1:
        exact |= {f"{value * 100}%", f"{value * 100} percent"}
    return exact


def another(value: Fraction, rng: random.Random) -> Fraction:
    changes = [value + 1, value - 1, value * 10, value / 10, value + Fraction(1, 10), 1 / value, value * 2]
    return rng.choice([changed for changed in changes if changed > 0 and changed != value])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("--workers", type=int, default=8)
    options = parser.parse_args()
    quiet_third_parties()
    rows = items(options.count, options.seed)
    with open_model(load_settings(parallel=options.workers)) as loading, ThreadPoolExecutor(options.workers) as pool:
        model = loading.result()
        prompts = [PROMPT.format(**{**row, "unit": f" {row['unit']}" if row["unit"] else ""}) for row in rows]
        said = list(
            track(
                pool.map(lambda prompt: model.stream([HumanMessage(prompt)], max_tokens=4).text, prompts),
                "asking", total=len(prompts), console=Console(stderr=True),
            )
        )  # fmt: skip
    with Verifier(deadline=10) as verifier:
        for row, text in zip(rows, said, strict=True):
            judged = verifier.judge_answer(
                str(row["typed"]), str(row["answer"]), unit=str(row["unit"]), problem=str(row["problem"])
            )
            row["tutor"] = judged.outcome in (Outcome.RIGHT, Outcome.NOT_SIMPLIFIED)
            row["outcome"], row["bare"] = judged.outcome.name, text.strip().upper().startswith("YES")
    RUNS.mkdir(exist_ok=True)
    RECORDS.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print("\n".join(report(rows)))


def report(rows: Sequence[Mapping[str, object]]) -> list[str]:
    lines: list[str] = []
    for name, kinds in (("all", {True, False}), ("same value", {True}), ("another value", {False})):
        those = [row for row in rows if row["same"] in kinds]
        both = [(row["tutor"] == row["same"], row["bare"] == row["same"]) for row in those]
        lines.append(f"typed answers, {name}: judged rightly: {paired(both)}")
    wrong = [row for row in rows if row["tutor"] != row["same"]]
    return lines + [f"  {row['typed']!r} for {row['answer']} {row['unit']}: {row['outcome']}" for row in wrong]


if __name__ == "__main__":
    main()
