"""`mathlearn check`: a student's own solution in, the first step that goes wrong out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.errors import BadInput
from agent.settings import DEFAULT_MODEL

if TYPE_CHECKING:
    from agent.events import TutorEvent
    from agent.settings import Settings

MAX_INPUT = 100_000

EPILOG = """
The work is free text: one step a line, numbered or not, or a paragraph. The tutor solves the problem by itself and
compares. A step is called wrong only on evidence; else it is asked about.
Exit codes: 0 checked (whatever was found), 2 bad input or configuration, 130 stopped by Ctrl-C, 1 anything else.
"""


def check(
    problem: Annotated[list[str] | None, typer.Argument(help="The problem.")] = None,
    work: Annotated[
        str | None, typer.Option("--work", "-w", metavar="FILE|-", help="The solution; “-” reads standard input.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
    model: Annotated[
        str | None, typer.Option(help=f"A registry name or GGUF file.  [default: {DEFAULT_MODEL}]")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens to standard error.")] = False,
) -> None:
    """Check your own solution of a problem: which steps hold, and which is the first that does not."""
    import logging

    from agent.settings import load_settings, quiet_third_parties

    text = " ".join(problem or []).strip() or _ask_for_problem()
    steps = _read_work(work)
    quiet_third_parties()
    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, format="%(name)s: %(message)s")
    _check(text, steps, load_settings(model=model, retrieval=False), as_json=as_json)


def _ask_for_problem() -> str:
    if not sys.stdin.isatty():
        raise BadInput('Write the problem after the command, for example: mathlearn check "What is 15% of 80?" -w -')
    return input("The problem: ")


def _read_work(source: str | None) -> str:
    """The work from a file, standard input, or line by line where a person sits at the terminal."""
    if source is None and sys.stdin.isatty():
        print("Your solution, one step a line; an empty line ends it:", file=sys.stderr)
        lines: list[str] = []
        while (line := sys.stdin.readline().rstrip("\n")).strip():
            lines.append(line)
        return "\n".join(lines)
    if source in (None, "-"):
        return sys.stdin.read(MAX_INPUT)
    try:
        with Path(str(source)).open(encoding="utf-8") as file:
            return file.read(MAX_INPUT)
    except UnicodeDecodeError:
        raise BadInput(f"{source} is not text in UTF-8: save it as plain text.") from None
    except OSError as refused:
        raise BadInput(f"{source} cannot be read ({refused.strerror}): check the name.") from None


def _check(problem: str, work: str, settings: Settings, *, as_json: bool) -> None:
    from agent.models.opening import fetch_if_missing, open_model
    from agent.teaching.work import split_work

    split_work(work)  # what cannot be read is said before a model is loaded
    fetch_if_missing(settings)
    with open_model(settings) as loading_model:
        from rich.console import Console

        from agent.assembly import open_tutor
        from agent.teaching.checking import check_work
        from agent.teaching.work_view import WorkView

        with open_tutor(settings, loading_model) as tutor:
            if as_json:
                happened: list[TutorEvent] = []
                check_work(tutor.context, problem, work, happened.append)
                print(json.dumps(happened[-1].to_json(), ensure_ascii=False, indent=2))
                return
            with WorkView(Console()) as view:
                check_work(tutor.context, problem, work, view.show)
