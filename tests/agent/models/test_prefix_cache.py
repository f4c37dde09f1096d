"""Prompt beginnings that outlive their server."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from agent.models.llamacpp import open_llamacpp
from agent.models.loaded import LoadedModel, Written
from agent.models.prefix_cache import PrefixCache

CONSTANT = [
    SystemMessage("You are careful. " + " ".join(f"Rule {n}: check number {n} twice." for n in range(9))),
    HumanMessage("What is one and one?"),
    AIMessage("x = 1 + 1"),
]
ASKED = [*CONSTANT, HumanMessage("What is two and three?")]


def first_call(gguf: Path, prefix_dir: Path, *, context_tokens: int = 1024, keep: bool = True) -> Written:
    with open_llamacpp(
        gguf, name="t", threads=1, context_tokens=context_tokens, parallel=2, prefix_dir=prefix_dir
    ) as model:
        if keep:
            model.keep_prefix(CONSTANT)
        return model.stream(ASKED, max_tokens=4)


def constant_tokens(model: LoadedModel) -> int:
    return model.stream(CONSTANT[:2], max_tokens=1).prompt_tokens


def test_a_kept_prefix_is_not_evaluated_again_by_a_new_server(
    tiny_gguf: Path, tiny_model: LoadedModel, tmp_path: Path
) -> None:
    plain = first_call(tiny_gguf, tmp_path, keep=False)
    assert plain.cached_tokens == 0
    made = first_call(tiny_gguf, tmp_path)
    (file,) = tmp_path.glob("*.kv")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    restored = first_call(tiny_gguf, tmp_path)
    assert restored.text == made.text == plain.text
    assert restored.cached_tokens >= constant_tokens(tiny_model) - 8
    assert restored.prompt_tokens - restored.cached_tokens < 30


def test_a_damaged_prefix_is_thrown_away_and_made_again(tiny_gguf: Path, tmp_path: Path) -> None:
    made = first_call(tiny_gguf, tmp_path)
    (file,) = tmp_path.glob("*.kv")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)
    assert first_call(tiny_gguf, tmp_path).text == made.text
    (again,) = tmp_path.glob("*.kv")
    assert again.read_bytes() != bytes(content)


def test_a_truncated_prefix_does_no_harm(tiny_gguf: Path, tmp_path: Path) -> None:
    made = first_call(tiny_gguf, tmp_path)
    (file,) = tmp_path.glob("*.kv")
    file.write_bytes(file.read_bytes()[:1000])
    assert first_call(tiny_gguf, tmp_path).text == made.text


def test_another_context_size_does_not_use_the_file(tiny_gguf: Path, tmp_path: Path) -> None:
    first_call(tiny_gguf, tmp_path)
    first_call(tiny_gguf, tmp_path, context_tokens=768)
    assert len(list(tmp_path.glob("*.kv"))) == 2


def test_the_second_conversation_restores_the_prefix_into_another_slot(tiny_gguf: Path, tmp_path: Path) -> None:
    with open_llamacpp(tiny_gguf, name="t", threads=1, context_tokens=1024, parallel=2, prefix_dir=tmp_path) as model:
        model.keep_prefix(CONSTANT)
        model.stream(ASKED, max_tokens=2)
        model.stream([HumanMessage("Something else.")], max_tokens=2)
        again = model.stream([*CONSTANT, HumanMessage("What is nine less four?")], max_tokens=2)
        assert again.prompt_tokens - again.cached_tokens < 30


class Disk:
    """The server's side of saving, as far as the cache sees it."""

    def __init__(self, folder: Path, size: int) -> None:
        self.folder, self.size, self.reported = folder, size, size

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, int]:
        if path.endswith("save"):
            (self.folder / body["filename"]).write_bytes(b"k" * self.size)
        return {"n_written": self.reported}


def test_the_oldest_prefixes_are_forgotten_beyond_the_limits(tmp_path: Path) -> None:
    disk = Disk(tmp_path, 100)
    cache = PrefixCache(tmp_path, "model", disk.post, limit_files=3, limit_bytes=10_000)
    for name in "abcde":
        assert cache.save(0, name)
    assert [name for name in "abcde" if cache.holds(name)] == ["c", "d", "e"]
    small = PrefixCache(tmp_path, "model", disk.post, limit_files=10, limit_bytes=250)
    small.save(0, "f")
    assert [name for name in "abcdef" if small.holds(name)] == ["e", "f"]


def test_a_state_that_the_disk_cut_short_is_not_kept(tmp_path: Path) -> None:
    disk = Disk(tmp_path, 100)
    disk.reported = 200
    cache = PrefixCache(tmp_path, "model", disk.post)
    assert not cache.save(0, "a")
    assert list(tmp_path.iterdir()) == []
