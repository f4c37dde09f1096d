"""`mathlearn index …`: build, extend, cut back, describe and search the index of worked problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.errors import BadInput, TutorError
from index.evaluate_cli import evaluate_command

if TYPE_CHECKING:
    from rich.console import Console

    from agent.domain import Example
    from index.corpus import Corpus as ProblemSource
    from index.corpus import Record
    from index.embedder import Embedder
    from index.manifest import Manifest

# (done, in all or None where that is not known yet)
Advance = Callable[[int, int | None], None]

Files = Annotated[
    list[Path] | None,
    typer.Argument(help="JSONL, JSON, CSV or parquet files of worked problems; none: the starter corpus."),
]
MoreFiles = Annotated[list[Path], typer.Argument(help="JSONL, JSON, CSV or parquet files of worked problems.")]
Corpus = Annotated[
    str,
    typer.Option(help="A data set of the hub, by its short name (orca-math), or that data set's layout for FILES."),
]
Question = Annotated[str, typer.Option(help="The column that holds the problem.")]
Answer = Annotated[str, typer.Option(help="The column that holds the worked solution.")]
Licence = Annotated[str, typer.Option(help="The licence of FILES, shown with every example.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Index at most this many problems.")]
Into = Annotated[Path | None, typer.Option(help="The index folder, where it is not the usual one.")]
EmbedderName = Annotated[
    str, typer.Option("--embedder", help="A sentence-transformers model instead of the built-in one.")
]
Threads = Annotated[int, typer.Option(min=0, max=256, help="Processor threads; 0: one a core.")]
Problem = Annotated[str, typer.Argument(help="The problem to find similar ones for.")]
Neighbours = Annotated[int, typer.Option("-k", min=1, max=100, help="How many to show.")]
SourceName = Annotated[str, typer.Argument(help="The source as `index info` names it.")]
Rows = Annotated[list[int] | None, typer.Option("--row", min=0, help="Only this row of it; may be repeated.")]
Program = Annotated[
    str,
    typer.Option(
        help="Assignments that solve it, such as “packs = 12 / 3; answer = packs * 2”: the same calculation first."
    ),
]
Check = Annotated[bool, typer.Option("--check", help="Hash every file, the large ones too.")]


def make_app(default_folder: Callable[[], Path]) -> typer.Typer:
    """The sub-application; `default_folder` is asked for the index folder only when a command needs it."""
    app = typer.Typer(help="Build and search the index of worked problems.", no_args_is_help=True)

    @app.command()
    def build(
        files: Files = None,
        corpus: Corpus = "",
        question: Question = "",
        answer: Answer = "",
        licence: Licence = "",
        limit: Limit = None,
        into: Into = None,
        embedder: EmbedderName = "",
        threads: Threads = 0,
    ) -> None:
        """Build the index. The earlier one stays in use until the new one is complete."""
        from index.build import build_index, resume_key

        with _plain_errors():
            folder = into or default_folder()
            given = _Given.of(files or [], corpus, question, answer, licence, limit)
            with _reading():
                using = _open_embedder(embedder, threads)
                key = resume_key(given.digest(), using)
            with _bars(given.expected) as (taking_in, placing):
                manifest = build_index(
                    given.records(), using, folder,
                    progress=taking_in, placing=placing, starter=given.starter, resume_key=key,
                )  # fmt: skip
            _print_manifest(manifest, folder, given.skipped)

    @app.command()
    def add(
        files: MoreFiles,
        corpus: Corpus = "",
        question: Question = "",
        answer: Answer = "",
        licence: Licence = "",
        limit: Limit = None,
        into: Into = None,
        threads: Threads = 0,
    ) -> None:
        """Add problems to the index; those that it has already are left out. Nothing is embedded again."""
        from index.build import add_records, resume_key
        from index.manifest import read_manifest

        with _plain_errors():
            folder = into or default_folder()
            given = _Given.of(files, corpus, question, answer, licence, limit)
            before = read_manifest(folder)
            with _reading():
                using = _open_embedder(before.embedder, threads)
                key = resume_key(given.digest(), using)
            with _bars(given.expected) as (taking_in, placing):
                after = add_records(given.records(), using, folder, progress=taking_in, placing=placing, resume_key=key)
            known = after.duplicates - before.duplicates
            typer.echo(f"{after.records - before.records:,} problems added, {known:,} were there already.")
            _print_manifest(after, folder, given.skipped)

    @app.command()
    def delete(source: SourceName, rows: Rows = None, into: Into = None) -> None:
        """Remove a source's problems from the index, or single rows of it."""
        from index.build import delete_records
        from index.manifest import read_manifest

        with _plain_errors():
            folder = into or default_folder()
            before = read_manifest(folder)
            with _console(stderr=True).status("Removing"):
                after = delete_records(folder, source, rows or ())
            typer.echo(f"{before.records - after.records:,} problems removed.")
            _print_manifest(after, folder, Counter())

    @app.command()
    def info(into: Into = None, check: Check = False) -> None:
        """Say what the index holds, and check that its files are whole."""
        from index.manifest import check_files, read_manifest

        with _plain_errors():
            folder = into or default_folder()
            manifest = read_manifest(folder)
            check_files(folder, manifest, thorough=check)
            _print_manifest(manifest, folder, Counter())

    app.command("evaluate")(_plain_errors()(evaluate_command))

    @app.command()
    def search(problem: Problem, k: Neighbours = 5, derivation: Program = "", into: Into = None) -> None:
        """Show the worked problems nearest to a problem, in what they calculate where a derivation says it."""
        from index.search import Searcher

        with _plain_errors():
            with _console(stderr=True).status("Opening the index"):
                searcher = Searcher.open(into or default_folder())
            with searcher:
                _print_examples(searcher.search(problem, k, derivation=derivation.replace(";", "\n")))

    return app


@contextmanager
def _plain_errors() -> Iterator[None]:
    """An error is one sentence on stderr and its own exit code; Ctrl-C is 130."""
    try:
        yield
    except TutorError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        typer.echo("Stopped: the index in use is as it was; the same command goes on where this one stopped.", err=True)
        raise typer.Exit(130) from None


@dataclass(frozen=True, slots=True)
class _Given:
    """The problems that the options name: the starter corpus, or rows of files. `starter` is the former's digest,
    `expected` how many rows there are, None where only reading them would tell."""

    corpora: tuple[ProblemSource, ...]
    limit: int | None
    starter: str
    expected: int | None
    skipped: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, files: list[Path], corpus: str, question: str, answer: str, licence: str, limit: int | None) -> _Given:
        from index.corpus import HUB_CORPORA, Columns, open_corpus

        if corpus and corpus not in HUB_CORPORA:
            raise BadInput(f"There is no corpus {corpus}: the known ones are {', '.join(HUB_CORPORA)}.")
        if bool(question) != bool(answer):
            raise BadInput("--question and --answer belong together: name both columns.")
        columns = Columns(question, answer) if question else None
        if not files and not corpus:
            if columns or licence:
                raise BadInput("--question, --answer and --licence describe FILES: name a file.")
            from index.families.corpus import starter_digest

            return cls((), limit, starter_digest() if limit is None else "", limit)
        name = ""
        if corpus and files:
            preset = HUB_CORPORA[corpus]
            columns, licence, name = columns or preset.columns, licence or preset.licence, preset.repository
        sources: list[str | Path] = [*files] or [corpus]
        opened = tuple(open_corpus(source, columns=columns, licence=licence, name=name) for source in sources)
        counts = [source.row_count() for source in opened]
        known = [count for count in counts if count is not None]
        expected = sum(known) if len(known) == len(counts) else limit
        return cls(opened, limit, "", min(expected, limit) if expected is not None and limit else expected)

    def records(self) -> Iterable[Record]:
        if not self.corpora:
            from index.families.corpus import starter_records

            return list(islice(starter_records(), self.limit))
        return islice(chain.from_iterable(corpus.records(self.skipped) for corpus in self.corpora), self.limit)

    def digest(self) -> str:
        """Equal for the same problems in the same order."""
        from index.families.corpus import starter_digest

        parts = [corpus.digest() for corpus in self.corpora] or [starter_digest()]
        return "/".join([*parts, str(self.limit)])


def _open_embedder(name: str, threads: int) -> Embedder:
    from index.embedder import DEFAULT_EMBEDDER, open_embedder

    return open_embedder(name or DEFAULT_EMBEDDER, threads=threads)


@contextmanager
def _reading() -> Iterator[None]:
    with _console(stderr=True).status("Reading the files"):
        yield


@contextmanager
def _bars(expected: int | None) -> Iterator[tuple[Advance, Advance]]:
    """Two bars on a terminal: problems taken in, vectors placed in the index."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        Remaining(),
    )
    console = _console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        taking_in = bars.add_task("Indexing problems", total=expected)
        placing = bars.add_task("Placing vectors", total=None, visible=False)
        yield (
            lambda done, total: bars.update(taking_in, completed=done, total=total or expected),
            lambda done, total: bars.update(placing, completed=done, total=total, visible=True),
        )


def _print_manifest(manifest: Manifest, folder: Path, skipped: Counter[str]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(show_header=False, box=None)
    rows = [
        ("folder", str(folder)),
        ("problems", f"{manifest.records:,} ({manifest.duplicates:,} duplicates left out)"),
        ("vectors", f"{manifest.vectors:,} of {manifest.dimension} dimensions, {manifest.metric}"),
        ("search", manifest.kind),
        ("embedder", manifest.embedder),
        ("built", manifest.created),
        *(("source", f"{s.name}: {s.records:,} problems, licence {s.licence}") for s in manifest.sources),
        *(("skipped", f"{count:,} rows: {reason}") for reason, count in skipped.most_common()),
    ]
    for label, value in rows:
        table.add_row(Text(label, style="bold"), Text(value))
    _console().print(table)


def _print_examples(examples: list[Example]) -> None:
    from rich.console import Group
    from rich.panel import Panel
    from rich.text import Text

    console = _console()
    for place, example in enumerate(examples, start=1):
        about = " · ".join(filter(None, (example.method, example.citation)))
        body = Group(Text(example.problem, style="bold"), Text(), Text(example.solution), Text(about, style="dim"))
        title = Text(f"{place}. {example.nearness}")
        console.print(Panel(body, title=title, title_align="left"))


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)
