"""The one tutor of this process: prepared in the background, with what it is waiting for always known."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Literal

from agent.assembly import Tutor
from agent.errors import BadConfiguration, Interrupted, TutorError
from agent.models.loaded import LoadedModel
from agent.settings import Settings

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
Opening = Callable[[Settings, Progress], AbstractContextManager[Tutor]]


@dataclass(frozen=True, slots=True)
class Stage:
    """How far the tutor is. `text` is a sentence for the student; `done` of `total` is 0 of 0 where nobody knows."""

    name: Literal["missing", "preparing", "loading", "ready", "failed"]
    text: str = ""
    done: int = 0
    total: int = 0


@contextmanager
def prepared_tutor(settings: Settings, progress: Progress) -> Iterator[Tutor]:
    """Everything that `mathlearn solve` does before the first question, with its progress told."""
    from agent.assembly import open_tutor
    from agent.models.fetch import fetch
    from agent.models.opening import chosen_model, open_model
    from index.build import ensure_starter_index
    from index.embedder import OnnxMiniLM

    entry = chosen_model(settings)
    if entry.backend == "llamacpp":
        fetch(entry, cache=settings.cache_dir, progress=progress)
    progress("Loading the model", 0, 0)
    with open_model(settings) as loading:
        if settings.retrieval:
            ensure_starter_index(
                settings.index_dir,
                OnnxMiniLM(threads=settings.thread_count),
                lambda done, total: progress("Building the index of worked problems, once", done, total or 0),
            )
        with open_tutor(settings, loading) as tutor:
            yield tutor


class TutorDesk:
    """Opens the tutor, says how far it is, changes its model. `opening` does the work, in a thread of its own."""

    def __init__(self, settings: Settings, opening: Opening = prepared_tutor) -> None:
        self.settings = settings
        self._opening = opening
        self._changed = threading.Condition()
        self._stage = Stage("preparing", "Starting")
        self._tutor: Tutor | None = None
        self._leaving = threading.Event()
        self._thread: threading.Thread | None = None
        self.start(download=False)

    @property
    def download_bytes(self) -> int:
        """What the chosen model's download weighs, 0 where that is not known."""
        from agent.models.opening import chosen_model

        return chosen_model(self.settings).size

    def start(self, *, download: bool = True) -> None:
        """Prepare the tutor in the background; without `download`, only where the model's file is here."""
        with self._changed:
            if self._stage.name not in ("missing", "failed") and self._thread is not None:
                return
            try:
                missing = not download and _is_missing(self.settings)
            except TutorError as wrong:
                self._become(Stage("failed", str(wrong)))
                return
            if missing:
                self._become(Stage("missing", f"The model {self.settings.model} is not on this computer yet."))
                return
            self._become(Stage("preparing", "Starting"))
            self._leaving = threading.Event()
            arguments = (self.settings, self._leaving, self._thread)
            self._thread = threading.Thread(target=self._hold, args=arguments, name="tutor", daemon=True)
            self._thread.start()

    def change_model(self, name: str) -> None:
        """Close this model and open another; its file is asked for where it is missing."""
        with self._changed:
            self._leaving.set()
            self._tutor = None
            self.settings = self.settings.model_copy(update={"model": name})
            self._stage = Stage("missing")
            self.start(download=False)

    def retry(self) -> None:
        """Open the same model again, after a failure."""
        self.change_model(self.settings.model)

    def stage(self) -> Stage:
        with self._changed:
            tutor, stage = self._tutor, self._stage
        if tutor is None:
            return stage
        loading = tutor.context.loading_model
        if not loading.done():
            return Stage("loading", "Loading the model")
        return _loaded(loading)

    def tutor(self, stop: threading.Event) -> Tutor:
        """The tutor, as soon as it can be asked. Raises the TutorError that keeps it away, or Interrupted."""
        with self._changed:
            while self._tutor is None:
                if self._stage.name in ("failed", "missing"):
                    raise BadConfiguration(self._stage.text)
                if stop.is_set():
                    raise Interrupted("The question was stopped before the tutor was ready.")
                self._changed.wait(0.1)
            return self._tutor

    def close(self) -> None:
        self._leaving.set()
        if self._thread is not None:
            self._thread.join(timeout=12)

    def _hold(self, settings: Settings, leaving: threading.Event, earlier: threading.Thread | None) -> None:
        if earlier is not None:  # two models may not fit into the memory together
            earlier.join()

        def progress(doing: str, done: int, total: int) -> None:
            if leaving.is_set():
                raise Interrupted("Another model was chosen.")
            self._say(leaving, Stage("preparing", doing[:1].upper() + doing[1:], done, total))

        try:
            with self._opening(settings, progress) as tutor:
                self._say(leaving, Stage("ready"), tutor)
                leaving.wait()
        except Interrupted:
            return
        except TutorError as failed:
            self._say(leaving, Stage("failed", str(failed)))
        except Exception as failed:
            log.exception("the tutor could not be prepared")
            self._say(leaving, Stage("failed", f"The tutor could not be started ({type(failed).__name__})."))

    def _say(self, leaving: threading.Event, stage: Stage, tutor: Tutor | None = None) -> None:
        with self._changed:
            if not leaving.is_set():
                self._tutor = tutor
                self._become(stage)

    def _become(self, stage: Stage) -> None:
        self._stage = stage
        self._changed.notify_all()


def _loaded(loading: Future[LoadedModel]) -> Stage:
    failed = loading.exception()
    if failed is None:
        return Stage("ready")
    text = str(failed) if isinstance(failed, TutorError) else f"The model failed to load ({type(failed).__name__})."
    return Stage("failed", text)


def _is_missing(settings: Settings) -> bool:
    from agent.models.fetch import cached_file
    from agent.models.opening import chosen_model

    entry = chosen_model(settings)
    return entry.backend == "llamacpp" and not cached_file(entry, settings.cache_dir).is_file()
