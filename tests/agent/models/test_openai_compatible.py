"""Servers that speak OpenAI's protocol: the real llama.cpp one, and vLLM's way of speaking it."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from agent.errors import BadConfiguration, ContextFull, ModelFailed
from agent.models.loaded import LoadedModel
from agent.models.openai_compatible import open_openai_compatible

COLOURS: list[BaseMessage] = [HumanMessage("Name three colours, one a line.")]


@contextmanager
def same_server(tiny_model: LoadedModel, **options: Any) -> Iterator[LoadedModel]:
    chat: Any = tiny_model.chat
    key = options.pop("key", chat.openai_api_key.get_secret_value())
    with open_openai_compatible(chat.openai_api_base, key=key, **options) as model:
        yield model


def test_a_llama_cpp_server_is_recognised_and_asked_for_its_limits(tiny_model: LoadedModel) -> None:
    with same_server(tiny_model) as model:
        assert model.continues
        assert model.has_system_role
        assert (model.context_tokens, model.parallel) == (tiny_model.context_tokens, tiny_model.parallel)
        whole = model.stream(COLOURS, max_tokens=80)
        assert whole.ended
        start = model.stream(COLOURS, max_tokens=80, stop=["\n"])
        assert start.reason == "stop"
        rest = model.stream([*COLOURS, AIMessage(start.text + "\n")], max_tokens=80)
        assert start.text + "\n" + rest.text == whole.text


def test_a_wrong_key_is_bad_configuration(tiny_model: LoadedModel) -> None:
    with pytest.raises(BadConfiguration, match="key"), same_server(tiny_model, key="wrong") as model:
        model.stream(COLOURS, max_tokens=1)


def test_a_model_that_the_server_has_not_is_bad_configuration(tiny_model: LoadedModel) -> None:
    with pytest.raises(BadConfiguration, match="offers tiny"), same_server(tiny_model, model="huge"):
        pass


def test_a_full_context_is_recognised(tiny_model: LoadedModel) -> None:
    with pytest.raises(ContextFull), same_server(tiny_model) as model:
        model.stream([HumanMessage("word " * 1500)], max_tokens=5)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "http://no-such-host.invalid/v1"])
def test_nobody_at_the_address_is_one_sentence(url: str) -> None:
    with pytest.raises(ModelFailed, match="No model server answers"), open_openai_compatible(url):
        pass


@pytest.mark.parametrize("url", ["", "localhost:8000", "file:///etc/passwd"])
def test_an_address_that_is_none_is_bad_configuration(url: str) -> None:
    with pytest.raises(BadConfiguration), open_openai_compatible(url):
        pass


class Speaker(http.server.BaseHTTPRequestHandler):
    """Answers as vLLM does, as far as the protocol shows; keeps what it was asked."""

    asked: ClassVar[list[dict[str, Any]]] = []
    paths: ClassVar[dict[str, Any]] = {}
    choices: ClassVar[list[dict[str, Any]]] = []
    takes_system = True
    breaks_off = False
    refuses: ClassVar[tuple[int, str] | None] = None

    def do_GET(self) -> None:
        body = self.paths.get(self.path)
        self._json(200 if body else 404, body or {"error": "none"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/tokenize":
            system = body["messages"][0]["role"] == "system"
            self._json(200 if self.takes_system or not system else 400, {"tokens": []})
            return
        self.asked.append(body)
        if self.refuses is not None:
            self._json(self.refuses[0], {"error": {"message": self.refuses[1]}})
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for choice in self.choices:
            chunk = {
                "id": "1",
                "object": "chat.completion.chunk",
                "model": "m",
                "created": 1,
                "choices": [choice],
            }
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        if not self.breaks_off:
            self.wfile.write(b"data: [DONE]\n\n")

    def _json(self, status: int, body: object) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        pass


VLLM = {
    "/version": {"version": "0.11"},
    "/v1/models": {"data": [{"id": "google/gemma-2-9b-it", "max_model_len": 8192}]},
}
HOSTED = {"/v1/models": {"data": [{"id": "big"}]}}


def said(text: str, **last: Any) -> list[dict[str, Any]]:
    return [
        {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None},
        {"index": 0, "delta": {}, "finish_reason": "stop", **last},
    ]


@contextmanager
def speaking(**traits: Any) -> Iterator[tuple[str, type[Speaker]]]:
    handler = type("OneSpeaker", (Speaker,), {"asked": [], **traits})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", handler
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_vllm_is_told_to_continue_the_message() -> None:
    with (
        speaking(paths=VLLM, choices=said(" 8.", stop_reason=None)) as (url, server),
        open_openai_compatible(url) as model,
    ):
        assert (model.name, model.context_tokens, model.continues) == ("google/gemma-2-9b-it", 8192, True)
        written = model.stream([HumanMessage("2*4?"), AIMessage("It is")], max_tokens=5, stop=["\n"])
        assert (written.text, written.ended) == (" 8.", True)
        (body,) = server.asked
        assert (body["add_generation_prompt"], body["continue_final_message"]) == (False, True)
        assert body["max_tokens"] == 5
        assert body["stream"] is True


def test_vllm_names_the_stop_string_that_it_met() -> None:
    with (
        speaking(paths=VLLM, choices=said(" 8.", stop_reason="\n")) as (url, _),
        open_openai_compatible(url) as model,
    ):
        assert model.stream([HumanMessage("2*4?")], max_tokens=5, stop=["\n"]).reason == "stop"


def test_a_template_without_a_system_role_is_found_out() -> None:
    with (
        speaking(paths=VLLM, choices=said("8", stop_reason=None), takes_system=False) as (url, server),
        open_openai_compatible(url) as model,
    ):
        assert not model.has_system_role
        model.stream([SystemMessage("Be brief."), HumanMessage("2*4?")], max_tokens=5)
        assert [turn["role"] for turn in server.asked[0]["messages"]] == ["user"]


def test_a_hosted_service_is_not_asked_for_what_it_does_not_know() -> None:
    with (
        speaking(paths=HOSTED, choices=said("8")) as (url, server),
        open_openai_compatible(url, model="big", key="k") as model,
    ):
        assert not model.continues
        assert model.stream([HumanMessage("2*4?")], max_tokens=5).ended
        assert server.asked[0]["max_completion_tokens"] == 5
        assert not {"verbose", "cache_prompt", "max_tokens"} & set(server.asked[0])


def test_a_connection_cut_in_mid_answer_is_one_sentence() -> None:
    with (
        speaking(paths=VLLM, choices=said("half")[:1], breaks_off=True) as (url, _),
        open_openai_compatible(url) as model,
        pytest.raises(ModelFailed),
    ):
        model.stream([HumanMessage("2*4?")], max_tokens=5)


@pytest.mark.parametrize(
    ("status", "message", "error"),
    [
        (400, "This model's maximum context length is 8192 tokens.", ContextFull),
        (401, "Incorrect API key", BadConfiguration),
        (404, "The model does not exist", BadConfiguration),
        (429, "Rate limit", ModelFailed),
        (500, "Internal\nerror", ModelFailed),
    ],
)
def test_refusals_become_our_errors_in_one_line(status: int, message: str, error: type[Exception]) -> None:
    with (
        speaking(paths=VLLM, refuses=(status, message)) as (url, _),
        open_openai_compatible(url) as model,
        pytest.raises(error) as raised,
    ):
        model.stream([HumanMessage("2*4?")], max_tokens=5)
    assert type(raised.value) is error
    assert "\n" not in str(raised.value)
