"""A child process for everything that touches untrusted mathematics: it can be killed, and is, at its deadline.

One JSON object a line, in and out; no pickle. Serves verifier.py. Run as `python -m agent.verification.worker`
it is the child itself.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from queue import Empty, SimpleQueue
from typing import Any

from agent.errors import CheckFailed, CheckTimedOut, Unreadable

MEMORY_BYTES = 1_500_000_000
MAX_ANSWER = 1_000_000  # characters of one reply
START_SECONDS = 60.0


class Worker:
    """One child process at a time, used by one thread at a time; a killed one is replaced at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._closed = False

    def start(self) -> None:
        """Start the child in the background, before it is needed; returns at once."""
        with self._lock:
            self._running()

    def call(self, operation: str, arguments: dict[str, Any], *, deadline: float) -> Any:
        """The operation's result as JSON data. The child's start does not count towards `deadline` (seconds).

        Raises CheckTimedOut where the child had to be killed, Unreadable and CheckFailed as the operation
        raised them, CheckFailed where the child died.
        """
        with self._lock:
            child = self._running()
            try:
                reply = child.ask({"operation": operation, "arguments": arguments}, deadline)
            except CheckFailed:
                child.kill()
                self._child = None
                self._running()
                raise
        if "error" in reply:
            kind = Unreadable if reply["kind"] == "Unreadable" else CheckFailed
            raise kind(str(reply["error"]))
        return reply["result"]

    @property
    def pid(self) -> int | None:
        """The child's process id, None before the first start."""
        return self._child.process.pid if self._child else None

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._child is not None:
                self._child.kill()
                self._child = None

    def _running(self) -> _Child:
        if self._closed:
            raise CheckFailed("The verifier is closed.")
        if self._child is None or self._child.process.poll() is not None:
            self._child = _Child()
        return self._child


class _Child:
    """The process, and the threads that write its requests and read its replies."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "agent.verification.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is the tutor's to handle
        )
        self._requests: SimpleQueue[bytes | None] = SimpleQueue()
        self._replies: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._ready = False
        threading.Thread(target=self._write, name="verification-requests", daemon=True).start()
        threading.Thread(target=self._read, name="verification-replies", daemon=True).start()

    def ask(self, request: dict[str, Any], deadline: float) -> dict[str, Any]:
        if not self._ready:
            self._await(START_SECONDS, "The verifier did not start in time.")
            self._ready = True
        self._requests.put(json.dumps(request).encode() + b"\n")
        return self._await(deadline, f"The check took longer than {deadline:g} s and was stopped.")

    def _await(self, seconds: float, too_late: str) -> dict[str, Any]:
        try:
            reply = self._replies.get(timeout=seconds)
        except Empty:
            raise CheckTimedOut(too_late) from None
        if reply is None:
            raise CheckFailed("The verifier ran out of memory or stopped while it checked this.")
        return reply

    def _write(self) -> None:
        """A pipe that nobody empties holds its writer up: this thread, and not the one with the deadline."""
        assert self.process.stdin is not None  # noqa: S101 - it is a pipe
        with contextlib.suppress(OSError), self.process.stdin as requests:  # OSError: the child is gone
            while (line := self._requests.get()) is not None:
                requests.write(line)
                requests.flush()

    def _read(self) -> None:
        assert self.process.stdout is not None  # noqa: S101 - it is a pipe
        with self.process.stdout as replies:
            while line := replies.readline(MAX_ANSWER):
                if not line.endswith(b"\n"):
                    break
                self._replies.put(json.loads(line))
        self._replies.put(None)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._requests.put(None)


def _operations() -> dict[str, Callable[..., Any]]:
    from agent.verification.answers import answers_expected, equivalence
    from agent.verification.claims import claims
    from agent.verification.derivations import derivation, functions
    from agent.verification.encoding import encode_claim
    from agent.verification.students import acceptance

    def solve_symbolic(problem: str) -> Any:
        from agent.verification.symbolic.symbolic import solve_symbolic as solve

        return solve(problem)

    def picture(problem: str, answer: str) -> Any:
        from agent.verification.symbolic.plotting import picture as draw

        return draw(problem, answer)

    def examine_work(problem: str, steps: list[str], programs: list[str]) -> Any:
        from agent.verification.students.student_work import examine_work as examine

        return asdict(examine(problem, steps, programs))

    return {
        "check_step": lambda **given: [encode_claim(claim) for claim in claims.check_step(**given)],
        "evaluate_derivation": derivation.evaluate_derivation,
        "examine_work": examine_work,
        "explain_derivation": derivation.explain_derivation,
        "judge_answer": lambda **given: asdict(acceptance.judge_answer(**given)),
        "worked_lines": lambda program: [asdict(line) for line in derivation.worked_lines(program)],
        "oddities_of_answer": answers_expected.oddities_of_answer,
        "picture": picture,
        "same_function": lambda **given: functions.same_function(**given).value,
        "same_value": lambda first, second: equivalence.same_value(first, second).value,
        "solve_symbolic": solve_symbolic,
    }


def serve() -> None:
    """The child: answer requests until the parent goes away."""
    _limit_memory()
    _end_with_the_parent()
    # Whatever a library prints must not get between the replies.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    operations = _operations()
    _reply(out, {"result": "ready"})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            reply = {"result": operations[request["operation"]](**request["arguments"])}
        except CheckFailed as failed:
            reply = {"error": str(failed), "kind": type(failed).__name__}
        except (MemoryError, RecursionError):
            reply = {"error": "This is too large to check.", "kind": "CheckFailed"}
        except Exception as failed:
            reply = {"error": f"This could not be checked ({type(failed).__name__}).", "kind": "CheckFailed"}
        _reply(out, reply)


def _reply(out: Any, reply: dict[str, Any]) -> None:
    line = json.dumps(reply)
    if len(line) >= MAX_ANSWER:
        line = json.dumps({"error": "The result is too large to show.", "kind": "CheckFailed"})
    out.write(line + "\n")
    out.flush()


def _limit_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    except (ImportError, ValueError, OSError):
        return  # Windows has no such limit; the deadline remains


def _end_with_the_parent() -> None:
    """End this process when its parent is gone, even in the middle of a check."""
    parent = os.getppid()

    def watch() -> None:
        import time

        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


if __name__ == "__main__":
    serve()
