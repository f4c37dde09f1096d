"""Which place of the llama.cpp server serves which call, so that what is already evaluated is used again.

Serves llamacpp.py. The server has a fixed number of slots, each with the evaluated text of its last call.
A call gets the free slot that holds most of it already: an earlier part of the same conversation. Otherwise it gets
one beside the busy ones, and a beginning that was announced (the constant part of a prompt) is restored there from
disk, or evaluated once and kept.

Beside, because llama.cpp computes only slots with consecutive numbers together (`split_equal` with `sequential`, in
llama-batch.cpp, where each slot has a cache of its own): calls in slots 0, 2 and 4 read the whole model three times
for one token each, calls in 0, 1 and 2 once. A restored beginning costs some ten milliseconds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agent.models.prefix_cache import PrefixCache

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

Evaluate = Callable[[Sequence["BaseMessage"], int, threading.Event | None], None]
MANY_PREFIXES = 64
PAUSE = 0.2  # seconds: so soon after a call the next one of its conversation may follow (a step was checked meanwhile)


@dataclass
class _Slot:
    number: int
    conversation: str = ""
    busy: bool = False
    last_use: int = 0
    released: float = -PAUSE

    @property
    def taken(self) -> bool:
        """At work, or about to be again."""
        return self.busy or time.monotonic() - self.released < PAUSE


class Slots:
    """The slots of one server, shared by the threads of one process.

    `evaluate(messages, slot, cancel)` has the server evaluate messages in a slot.
    """

    def __init__(self, count: int, cache: PrefixCache | None, evaluate: Evaluate) -> None:
        self._slots = [_Slot(number) for number in range(count)]
        self._cache = cache
        self._evaluate = evaluate
        self._free = threading.Condition()
        self._clock = 0
        self._prefixes: dict[str, tuple[BaseMessage, ...]] = {}
        self._keeping = threading.Lock()

    def keep(self, messages: Sequence[BaseMessage]) -> None:
        """Announce a beginning that many calls share."""
        with self._free:
            if len(self._prefixes) < MANY_PREFIXES:
                self._prefixes.setdefault(conversation_text(messages), tuple(messages))

    @contextmanager
    def reserve(self, messages: Sequence[BaseMessage], cancel: threading.Event | None) -> Iterator[dict[str, Any]]:
        """Lend a slot for one call, as the field of the request that pins it there; waits for a free one."""
        conversation = conversation_text(messages)
        prefix = max((known for known in self._prefixes if conversation.startswith(known)), key=len, default="")
        slot = self._take(conversation, prefix, cancel)
        if slot is None:  # cancelled while waiting: the call sees that for itself, before any work
            yield {}
            return
        held = ""
        try:
            if prefix and not slot.conversation.startswith(prefix):
                slot.conversation = ""
                self._fill(slot, prefix, cancel)
            yield {"id_slot": slot.number}
            # A call that was broken off leaves an unknown part evaluated: count on nothing then.
            held = "" if cancel is not None and cancel.is_set() else conversation
        finally:
            with self._free:
                slot.conversation, slot.busy, slot.released = held, False, time.monotonic()
                self._free.notify_all()

    def _take(self, conversation: str, prefix: str, cancel: threading.Event | None) -> _Slot | None:
        with self._free:
            while True:
                if cancel is not None and cancel.is_set():
                    return None
                slot = _best(self._slots, conversation, prefix, restores=self._cache is not None)
                if slot is not None:
                    self._clock += 1
                    slot.busy, slot.last_use = True, self._clock
                    return slot
                self._free.wait(timeout=PAUSE / 4)

    def _fill(self, slot: _Slot, prefix: str, cancel: threading.Event | None) -> None:
        if self._cache is None:
            return
        if self._cache.restore(slot.number, prefix):
            return
        with self._keeping:  # calls that need the same beginning wait for the first one, then restore its file
            if self._cache.restore(slot.number, prefix):
                return
            self._evaluate(self._prefixes[prefix], slot.number, cancel)
            if cancel is None or not cancel.is_set():
                self._cache.save(slot.number, prefix)


def conversation_text(messages: Sequence[BaseMessage]) -> str:
    """Messages as one string that is a prefix of another's exactly where the messages are."""
    return "\0\0".join(f"{message.type}\0{message.text}" for message in messages)


def _best(slots: list[_Slot], conversation: str, prefix: str, restores: bool) -> _Slot | None:
    """The free slot for a call: its conversation's own, else the one that leaves the fewest groups of slots at work.

    None while there is none but those whose conversation may go on at once: taking one would have it read again. Where
    beginnings cannot be restored, one that holds the call's beginning comes first: reading it again takes longer.
    """
    free = [slot for slot in slots if not slot.busy]
    if not free:
        return None
    longest = max(free, key=lambda slot: (_shared(slot, conversation), -slot.last_use))
    opening = len(prefix) or len(_system_message(conversation))
    if _shared(longest, conversation) - opening > (len(conversation) - opening) / 2:
        return longest
    at_work = {slot.number for slot in slots if slot.taken}

    def order(slot: _Slot) -> tuple[int, ...]:
        groups = _groups(at_work | {slot.number})
        without = int(not (prefix and slot.conversation.startswith(prefix)))
        return (*((groups, without) if restores else (without, groups)), slot.last_use)

    return min((slot for slot in free if not slot.taken), key=order, default=None)


def _system_message(conversation: str) -> str:
    first, _, _ = conversation.partition("\0\0")
    return first if first.startswith("system\0") else ""


def _shared(slot: _Slot, conversation: str) -> int:
    pairs = zip(slot.conversation, conversation, strict=False)
    return next(
        (count for count, (a, b) in enumerate(pairs) if a != b),
        min(len(slot.conversation), len(conversation)),
    )


def _groups(numbers: set[int]) -> int:
    """How many runs of consecutive numbers there are."""
    return sum(number - 1 not in numbers for number in numbers)
