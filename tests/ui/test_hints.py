"""Hints first: a problem is answered by a hint, then by the next one, and by the solution when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.stage import PENS, page, scripted_service
from tests.ui.test_chat import button, written
from ui.hints import NEXT, SHOW
from ui.service import Service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    opened = scripted_service(tmp_path)
    yield opened
    opened.close()


def test_hints_come_one_by_one_and_the_solution_when_it_is_asked_for(service: Service) -> None:
    app = page(service)
    app.run()
    next(one for one in app.toggle if one.label == "Hints first").set_value(True).run()
    app.chat_input[0].set_value(PENS).run()
    assert not app.exception
    assert "Hint 1 of" in written(app)
    assert "What is asked" in written(app)
    button(app, NEXT).click().run()
    assert not app.exception
    assert "Hint 2 of" in written(app)
    assert "8" not in [one.value for one in app.subheader]
    button(app, SHOW).click().run()
    assert not app.exception
    assert "8" in [one.value for one in app.subheader]
    assert "12 pens are 12 / 3 = 4 packs." in written(app)
