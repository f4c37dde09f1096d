"""The tutor is prepared in the background, and a page always knows what it waits for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.assembly import Tutor
from agent.context import TutorContext
from agent.errors import BadConfiguration, FetchFailed, Interrupted, ModelDamaged
from agent.settings import Settings, load_settings
from agent.verification.verifier import Verifier
from ui.tutoring import Opening, Progress, Stage, TutorDesk


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(cache_dir=tmp_path, data_dir=tmp_path, model="smollm2-135m")


def opening(loading: Future[Any], before: Callable[[Progress], None] = lambda progress: None) -> Opening:
    @contextmanager
    def opened(_settings: Settings, progress: Progress) -> Iterator[Tutor]:
        before(progress)
        context = TutorContext(loading, Future(), Verifier())
        yield Tutor(context, lambda thread: pytest.fail("nobody asks here"))

    return opened


def until(desk: TutorDesk, name: str) -> Stage:
    deadline = time.monotonic() + 10
    while (stage := desk.stage()).name != name:
        assert time.monotonic() < deadline, stage
        time.sleep(0.005)
    return stage


def test_a_model_that_is_not_here_is_asked_for_and_its_download_is_watched(settings: Settings) -> None:
    gate = threading.Event()

    def fetch(progress: Progress) -> None:
        progress("downloading", 3, 10)
        gate.wait(10)

    loading: Future[Any] = Future()
    desk = TutorDesk(settings, opening(loading, fetch))
    assert desk.stage().name == "missing"
    assert desk.download_bytes == 98362432
    with pytest.raises(BadConfiguration, match="not on this computer"):
        desk.tutor(threading.Event())
    desk.start()
    stage = until(desk, "preparing")
    deadline = time.monotonic() + 10
    while (stage := desk.stage()).total == 0 and time.monotonic() < deadline:
        time.sleep(0.005)
    assert (stage.text, stage.done, stage.total) == ("Downloading", 3, 10)
    gate.set()
    until(desk, "loading")
    loading.set_result("a model")
    until(desk, "ready")
    desk.close()


def test_a_question_that_waits_for_the_tutor_can_be_stopped(settings: Settings) -> None:
    gate, stop = threading.Event(), threading.Event()
    desk = TutorDesk(settings, opening(Future(), lambda _: gate.wait(10) and None))
    desk.start()
    threading.Timer(0.1, stop.set).start()
    with pytest.raises(Interrupted):
        desk.tutor(stop)
    gate.set()
    desk.close()


@pytest.mark.parametrize("failure", [FetchFailed("The network is gone."), KeyError("inner")])
def test_what_fails_is_one_sentence_and_can_be_tried_again(settings: Settings, failure: Exception) -> None:
    failures = [failure]

    def fetch(_progress: Progress) -> None:
        if failures:
            raise failures.pop()

    loading: Future[Any] = Future()
    loading.set_result("a model")
    desk = TutorDesk(settings, opening(loading, fetch))
    desk.start()
    stage = until(desk, "failed")
    assert stage.text.endswith(".")
    desk.start()
    until(desk, "ready")
    desk.close()


def test_a_model_that_fails_to_load_is_said(settings: Settings) -> None:
    loading: Future[Any] = Future()
    loading.set_exception(ModelDamaged("The file is cut short: fetch it again."))
    desk = TutorDesk(settings, opening(loading))
    desk.start()
    assert until(desk, "failed").text == "The file is cut short: fetch it again."
    desk.close()


def test_changing_the_model_closes_the_one_before_first(settings: Settings, tmp_path: Path) -> None:
    open_now: list[str] = []
    most = 0

    @contextmanager
    def opened(chosen: Settings, _progress: Progress) -> Iterator[Tutor]:
        nonlocal most
        open_now.append(chosen.model)
        most = max(most, len(open_now))
        loading: Future[Any] = Future()
        loading.set_result("a model")
        yield Tutor(TutorContext(loading, Future(), Verifier()), lambda thread: pytest.fail("nobody asks here"))
        time.sleep(0.05)
        open_now.remove(chosen.model)

    desk = TutorDesk(settings, opened)
    desk.start()
    until(desk, "ready")
    other = tmp_path / "models" / "qwen2.5-coder-1.5b.gguf"
    other.parent.mkdir()
    other.write_bytes(b"")
    desk.change_model("qwen2.5-coder-1.5b")
    until(desk, "ready")
    assert open_now == ["qwen2.5-coder-1.5b"]
    assert most == 1
    desk.change_model("no-such-model")
    assert "no-such-model" in desk.stage().text
    desk.close()
