"""The practice page: what a student sees, types and clicks, and what is kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from agent.practice.practising import Practice
from agent.practice.problems import PracticeProblem
from agent.practice.store import STORE, PracticeStore
from agent.verification.verifier import Verifier
from tests.ui.stage import page, scripted_service
from ui.service import Service

OWNER = "o" * 43


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    opened = scripted_service(tmp_path)
    yield opened
    opened.close()


def practising(service: Service, **session: Any) -> AppTest:
    app = page(service, "practice", owner=OWNER, **session).run()
    assert not app.exception
    return app


def click(app: AppTest, label: str) -> AppTest:
    next(one for one in app.button if one.label == label).click().run()
    assert not app.exception
    return app


def open_problem(service: Service) -> PracticeProblem:
    store, verifier = PracticeStore(service.desk.settings.data_dir / STORE), Verifier()
    problem = Practice(store, verifier, OWNER, Random(0)).current()
    store.close()
    assert problem is not None
    return problem


def answered(app: AppTest, text: str) -> AppTest:
    app.text_input[0].set_value(text)
    return click(app, "Check")


def test_a_problem_is_answered_and_its_progress_drawn(service: Service) -> None:
    app = practising(service)
    app.selectbox[0].set_value("fractions").run()
    click(app, "Start")
    problem = open_problem(service)
    assert problem.topic == "fractions"
    answered(app, "123457")
    assert "Not yet" in app.warning[0].value
    assert problem.shown not in app.warning[0].value
    answered(app, problem.answer)
    assert app.success[0].value.startswith("Right")
    assert [one.value for one in app.subheader] == ["Progress"]
    assert "1 problems, 0 found at the first go; 0 of 1 skills mastered" in [one.value for one in app.caption]
    click(app, "Next problem")
    assert open_problem(service) != problem


def test_hints_and_solution_are_shown_on_request(service: Service) -> None:
    app = click(practising(service), "Start")
    problem = open_problem(service)
    click(app, "Hint")
    assert problem.method in app.info[0].value
    click(app, "Show the solution")
    shown = "\n".join(one.value for one in app.markdown)
    assert len([one for one in app.markdown if one.value]) >= len(problem.steps)
    assert "The answer is" in app.warning[0].value
    assert problem.text.split()[0] in shown


def test_an_unreadable_answer_loses_nothing(service: Service) -> None:
    app = click(practising(service), "Start")
    before = open_problem(service)
    answered(app, "no idea")
    assert "this does not count" in app.warning[0].value
    assert open_problem(service) == before


def test_a_reloaded_page_goes_on_with_the_open_problem(service: Service) -> None:
    click(practising(service), "Start")
    problem = open_problem(service)
    again = practising(service)
    assert f"{problem.topic}, level {problem.level}" in [one.value for one in again.caption]
    assert "Start" not in [one.label for one in again.button]


def test_practice_can_be_deleted_and_only_on_a_second_thought(service: Service) -> None:
    app = click(click(practising(service), "Start"), "Show the solution")
    delete = next(one for one in app.button if one.label == "Delete all of it")
    assert delete.disabled
    app.checkbox[0].check().run()
    click(app, "Delete all of it")
    assert not app.subheader
