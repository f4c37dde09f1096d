"""Where the seconds go: first text, answer and badge, each as a ratio to one bare call on the same server.

    python bench/speed.py

Ten fixed problems of our own; for each, first a bare step-by-step call, then the tutor, one after the other.
Prints Markdown: seconds and ratios, tokens by node, and the time to first text of `mathlearn solve` in a new
process. Machines differ and are noisy: quote the ratios.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict

from langchain_core.messages import HumanMessage

from agent import events
from agent.assembly import Tutor, open_tutor
from agent.domain import Verdict
from agent.prompts import render
from agent.settings import load_settings, quiet_third_parties

PROBLEMS = (
    "A shop sells pens at 3 for $2. How much do 12 pens cost?",
    "A train leaves at 9:40 and arrives at 13:15. How many minutes does the trip take?",
    "A rope of 84 meters is cut into two pieces, one three times as long as the other. How long is the longer piece?",
    "A printer prints 18 pages a minute. How many minutes does it need for 45 copies of a 12-page booklet?",
    "Lea reads a fifth of a 240-page book on Monday and a quarter of the rest on Tuesday. How many pages are left?",
    "A rectangle is 4 cm longer than it is wide, and its perimeter is 56 cm. What is its area in square centimeters?",
    "A coat costs $120. Its price is lowered by 25% and then raised by 10%. What does it cost now?",
    "In a class of 32 students, 3 of every 8 walk to school. How many students do not walk?",
    "Two taps fill a tank in 6 hours and 3 hours. How many hours do they need together?",
    "A number is doubled, then 7 is added, and the result is 41. What is the number?",
)
NEW_PROCESS_RUNS = 3


def main() -> None:
    quiet_third_parties()
    with open_tutor(load_settings()) as tutor:
        tutor.context.model.stream([HumanMessage("Say yes.")], max_tokens=2)  # the first call loads the weights
        list(tutor.session().ask("A box holds 4 cups. How many cups do 5 boxes hold?"))  # and keeps the prefixes
        rows = [measure(tutor, problem) for problem in PROBLEMS]
    print_table(rows)
    print_nodes(rows)
    print_new_process()


def measure(tutor: Tutor, problem: str) -> dict[str, object]:
    """Seconds of one problem: the bare call's, and the tutor's to first text, token, answer and badge."""
    started = time.perf_counter()
    bare = tutor.context.model.stream([HumanMessage(render("solve", problem=problem))], max_tokens=1024)
    bare_seconds = time.perf_counter() - started
    started = time.perf_counter()
    timed = [(time.perf_counter() - started, event) for event in tutor.session().ask(problem)]

    def first(*kinds: type[events.TutorEvent]) -> float:
        return next((at for at, event in timed if isinstance(event, kinds)), float("nan"))

    solution = next(event.solution for _, event in timed if isinstance(event, events.AnswerGiven))
    return {
        "bare": bare_seconds, "bare_tokens": bare.output_tokens,
        "text": first(events.PlanWritten, events.TokenWritten), "token": first(events.TokenWritten),
        "answer": first(events.AnswerWritten), "badge": first(events.BadgeSet),
        "first_agrees": solution.badge.verdict is Verdict.VERIFIED and len(solution.derivations) == 1,
        "verdict": solution.badge.verdict.mark,
        "nodes": [event for _, event in timed if isinstance(event, events.NodeFinished)],
    }  # fmt: skip


def print_table(rows: list[dict[str, object]]) -> None:
    print("| problem | bare s (tokens) | first text s | first token s | answer s | ratio | badge s | ratio | badge |")
    print("|---|---|---|---|---|---|---|---|---|")
    for number, row in enumerate(rows, start=1):
        bare, answer, badge = float(row["bare"]), float(row["answer"]), float(row["badge"])  # type: ignore[arg-type]
        print(
            f"| {number} | {bare:.1f} ({row['bare_tokens']}) | {row['text']:.2f} | {row['token']:.2f} | {answer:.1f} | "
            f"{answer / bare:.2f} | {badge:.1f} | {badge / bare:.2f} | {row['verdict']} |"
        )
    answers = [row["answer"] / row["bare"] for row in rows]  # type: ignore[operator]
    badges = [row["badge"] / row["bare"] for row in rows if row["first_agrees"]]  # type: ignore[operator]
    print(f"\nAnswer ÷ bare: median {statistics.median(answers):.2f}, from {min(answers):.2f} to {max(answers):.2f}.")
    if badges:
        print(
            f"Badge ÷ bare where the first derivation agrees (n = {len(badges)}): median "
            f"{statistics.median(badges):.2f}, from {min(badges):.2f} to {max(badges):.2f}."
        )


def print_nodes(rows: list[dict[str, object]]) -> None:
    sums: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for row in rows:
        for event in row["nodes"]:  # type: ignore[attr-defined]
            for position, value in enumerate(
                (1, event.seconds, event.prompt_tokens, event.cached_tokens, event.output_tokens)
            ):
                sums[event.node][position] += value
    print("\n| node | runs | seconds | prompt tokens | of them cached | written |\n|---|---|---|---|---|---|")
    for node, (runs, seconds, prompt, cached, written) in sums.items():
        print(f"| {node} | {runs} | {seconds:.1f} | {prompt} | {cached} | {written} |")


def print_new_process() -> None:
    firsts, tokens = [], []
    for number in range(NEW_PROCESS_RUNS):
        started = time.perf_counter()
        command = [sys.executable, "-m", "agent.solve", "--events", PROBLEMS[number]]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            assert process.stdout is not None
            seen: dict[str, float] = {}
            for line in process.stdout:
                seen.setdefault(json.loads(line)["event"], time.perf_counter() - started)
        firsts.append(seen["PlanWritten"])
        tokens.append(seen["TokenWritten"])
    print(
        f"\n`mathlearn solve` in a new process, {NEW_PROCESS_RUNS} runs: first text after "
        f"{', '.join(f'{s:.1f}' for s in firsts)} s, first token of the solution after "
        f"{', '.join(f'{s:.1f}' for s in tokens)} s."
    )


if __name__ == "__main__":
    main()
