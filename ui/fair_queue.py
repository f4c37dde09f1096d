"""Who is answered next: requests of many students for one tutor, in a fair order, each with its place in view."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from agent.domain import Effort, Route
from agent.errors import BadInput, Interrupted, TutorError
from agent.events import AnswerGiven, TutorEvent, WorkReviewed
from ui.answer import TimedEvent

Status = Literal["waiting", "running", "finished", "stopped", "failed"]

MOST_WAITING = 4  # of one student; a tab that asks in a loop must not fill everybody's queue
UNEXPECTED = "Something went wrong inside the tutor: ask again, and tell whoever runs it if it happens twice."

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """How a question is to be answered. `after` is the checkpoint it follows; None: the latest."""

    effort: Effort = Effort.NORMAL
    retrieval: bool = True
    seed: int = 0
    temperature: float = 0.0
    language: str = ""
    rung: int | None = None  # a hint in place of the solution: 0 for the next one
    meant: Route | None = None  # how the message is to be taken, where the tutor guessed wrong
    after: str | None = None
    resume: bool = False
    replay: str = ""  # a checkpoint to run again from


@dataclass(slots=True, eq=False)
class Request:
    """One question on its way. Events are added by the queue's thread and read by pages."""

    owner: str
    thread: str
    problem: str
    wish: Wish = Wish()
    work: str = ""  # a student's own solution: it is checked, in place of an answer
    answer_id: int = 0
    happened: list[TimedEvent] = field(default_factory=list)
    status: Status = "waiting"
    error: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    news: threading.Condition = field(default_factory=threading.Condition)
    asked_at: float = field(default_factory=time.monotonic)
    earlier_seconds: float = 0.0  # of an answer that is resumed
    ending: bool = False  # whoever sets it, under the queue's lock, says how it ended

    @property
    def over(self) -> bool:
        return self.status in ("finished", "stopped", "failed")

    def elapsed(self) -> float:
        return self.earlier_seconds + time.monotonic() - self.asked_at

    def add(self, event: TutorEvent) -> None:
        with self.news:
            if not self.ending:  # what comes after a Stop is not shown and not kept
                self.happened.append((self.elapsed(), event))
                self.news.notify_all()

    def become(self, status: Status, error: str = "") -> None:
        with self.news:
            self.status, self.error = status, error
            self.news.notify_all()

    def await_news(self, seen: int, seconds: float) -> list[TimedEvent]:
        """The events after the first `seen`; waits a moment where there are none yet."""
        with self.news:
            if len(self.happened) == seen and not self.over:
                self.news.wait(seconds)
            return self.happened[seen:]


class FairQueue:
    """Answers `at_once` requests side by side. Nobody waits behind a second question of somebody else.

    `answer` does the work of one request, adding events to it; `ended` is told when it is over, how it ended, and
    the sentence for an error.
    """

    def __init__(
        self, answer: Callable[[Request], None], ended: Callable[[Request, Status, str], None], *, at_once: int = 2
    ) -> None:
        self._answer, self._ended = answer, ended
        self._at_once = at_once
        self._changed = threading.Condition()
        self._waiting: list[Request] = []
        self._running: list[Request] = []
        self._served: dict[str, int] = {}  # when each student was last begun with, as a running number
        self._closed = False
        self._threads: list[threading.Thread] = []

    def submit(self, request: Request) -> None:
        """Raises BadInput where the student already has too many questions, or one in this conversation."""
        with self._changed:
            own = [
                other for other in (*self._waiting, *self._running) if other.owner == request.owner and not other.over
            ]
            if any(other.thread == request.thread for other in own):
                raise BadInput("This conversation is still being answered: wait for it, or stop it.")
            if len(own) >= MOST_WAITING:
                raise BadInput(f"{len(own)} of your questions are still waiting: let one of them finish first.")
            self._waiting.append(request)
            if len(self._threads) < self._at_once:
                thread = threading.Thread(target=self._work, name="answering", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._changed.notify_all()

    def live(self, owner: str, thread: str) -> Request | None:
        """The student's request in that conversation, while it is not over."""
        with self._changed:
            going = [request for request in (*self._waiting, *self._running) if not request.over]
            return next((r for r in going if (r.owner, r.thread) == (owner, thread)), None)

    def await_leaving(self, thread: str, seconds: float) -> bool:
        """Wait until nothing runs in that conversation any more; False where it does not end in time."""
        with self._changed:
            return self._changed.wait_for(lambda: all(one.thread != thread for one in self._running), seconds)

    def place(self, request: Request) -> int:
        """How many are answered before this one begins: 0 when it is running or next."""
        with self._changed:
            return self._order().index(request) if request in self._waiting else 0

    def standing(self, request: Request) -> str:
        """Its place in words, for whoever waits."""
        before = self.place(request)
        return "Waiting: next in the queue" if before == 0 else f"Waiting: {before} before you in the queue"

    def busy(self) -> int:
        with self._changed:
            return len(self._waiting) + len(self._running)

    def stop(self, request: Request) -> None:
        """End a request at once. One that runs keeps its place until the model has let go of it, in a moment."""
        request.stop.set()
        with self._changed:
            if request in self._waiting:
                self._waiting.remove(request)
        self._end(request, "stopped")

    def close(self) -> None:
        with self._changed:
            self._closed = True
            for request in (*self._waiting, *self._running):
                request.stop.set()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=6)

    def _order(self) -> list[Request]:
        """Round by round: everybody's first question, whoever was served longest ago first, then everybody's second."""
        before = Counter(request.owner for request in self._running)
        rounds: list[tuple[int, int, int]] = []
        for arrival, request in enumerate(self._waiting):
            rounds.append((before[request.owner], self._served.get(request.owner, 0), arrival))
            before[request.owner] += 1
        return [self._waiting[arrival] for _, _, arrival in sorted(rounds)]

    def _next(self) -> Request | None:
        """The first whose conversation is free: a stopped answer may still be leaving it."""
        held = {request.thread for request in self._running}
        return next((request for request in self._order() if request.thread not in held), None)

    def _work(self) -> None:
        while (request := self._take()) is not None:
            status, error = self._answered(request)
            self._end(request, status, error)
            with self._changed:
                self._running.remove(request)
                self._changed.notify_all()
                if not self._running and not self._waiting:
                    self._served.clear()

    def _take(self) -> Request | None:
        with self._changed:
            while (request := self._next()) is None and not self._closed:
                self._changed.wait()
            if request is None or self._closed:
                return None
            self._waiting.remove(request)
            self._running.append(request)
            self._served[request.owner] = max(self._served.values(), default=0) + 1
        request.become("running")
        return request

    def _answered(self, request: Request) -> tuple[Status, str]:
        try:
            self._answer(request)
        except Interrupted:
            return "stopped", ""
        except TutorError as failed:
            return "failed", str(failed)
        except Exception:
            log.exception("a question could not be answered")
            return "failed", UNEXPECTED
        complete = any(isinstance(event, AnswerGiven | WorkReviewed) for _, event in request.happened)
        return ("finished" if complete else "stopped"), ""

    def _end(self, request: Request, status: Status, error: str = "") -> None:
        """Kept before a page is told that it is over, so that the page finds it in the store. Only once a request."""
        with self._changed:
            if request.ending:
                return
            request.ending = True
        try:
            self._ended(request, status, error)
        except TutorError as unkept:
            log.error("an answer could not be kept: %s", unkept)
        finally:
            request.become(status, error)
