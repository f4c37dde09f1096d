"""Protects which slot a call gets: its own conversation's, else one that the server computes together with the rest."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from agent.models import slots as module
from agent.models.prefix_cache import PrefixCache
from agent.models.slots import Slots

SYSTEM = SystemMessage("Solve the problem step by step. " * 20)


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call that has ended counts as long over."""
    monkeypatch.setattr(module, "PAUSE", 0.0)


def test_calls_at_the_same_time_get_neighbouring_slots(no_pause: None) -> None:
    slots = slots_without_server(8)
    with ExitStack() as calls:
        taken = [take(slots, calls, problem(number)) for number in range(3)]
        assert sorted(taken) == list(range(min(taken), min(taken) + 3))


@given(st.lists(st.integers(0, 5), max_size=40))
def test_a_call_beside_others_opens_no_second_group_where_the_first_can_grow(ends: list[int]) -> None:
    """Calls begin and end in any order: a new one always leaves the fewest groups that are possible."""
    slots = slots_without_server(6)
    running: dict[int, ExitStack] = {}
    for turn, which in enumerate(ends):
        if len(running) == 6:
            running.pop(sorted(running)[which]).close()
        for slot in slots._slots:
            slot.released = -module.PAUSE
        before = set(running)
        call = ExitStack()
        number = take(slots, call, problem(turn))
        running[number] = call
        possible = [groups(before | {other}) for other in range(6) if other not in before]
        assert groups(set(running)) == min(possible)
        if turn % 2 and running:
            running.pop(sorted(running)[which % len(running)]).close()
    for call in running.values():
        call.close()


def test_a_conversation_goes_on_in_its_own_slot(no_pause: None) -> None:
    slots = slots_without_server(4)
    with ExitStack() as first:
        own = take(slots, first, problem(1))
    with ExitStack() as calls:
        take(slots, calls, problem(2))
        take(slots, calls, problem(3))
        assert take(slots, calls, [*problem(1), AIMessage("Step 1: 1 + 1 = 2.")]) == own


def test_a_slot_that_has_just_answered_is_left_for_the_next_step() -> None:
    slots = slots_without_server(4)
    with ExitStack() as first:
        own = take(slots, first, problem(1))
    with ExitStack() as calls:
        assert take(slots, calls, problem(2)) != own


def test_the_last_slot_waits_for_its_own_conversation_before_another_takes_it() -> None:
    """A text lost its slot between two steps to a waiting derivation, and was read again from the beginning."""
    slots = slots_without_server(1)
    with ExitStack() as first:
        take(slots, first, problem(1))
    began = time.monotonic()
    with ExitStack() as going_on:
        take(slots, going_on, [*problem(1), AIMessage("Step 1: 1 + 1 = 2.")])
        assert time.monotonic() - began < module.PAUSE / 2
    ended = time.monotonic()
    with ExitStack() as another:
        take(slots, another, problem(2))
        assert module.PAUSE * 0.9 <= time.monotonic() - ended < 5.0


def test_another_problem_with_the_same_instructions_is_not_the_same_conversation(no_pause: None) -> None:
    slots = slots_without_server(8)
    with ExitStack() as before:
        for number in range(8):
            take(slots, before, problem(number))
    with ExitStack() as calls:
        numbers = {take(slots, calls, problem(number)) for number in range(20, 23)}
        assert groups(numbers) == 1


def test_without_a_place_on_disk_the_slot_that_holds_the_beginning_comes_first(no_pause: None) -> None:
    slots = slots_without_server(8)
    worked = [SYSTEM, HumanMessage("A worked problem. " * 50), AIMessage("Its solution. " * 50)]
    slots.keep(worked)
    with ExitStack() as others:
        for number in range(4):
            take(slots, others, problem(number))
        with ExitStack() as first:
            holder = take(slots, first, [*worked, HumanMessage("One")])
    with ExitStack() as calls:
        take(slots, calls, problem(9))
        assert take(slots, calls, [*worked, HumanMessage("Two, which is quite another one")]) == holder


def test_with_a_place_on_disk_the_beginning_is_brought_beside_the_others(tmp_path: Path, no_pause: None) -> None:
    restored: list[int] = []

    class Cache(PrefixCache):
        def __init__(self) -> None:
            pass

        def restore(self, slot: int, prefix: str) -> bool:
            restored.append(slot)
            return True

    slots = Slots(8, Cache(), lambda *_: None)
    worked = [SYSTEM, HumanMessage("A worked problem. " * 50), AIMessage("Its solution. " * 50)]
    slots.keep(worked)
    with ExitStack() as calls:
        first = take(slots, calls, problem(1))
        beside = take(slots, calls, [*worked, HumanMessage("One")])
        assert abs(first - beside) == 1
        assert restored == [beside]


def slots_without_server(count: int) -> Slots:
    return Slots(count, None, lambda *_: None)


def take(slots: Slots, calls: ExitStack, messages: list[BaseMessage]) -> int:
    number = calls.enter_context(slots.reserve(messages, None))["id_slot"]
    assert isinstance(number, int)
    return number


def problem(number: int) -> list[BaseMessage]:
    return [SYSTEM, HumanMessage(f"{number} is the number of pens that Ada has, and she buys {number} more of them.")]


def groups(numbers: set[int]) -> int:
    return sum(number - 1 not in numbers for number in numbers)
