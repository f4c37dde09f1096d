"""The default way to run a model: llama.cpp's server on this machine, over loopback. Serves opening.py."""

from __future__ import annotations

import json
import logging
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from agent.errors import BadConfiguration, ModelDamaged, ModelFailed, ModelMissing, TutorError
from agent.models.loaded import LoadedModel
from agent.models.prefix_cache import PrefixCache
from agent.models.slots import Slots

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

log = logging.getLogger(__name__)

LOAD_SECONDS = 300.0
CLOSE_SECONDS = 5.0
BATCH_TOKENS = 512
GGUF_MAGIC = b"GGUF"
SMALLEST_GGUF = 1024


@contextmanager
def open_llamacpp(
    path: Path,
    *,
    name: str,
    threads: int,
    context_tokens: int = 4096,
    parallel: int = 4,
    adapter: Path | None = None,
    prefix_dir: Path | None = None,
    gpu_layers: int = 0,
    has_system_role: bool | None = None,
    identity: str = "",
    program: Path | None = None,
) -> Iterator[LoadedModel]:
    """Load a GGUF file and lend it as a LoadedModel; the server ends with the context.

    `context_tokens` is the room of each of the `parallel` conversations. `prefix_dir` is where announced
    prompt beginnings are kept between processes. `has_system_role` None: what the file's own chat template
    says. `identity` is the file's sha256 where it is known, else its size and date stand for it. `program`
    is a llama-server to run in place of the one that the package brings.

    Raises BadConfiguration (no such program), ModelMissing, ModelDamaged (no GGUF file, or llama.cpp refuses it)
    and ModelFailed.
    """
    check_gguf(path, "model")
    if adapter is not None:
        check_gguf(adapter, "adapter")
    if program is not None and not (program.is_file() and os.access(program, os.X_OK)):
        raise BadConfiguration(f"{program} is no program that can be run: correct the setting llama_server.")
    key = secrets.token_urlsafe(32)
    folder = _private_folder(prefix_dir)
    parameters = {
        "model": str(path.resolve()),
        "name": name,
        "adapter": str(adapter.resolve()) if adapter else "",
        "key": key,
        "context_tokens": context_tokens,
        "parallel": parallel,
        "threads": threads,
        "gpu_layers": gpu_layers,
        "batch_tokens": BATCH_TOKENS,
        "prefix_dir": f"{folder}/" if folder else "",
        "program": str(program.resolve()) if program else "",
    }
    with ExitStack() as resources:
        process, errors = resources.enter_context(_server(parameters))
        # The client takes a second to import; the model loads meanwhile.
        from agent.models.openai_chat import Dialect, explain, open_chat

        address = _address(process, errors, path, adapter)
        server = _Loopback(address, key)
        chat = resources.enter_context(open_chat(f"{address}/v1", name, key, proxies=False))
        dialect = Dialect(
            always={"verbose": True, "return_progress": True, "cache_prompt": True},
            # Said outright: a llama-server without it has been seen to begin the message again.
            continuing={"add_generation_prompt": False, "continue_final_message": True},
            logprobs=True,
        )

        def failed(failure: Exception) -> TutorError:
            if _ended_within(process, 1.0):
                return ModelFailed(
                    f"The server of {name} stopped (exit code {process.returncode}), perhaps for lack of "
                    "memory: start again, or choose a smaller model or context."
                )
            return explain(failure, name=name, url=address)

        def evaluate(messages: Sequence[BaseMessage], slot: int, cancel: threading.Event | None) -> None:
            LoadedModel(
                name=name,
                chat=chat,
                context_tokens=context_tokens,
                continues=True,
                has_system_role=True,
                parallel=1,
                arguments=lambda decoding, going_on, _: dialect.arguments(decoding, going_on, {"id_slot": slot}),
                explain=failed,
            ).stream(messages, max_tokens=1, cancel=cancel)

        cache = None
        if folder is not None:
            about = (
                identity or _looks(path),
                _looks(adapter),
                context_tokens,
                parallel,
                gpu_layers,
                _looks(program) or _library_version(),
            )
            cache = PrefixCache(folder, repr(about), server.post)
        slots = Slots(parallel, cache, evaluate)
        if has_system_role is None:
            has_system_role = bool(server.get("/props").get("chat_template_caps", {}).get("supports_system_role", True))
        yield LoadedModel(
            name=name,
            chat=chat,
            context_tokens=context_tokens,
            continues=True,
            has_system_role=has_system_role,
            parallel=parallel,
            arguments=dialect.arguments,
            explain=failed,
            reserve=slots.reserve,
            keep=slots.keep,
        )


def check_gguf(path: Path, what: str) -> None:
    """Say in good time what the library would say badly. Raises ModelMissing or ModelDamaged."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            magic = file.read(len(GGUF_MAGIC))
    except FileNotFoundError:
        raise ModelMissing(f"There is no {what} file {path}: give the path of a GGUF file.") from None
    except OSError as refused:
        raise ModelMissing(f"The {what} file {path} cannot be read ({refused.strerror}).") from None
    if magic != GGUF_MAGIC or size < SMALLEST_GGUF:
        raise ModelDamaged(f"{path} is not a GGUF {what} file: fetch it again with `mathlearn models fetch`.")


@contextmanager
def _server(parameters: Mapping[str, Any]) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    script = Path(__file__).with_name("llama_server.py")
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603  # our own script, with our own interpreter
            [sys.executable, "-P", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,  # Ctrl-C is the tutor's to handle
        )
        try:
            assert process.stdin is not None  # noqa: S101  # for the type checker: it is a pipe
            process.stdin.write(json.dumps(parameters).encode() + b"\n")
            process.stdin.flush()
            yield process, errors
        finally:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            if not _ended_within(process, CLOSE_SECONDS):
                _kill(process)
                process.wait()


def _address(process: subprocess.Popen[bytes], errors: IO[bytes], path: Path, adapter: Path | None) -> str:
    assert process.stdout is not None  # noqa: S101
    too_slow = threading.Timer(LOAD_SECONDS, _kill, [process])
    too_slow.start()
    try:
        line = process.stdout.readline()
    finally:
        too_slow.cancel()
    if line:
        return str(json.loads(line)["address"])
    process.wait()
    errors.seek(0)
    said = [text for text in errors.read(100_000).decode(errors="replace").splitlines() if text.strip()]
    log.debug("llama.cpp said:\n%s", "\n".join(said))
    if any("ModuleNotFoundError" in text for text in said):
        raise BadConfiguration("llama.cpp is not installed: run `pip install xllamacpp`.")
    if process.returncode and process.returncode < 0:
        raise ModelFailed(
            f"The model {path} could not be loaded in {LOAD_SECONDS:.0f} s or in the memory there is: "
            "choose a smaller model or context."
        )
    culprit = f"{path} with the adapter {adapter}" if adapter else str(path)
    raise ModelDamaged(
        f"llama.cpp cannot load {culprit}{_cause(said)}: fetch the file again with "
        "`mathlearn models fetch`, or choose another model."
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the server's process and, where it runs a program of the user's, that too: they are one group."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except AttributeError:  # Windows has no groups
        process.kill()
    except ProcessLookupError:
        pass


def _cause(said: Sequence[str]) -> str:
    """llama.cpp's own first line about an error, in brackets."""
    for text in said:
        lowered = text.lower()
        if "error" in lowered or "failed" in lowered:
            if "traceback" in lowered or "runtimeerror" in lowered:
                continue
            return f" ({text.strip().rstrip('.')[:200]})"
    return ""


def _ended_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _private_folder(folder: Path | None) -> Path | None:
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as refused:
        log.warning("prompt beginnings are not kept: %s", refused)
        return None
    return folder.resolve()


def _looks(path: Path | None) -> tuple[str, int, int] | None:
    if path is None:
        return None
    stat = path.stat()
    return str(path.resolve()), stat.st_size, stat.st_mtime_ns


def _library_version() -> str:
    try:
        return version("xllamacpp")
    except PackageNotFoundError:
        return ""


class _Loopback:
    """Plain JSON requests to the server that are no chat. Refusals are OSError."""

    def __init__(self, address: str, key: str) -> None:
        self._address = address
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def get(self, path: str) -> Mapping[str, Any]:
        return self._ask(path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._ask(path, json.dumps(body).encode())

    def _ask(self, path: str, data: bytes | None) -> Mapping[str, Any]:
        import urllib.request

        # An opener of its own: a proxy of the environment must not see loopback requests.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        request = urllib.request.Request(self._address + path, data=data, headers=self._headers)  # noqa: S310
        try:
            with opener.open(request, timeout=30) as answer:
                content: Mapping[str, Any] = json.load(answer)
        except ValueError as garbled:
            raise OSError(f"the server's answer is not JSON: {garbled}") from None
        return content
