"""The command line: a problem in, a checked solution out (`python -m agent.solve`, `mathlearn solve`)."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.errors import BadInput, TutorError
from agent.settings import DEFAULT_MODEL

if TYPE_CHECKING:
    from agent.events import TutorEvent
    from agent.session import TutorSession
    from agent.settings import Settings

MAX_INPUT = 1_000_000  # characters read before the router says that the problem is too long
STOPPED = 130

EPILOG = """
Exit codes: 0 answered (whatever the badge says), 2 bad input or configuration, 130 stopped by Ctrl-C,
1 anything else.
Every option can also be set in the environment (MATHLEARN_MODEL=…) or in the configuration file.
"""

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command(epilog=EPILOG)
def solve(
    problem: Annotated[list[str] | None, typer.Argument(help="The problem; “-” reads standard input.")] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="Read the problem from a file.")] = None,
    thread: Annotated[str | None, typer.Option(help="Name of a conversation to begin or continue.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Finish the question that was cut off in --thread.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
    as_events: Annotated[bool, typer.Option("--events", help="Events as JSON lines, as they happen.")] = False,
    trace: Annotated[bool, typer.Option("--trace", help="What each node received, returned and cost.")] = False,
    graph: Annotated[
        str | None,
        typer.Option(metavar="[FILE]", help="Print the graph as Mermaid, or draw it to FILE.svg|.png|.dot|.mmd."),
    ] = None,
    model: Annotated[
        str | None, typer.Option(help=f"A registry name or GGUF file.  [default: {DEFAULT_MODEL}]")
    ] = None,
    adapter: Annotated[Path | None, typer.Option(help="A LoRA adapter for the model.")] = None,
    no_retrieval: Annotated[bool, typer.Option("--no-retrieval", help="No similar problems.")] = False,
    effort: Annotated[
        str | None,
        typer.Option(help="low, normal or high: derivations spent on an open verdict.  [default: normal]"),
    ] = None,
    max_steps: Annotated[int | None, typer.Option(help="Steps before the text is cut off.  [default: 12]")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of sampled choices.  [default: 0]")] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of the text, such as German.  [default: the model's choice]")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens to standard error.")] = False,
) -> None:
    """Solve a mathematics problem step by step, and say whether the answer can be trusted."""
    if graph is not None:
        _draw(graph)
        return
    text = "" if resume else read_problem(problem, file)
    settings = command_settings(
        model=model, adapter=adapter, retrieval=False if no_retrieval else None, effort=effort,
        max_steps=max_steps, seed=seed, language=language, verbose=verbose,
    )  # fmt: skip
    with open_session(settings, thread) as session:
        happening = session.resume() if resume else session.ask(text)
        if as_json:
            _print_document(happening, session.thread_id, settings)
        elif as_events:
            _print_events(happening, in_full=trace)
        else:
            print_solution(happening, trace=trace)
        if trace and as_json:
            print("The trace is in the document, under “trace”.", file=sys.stderr)


def read_problem(words: Sequence[str] | None, file: Path | None) -> str:
    """The problem from the arguments, a file or standard input. Raises BadInput where there is none."""
    if words and words != ["-"]:
        if file is not None:
            raise BadInput("Give the problem either as an argument or with --file, not both.")
        return " ".join(words)
    try:
        if file is not None:
            with file.open(encoding="utf-8") as source:
                return _not_empty(source.read(MAX_INPUT), str(file))
        if words == ["-"] or not sys.stdin.isatty():
            return _not_empty(sys.stdin.read(MAX_INPUT), "standard input")
    except UnicodeDecodeError:
        raise BadInput(f"{file or 'Standard input'} is not text in UTF-8: save it as plain text.") from None
    except OSError as refused:
        raise BadInput(f"{file} cannot be read ({refused.strerror}): check the name.") from None
    raise BadInput('Write a problem after the command, for example: mathlearn solve "What is 15% of 80?"')


def _not_empty(text: str, place: str) -> str:
    if not text.strip():
        raise BadInput(f"There is no problem in {place}: write one there, or after the command.")
    return text


def command_settings(*, verbose: bool, **flags: Any) -> Settings:
    """The settings with what the flags say, and the log switched on or off."""
    import logging

    from agent.settings import load_settings, quiet_third_parties

    quiet_third_parties()
    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, format="%(name)s: %(message)s")
    return load_settings(**flags)


@contextmanager
def open_session(settings: Settings, thread: str | None) -> Iterator[TutorSession]:
    """The model begins to load before the graph's libraries are imported: both take a second or more."""
    from agent.models.opening import fetch_if_missing, open_model

    fetch_if_missing(settings)
    with open_model(settings) as loading_model:
        if settings.retrieval:
            _ensure_index(settings)
        from agent.assembly import open_tutor

        with open_tutor(settings, loading_model) as tutor:
            yield tutor.session(thread)


def _ensure_index(settings: Settings) -> None:
    from agent.progress import row_bar
    from index.build import ensure_starter_index
    from index.embedder import OnnxMiniLM

    with row_bar("building the index of worked problems, once") as advance:
        ensure_starter_index(settings.index_dir, OnnxMiniLM(threads=settings.thread_count), advance)


def print_solution(happening: Iterator[TutorEvent], *, trace: bool) -> None:
    """Show what happens on the terminal, as it happens."""
    from rich.console import Console

    from agent.terminal import TerminalView

    with TerminalView(Console(), trace=trace) as view:
        for event in happening:
            view.show(event)


def _print_events(happening: Iterator[TutorEvent], *, in_full: bool) -> None:
    from agent.events import NodeInspected

    for event in happening:
        if in_full or not isinstance(event, NodeInspected):
            print(json.dumps(event.to_json(), ensure_ascii=False), flush=True)


def _print_document(happening: Iterator[TutorEvent], thread: str, settings: Settings) -> None:
    from agent.document import solution_document

    started = time.perf_counter()
    timed = [(time.perf_counter() - started, event) for event in happening]
    document = solution_document(timed, thread=thread, model=settings.model)
    print(json.dumps(document, ensure_ascii=False, indent=2))


def _draw(target: str) -> None:
    from agent.drawing import draw_to_file, mermaid
    from agent.graph import build_graph

    graph = build_graph()
    if target == "-":
        print(mermaid(graph))
    else:
        draw_to_file(graph, Path(target))


def normalise_arguments(arguments: Sequence[str]) -> list[str]:
    """`--graph` may stand without a file: it then means the standard output."""
    result: list[str] = []
    for position, argument in enumerate(arguments):
        following = arguments[position + 1] if position + 1 < len(arguments) else ""
        bare = argument == "--graph" and not (following and Path(following).suffix and " " not in following)
        result += ["--graph", "-"] if bare else [argument]
    return result


def run(command: typer.Typer, arguments: Sequence[str], name: str) -> int:
    """Run a command line; every TutorError is one sentence on standard error and its exit code."""
    try:
        code = command(args=normalise_arguments(arguments), prog_name=name, standalone_mode=False)
    except TutorError as error:
        print(f"mathlearn: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        code = STOPPED
    except BrokenPipeError:
        return 0
    except Exception as error:
        return _usage_error(error)
    if code == STOPPED:  # Typer turns Ctrl-C in a command into this exit code
        print("mathlearn: stopped.", file=sys.stderr)
    return code if isinstance(code, int) else 0


def _usage_error(error: Exception) -> int:
    """Typer's own exceptions know how to show themselves; anything else is a fault of ours and is raised."""
    show = getattr(error, "show", None)
    if show is not None:
        show()
        return 2
    if "--verbose" in sys.argv or "-v" in sys.argv:
        raise error
    print(
        f"mathlearn: something unexpected failed ({type(error).__name__}: {error}); --verbose shows where.",
        file=sys.stderr,
    )
    return 1


def main() -> None:
    sys.exit(run(app, sys.argv[1:], "python -m agent.solve"))


if __name__ == "__main__":
    main()
