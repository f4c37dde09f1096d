"""A service whose tutor has a scripted model, and the page that shows it: what the tests of ui share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from agent.assembly import Tutor
from agent.context import TutorContext
from agent.domain import Example
from agent.graph import build_graph
from agent.session import TutorSession
from agent.settings import Settings, load_settings
from agent.storage import open_checkpointer
from agent.verification.verifier import Verifier
from tests.scripted import PLAIN, ScriptedModel, done
from ui.service import Service
from ui.tutoring import Opening, Progress

PENS = "A shop sells pens at 3 for $2. How much do 12 pens cost?"
PROGRAM = "```\npacks = 12 / 3\nanswer = packs * 2\n```"
RIGHT = ["12 pens are 12 / 3 = 4 packs.", r"They cost \(4 \times 2 = \boxed{8}\) dollars."]
PATIENCE = 30.0  # seconds for a check: these tests are of the page, on machines of any speed
NEAR = Example("6 pens at 2 for $1?", "6 / 2 = 3", "families", 1, "Apache-2.0", 0.8, "3", "unit price")


class NearbyProblems:
    near_from = 0.6

    def search(self, problem: str, k: int, *, derivation: str = "") -> Sequence[Example]:
        return [NEAR][:k]


def opening(models: Callable[[], ScriptedModel]) -> Opening:
    """The tutor of a scripted model; each question is answered by a new one of `models`."""

    @contextmanager
    def opened(settings: Settings, _progress: Progress) -> Iterator[Tutor]:
        with Verifier(deadline=PATIENCE) as verifier, open_checkpointer(settings) as saver:
            verifier.start()
            graph = build_graph(saver)

            def session(thread: str) -> TutorSession:
                context = TutorContext(done(models()), done(NearbyProblems()), verifier, calibration=PLAIN)
                return TutorSession(graph, context, thread)

            yield Tutor(TutorContext(done(models()), done(NearbyProblems()), verifier, calibration=PLAIN), session)

    return opened


def right_answers() -> ScriptedModel:
    return ScriptedModel(list(RIGHT), [PROGRAM])


def scripted_service(folder: Path, models: Callable[[], ScriptedModel] = right_answers) -> Service:
    settings = load_settings(data_dir=folder, backend="openai", openai_url="http://127.0.0.1:9", model="scripted")
    return Service(settings, opening(models))


_on_stage: list[Service] = []


def staged() -> Service:
    """The service of the test that is running, for the page's script."""
    return _on_stage[-1]


def page(service: Service, name: str = "chat", **session: Any) -> AppTest:
    """A browser session on a page of the app."""
    _on_stage.append(service)
    script = f"from tests.ui.stage import staged\nfrom ui import {name}\n{name}.show(staged())\n"
    app = AppTest.from_string(script, default_timeout=60)
    for key, value in session.items():
        app.session_state[key] = value
    return app
