"""The whole tutor with the real default model: three problems through the graph, and the command line around it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent import events
from agent.assembly import Tutor, open_tutor
from agent.domain import Effort, Route, Solution, Verdict
from agent.models.opening import fetch_if_missing
from agent.session import TutorSession
from agent.settings import Settings, load_settings
from agent.solve import _ensure_index

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    found = load_settings(data_dir=tmp_path_factory.mktemp("data"))
    fetch_if_missing(found)
    _ensure_index(found)
    return found


@pytest.fixture(scope="module")
def tutor(settings: Settings) -> Iterator[Tutor]:
    with open_tutor(settings) as opened:
        yield opened


def solve(session: TutorSession, problem: str) -> tuple[Solution, list[events.TutorEvent]]:
    happened = list(session.ask(problem))
    return next(event.solution for event in happened if isinstance(event, events.AnswerGiven)), happened


def limited(session: TutorSession, **limits: Any) -> TutorSession:
    """The same session with other limits: what a test does not look at need not be written."""
    context = replace(session.context, limits=replace(session.context.limits, **limits))
    return replace(session, context=context)


def test_a_word_problem_is_solved_and_verified_by_a_second_derivation(tutor: Tutor) -> None:
    solution, happened = solve(tutor.session(), "A shop sells pens at 3 for $2. How much do 12 pens cost?")
    assert tutor.context.verifier.same_value(solution.answer or "", "8") is Verdict.VERIFIED
    assert solution.badge.verdict is Verdict.VERIFIED
    assert len(solution.steps) >= 2
    assert any(step.verdict is Verdict.VERIFIED for step in solution.steps)
    assert solution.examples, "the starter corpus has near problems"
    kinds = [type(event) for event in happened]
    assert kinds.index(events.PlanWritten) < kinds.index(events.TokenWritten) < kinds.index(events.BadgeSet)


def test_steps_after_the_first_cost_next_to_no_prompt_tokens(tutor: Tutor) -> None:
    happened = []
    for event in tutor.session().ask("A box holds 6 eggs. How many eggs do 7 boxes and 3 more eggs make?"):
        happened.append(event)
        if isinstance(event, events.AnswerWritten):  # what follows is the cross-check
            break
    writes = [e for e in happened if isinstance(e, events.NodeFinished) and e.node == "write_step"]
    assert len(writes) >= 2
    for later in writes[1:]:
        assert later.prompt_tokens - later.cached_tokens <= 12 * 3


def test_an_equation_is_solved_exactly(tutor: Tutor) -> None:
    solution, _ = solve(limited(tutor.session(), max_steps=3), "Solve 3x + 5 = 20")
    assert (solution.route, solution.answer, solution.badge.verdict) == (
        Route.SYMBOLIC,
        "x = 5",
        Verdict.VERIFIED,
    )
    assert solution.steps


def test_a_derivative_is_computed_exactly(tutor: Tutor) -> None:
    solution, _ = solve(tutor.session(), "What is the derivative of x^3 + 2x^2?")
    assert tutor.context.verifier.same_value(solution.answer or "", "3x^2 + 4x") is Verdict.VERIFIED
    assert solution.badge.verdict is Verdict.VERIFIED


def test_leaving_an_answer_stops_the_model_and_the_question_can_be_resumed(tutor: Tutor) -> None:
    session = tutor.session("left")
    session = limited(session, effort=Effort.LOW)  # how sure the answer is, is not the question here
    happening = session.ask("A rope of 84 meters is cut in 4 equal pieces. How long is each piece?")
    for event in happening:
        if isinstance(event, events.TokenWritten):
            break
    started = time.perf_counter()
    happening.close()
    assert time.perf_counter() - started < 5
    assert session.unfinished() is not None
    finished = [event for event in session.resume() if isinstance(event, events.AnswerGiven)]
    assert tutor.context.verifier.same_value(finished[0].solution.answer or "", "21") is Verdict.VERIFIED
    assert session.unfinished() is None


def environment(settings: Settings, data: Path) -> dict[str, str]:
    return {**os.environ, "MATHLEARN_CACHE_DIR": str(settings.cache_dir), "MATHLEARN_DATA_DIR": str(data)}


def test_kill_9_in_an_answer_loses_nothing_that_was_finished(settings: Settings, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "agent.solve", "--events", "--thread", "homework", "--effort", "low"]
    around = environment(settings, tmp_path)
    first = subprocess.run([*command, "What is 15% of 80?"], env=around, capture_output=True, text=True, timeout=120)
    assert first.returncode == 0, first.stderr
    problem = (
        "Mia reads 12 pages a day for 5 days, then 20 pages a day for 4 days. How many pages does she read in all?"
    )
    process = subprocess.Popen([*command, problem], env=around, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["event"] == "StepChecked":
            break
    time.sleep(1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()

    resumed = subprocess.run([*command, "--resume"], env=around, capture_output=True, text=True, timeout=180)
    assert resumed.returncode == 0, resumed.stderr
    happened = [json.loads(line) for line in resumed.stdout.splitlines()]
    assert not any(event["event"] == "ProblemRouted" for event in happened), "finished nodes do not run again"
    solution = next(event["solution"] for event in happened if event["event"] == "AnswerGiven")
    assert solution["problem"] == problem
    assert "140" in solution["answer"]
    with open_tutor(settings.model_copy(update={"data_dir": tmp_path})) as again:
        messages = [str(message.content) for message in again.session("homework").messages()]
    assert messages[0] == "What is 15% of 80?"
    assert messages[2] == problem
    assert len(messages) == 4


def test_json_is_one_document_and_nothing_else(settings: Settings, tmp_path: Path) -> None:
    answered = subprocess.run(
        [sys.executable, "-m", "agent.solve", "--json", "Solve 2x = 10"], env=environment(settings, tmp_path),
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert answered.returncode == 0, answered.stderr
    document = json.loads(answered.stdout)
    assert document["answer"] == "x = 5"
    assert document["badge"]["mark"] == "✔"
    assert {"plan", "steps", "derivations", "seconds", "tokens", "trace", "schema"} <= set(document)
    assert answered.stderr == ""


def test_ctrl_c_ends_at_once_with_one_word_and_leaves_no_server(settings: Settings, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "agent.solve", "--events", "How many seconds do 3 hours and 20 minutes have?"],
        env=environment(settings, tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line)["event"] == "TokenWritten":
            break
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert children
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=15)
    assert process.returncode == 130
    assert said.strip() == "mathlearn: stopped."
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(Path(f"/proc/{child}").exists() for child in children)
