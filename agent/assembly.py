"""Builds a tutor from settings and takes it down again: model, index, verifier, conversation store, graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from agent.context import ExampleSearch, Limits, TutorContext
from agent.graph import build_graph
from agent.models.loaded import LoadedModel
from agent.session import TutorSession, new_thread_id
from agent.settings import Settings
from agent.storage import open_checkpointer
from agent.verification.verifier import Verifier


@dataclass(frozen=True, slots=True)
class Tutor:
    """A tutor that is ready to be asked; sessions of many students share its model, index and verifier."""

    context: TutorContext
    open_session: Callable[[str], TutorSession]

    def session(self, thread_id: str | None = None) -> TutorSession:
        """The conversation of that name, begun or continued; without a name, a new one."""
        return self.open_session(thread_id or new_thread_id())


@contextmanager
def open_tutor(settings: Settings, loading_model: Future[LoadedModel] | None = None) -> Iterator[Tutor]:
    """A tutor as the settings describe it. The model and the index load in the background.

    `loading_model` is a model that is already being loaded, and that its opener closes.
    """
    with ExitStack() as stack:
        verifier = stack.enter_context(Verifier(deadline=settings.check_seconds))
        verifier.start()
        threads = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="loading"))
        loading_search: Future[ExampleSearch | None] = threads.submit(_open_search, settings)
        if loading_model is None:
            from agent.models.opening import open_model

            loading_model = stack.enter_context(open_model(settings))
        context = TutorContext(
            loading_model=loading_model,
            loading_search=loading_search,
            verifier=verifier,
            limits=Limits(
                max_steps=settings.max_steps,
                max_rewrites=settings.max_rewrites,
                effort=settings.effort,
                seed=settings.seed,
                language=settings.language,
            ),
        )
        graph = build_graph(stack.enter_context(open_checkpointer(settings)))
        yield Tutor(context, lambda thread_id: TutorSession(graph, context, thread_id))


def _open_search(settings: Settings) -> ExampleSearch | None:
    if not settings.retrieval:
        return None
    from index.following import FollowingSearcher

    return FollowingSearcher(settings.index_dir)
