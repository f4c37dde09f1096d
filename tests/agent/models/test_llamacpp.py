"""The embedded llama.cpp server, with a real model."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from agent.errors import BadConfiguration, BadInput, ContextFull, ModelDamaged, ModelFailed, ModelMissing
from agent.models.llamacpp import open_llamacpp
from agent.models.loaded import LoadedModel

COLOURS = [SystemMessage("Be brief."), HumanMessage("Name three colours, one a line.")]


def children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def test_text_arrives_piece_by_piece_and_whole(tiny_model: LoadedModel) -> None:
    pieces: list[str] = []
    written = tiny_model.stream(COLOURS, max_tokens=30, on_token=pieces.append)
    assert len(pieces) > 5
    assert "".join(pieces) == written.text
    assert 0 < written.output_tokens <= 30
    assert written.prompt_tokens > 10
    assert written.likelihood is not None
    assert written.likelihood.lowest <= written.likelihood.mean < 0


def test_line_by_line_continuation_gives_the_text_of_one_whole_call(tiny_model: LoadedModel) -> None:
    whole = tiny_model.stream(COLOURS, max_tokens=120)
    assert whole.ended
    text, calls = "", 0
    while calls < 20:
        turns: list[BaseMessage] = [*COLOURS, *([AIMessage(text)] if text else [])]
        part = tiny_model.stream(turns, max_tokens=120, stop=["\n"])
        calls += 1
        text += part.text
        if part.ended:
            break
        assert part.reason == "stop"
        if calls > 1:
            assert part.prompt_tokens - part.cached_tokens <= 4
        text += "\n"
    assert text == whole.text
    assert calls > 1


def test_an_end_a_stop_string_and_the_limit_are_told_apart(tiny_model: LoadedModel) -> None:
    assert tiny_model.stream(COLOURS, max_tokens=200).reason == "end"
    stopped = tiny_model.stream(COLOURS, max_tokens=200, stop=["\n"])
    assert (stopped.reason, stopped.ended, "\n" in stopped.text) == ("stop", False, False)
    assert tiny_model.stream(COLOURS, max_tokens=3).reason == "length"


def test_an_end_with_stop_strings_given_is_still_an_end(tiny_model: LoadedModel) -> None:
    written = tiny_model.stream(COLOURS, max_tokens=200, stop=["@@@@"])
    assert written.ended


def test_the_same_seed_gives_the_same_sample(tiny_model: LoadedModel) -> None:
    def sample(seed: int) -> str:
        return tiny_model.stream(COLOURS, max_tokens=24, temperature=1.5, seed=seed).text

    assert sample(1) == sample(1)
    assert len({sample(seed) for seed in range(4)}) > 1


def test_cancelling_stops_the_answer_and_frees_the_server(tiny_model: LoadedModel) -> None:
    cancel = threading.Event()
    count = 0

    def after_five(_: str) -> None:
        nonlocal count
        count += 1
        if count == 5:
            cancel.set()

    story = [HumanMessage("Write a very long story about a lighthouse keeper.")]
    written = tiny_model.stream(story, max_tokens=800, on_token=after_five, cancel=cancel)
    assert written.reason == "cancelled"
    assert count == 5
    started = time.monotonic()
    for _ in range(tiny_model.parallel + 1):
        tiny_model.stream([HumanMessage("Hi")], max_tokens=1)
    assert time.monotonic() - started < 10


def test_an_error_of_the_reader_is_not_blamed_on_the_model(tiny_model: LoadedModel) -> None:
    def refuse(_: str) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        tiny_model.stream(COLOURS, max_tokens=5, on_token=refuse)


def test_more_calls_than_slots_all_get_their_answer(tiny_model: LoadedModel) -> None:
    answers: list[str] = []
    threads = [
        threading.Thread(
            target=lambda n=n: answers.append(tiny_model.stream([HumanMessage(f"Say {n}.")], max_tokens=4).text)
        )
        for n in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 5


def test_a_prompt_that_does_not_fit_is_context_full(tiny_model: LoadedModel) -> None:
    with pytest.raises(ContextFull, match="context"):
        tiny_model.stream([HumanMessage("word " * 1500)], max_tokens=5)


@pytest.mark.parametrize("messages", [[], [HumanMessage("  ")], [AIMessage("")]])
def test_an_empty_prompt_is_refused_before_the_model_rambles(
    tiny_model: LoadedModel, messages: list[BaseMessage]
) -> None:
    with pytest.raises(BadInput):
        tiny_model.stream(messages, max_tokens=5)


def test_a_server_killed_in_mid_answer_is_one_sentence(tiny_gguf: Path) -> None:
    before = set(children(os.getpid()))
    with open_llamacpp(tiny_gguf, name="tiny", threads=1, context_tokens=512, parallel=1) as model:
        (server,) = set(children(os.getpid())) - before
        with pytest.raises(ModelFailed, match="stopped"):
            model.stream(COLOURS, max_tokens=200, on_token=lambda _: os.kill(server, signal.SIGKILL), temperature=1.0)
        with pytest.raises(ModelFailed, match="stopped"):
            model.stream(COLOURS, max_tokens=5)


def test_the_server_dies_with_a_tutor_that_is_killed(tiny_gguf: Path) -> None:
    program = textwrap.dedent(f"""
        import time
        from pathlib import Path
        from agent.models.llamacpp import open_llamacpp
        with open_llamacpp(Path({str(tiny_gguf)!r}), name="t", threads=1, context_tokens=256, parallel=1):
            print("ready", flush=True)
            time.sleep(60)
    """)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as tutor:
        assert tutor.stdout is not None
        assert tutor.stdout.readline() == "ready\n"
        (server,) = children(tutor.pid)
        tutor.kill()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and Path(f"/proc/{server}").exists():
        time.sleep(0.05)
    assert not Path(f"/proc/{server}").exists()


def test_nothing_is_written_to_the_terminal(tiny_gguf: Path) -> None:
    program = textwrap.dedent(f"""
        from pathlib import Path
        from langchain_core.messages import HumanMessage
        from agent.models.llamacpp import open_llamacpp
        path = Path({str(tiny_gguf)!r})
        with open_llamacpp(path, name="t", threads=1, context_tokens=256, parallel=1) as m:
            m.stream([HumanMessage("Hi")], max_tokens=2)
    """)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(ModelMissing, match=r"nothing\.gguf"),
        open_llamacpp(tmp_path / "nothing.gguf", name="t", threads=1),
    ):
        pass


def test_a_file_that_is_no_gguf_is_refused_before_it_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "page.gguf").write_text("<html>not found</html>" * 100)
    with (
        pytest.raises(ModelDamaged, match="not a GGUF"),
        open_llamacpp(tmp_path / "page.gguf", name="t", threads=1),
    ):
        pass


def test_a_truncated_model_is_damaged_with_the_library_s_reason(tiny_gguf: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.gguf"
    with tiny_gguf.open("rb") as whole:
        cut.write_bytes(whole.read(4_000_000))
    with (
        pytest.raises(ModelDamaged, match="corrupted or incomplete"),
        open_llamacpp(cut, name="t", threads=1),
    ):
        pass


def test_importing_the_models_package_loads_no_client_library() -> None:
    program = textwrap.dedent("""
        import sys
        import agent.models.llamacpp, agent.models.openai_compatible, agent.models.huggingface
        import agent.models.fetch, agent.models.registry, agent.models.cli
        heavy = {"openai", "langchain_core", "torch", "transformers", "xllamacpp", "httpx", "huggingface_hub"}
        print(sorted(heavy & set(sys.modules)))
    """)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n", done.stderr


# A stand-in for a llama-server that somebody built: the same arguments and the same server, in a program of its own.
OWN_SERVER = """#!{python}
import os, sys, time
import xllamacpp
given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
settings = xllamacpp.CommonParams()
settings.model.path = given["--model"]
settings.hostnames, settings.port = [given["--host"]], int(given["--port"])
settings.api_keys = [os.environ["LLAMA_API_KEY"]]
settings.n_ctx, settings.n_parallel = int(given["--ctx-size"]), int(given["--parallel"])
settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = int(given["--threads"])
settings.warmup = settings.ui = False
server = xllamacpp.Server(settings)
time.sleep(600)
"""


def test_a_server_program_of_ones_own_is_run_and_ended(tiny_gguf: Path, tmp_path: Path) -> None:
    program = tmp_path / "llama-server"
    program.write_text(OWN_SERVER.format(python=sys.executable))
    program.chmod(0o755)
    before = set(children(os.getpid()))
    with open_llamacpp(tiny_gguf, name="tiny", threads=1, context_tokens=512, parallel=2, program=program) as model:
        assert model.stream(COLOURS, max_tokens=5).output_tokens > 0
        (ours,) = set(children(os.getpid())) - before
        servers = children(ours)
        assert len(servers) == 1
    for _ in range(50):
        if not Path(f"/proc/{servers[0]}").exists():
            break
        time.sleep(0.1)
    assert not Path(f"/proc/{servers[0]}").exists()


@pytest.mark.parametrize("place", ["missing", "."])  # "." is what an empty setting comes to
def test_a_server_program_that_is_none_is_named(tiny_gguf: Path, tmp_path: Path, place: str) -> None:
    with (
        pytest.raises(BadConfiguration, match="llama_server"),
        open_llamacpp(tiny_gguf, name="tiny", threads=1, program=tmp_path / place),
    ):
        pass


def test_a_server_program_that_fails_is_one_clear_error(tiny_gguf: Path, tmp_path: Path) -> None:
    program = tmp_path / "llama-server"
    program.write_text("#!/bin/sh\necho 'error: unknown option' >&2\nexit 3\n")
    program.chmod(0o755)
    with (
        pytest.raises(ModelDamaged, match="unknown option"),
        open_llamacpp(tiny_gguf, name="tiny", threads=1, program=program),
    ):
        pass
