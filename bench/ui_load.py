"""Eight students at once against one alone: python bench/ui_load.py [--students 8] [--model smollm2-135m].

Asks through the chat's own queue, in one process, as that many browser sessions would: first one student alone, then
all of them together, with the same problems. Says how long each waited for a first word, for the answer and for the
badge, whether all got one, and how the places in the queue were shared. Writes bench/runs/ui_load.json.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from agent import events
from agent.settings import load_settings, quiet_third_parties
from ui.fair_queue import Request, Wish
from ui.service import Service, new_conversation

PROBLEMS = (
    "A shop sells pens at 3 for $2. How much do 12 pens cost?",
    "A box holds 6 eggs. How many eggs do 7 boxes and 3 more eggs make?",
    "A train travels 180 km in 3 hours. How far does it travel in 5 hours?",
    "Tom has 24 marbles and gives a third of them away. How many are left?",
    "A coat costs $120. Its price is lowered by 25%. What does it cost now?",
    "Anna reads 15 pages a day. How many days does a book of 240 pages take her?",
    "A rectangle is 8 cm long and 5 cm wide. What is its area?",
    "Four friends share a bill of $86 equally. How much does each pay?",
)
RESULT = Path(__file__).with_name("runs") / "ui_load.json"


@dataclass(frozen=True)
class Wait:
    """Seconds after Enter, None where it never came; `place` is the place in the queue at the beginning."""

    status: str
    place: int
    first_text: float | None
    first_token: float | None
    answer: float | None
    badge: float | None
    total: float


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--students", type=int, default=8)
    options.add_argument("--model", default="smollm2-135m")
    given = options.parse_args()
    quiet_third_parties()
    with tempfile.TemporaryDirectory() as folder:
        service = Service(load_settings(model=given.model, data_dir=Path(folder)))
        service.desk.start()
        try:
            _await_ready(service)
            _ask(service, "warm-up", PROBLEMS[0])  # prompts are evaluated and kept once, whoever asks first
            alone = [_ask(service, f"alone {n}", PROBLEMS[n % len(PROBLEMS)]) for n in range(given.students)]
            started = time.monotonic()
            together = _ask_together(service, given.students)
            wall = time.monotonic() - started
        finally:
            service.close()
    report = {
        "model": given.model,
        "students": given.students,
        "alone": [asdict(wait) for wait in alone],
        "together": [asdict(wait) for wait in together],
        "seconds_one_after_another": sum(wait.total for wait in alone),
        "seconds_together": wall,
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(report, indent=2), encoding="utf-8")
    _print(alone, together, wall)


def _await_ready(service: Service) -> None:
    while (stage := service.desk.stage()).name not in ("ready", "failed"):
        time.sleep(0.1)
    if stage.name == "failed":
        raise SystemExit(stage.text)


def _ask(service: Service, owner: str, problem: str) -> Wait:
    request = service.ask(owner, new_conversation(), problem, Wish())
    return _followed(request, service.queue.place(request))


def _ask_together(service: Service, students: int) -> list[Wait]:
    waits: list[Wait | None] = [None] * students

    def student(number: int) -> None:
        waits[number] = _ask(service, f"student {number}", PROBLEMS[number % len(PROBLEMS)])

    threads = [threading.Thread(target=student, args=(number,)) for number in range(students)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [wait for wait in waits if wait is not None]


def _followed(request: Request, place: int) -> Wait:
    started = time.monotonic()
    while not request.over:
        request.await_news(len(request.happened), 1.0)
    total = time.monotonic() - started

    def first(*kinds: type[events.TutorEvent]) -> float | None:
        return next((round(at, 3) for at, event in request.happened if isinstance(event, kinds)), None)

    return Wait(
        request.status, place, first(events.PlanWritten, events.TokenWritten), first(events.TokenWritten),
        first(events.AnswerWritten), first(events.BadgeSet), round(total, 3),
    )  # fmt: skip


def _print(alone: list[Wait], together: list[Wait], wall: float) -> None:
    print(f"{'':12}{'answered':>10}{'first word':>12}{'answer':>10}{'badge':>10}   medians, seconds after Enter")
    for name, waits in (("alone", alone), ("together", together)):
        answered = sum(wait.status == "finished" for wait in waits)
        columns = [
            [wait.first_token for wait in waits],
            [wait.answer for wait in waits],
            [wait.badge for wait in waits],
        ]
        medians = [statistics.median(known) if (known := [v for v in c if v is not None]) else 0.0 for c in columns]
        shown = f"{answered} of {len(waits)}"
        print(f"{name:12}{shown:>10}{medians[0]:12.2f}{medians[1]:10.2f}{medians[2]:10.2f}")
    print(f"one after another {sum(wait.total for wait in alone):.1f} s, together {wall:.1f} s; ", end="")
    print(f"the last of them had its badge after {max((wait.badge or 0.0) for wait in together):.1f} s")


if __name__ == "__main__":
    main()
