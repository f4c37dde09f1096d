"""Requests are answered in a fair order, each knows its place, and one that is stopped is over at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from agent.domain import Badge, Route, Solution, Verdict
from agent.errors import BadInput, Interrupted, ModelFailed
from agent.events import AnswerGiven
from ui.fair_queue import UNEXPECTED, FairQueue, Request

GIVEN = AnswerGiven(Solution("p", Route.WORD_PROBLEM, "8", Badge(Verdict.VERIFIED, "agrees")))


@contextmanager
def queue(answer: Callable[[Request], None], at_once: int = 1) -> Iterator[FairQueue]:
    opened = FairQueue(answer, lambda request, status, error: None, at_once=at_once)
    try:
        yield opened
    finally:
        opened.close()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)


def test_nobody_waits_behind_a_second_question_of_somebody_else() -> None:
    gate, order = threading.Event(), []

    def answer(request: Request) -> None:
        gate.wait(10)
        order.append(request.problem)
        request.add(GIVEN)

    with queue(answer) as line:
        requests = [Request("ann", f"a{n}", f"ann {n}") for n in range(3)] + [Request("bob", "b", "bob 0")]
        for request in requests:
            line.submit(request)
        until(lambda: requests[0].status == "running")
        assert [line.place(request) for request in requests] == [0, 1, 2, 0]
        gate.set()
        until(lambda: all(request.over for request in requests))
    assert order == ["ann 0", "bob 0", "ann 1", "ann 2"]
    assert all(request.status == "finished" for request in requests)


def test_a_request_that_waits_is_stopped_at_once_and_one_that_runs_is_told() -> None:
    def answer(request: Request) -> None:
        request.stop.wait(10)
        raise Interrupted("stopped")

    with queue(answer) as line:
        first, second = Request("ann", "a", "1"), Request("bob", "b", "2")
        line.submit(first)
        line.submit(second)
        until(lambda: first.status == "running")
        line.stop(second)
        assert second.status == "stopped"
        line.stop(first)
        assert first.status == "stopped"
        assert line.live("ann", "a") is None
        until(lambda: line.busy() == 0)


def test_a_question_waits_until_the_stopped_one_before_it_has_left_the_conversation() -> None:
    gate, order = threading.Event(), []

    def answer(request: Request) -> None:
        order.append(request.problem)
        if request.problem == "slow to stop":
            gate.wait(10)
            order.append("left")
        request.add(GIVEN)

    with queue(answer, at_once=2) as line:
        slow, following = Request("ann", "a", "slow to stop"), Request("ann", "a", "following")
        line.submit(slow)
        until(lambda: slow.status == "running")
        line.stop(slow)
        line.submit(following)
        time.sleep(0.1)
        assert following.status == "waiting"
        gate.set()
        until(lambda: following.over)
    assert order == ["slow to stop", "left", "following"]
    assert (slow.status, slow.happened) == ("stopped", [])


def test_a_conversation_has_one_request_at_a_time_and_a_student_a_few() -> None:
    gate = threading.Event()
    with queue(lambda request: gate.wait(10) and None) as line:
        line.submit(Request("ann", "a", "1"))
        with pytest.raises(BadInput, match="still being answered"):
            line.submit(Request("ann", "a", "2"))
        for n in range(3):
            line.submit(Request("ann", f"other {n}", "3"))
        with pytest.raises(BadInput, match="4 of your questions"):
            line.submit(Request("ann", "one more", "4"))
        line.submit(Request("bob", "b", "5"))
        gate.set()


@pytest.mark.parametrize(
    ("error", "sentence"), [(ModelFailed("The model is gone."), "The model is gone."), (KeyError("inner"), UNEXPECTED)]
)
def test_an_error_is_one_sentence_and_the_next_request_is_answered(error: Exception, sentence: str) -> None:
    def answer(request: Request) -> None:
        if request.problem == "bad":
            raise error
        request.add(GIVEN)

    with queue(answer) as line:
        bad, good = Request("ann", "a", "bad"), Request("bob", "b", "good")
        line.submit(bad)
        line.submit(good)
        until(lambda: bad.over and good.over)
    assert (bad.status, bad.error) == ("failed", sentence)
    assert good.status == "finished"


def test_as_many_run_side_by_side_as_there_is_room_for() -> None:
    both = threading.Barrier(2, timeout=10)

    def answer(request: Request) -> None:
        both.wait()
        request.add(GIVEN)

    with queue(answer, at_once=2) as line:
        pair = [Request("ann", "a", "1"), Request("bob", "b", "2")]
        for request in pair:
            line.submit(request)
        until(lambda: all(request.over for request in pair))
    assert all(request.status == "finished" for request in pair)
