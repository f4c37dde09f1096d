"""`mathlearn index …`: build, describe and search the index of worked problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.errors import BadInput, TutorError

if TYPE_CHECKING:
    from rich.console import Console

    from agent.domain import Example
    from index.corpus import Record
    from index.manifest import Manifest

Files = Annotated[
    list[Path] | None,
    typer.Argument(help="JSONL, JSON, CSV or parquet files of worked problems; none: the starter corpus."),
]
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
        with _plain_errors():
            skipped: Counter[str] = Counter()
            records, starter = _choose_records(files or [], corpus, question, answer, licence, limit, skipped)
            manifest = _build(records, starter, into or default_folder(), embedder, threads, limit)
            _print_manifest(manifest, into or default_folder(), skipped)

    @app.command()
    def info(into: Into = None, check: Check = False) -> None:
        """Say what the index holds, and check that its files are whole."""
        from index.manifest import check_files, read_manifest

        with _plain_errors():
            folder = into or default_folder()
            manifest = read_manifest(folder)
            check_files(folder, manifest, thorough=check)
            _print_manifest(manifest, folder, Counter())

    @app.command()
    def search(problem: Problem, k: Neighbours = 5, into: Into = None) -> None:
        """Show the worked problems nearest to a problem."""
        from index.search import Searcher

        with _plain_errors():
            with _console(stderr=True).status("Opening the index"):
                searcher = Searcher.open(into or default_folder())
            with searcher:
                _print_examples(searcher.search(problem, k))

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
        typer.echo("Stopped: the index in use is as it was.", err=True)
        raise typer.Exit(130) from None


def _choose_records(
    files: list[Path],
    corpus: str,
    question: str,
    answer: str,
    licence: str,
    limit: int | None,
    skipped: Counter[str],
) -> tuple[Iterable[Record], str]:
    """The records to index, and the starter corpus's digest where they are exactly that."""
    from index.corpus import HUB_CORPORA, Columns, read_corpus

    if corpus and corpus not in HUB_CORPORA:
        raise BadInput(f"There is no corpus {corpus}: the known ones are {', '.join(HUB_CORPORA)}.")
    if bool(question) != bool(answer):
        raise BadInput("--question and --answer belong together: name both columns.")
    columns = Columns(question, answer) if question else None
    if not files and not corpus:
        if columns or licence:
            raise BadInput("--question, --answer and --licence describe FILES: name a file.")
        from index.families.corpus import starter_digest, starter_records

        whole = list(starter_records())
        return (whole, starter_digest()) if limit is None else (whole[:limit], "")
    name = ""
    if corpus and files:
        preset = HUB_CORPORA[corpus]
        columns, licence, name = columns or preset.columns, licence or preset.licence, preset.repository
    sources: list[str | Path] = [*files] or [corpus]
    streams = [read_corpus(source, columns=columns, licence=licence, name=name, skipped=skipped) for source in sources]
    return islice(chain.from_iterable(streams), limit), ""


def _build(
    records: Iterable[Record], starter: str, folder: Path, embedder: str, threads: int, limit: int | None
) -> Manifest:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.progress import TimeRemainingColumn as Remaining

    from index.build import build_index
    from index.embedder import DEFAULT_EMBEDDER, open_embedder

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        Remaining(),
    )
    console = _console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Indexing problems", total=limit)
        return build_index(
            records,
            open_embedder(embedder or DEFAULT_EMBEDDER, threads=threads),
            folder,
            progress=lambda done, total: bar.update(task, completed=done, total=total or limit),
            starter=starter,
        )


def _print_manifest(manifest: Manifest, folder: Path, skipped: Counter[str]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(show_header=False, box=None)
    rows = [
        ("folder", str(folder)),
        ("problems", f"{manifest.records:,} ({manifest.duplicates:,} duplicates left out)"),
        ("vectors", f"{manifest.vectors:,} of {manifest.dimension} dimensions, {manifest.metric}"),
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
        about = " · ".join(filter(None, (example.method, f"{example.source}, row {example.row}", example.licence)))
        body = Group(Text(example.problem, style="bold"), Text(), Text(example.solution), Text(about, style="dim"))
        console.print(Panel(body, title=f"{place}. similarity {example.similarity:.2f}", title_align="left"))


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)
