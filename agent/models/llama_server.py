"""llama.cpp's server in a process of its own. A script that llamacpp.py runs; it imports nothing of ours.

In its own process because the library holds the interpreter's lock while it loads a model, and because a
model file that changes under it, or memory that runs out, must not take the tutor down. It takes its
parameters as one line of JSON on standard input, answers with one line on standard output, and lives until
standard input is closed or its parent is gone.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from typing import Any


def start(parameters: dict[str, Any]) -> str:
    """Start the server that the parameters name, and return its address once it takes requests."""
    if parameters["program"]:
        return start_program(parameters)
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = parameters["model"]
    if parameters["adapter"]:
        settings.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(parameters["adapter"], 1.0)]
    settings.hostnames = ["127.0.0.1"]
    settings.port = 0
    settings.api_keys = [parameters["key"]]
    settings.model_alias = {parameters["name"]}
    settings.n_ctx = parameters["context_tokens"] * parameters["parallel"]
    settings.n_parallel = parameters["parallel"]
    # A request can be left only between two batches, so a batch must not take long on a slow machine.
    settings.n_batch = settings.n_ubatch = parameters["batch_tokens"]
    settings.n_gpu_layers = parameters["gpu_layers"]
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = parameters["threads"]
    settings.slot_save_path = parameters["prefix_dir"]
    settings.cache_ram_mib = 0  # slots are pinned by the client, which keeps prefixes on disk
    settings.warmup = False
    settings.ui = settings.endpoint_slots = settings.endpoint_props = False
    settings.verbosity = 1  # errors only; the parent reads them when the start fails
    server = xllamacpp.Server(settings)
    running.append(server)
    return str(server.listening_address)


def start_program(parameters: dict[str, Any]) -> str:
    """The same with a llama-server of the user's own, built for this machine's processor or GPU."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = {
        "--model": parameters["model"], "--alias": parameters["name"], "--host": "127.0.0.1", "--port": port,
        "--ctx-size": parameters["context_tokens"] * parameters["parallel"], "--parallel": parameters["parallel"],
        "--batch-size": parameters["batch_tokens"], "--ubatch-size": parameters["batch_tokens"],
        "--n-gpu-layers": parameters["gpu_layers"], "--threads": parameters["threads"],
        "--threads-batch": parameters["threads"], "--cache-ram": 0, "--log-verbosity": 1,
    }  # fmt: skip
    if parameters["adapter"]:
        arguments["--lora"] = parameters["adapter"]
    if parameters["prefix_dir"]:
        arguments["--slot-save-path"] = parameters["prefix_dir"]
    command = [parameters["program"], *(str(part) for pair in arguments.items() for part in pair)]
    command += ["--no-kv-unified", "--no-warmup", "--no-slots", "--no-webui"]
    server = subprocess.Popen(  # noqa: S603  # the program that the user's own settings name
        command, stdin=subprocess.DEVNULL, stdout=sys.stderr, env={**os.environ, "LLAMA_API_KEY": parameters["key"]}
    )
    running.append(server)
    threading.Thread(target=end_with_child, args=(server,), daemon=True).start()
    address = f"http://127.0.0.1:{port}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while True:
        try:
            with opener.open(f"{address}/health", timeout=5):
                return address
        except (urllib.error.URLError, OSError):  # not listening yet, or loading: 503
            time.sleep(0.1)


def end_with_child(server: subprocess.Popen[bytes]) -> None:
    os._exit(abs(server.wait()) or 1)


running: list[Any] = []


def end() -> None:
    for server in running:
        if isinstance(server, subprocess.Popen):
            server.send_signal(signal.SIGKILL)
    os._exit(0)


def end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    end()


def main() -> None:
    os.umask(0o077)
    parent = os.getppid()
    answer = sys.stdout
    parameters = json.loads(sys.stdin.readline())
    threading.Thread(target=end_with_parent, args=(parent,), daemon=True).start()
    print(json.dumps({"address": start(parameters)}), file=answer, flush=True)
    sys.stdin.read()
    end()


if __name__ == "__main__":
    main()
