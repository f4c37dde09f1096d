"""llama.cpp's server in a process of its own. A script that llamacpp.py runs; it imports nothing of ours.

In its own process because the library holds the interpreter's lock while it loads a model, and because a
model file that changes under it, or memory that runs out, must not take the tutor down. It takes its
parameters as one line of JSON on standard input, answers with one line on standard output, and lives until
standard input is closed or its parent is gone.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from typing import Any


def start(parameters: dict[str, Any]) -> Any:
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
    return xllamacpp.Server(settings)


def end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(0)


def main() -> None:
    os.umask(0o077)
    parent = os.getppid()
    answer = sys.stdout
    parameters = json.loads(sys.stdin.readline())
    server = start(parameters)
    print(json.dumps({"address": server.listening_address}), file=answer, flush=True)
    threading.Thread(target=end_with_parent, args=(parent,), daemon=True).start()
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
