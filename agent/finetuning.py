"""The tutor as finetuning sees it: its prompts, its reading, its verifier. Handed to finetune by the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from finetune.contract import Checker, Turn, Tutor, Writer


def tutor_for_finetuning() -> Tutor:
    """The settings are read now; everything else is looked up when it is first needed."""
    from agent.settings import load_settings

    settings = load_settings()
    return Tutor(
        solution_turns=_solution_turns, program_turns=_program_turns, step_is_open=_step_is_open,
        final_answer=_final_answer, open_checker=_open_checker, model_file=_model_file,
        open_writer=_open_writer, parallel=settings.parallel,
        cache_dir=settings.cache_dir,
    )  # fmt: skip


def _solution_turns(problem: str) -> Sequence[Turn]:
    from agent.prompts import render

    return [Turn("user", render("solve", problem=problem))]


def _program_turns(problem: str) -> Sequence[Turn]:
    """The derivation's instruction and the problem, without the worked examples: those are what training replaces."""
    from agent.prompts import worked_turns

    instruction = str(worked_turns("program")[0].text)
    return [Turn("system", instruction), Turn("user", problem)]


def _step_is_open(text: str) -> bool:
    from agent.parsing import step_is_open

    return step_is_open(text)


def _final_answer(text: str) -> str | None:
    from agent.parsing import final_answer

    return final_answer(text)


@contextmanager
def _open_checker() -> Iterator[Checker]:
    from agent.settings import load_settings
    from agent.verification.verifier import Verifier

    with Verifier(deadline=load_settings().check_seconds) as verifier:
        yield verifier


def _model_file(name: str) -> Path | None:
    from agent.models.fetch import fetch
    from agent.models.registry import all_models
    from agent.progress import byte_bar
    from agent.settings import load_settings

    settings = load_settings()
    entry = next((row for row in all_models(settings.data_dir) if row.name == name), None)
    if entry is None or entry.backend != "llamacpp":
        return None
    with byte_bar() as progress:
        return fetch(entry, cache=settings.cache_dir, progress=progress)


@contextmanager
def _open_writer(file: Path, adapter: Path | None) -> Iterator[Writer]:
    from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

    from agent.models.llamacpp import open_llamacpp
    from agent.settings import load_settings

    settings = load_settings()
    kinds: dict[str, type[BaseMessage]] = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
    with open_llamacpp(
        file, name=file.stem, threads=settings.thread_count, context_tokens=2048, parallel=settings.parallel,
        adapter=adapter, gpu_layers=settings.gpu_layers, program=settings.llama_server,
    ) as model:  # fmt: skip

        def write(turns: Sequence[Turn], limit: int) -> str:
            return model.stream([kinds[turn.role](turn.content) for turn in turns], max_tokens=limit).text

        yield write
