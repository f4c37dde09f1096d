"""A wrong guess of what a message means is one click from being put right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.stage import page, scripted_service
from tests.ui.test_chat import button, written
from ui.service import Service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    opened = scripted_service(tmp_path)
    yield opened
    opened.close()


def test_a_message_that_was_declined_is_solved_at_a_click(service: Service) -> None:
    app = page(service)
    app.run()
    app.chat_input[0].set_value("hello there").run()
    assert not app.exception
    assert "I am a mathematics tutor" in written(app)
    button(app, "A problem to solve").click().run()
    assert not app.exception
    assert "12 pens are 12 / 3 = 4 packs." in written(app)
    assert "I am a mathematics tutor" not in written(app)
    assert "A problem to solve" not in [one.label for one in app.button]
