"""Progress bars on standard error for what takes more than a moment; nothing is printed until there is progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn


@contextmanager
def byte_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar that is told what is being done, and how many bytes of how many are (0: not known)."""
    with ExitStack() as shown:
        bars: list[Progress] = []

        def advance(doing: str, done: int, total: int) -> None:
            from rich.progress import DownloadColumn, TransferSpeedColumn

            if not bars:
                bars.append(shown.enter_context(_bar(DownloadColumn(), TransferSpeedColumn())))
            _show(bars[0], doing, done, total or None)

        yield advance


@contextmanager
def row_bar(title: str) -> Iterator[Callable[[int, int | None], None]]:
    """A bar that counts rows (None: nobody knows how many there are)."""
    with ExitStack() as shown:
        bars: list[Progress] = []

        def advance(done: int, total: int | None) -> None:
            from rich.progress import MofNCompleteColumn

            if not bars:
                bars.append(shown.enter_context(_bar(MofNCompleteColumn())))
            _show(bars[0], title, done, total)

        yield advance


def _bar(*columns: ProgressColumn) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), *columns, TimeRemainingColumn(), console=Console(stderr=True)
    )
    bar.add_task("", total=None)
    return bar


def _show(bar: Progress, title: str, done: int, total: int | None) -> None:
    bar.update(bar.task_ids[0], description=title, completed=done, total=total)
