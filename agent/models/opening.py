"""From settings to a model that is being loaded: finds its file, chooses the backend, loads it, closes it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager

from agent.models.fetch import cached_adapter, cached_file, fetch, is_here, read_stamp
from agent.models.loaded import LoadedModel
from agent.models.registry import Backend, ModelEntry, all_models, find_model
from agent.progress import byte_bar
from agent.settings import DEFAULT_MODEL, Settings

# The constant parts of the derivation prompts: evaluated once, then kept on disk between processes.
KEPT_PROMPTS = ("program", "function", "sentences")


def fetch_if_missing(settings: Settings) -> None:
    """Have the model's file on this machine, with a progress bar where it must be downloaded or checked."""
    entry = chosen_model(settings)
    if entry.backend == "llamacpp" and not is_here(entry, settings.cache_dir):
        with byte_bar() as advance:
            fetch(entry, cache=settings.cache_dir, progress=advance)


def chosen_model(settings: Settings) -> ModelEntry:
    """The registry's row that the settings mean. A server's model and a transformers model need no row."""
    backend: Backend | None = None
    if settings.backend == "openai" or (settings.backend == "auto" and settings.openai_url):
        backend = "openai"
    elif settings.backend == "huggingface":
        backend = "huggingface"
    if backend is not None:
        known = next((row for row in all_models(settings.data_dir) if row.name == settings.model), None)
        if known is not None and known.backend == backend:
            return known
        return ModelEntry(name=settings.model, model_id=settings.model, backend=backend, adapter=settings.adapter)
    return find_model(settings.model, settings.data_dir)


@contextmanager
def open_model(settings: Settings) -> Iterator[Future[LoadedModel]]:
    """The model as a future that is filled in the background; leaving the context closes the model.

    Whatever goes wrong while it loads is raised by the future's `result()`.
    """
    loading: Future[LoadedModel] = Future()
    finished = threading.Event()

    def hold() -> None:
        try:
            with _opened(settings) as model:
                from agent.prompts import worked_turns

                for prompt in KEPT_PROMPTS:
                    model.keep_prefix(worked_turns(prompt))
                loading.set_result(model)
                finished.wait()
        except BaseException as error:
            if loading.done():
                raise
            loading.set_exception(error)

    holder = threading.Thread(target=hold, name="model", daemon=True)
    holder.start()
    try:
        yield loading
    finally:
        finished.set()
        holder.join(timeout=10)


def _opened(settings: Settings) -> AbstractContextManager[LoadedModel]:
    entry = chosen_model(settings)
    openers = {"llamacpp": _llamacpp, "openai": _openai_compatible, "huggingface": _huggingface}
    return openers[entry.backend](entry, settings)


def _llamacpp(entry: ModelEntry, settings: Settings) -> AbstractContextManager[LoadedModel]:
    from agent.models.llamacpp import open_llamacpp

    path = cached_file(entry, settings.cache_dir)
    stamp = read_stamp(path)
    return open_llamacpp(
        path,
        name=entry.name,
        threads=settings.thread_count,
        context_tokens=min(settings.context_tokens, entry.context_tokens or settings.context_tokens),
        parallel=settings.parallel,
        adapter=settings.adapter or cached_adapter(entry, settings.cache_dir),
        prefix_dir=settings.cache_dir / "prefixes",
        gpu_layers=settings.gpu_layers,
        has_system_role=entry.has_system_role,
        identity=stamp.sha256 if stamp else "",
        program=settings.llama_server,
    )


def _openai_compatible(entry: ModelEntry, settings: Settings) -> AbstractContextManager[LoadedModel]:
    from agent.models.openai_compatible import open_openai_compatible

    return open_openai_compatible(
        settings.openai_url,
        model="" if entry.model_id == DEFAULT_MODEL else entry.model_id,  # not chosen: the server's own
        key=settings.openai_key.get_secret_value() if settings.openai_key else "",
        context_tokens=settings.context_tokens,
        parallel=settings.parallel,
    )


def _huggingface(entry: ModelEntry, settings: Settings) -> AbstractContextManager[LoadedModel]:
    from agent.models.huggingface import open_huggingface

    return open_huggingface(
        entry.model_id,
        adapter=settings.adapter or entry.adapter,
        load_in_4bit=settings.load_in_4bit,
        context_tokens=settings.context_tokens,
    )
