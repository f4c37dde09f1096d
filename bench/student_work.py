"""Measures the checking of students' solutions: is the first wrong step found, and is right work left in peace?

    python bench/student_work.py collect --rows 60          # model calls, kept in bench/runs, resumable
    python bench/student_work.py report --rows 60           # the table, without a model call
    python bench/student_work.py given --rows 500           # the same comparison, given a right derivation

Reads stepverify_dev.jsonl in ../shared/data (or the folder of --data): wrong solutions of students with the first wrong
step marked, and the reference solution of each problem, whose steps are right. `collect` asks the model for what the
tutor asks for (derivations from the problem alone) and, for comparison, asks it directly with one prompt
(bench/prompts/find_first_wrong.md) which step of the student's solution, and of the reference solution, is wrong.
`given` asks no model: the derivation is made of the reference solution's own calculations. It measures what the
comparison of steps is worth where the tutor has solved the problem, on rows that nothing was tuned on, and says nothing
of how often it has.

60 rows (seed 1) were looked at while the rules were written; `--development` takes those, all else leaves out their
problems. A solution's last line that is a bare number is its answer, and a step like any other: so the data counts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from accuracy import RUNS, append, mcnemar, read_jsonl, wilson
from langchain_core.messages import HumanMessage
from rich.console import Console
from rich.progress import Progress

from agent.assembly import Tutor, open_tutor
from agent.derivations import DERIVATION_END, Request
from agent.domain import Derivation, Likelihood, Verdict
from agent.errors import CheckFailed
from agent.prompts import worked_turns
from agent.settings import load_settings, quiet_third_parties
from agent.teaching.work import review_work
from agent.verification.claims.readings import as_fraction, exact_value, expression
from agent.verification.claims.statements import statements
from agent.verification.confidence import fitted
from agent.verification.reading.extraction import Kind
from agent.verification.verifier import Verifier

ROOT = Path(__file__).resolve().parent.parent
CALLS = RUNS / "student_work.jsonl"
FORMS = ("program", "function", "sentences")
DEVELOPMENT_ROWS, DEVELOPMENT_SEED = 60, 1
DERIVATION_TOKENS, DIRECT_TOKENS = 320, 300

Row = dict[str, Any]
Record = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["collect", "report", "given"])
    parser.add_argument("--rows", type=int, default=60, help="rows of the sample (default 60)")
    parser.add_argument("--seed", type=int, default=2, help="seed of the sample (default 2)")
    parser.add_argument("--development", action="store_true", help="the rows that the rules were written with")
    parser.add_argument("--workers", type=int, default=4, help="model calls side by side (default 4)")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the data")
    options = parser.parse_args()
    file = options.data / "stepverify_dev.jsonl"
    if not file.is_file():
        print(f"No {file}: give the folder of stepverify_dev.jsonl with --data.", file=sys.stderr)
        return 2
    rows = chosen_rows(read_jsonl(file), options.rows, options.seed, options.development)
    if options.what == "collect":
        collect(rows, options.workers, direct=not options.development)
    elif options.what == "report":
        print("\n".join(report(rows)))
    else:
        print("\n".join(given(rows)))
    return 0


def chosen_rows(rows: list[Row], count: int, seed: int, development: bool) -> list[Row]:
    """The sample: of one problem one row, so that rows count for themselves."""
    seen = random.Random(DEVELOPMENT_SEED).sample(rows, DEVELOPMENT_ROWS)
    if development:
        return seen[:count]
    known = {row["problem"] for row in seen}
    rest = [row for row in random.Random(seed).sample(rows, len(rows)) if row["problem"] not in known]
    return list({row["problem"]: row for row in reversed(rest)}.values())[::-1][:count]


def reference_steps(row: Row) -> list[str]:
    return [line for line in row["reference_solution"].split("\n") if line.strip()]


def key(problem: str, kind: str, steps: list[str]) -> str:
    return hashlib.sha256(json.dumps([problem, kind, steps]).encode()).hexdigest()[:24]


def known_calls() -> dict[str, Record]:
    return {record["key"]: record for record in read_jsonl(CALLS)} if CALLS.exists() else {}


def collect(rows: list[Row], workers: int, *, direct: bool) -> None:
    """Make the model calls that are not kept yet: derivations, then the bare model's word on the students' steps, then
    its word on the reference solutions. A run that is cut off has the first rows of what it was at.
    """
    quiet_third_parties()
    RUNS.mkdir(exist_ok=True)
    known, writing = known_calls(), threading.Lock()
    with (
        open_tutor(load_settings(parallel=workers, retrieval=False)) as tutor,
        Progress(console=Console(stderr=True)) as progress,
        ThreadPoolExecutor(workers) as pool,
    ):
        for form in FORMS:
            tutor.context.model.keep_prefix(worked_turns(form))
        task = progress.add_task("rows", total=len(rows) * (3 if direct else 1))

        def kept(problem: str, kind: str, steps: list[str]) -> Record:
            name = key(problem, kind, steps)
            if name not in known:
                known[name] = {"key": name, "kind": kind, **call(tutor, problem, kind, steps)}
                with writing:
                    append(CALLS, known[name])
            return known[name]

        def derivations(row: Row) -> None:
            for form in FORMS:
                kept(row["problem"], form, [])
            progress.advance(task)

        def asked_directly(which: tuple[Row, list[str]]) -> None:
            kept(which[0]["problem"], "direct", which[1])
            progress.advance(task)

        list(pool.map(derivations, rows))
        if direct:
            list(pool.map(asked_directly, [(row, list(row["student_steps"])) for row in rows]))
            list(pool.map(asked_directly, [(row, reference_steps(row)) for row in rows]))


def call(tutor: Tutor, problem: str, kind: str, steps: list[str]) -> Record:
    """One derivation from the problem alone, or the model's own word on which step is wrong (0-based)."""
    model = tutor.context.model
    if kind == "direct":
        written = model.stream([HumanMessage(direct_prompt(problem, steps))], max_tokens=DIRECT_TOKENS)
        return {"text": written.text, "tokens": written.output_tokens}
    written = model.stream(Request(kind).turns(problem), max_tokens=DERIVATION_TOKENS, stop=DERIVATION_END)
    answer, failure = None, None
    try:
        answer = tutor.context.verifier.evaluate_derivation(written.text)
    except CheckFailed as failed:
        failure = str(failed)
    likelihood = asdict(written.likelihood) if written.likelihood else None
    return {
        "text": written.text, "tokens": written.output_tokens, "answer": answer, "failure": failure,
        "likelihood": likelihood,
    }  # fmt: skip


def direct_verdict(text: str) -> int | None:
    """The 0-based step that the model calls wrong first, None where it calls none or gives no verdict."""
    found = re.findall(r"(?i)first wrong step\W{0,6}(?:step\s*)?(\d+|none)", text)
    return int(found[-1]) - 1 if found and found[-1].isdigit() else None


def finds_nothing(text: str) -> bool:
    """Whether the model says that no step is wrong."""
    found = re.findall(r"(?i)first wrong step\W{0,6}(?:step\s*)?(\d+|none)", text)
    return bool(found) and found[-1].lower() == "none"


def last_calculation(steps: list[str]) -> int:
    """The last step that is more than the answer, 0-based: wrong solutions end wrong."""
    bare = [place for place, step in enumerate(steps) if not re.fullmatch(r"[\s$]*[-\d.,/]+\s*%?\s*", step)]
    return bare[-1] if bare else len(steps) - 1


def report(rows: list[Row]) -> list[str]:
    """Tutor, bare model and constant rules on the rows for which every call is there."""
    known = known_calls()
    done = [row for row in rows if _derivations(known, row)]
    tally: dict[str, list[bool]] = {}
    beside: dict[str, list[bool]] = {}
    accused = right_accusations = 0
    outcomes: Counter[str] = Counter()
    false: dict[str, list[bool]] = {"tutor": [], "tutor asks about a step": [], "bare": []}
    called_right: dict[str, list[bool]] = {
        name: [] for name in ("wrong solutions", "reference solutions", "wrong ones, by the bare model")
    }
    of_reference: Counter[str] = Counter()
    with Verifier(deadline=10.0) as verifier:
        for row in done:
            steps, gold = list(row["student_steps"]), int(row["first_error_index"])
            review = review_work(row["problem"], steps, _derivations(known, row), verifier, fitted())
            pointed = None if review.pointed is None else review.pointed - 1
            outcomes[review.outcome.name] += 1
            called_right["wrong solutions"].append(review.confirms)
            accused += review.accuses
            right_accusations += review.accuses and pointed == gold
            guesses = {
                "tutor": pointed,
                "tutor, to within one": None if pointed is None else gold if abs(pointed - gold) <= 1 else pointed,
                **constant_rules(steps),
            }
            for name, guess in guesses.items():
                tally.setdefault(name, []).append(guess == gold)
            if _has(known, row, "student_steps"):
                text = known[key(row["problem"], "direct", steps)]["text"]
                called_right["wrong ones, by the bare model"].append(finds_nothing(text))
                said = direct_verdict(text)
                for name, guess in {"tutor": pointed, "bare": said}.items():
                    beside.setdefault(name, []).append(guess == gold)
            reference = reference_steps(row)
            checked = review_work(row["problem"], reference, _derivations(known, row), verifier, fitted())
            of_reference[checked.outcome.name] += 1
            called_right["reference solutions"].append(checked.confirms)
            false["tutor"].append(checked.accuses)
            false["tutor asks about a step"].append(checked.pointed is not None and not checked.accuses)
            if _has(known, row, "reference"):
                said = direct_verdict(known[key(row["problem"], "direct", reference)]["text"])
                false["bare"].append(said is not None)
    lines = [f"{len(done)} of {len(rows)} rows have their derivations.", "", *accuracy_table(tally)]
    if beside:
        lines += ["", "The rows that the bare model was asked about as well:", "", *accuracy_table(beside)]
    lines += ["", f"Accusations: {accused}, of these the marked step: {right_accusations}. Outcomes: {dict(outcomes)}"]
    lines += ["", "| on the reference solutions | steps called wrong in |", "|---|---|"]
    lines += [f"| {name} | {share(sum(found), len(found))} |" for name, found in false.items()]
    lines += ["", f"Their outcomes: {dict(of_reference)}", "", "| called right | |", "|---|---|"]
    lines += [f"| {name} | {share(sum(found), len(found))} |" for name, found in called_right.items()]
    return lines


def constant_rules(steps: list[str]) -> dict[str, int]:
    last = last_calculation(steps)
    return {"always the last step": len(steps) - 1, "always the last calculation": last, "always one before": last - 1}


def accuracy_table(tally: dict[str, list[bool]]) -> list[str]:
    """One line an arm, paired with the tutor by McNemar's exact test."""
    lines = ["| first wrong step, exactly | found | tutor gained, lost, p |", "|---|---|---|"]
    for name, found in tally.items():
        gained = sum(a and not b for a, b in zip(tally["tutor"], found, strict=True))
        lost = sum(b and not a for a, b in zip(tally["tutor"], found, strict=True))
        paired = "" if name.startswith("tutor") else f"{gained}, {lost}, {mcnemar(gained, lost):.3g}"
        lines.append(f"| {name} | {share(sum(found), len(found))} | {paired} |")
    return lines


def share(count: int, total: int) -> str:
    low, high = wilson(count, total)
    return f"{count} of {total} ({count / max(total, 1):.1%}; {low:.1%} to {high:.1%})"


def given(rows: list[Row]) -> list[str]:
    """The comparison of steps alone, by the reference solution's calculations."""
    tally: dict[str, list[bool]] = {}
    unreadable = early = 0
    with Verifier(deadline=10.0) as verifier:
        for row in rows:
            steps, gold = list(row["student_steps"]), int(row["first_error_index"])
            program = program_of(row["reference_solution"])
            examined = verifier.examine_work(row["problem"], steps, [program]) if program else None
            if examined is None:
                unreadable += 1
                continue
            off = examined["leaves"] if examined["leaves"] is not None else examined["last_result"]
            pointed = first_refuted(verifier, row["problem"], steps)
            pointed = min([n for n in (off, pointed) if n is not None], default=None)
            near = pointed is not None and abs(pointed - gold) <= 1
            early += pointed is not None and pointed < gold
            guesses = {"tutor": pointed, "tutor, to within one": gold if near else pointed, **constant_rules(steps)}
            for name, guess in guesses.items():
                tally.setdefault(name, []).append(guess == gold)
    lines = [f"{unreadable} reference solutions have no calculations that can be read.", "", *accuracy_table(tally)]
    return [*lines, "", f"A step before the marked one is pointed at in {share(early, len(tally['tutor']))}."]


def first_refuted(verifier: Verifier, problem: str, steps: list[str]) -> int | None:
    for place, step in enumerate(steps):
        claims = verifier.check_step(step, earlier=steps[:place], problem=problem)
        if any(claim.verdict is Verdict.REFUTED for claim in claims):
            return place
    return None


def program_of(solution: str) -> str:
    """The calculations of a reference solution as a derivation: a result that is used again becomes a name."""
    lines: list[str] = []
    names: dict[Fraction, str] = {}
    for line in solution.split("\n"):
        text = re.sub(r"(?<!\d)\.(?=\d)", "0.", line)
        for statement in statements(text):
            left, right = statement.left.to_end, statement.right.from_start
            if left is None or right is None or not left.has(Kind.OPERATOR) or right.has(Kind.OPERATOR):
                continue
            try:
                written, value = expression(left, text), as_fraction(exact_value(expression(right, text)))
                holds = as_fraction(exact_value(written)) == value
            except (CheckFailed, ArithmeticError, ValueError):
                continue
            if value is not None and holds:
                put_in = re.sub(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", lambda n: names.get(Fraction(n[0]), n[0]), written)
                names[value] = f"v{len(lines) + 1}"
                lines.append(f"{names[value]} = {put_in}")
    return "\n".join([*lines, f"answer = v{len(lines)}"]) if lines else ""


def _has(known: dict[str, Record], row: Row, which: str) -> bool:
    steps = list(row["student_steps"]) if which == "student_steps" else reference_steps(row)
    return key(row["problem"], "direct", steps) in known


def _derivations(known: dict[str, Record], row: Row) -> list[Derivation]:
    """The derivations that were written for a problem; none where one that the tutor asks for is missing."""
    written = [(form, known.get(key(row["problem"], form, []))) for form in FORMS]
    found = [_derivation(form, record) for form, record in written if record is not None]
    return found if len(found) == len(FORMS) else []


def _derivation(form: str, record: Record) -> Derivation:
    likelihood = Likelihood(**record["likelihood"]) if record["likelihood"] else None
    return Derivation(form, record["text"], record["answer"], record["failure"], 0, likelihood)


def direct_prompt(problem: str, steps: list[str]) -> str:
    text = (Path(__file__).parent / "prompts" / "find_first_wrong.md").read_text(encoding="utf-8").strip()
    numbered = "\n".join(f"Step {number}: {step.strip()}" for number, step in enumerate(steps, 1))
    values = {"{problem}": problem, "{steps}": numbered}
    return re.sub(r"\{problem\}|\{steps\}", lambda place: values[place[0]], text)


if __name__ == "__main__":
    raise SystemExit(main())
