"""The page for a student's own work, with a scripted model: a wrong step, a right solution, and what cannot be read."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.scripted import ScriptedModel
from tests.ui.stage import PENS, PROGRAM, page, scripted_service
from ui.fair_queue import FairQueue
from ui.service import Service

FUNCTION = "```\ndef solution():\n    packs = 12 / 3\n    return packs * 2\n```"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    opened = scripted_service(tmp_path, lambda: ScriptedModel([], [PROGRAM, FUNCTION]))
    yield opened
    opened.close()


def checked(service: Service, problem: str, work: str) -> AppTest:
    app = page(service, "work").run()
    app.text_area[0].set_value(problem)
    app.text_area[1].set_value(work)
    app.button[0].click().run()
    if "work_check" not in app.session_state:
        return app
    for _ in range(300):
        if app.session_state["work_check"].over:
            break
        time.sleep(0.1)
    app.run()
    assert not app.exception
    return app


def test_the_first_wrong_step_is_marked_and_the_answer_not_given(service: Service) -> None:
    app = checked(service, PENS, "12 / 3 = 4 packs\n4 × 3 = 12\nThe answer is $12")
    assert "step 2" in app.warning[0].value
    text = "\n".join(one.value for one in app.markdown)
    assert "Step 1 is right" in text
    assert r"\$8" not in text


def test_right_work_is_confirmed_and_praised_for_its_step(service: Service) -> None:
    app = checked(service, PENS, "12 / 3 = 4 packs\n4 × 2 = 8\nThe answer is $8")
    assert app.success[0].value.startswith("Your answer is right")
    assert any("Step 2 is right" in one.value for one in app.markdown)


def test_what_is_not_called_right_does_not_look_confirmed(tmp_path: Path) -> None:
    """A green box is a mark as well: one derivation with the same answer does not earn it."""
    other = "```\nanswer = 12 * 2\n```"
    opened = scripted_service(tmp_path, lambda: ScriptedModel([], [PROGRAM, other, "```\nanswer = 12 + 2\n```"]))
    try:
        app = checked(opened, PENS, "12 / 3 = 4 packs\n4 × 2 = 8\nThe answer is $8")
        assert not app.success
        assert "not enough" in app.info[0].value
    finally:
        opened.close()


@pytest.mark.parametrize(("problem", "work", "said"), [(PENS, "", "no solution"), ("", "2 + 2 = 4", "no problem")])
def test_what_is_missing_is_said(service: Service, problem: str, work: str, said: str) -> None:
    assert said in checked(service, problem, work).error[0].value


def test_a_check_waits_in_the_queue_that_answers_wait_in_and_can_be_stopped_there(service: Service) -> None:
    """One model serves everybody: a check must not push its way past the answers that others wait for."""
    leave = threading.Event()
    service.queue.close()
    service.queue = FairQueue(lambda request: leave.wait(20) and None, service._ended, at_once=1)
    before = service.check("somebody else", PENS, "12 / 3 = 4 packs")
    app = page(service, "work").run()
    app.text_area[0].set_value(PENS)
    app.text_area[1].set_value("12 / 3 = 4 packs")
    app.button[0].click().run()
    request = app.session_state["work_check"]
    assert (before.status, request.status) == ("running", "waiting")
    assert "Waiting: next in the queue" in [one.value for one in app.caption]
    app.button(key="stop work").click().run()
    assert request.status == "stopped"
    assert "stopped" in app.info[0].value
    leave.set()
