"""The graph as LangGraph's own server opens it: by langgraph.json, without a context to pass."""

from __future__ import annotations

import importlib.util
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import ModuleType

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from agent.assembly import Tutor
from agent.context import TutorContext
from agent.domain import Verdict
from agent.errors import ModelMissing
from agent.settings import Settings
from agent.storage import KEPT_CLASSES
from agent.verification.verifier import Verifier
from tests.conftest import ROOT
from tests.scripted import PLAIN, ScriptedModel, done

PENS = "A shop sells pens at 3 for $2. How much do 12 pens cost?"
PROGRAM = "```\npacks = 12 / 3\nanswer = packs * 2\n```"


def opened_as_the_server_does() -> tuple[ModuleType, str]:
    """The module that langgraph.json names, loaded from its path, and the name of the factory in it."""
    (target,) = json.loads((ROOT / "langgraph.json").read_text(encoding="utf-8"))["graphs"].values()
    path, name = target.split(":")
    spec = importlib.util.spec_from_file_location("graph_of_the_server", ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module, name


def test_the_graph_answers_two_questions_on_a_thread_without_a_context(monkeypatch: pytest.MonkeyPatch) -> None:
    module, name = opened_as_the_server_does()
    model = ScriptedModel([r"It is 4 × 2 = \boxed{8}."] * 2, [PROGRAM] * 2)
    with Verifier(deadline=30) as verifier:
        context = TutorContext(done(model), done(None), verifier, calibration=PLAIN)
        monkeypatch.setattr(module, "shared_context", lambda: context)
        graph = getattr(module, name)()
        assert graph.get_input_jsonschema()["required"] == ["problem"]  # which is what Studio's form asks for
        assert "steps" in graph.get_output_jsonschema()["properties"]
        assert graph.get_context_jsonschema() is None
        graph.checkpointer = InMemorySaver()  # the server brings its own
        thread = {"configurable": {"thread_id": "studio"}, "recursion_limit": 200}
        for problem in (PENS, "How much do 12 pens cost at 3 for $2?"):
            state = graph.invoke({"problem": problem}, thread)
            assert (state["problem"], state["answer"]) == (problem, "8")
    assert state["badge"].verdict is Verdict.VERIFIED
    assert len(state["steps"]) == 1
    assert len(state["messages"]) == 4


def test_the_server_may_read_from_its_store_what_ours_may() -> None:
    serde = json.loads((ROOT / "langgraph.json").read_text(encoding="utf-8"))["checkpointer"]["serde"]
    assert [tuple(allowed) for allowed in serde["allowed_msgpack_modules"]] == KEPT_CLASSES


def test_the_tutor_is_opened_once_whoever_asks_first(monkeypatch: pytest.MonkeyPatch) -> None:
    module, _ = opened_as_the_server_does()
    opened: list[Settings] = []
    leaving: list[object] = []
    together = threading.Barrier(4)

    @contextmanager
    def counted(settings: Settings) -> Iterator[Tutor]:
        opened.append(settings)
        with Verifier() as verifier:
            yield Tutor(TutorContext(done("a model"), done(None), verifier), lambda _: pytest.fail("nobody asks"))

    def ask(_: int) -> TutorContext:
        together.wait(10)
        context: TutorContext = module.shared_context()
        return context

    monkeypatch.setattr(module, "open_tutor", counted)
    monkeypatch.setattr(module.atexit, "register", leaving.append)
    with ThreadPoolExecutor(4) as threads:
        assert len({id(context) for context in threads.map(ask, range(4))}) == 1
    assert len(opened) == 1
    assert len(leaving) == 1


def test_what_keeps_the_tutor_away_is_raised_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    module, _ = opened_as_the_server_does()

    @contextmanager
    def failing(_settings: Settings) -> Iterator[Tutor]:
        raise ModelMissing("The model is not here: fetch it.")
        yield

    monkeypatch.setattr(module, "open_tutor", failing)
    for _ in range(2):
        with pytest.raises(ModelMissing):
            module.shared_context()
