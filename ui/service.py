"""What all browser sessions of this process share: one tutor, one queue, one store; and what a page asks of them."""

from __future__ import annotations

import dataclasses
from concurrent.futures import Future
from typing import Any

from agent.errors import BadInput, TutorError
from agent.session import TutorSession, new_thread_id
from agent.settings import Settings
from agent.storage import open_checkpointer
from agent.teaching.checking import check_work
from agent.teaching.work import split_work
from ui.answer import folded, for_resuming, up_to
from ui.fair_queue import FairQueue, Request, Status, Wish
from ui.history import History, KeptAnswer
from ui.tutoring import Opening, TutorDesk, prepared_tutor

STORE = "conversations.sqlite"
LEAVING_SECONDS = 6.0  # a little more than a session waits for its graph


class Service:
    """`opening` prepares the tutor; tests put one with a scripted model in its place."""

    def __init__(self, settings: Settings, opening: Opening = prepared_tutor) -> None:
        self.history = History(settings.data_dir / STORE)
        self.desk = TutorDesk(settings, opening)
        # An answer writes its text and a derivation at the same time: two places of the model's server.
        self.queue = FairQueue(self._answer, self._ended, at_once=max(settings.parallel // 2, 1))

    def close(self) -> None:
        self.queue.close()
        self.desk.close()
        self.history.close()

    def ask(self, owner: str, thread: str, problem: str, wish: Wish) -> Request:
        """Put a question into the queue. Raises BadInput where it cannot wait there."""
        if self.queue.live(owner, thread) is not None:
            raise BadInput("This conversation is still being answered: wait for it, or stop it.")
        self.history.begin(owner, thread, problem)
        request = Request(owner, thread, problem, wish)
        request.answer_id = self.history.ask(owner, thread, problem, after=wish.after, model=self.desk.settings.model)
        self._submit(request)
        return request

    def ask_again(self, owner: str, thread: str, kept: KeptAnswer, problem: str, wish: Wish) -> Request:
        """Ask in place of an earlier question: it, its answer and all that came after it are taken back."""
        self.history.withdraw(owner, thread, kept.id)
        return self.ask(owner, thread, problem, dataclasses.replace(wish, after=kept.after))

    def resume(self, owner: str, thread: str, kept: KeptAnswer, wish: Wish) -> Request:
        """Go on with an answer that was cut off, where it was cut off."""
        before = for_resuming(self.history.in_full(owner, kept.id))
        request = Request(
            owner, thread, kept.problem, dataclasses.replace(wish, resume=True), answer_id=kept.id,
            happened=before, earlier_seconds=folded(before).seconds,
        )  # fmt: skip
        self._submit(request)
        return request

    def replay(self, owner: str, thread: str, kept: KeptAnswer, checkpoint: str, wish: Wish) -> Request:
        """Run an answer again from one of its checkpoints, after what had happened until then; it becomes the
        conversation's."""
        before = up_to(self.history.in_full(owner, kept.id), checkpoint)
        request = Request(
            owner, thread, kept.problem, dataclasses.replace(wish, replay=checkpoint), answer_id=kept.id,
            happened=before, earlier_seconds=folded(before).seconds,
        )  # fmt: skip
        self._submit(request)
        return request

    def check(self, owner: str, problem: str, work: str) -> Request:
        """Put a student's own solution into the queue, to be checked; nothing of it is kept. Raises BadInput."""
        if not problem.strip():
            raise BadInput("There is no problem here: write the problem that the work belongs to.")
        split_work(work)  # what cannot be read is said at once
        request = Request(owner, new_thread_id(), problem, work=work)
        self.queue.submit(request)
        return request

    def delete(self, owner: str, thread: str) -> None:
        """Delete a conversation, its answers and its checkpoints."""
        live = self.queue.live(owner, thread)
        if live is not None:
            self.queue.stop(live)
        self.history.delete(owner, thread)
        # Else what still runs would write checkpoints again after they are deleted.
        self.queue.await_leaving(thread, LEAVING_SECONDS)
        with open_checkpointer(self.desk.settings) as checkpointer:
            checkpointer.delete_thread(thread)

    def session(self, thread: str, request: Request) -> TutorSession:
        """The thread's session, as soon as the tutor is ready, with the request's own limits."""
        tutor = self.desk.tutor(request.stop)
        session = tutor.session(thread)
        context = session.context
        wish = request.wish
        limits = dataclasses.replace(
            context.limits, effort=wish.effort, seed=wish.seed, temperature=wish.temperature,
            language=wish.language or context.limits.language,
        )  # fmt: skip
        search = context.loading_search if wish.retrieval else _no_search()
        return dataclasses.replace(
            session, context=dataclasses.replace(context, limits=limits, loading_search=search)
        )  # fmt: skip

    def _submit(self, request: Request) -> None:
        try:
            self.queue.submit(request)
        except TutorError as refused:
            self.history.finish(request.answer_id, "failed", str(refused), request.happened)
            raise

    def _answer(self, request: Request) -> None:
        if request.work:
            tutor = self.desk.tutor(request.stop)
            context = dataclasses.replace(tutor.context, cancelled=request.stop)
            check_work(context, request.problem, request.work, request.add)
            return
        session = self.session(request.thread, request)
        wish, stop = request.wish, request.stop
        if wish.replay:
            happening = session.replay(wish.replay, stop=stop)
        elif wish.resume and session.unfinished() is not None:
            happening = session.resume(stop=stop)
        else:  # also where it was stopped before the first checkpoint was written
            request.happened.clear()
            self.history.follows(request.answer_id, session.latest() if wish.after is None else wish.after)
            happening = session.ask(request.problem, after=wish.after, rung=wish.rung, meant=wish.meant, stop=stop)
        for event in happening:
            request.add(event)

    def _ended(self, request: Request, status: Status, error: str) -> None:
        if not request.work:
            self.history.finish(request.answer_id, status, error, request.happened)


def new_conversation() -> str:
    return new_thread_id()


def _no_search() -> Future[Any]:
    none: Future[Any] = Future()
    none.set_result(None)
    return none
