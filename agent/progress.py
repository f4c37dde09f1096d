"""Progress bars on standard error for what takes more than a moment; nothing is shown until there is progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def byte_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar that is told what is being done, and how many bytes of how many are (0: not known)."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=None, visible=False)
        yield lambda doing, done, total: progress.update(
            task, description=doing, completed=done, total=total or None, visible=True
        )


@contextmanager
def row_bar(title: str) -> Iterator[Callable[[int, int | None], None]]:
    """A bar that counts rows (None: nobody knows how many there are)."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(title, total=None, visible=False)
        yield lambda done, total: progress.update(task, completed=done, total=total, visible=True)
