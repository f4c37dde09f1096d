"""The command line of hints: `mathlearn hint`. A problem in, the next rung of its ladder out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.errors import BadInput
from agent.settings import DEFAULT_MODEL
from agent.solve import command_settings, open_session, print_solution, read_problem

if TYPE_CHECKING:
    from agent.events import TutorEvent
    from agent.session import TutorSession

EPILOG = """
Ask again for the same problem, and you get the next hint: from what is asked, over the first idea and the relation, to
the next step. The last one shows the whole solution. No hint before it gives the answer away.
Exit codes: 0 a hint was given, 2 bad input or configuration, 130 stopped by Ctrl-C, 1 anything else.
"""


def hint(
    problem: Annotated[list[str] | None, typer.Argument(help="The problem; “-” reads standard input.")] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="Read the problem from a file.")] = None,
    rung: Annotated[int | None, typer.Option(help="This hint of the ladder.  [default: the next one]", min=1)] = None,
    all_hints: Annotated[bool, typer.Option("--all/--no-all", help="All hints before the solution, at once.")] = False,
    show: Annotated[bool, typer.Option("--show", help="The whole solution.")] = False,
    thread: Annotated[
        str | None, typer.Option(help="Name of the conversation.  [default: one for each problem]")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The hints as JSON lines.")] = False,
    model: Annotated[
        str | None, typer.Option(help=f"A registry name or GGUF file.  [default: {DEFAULT_MODEL}]")
    ] = None,
    effort: Annotated[str | None, typer.Option(help="low, normal or high.  [default: normal]")] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of the text, such as German.  [default: the model's choice]")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens to standard error.")] = False,
) -> None:
    """Give a hint on a problem, and the next one each time that you ask."""
    if sum((rung is not None, all_hints, show)) > 1:
        raise BadInput("Choose one of --rung, --all and --show.")
    text = read_problem(problem, file)
    settings = command_settings(model=model, effort=effort, language=language, verbose=verbose)
    with open_session(settings, thread or f"hints-{hashlib.sha256(text.strip().encode()).hexdigest()[:24]}") as session:
        if as_json:
            for event in _happening(session, text, rung or 0, all_hints, show):
                if type(event).__name__ in ("HintGiven", "AnswerGiven"):
                    print(json.dumps(event.to_json(), ensure_ascii=False), flush=True)
        else:
            print_solution(_happening(session, text, rung or 0, all_hints, show), trace=False)


def _happening(session: TutorSession, text: str, rung: int, all_hints: bool, show: bool) -> Iterator[TutorEvent]:
    """The events of the hints that are asked for."""
    if all_hints:
        yield from _whole_ladder(session, text)
        return
    yield from session.ask(text, rung=_LAST if show else rung)


def _whole_ladder(session: TutorSession, text: str) -> Iterator[TutorEvent]:
    from agent.events import HintGiven

    number, total = 1, 2
    while number < total:
        total = 0
        for event in session.ask(text, rung=number):
            if isinstance(event, HintGiven):
                total = event.hint.total
            yield event
        number += 1


_LAST = 99  # no ladder is as long
