"""A model server that never stops writing of itself, at one pace on every machine: what Stop is tested against.

It speaks OpenAI's protocol, as far as the tutor needs it. The first step ends; whatever comes after it does not,
until the client hangs up.
"""

from __future__ import annotations

import http.server
import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

MODEL = "endless"
SECONDS_A_WORD = 0.04
FIRST_STEP = "First we put like things together, so that 2 + 3 = 5 of them are there."
ON_AND_ON = ("and", "then", "we", "take", "one", "more", "of", "them:")


class EndlessServer(http.server.ThreadingHTTPServer):
    """Counts the streams that are being written; `address` is what the tutor is given."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Writer)
        self._changed = threading.Condition()
        self._writing = 0
        self.written: dict[str, float] = {}  # when each numbered word was sent last

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    @property
    def writing(self) -> int:
        with self._changed:
            return self._writing

    def await_silence(self, seconds: float) -> bool:
        """Wait until nothing is being written; False where that does not come in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._writing == 0, seconds)

    @contextmanager
    def counted(self) -> Iterator[None]:
        with self._changed:
            self._writing += 1
        try:
            yield
        finally:
            with self._changed:
                self._writing -= 1
                self._changed.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what this server is for."""


class _Writer(http.server.BaseHTTPRequestHandler):
    server: EndlessServer

    def do_GET(self) -> None:
        known = self.path == "/v1/models"
        body = json.dumps({"data": [{"id": MODEL}]} if known else {}).encode()
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        roles = [message["role"] for message in asked["messages"]]
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        with self.server.counted():
            if "assistant" not in roles and "system" not in roles:
                for word in FIRST_STEP.split():
                    self._say(word + " ")
                self._send({}, finish="stop")
                self.wfile.write(b"data: [DONE]\n\n")
                return
            for number in itertools.count():
                self.server.written[f"number{number}"] = time.time()
                for word in (f"number{number}", *ON_AND_ON):
                    self._say(word + " ")

    def _say(self, text: str) -> None:
        self._send({"content": text})
        time.sleep(SECONDS_A_WORD)

    def _send(self, delta: dict[str, str], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": MODEL, "choices": [choice]}
        self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        """Tests are quiet."""


@contextmanager
def endless_server() -> Iterator[EndlessServer]:
    server = EndlessServer()
    thread = threading.Thread(target=server.serve_forever, name="endless", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
