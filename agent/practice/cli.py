"""`mathlearn practice`: problems one after another in the terminal, and what is kept of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.errors import BadInput, StorageFailed

if TYPE_CHECKING:
    from rich.console import Console

    from agent.practice.practising import Practice
    from agent.practice.problems import PracticeProblem, Skill
    from agent.practice.store import PracticeStore
    from agent.settings import Settings

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, invoke_without_command=True,
    help="Practise: problems with exact answers, chosen by what you know already.",
)  # fmt: skip

COMMANDS = "hint, solution, skip or quit"


@app.callback(
    invoke_without_command=True,
    epilog="Answers count in any form: 1/2, 0.5, 50%, with or without a unit. Instead of one write: "
    f"{COMMANDS}. What you practised is kept on this computer.",
)
def practice(
    context: typer.Context,
    topic: Annotated[str | None, typer.Option(help="One of `mathlearn practice topics`.  [default: all]")] = None,
    level: Annotated[int | None, typer.Option(min=1, max=5, help="1 (primary school) to 5 (calculus).")] = None,
    like: Annotated[str | None, typer.Option(help="A problem of your own: practise what is near to it.")] = None,
    count: Annotated[int, typer.Option(min=1, max=100, help="Problems in this session.")] = 5,
    seed: Annotated[int | None, typer.Option(help="The same seed and history give the same problems.")] = None,
) -> None:
    """Practise: problems with exact answers, chosen by what you know already."""
    if context.invoked_subcommand is not None:
        return
    from random import Random, SystemRandom

    from rich.console import Console

    from agent.practice.practising import Practice
    from agent.practice.problems import skills_for
    from agent.practice.store import HERE
    from agent.verification.verifier import Verifier

    settings = _settings()
    if like is not None and (topic is not None or level is not None):
        raise BadInput("Give either --like or --topic and --level: a problem of your own decides both.")
    skills = skills_for(topic, level) if like is None else _skills_like(like, settings)
    rng = SystemRandom() if seed is None else Random(seed)  # noqa: S311 - which problems, no secret
    with _open_store(settings) as store, Verifier(deadline=settings.check_seconds) as verifier:
        verifier.start()
        _run(Practice(store, verifier, HERE, rng), skills, count, Console())


@app.command("topics")
def show_topics() -> None:
    """The topics, with their levels and how many skills each has."""
    from rich.console import Console
    from rich.table import Table

    from agent.practice.problems import topics

    table = Table("topic", "levels", "skills", box=None, header_style="bold")
    for name, (lowest, highest, count) in topics().items():
        table.add_row(name, str(lowest) if lowest == highest else f"{lowest} to {highest}", str(count))
    Console().print(table)


@app.command("progress")
def show_progress() -> None:
    """What is known of each skill that was practised, and how it went over time."""
    from rich.console import Console

    from agent.practice.progress import progress_lines
    from agent.practice.store import HERE

    with _open_store(_settings()) as store:
        for line in progress_lines(store.attempts(HERE)):
            Console().print(line, highlight=False)


@app.command("export")
def export(
    as_format: Annotated[str, typer.Option("--format", help="json or csv.")] = "json",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A file.  [default: standard output]")] = None,
) -> None:
    """Write out everything that is kept of your practice."""
    from agent.practice.store import HERE, as_csv, as_json

    if as_format not in ("json", "csv"):
        raise BadInput(f"There is no format “{as_format[:20]}”: choose json or csv.")
    with _open_store(_settings()) as store:
        attempts = store.attempts(HERE)
    text = as_json(attempts) if as_format == "json" else as_csv(attempts).rstrip("\n")
    if output is None:
        print(text)
        return
    try:
        output.write_text(text + "\n", encoding="utf-8")
    except OSError as refused:
        raise StorageFailed(f"{output} cannot be written ({refused.strerror}): choose another place.") from None
    print(f"{len(attempts)} problems written to {output}.", file=sys.stderr)


@app.command("delete")
def delete(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete everything that is kept of your practice."""
    from agent.practice.store import HERE

    with _open_store(_settings()) as store:
        known = len(store.attempts(HERE))
        if not yes and not (sys.stdin.isatty() and typer.confirm(f"Delete {known} practised problems for good?")):
            raise BadInput("Nothing was deleted: confirm, or add --yes.")
        print(f"{store.delete(HERE)} practised problems deleted.")


def _settings() -> Settings:
    from agent.settings import load_settings, quiet_third_parties

    quiet_third_parties()
    return load_settings()


@contextmanager
def _open_store(settings: Settings) -> Iterator[PracticeStore]:
    from agent.practice.store import STORE, PracticeStore

    store = PracticeStore(settings.data_dir / STORE)
    try:
        yield store
    finally:
        store.close()


def _skills_like(problem: str, settings: Settings) -> Sequence[Skill]:
    from agent.practice.problems import skills_near
    from agent.progress import row_bar
    from index.build import ensure_starter_index
    from index.embedder import OnnxMiniLM
    from index.search import Searcher

    with ExitStack() as stack:
        advance = stack.enter_context(row_bar("building the index of worked problems, once"))
        ensure_starter_index(settings.index_dir, OnnxMiniLM(threads=settings.thread_count), advance)
    near = skills_near(problem, Searcher.open(settings.index_dir))
    if not near:
        raise BadInput("There is nothing near to this problem to practise with: choose a --topic instead.")
    return near


def _run(practice: Practice, skills: Sequence[Skill], count: int, console: Console) -> None:
    from agent.practice.progress import session_line

    before = len(practice.store.attempts(practice.owner))
    names = {skill.name for skill in skills}
    for number in range(1, count + 1):
        left = practice.current() if number == 1 else None
        if left is not None and left.skill in names:
            console.print("\nYou left this problem open:", style="dim")
        problem = left if left is not None and left.skill in names else practice.next(skills)
        console.print(f"\n[bold]{number} of {count}[/bold]  [dim]{problem.topic}, level {problem.level}[/dim]")
        console.print(problem.text, markup=False, highlight=False)
        if not _one_problem(practice, problem, console):
            break
    if line := session_line(practice.store.attempts(practice.owner)[before:]):
        console.print(f"\n{line}", highlight=False)


def _one_problem(practice: Practice, problem: PracticeProblem, console: Console) -> bool:
    """Ask until the problem is done with; False where the student wants to stop."""
    from agent.practice.progress import remark_on

    while True:
        try:
            text = console.input(f"[dim]Answer ({COMMANDS}):[/dim] ").strip()
        except EOFError:
            return False
        match text.lower():
            case "quit" | "q" | "exit":
                practice.skip()
                return False
            case "skip" | "s":
                practice.skip()
                return True
            case "hint" | "h":
                hint = practice.hint()
                console.print(hint or "There is no further hint: “solution” shows it worked out.", markup=False)
            case "solution":
                _print_solution(problem, console)
                practice.solution()
                return True
            case _:
                reply = practice.answer(text)
                style = "green" if reply.judged.outcome.is_right else "yellow"
                console.print(remark_on(reply, problem), style=style, markup=False, highlight=False)
                if reply.attempt is not None:
                    return True


def _print_solution(problem: PracticeProblem, console: Console) -> None:
    for step in problem.steps:
        console.print(f"  {step}", markup=False, highlight=False)
    console.print(f"Answer  {problem.shown}", style="bold", markup=False, highlight=False)
