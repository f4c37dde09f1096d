"""Which place of the llama.cpp server serves which call, so that what is already evaluated is used again.

Serves llamacpp.py. The server has a fixed number of slots, each with the evaluated text of its last call.
A call gets the free slot that shares the longest beginning with it; where that is less than a beginning
that was announced (the constant part of a prompt), the beginning is restored from disk, or evaluated once
and kept there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agent.models.prefix_cache import PrefixCache

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

Evaluate = Callable[[Sequence["BaseMessage"], int, threading.Event | None], None]
MANY_PREFIXES = 64


@dataclass
class _Slot:
    number: int
    conversation: str = ""
    busy: bool = False
    last_use: int = 0


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
                slot.conversation, slot.busy = held, False
                self._free.notify_all()

    def _take(self, conversation: str, prefix: str, cancel: threading.Event | None) -> _Slot | None:
        with self._free:
            while True:
                if cancel is not None and cancel.is_set():
                    return None
                free = [slot for slot in self._slots if not slot.busy]
                if free:
                    slot = _best(free, conversation, prefix)
                    self._clock += 1
                    slot.busy, slot.last_use = True, self._clock
                    return slot
                self._free.wait(timeout=0.1)

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


def _best(free: list[_Slot], conversation: str, prefix: str) -> _Slot:
    def shared(slot: _Slot) -> int:
        pairs = zip(slot.conversation, conversation, strict=False)
        return next(
            (count for count, (a, b) in enumerate(pairs) if a != b),
            min(len(slot.conversation), len(conversation)),
        )

    longest = max(free, key=lambda slot: (shared(slot), -slot.last_use))
    if shared(longest) >= max(len(prefix), 1):
        return longest
    return min(free, key=lambda slot: slot.last_use)
