"""The seam itself: system text without a system role, repeated prefixes, models that cannot continue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from agent.errors import BadConfiguration, ModelFailed, TutorError
from agent.models.loaded import Decoding, LoadedModel, merge_system


class Scripted(BaseChatModel):
    """A chat model that says its lines, and remembers what it was sent."""

    lines: list[str]
    finish: str | None = "stop"
    received: list[list[BaseMessage]]

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, messages: list[BaseMessage], *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError

    def _stream(self, messages: list[BaseMessage], *_: Any, **__: Any) -> Iterator[ChatGenerationChunk]:
        self.received.append(messages)
        for line in self.lines:
            yield ChatGenerationChunk(message=AIMessageChunk(content=line))
        if self.finish:
            yield ChatGenerationChunk(
                message=AIMessageChunk(content=""), generation_info={"finish_reason": self.finish}
            )


def arguments(_decoding: Decoding, _continuing: bool, _place: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def explain(failure: Exception) -> TutorError:
    return ModelFailed(f"It failed ({failure}).")


def loaded(*lines: str, finish: str | None = "stop") -> LoadedModel:
    return LoadedModel(
        name="scripted",
        chat=Scripted(lines=list(lines), finish=finish, received=[]),
        context_tokens=100,
        continues=True,
        has_system_role=True,
        parallel=1,
        arguments=arguments,
        explain=explain,
    )


def begun(text: str) -> list[BaseMessage]:
    return [HumanMessage("Go."), AIMessage(text)]


def test_a_repeated_prefix_is_taken_off_however_it_is_cut() -> None:
    seen: list[str] = []
    model = replace(loaded("Step", " 1: a", "dd.", " Then"), repeats_prefix=True)
    written = model.stream(begun("Step 1:"), max_tokens=9, on_token=seen.append)
    assert written.text == "".join(seen) == " add. Then"


def test_a_continuation_that_only_looks_like_the_prefix_is_kept() -> None:
    model = replace(loaded("Step", " 2"), repeats_prefix=True)
    assert model.stream(begun("Step 1:"), max_tokens=9).text == "Step 2"
    model = replace(loaded("Ste"), repeats_prefix=True)
    assert model.stream(begun("Step 1:"), max_tokens=9).text == "Ste"


def test_a_server_that_repeats_nothing_may_repeat_itself() -> None:
    assert loaded("ha", "ha").stream(begun("ha"), max_tokens=9).text == "haha"


def test_a_model_that_cannot_continue_says_so() -> None:
    with pytest.raises(BadConfiguration, match="cannot continue"):
        replace(loaded("x"), continues=False).stream(begun("a"), max_tokens=9)


def test_an_answer_without_an_end_is_a_broken_connection() -> None:
    with pytest.raises(ModelFailed, match="broke off"):
        loaded("half an", finish=None).stream([HumanMessage("Go.")], max_tokens=9)


def test_without_word_from_the_server_only_a_call_without_stop_strings_is_known_to_have_ended() -> None:
    assert loaded("x").stream([HumanMessage("Go.")], max_tokens=9).ended
    assert not loaded("x").stream([HumanMessage("Go.")], max_tokens=9, stop=["\n"]).ended


def test_system_text_goes_before_the_first_question() -> None:
    turns = [SystemMessage("Be brief."), HumanMessage("a"), AIMessage("b"), HumanMessage("c")]
    merged = merge_system(turns)
    assert [(turn.type, turn.text) for turn in merged] == [
        ("human", "Be brief.\n\na"),
        ("ai", "b"),
        ("human", "c"),
    ]


def test_system_text_alone_becomes_a_question() -> None:
    assert [turn.type for turn in merge_system([SystemMessage("Be brief.")])] == ["human"]
    assert merge_system([HumanMessage("a")]) == [HumanMessage("a")]


def test_a_model_without_a_system_role_never_sees_one() -> None:
    model = replace(loaded("x"), has_system_role=False)
    model.stream([SystemMessage("Be brief."), HumanMessage("Go.")], max_tokens=9)
    assert isinstance(model.chat, Scripted)
    assert [turn.type for turn in model.chat.received[0]] == ["human"]
