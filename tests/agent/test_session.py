"""A conversation can be stopped from another thread, asked anew from an earlier moment, replayed and forgotten."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from agent import events
from agent.context import TutorContext
from agent.graph import build_graph
from agent.session import TutorSession
from agent.verification.verifier import Verifier
from tests.scripted import PLAIN, ScriptedModel, done

PENS = "A shop sells pens at 3 for $2. How much do 12 pens cost?"
PROGRAM = "```\nanswer = 12 / 3 * 2\n```"


@pytest.fixture(scope="module")
def verifier() -> Iterator[Verifier]:
    with Verifier() as running:
        running.start()
        yield running


def session(verifier: Verifier, model: ScriptedModel) -> TutorSession:
    context = TutorContext(done(model), done(None), verifier, calibration=PLAIN)
    return TutorSession(build_graph(InMemorySaver()), context, "thread")


def asked(thread: TutorSession) -> list[str]:
    return [str(message.content) for message in thread.messages() if message.type == "human"]


def test_setting_stop_ends_an_answer_whose_model_is_silent(verifier: Verifier) -> None:
    silent = threading.Event()

    def wait(_messages: object) -> str:
        silent.wait(5)
        return r"It is \boxed{8}."

    stop = threading.Event()
    thread = session(verifier, ScriptedModel([wait], [PROGRAM]))
    started = time.monotonic()
    threading.Timer(0.5, stop.set).start()
    threading.Timer(0.7, silent.set).start()
    happened = list(thread.ask(PENS, stop=stop))
    assert time.monotonic() - started < 3
    assert not any(isinstance(event, events.AnswerGiven) for event in happened)


def test_a_question_asked_after_an_earlier_moment_takes_the_place_of_what_came_then(verifier: Verifier) -> None:
    one = r"It is \boxed{8}."
    thread = session(verifier, ScriptedModel([one] * 3, [PROGRAM] * 3, continues=True))
    thread.context.model.text.append("")  # type: ignore[attr-defined]  # each reply is then the end of its text
    list(thread.ask(PENS))
    before = thread.latest()
    list(thread.ask("How much is 3 + 4?"))
    assert asked(thread) == [PENS, "How much is 3 + 4?"]
    list(thread.ask("How much is 5 + 6?", after=before))
    assert asked(thread) == [PENS, "How much is 5 + 6?"]


def test_asked_from_the_beginning_nothing_earlier_is_left(verifier: Verifier) -> None:
    thread = session(verifier, ScriptedModel([r"It is \boxed{8}."] * 2, [PROGRAM] * 2))
    assert thread.latest() == ""
    list(thread.ask(PENS))
    list(thread.ask("How much is 3 + 4?", after=""))
    assert asked(thread) == ["How much is 3 + 4?"]
    thread.forget()
    assert thread.latest() == ""


def test_a_kept_moment_can_be_run_again(verifier: Verifier) -> None:
    thread = session(verifier, ScriptedModel([r"It is \boxed{8}."] * 2, [PROGRAM] * 2))
    happened = list(thread.ask(PENS))
    moments = [event for event in happened if isinstance(event, events.CheckpointKept)]
    assert [moment.following[0] for moment in moments][-2:] == ["cross_check", "give_answer"]
    kept = moments[-2]
    at = happened.index(kept)
    assert not any(isinstance(event, events.NodeStarted) and event.node == "cross_check" for event in happened[:at])
    again = list(thread.replay(kept.name))
    nodes = [event.node for event in again if isinstance(event, events.NodeStarted)]
    assert nodes[0] == "cross_check"
    assert any(isinstance(event, events.AnswerGiven) for event in again)
