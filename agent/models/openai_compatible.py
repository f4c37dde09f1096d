"""A model behind any OpenAI-compatible address: vLLM, llama.cpp, Ollama, LM Studio or a hosted service.

Serves opening.py. What the server is decides what can be asked of it beyond the common protocol; it is
found out by asking, and can be set where that fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from agent.errors import BadConfiguration, ModelFailed, TutorError
from agent.models.loaded import LoadedModel

if TYPE_CHECKING:
    import httpx

    from agent.models.openai_chat import Dialect

PROBE_SECONDS = 5.0
CONNECT_SECONDS = 3.0


class Flavour(StrEnum):
    """The servers that are told apart."""

    VLLM = "vllm"
    LLAMACPP = "llamacpp"
    OLLAMA = "ollama"
    OTHER = "other"


@contextmanager
def open_openai_compatible(
    url: str,
    *,
    model: str = "",
    key: str = "",
    context_tokens: int = 4096,
    parallel: int = 4,
    has_system_role: bool | None = None,
    flavour: Flavour | None = None,
    continues: bool | None = None,
) -> Iterator[LoadedModel]:
    """Connect to a server and lend its model as a LoadedModel. `url` usually ends in /v1.

    Without `model`, the server's first. The server's own limits take the place of `context_tokens` and
    `parallel` where it tells them. `continues` overrides what is known of the server's kind: vLLM and
    llama.cpp continue an assistant's message, of others it is not assumed.

    Raises BadConfiguration for a bad address, key or model name, ModelFailed where nobody answers.
    """
    import httpx

    address = url.rstrip("/")
    if not address.startswith(("http://", "https://")):
        raise BadConfiguration(f"The address {url!r} of the model's server is not usable: begin it with http://.")
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    limit = httpx.Timeout(PROBE_SECONDS, connect=CONNECT_SECONDS)
    with httpx.Client(headers=headers, timeout=limit) as probe:
        offered = _offered_models(probe, address)
        name = _choose(model, offered, address)
        root = address.removesuffix("/v1")
        kind = flavour or _flavour(probe, root)
        about = _answer(probe, f"{root}/props") if kind is Flavour.LLAMACPP else {}
        if has_system_role is None:
            has_system_role = _has_system_role(probe, root, kind, name, about)
    slot = about.get("default_generation_settings", {}).get("n_ctx")
    room = int(slot or offered.get(name, {}).get("max_model_len") or context_tokens)

    from agent.models.openai_chat import explain, open_chat

    def explained(failure: Exception) -> TutorError:
        return explain(failure, name=name, url=address)

    with open_chat(address, name, key or "none") as chat:
        yield LoadedModel(
            name=name,
            chat=chat,
            context_tokens=room,
            continues=kind in (Flavour.VLLM, Flavour.LLAMACPP) if continues is None else continues,
            has_system_role=has_system_role,
            parallel=int(about.get("total_slots") or parallel),
            arguments=_dialect(kind).arguments,
            explain=explained,
            repeats_prefix=kind is not Flavour.VLLM,
        )


def _dialect(kind: Flavour) -> Dialect:
    from agent.models.openai_chat import Dialect

    if kind is Flavour.VLLM:
        going_on = {"add_generation_prompt": False, "continue_final_message": True}
        return Dialect(continuing=going_on, logprobs=True)
    if kind is Flavour.LLAMACPP:
        return Dialect(always={"verbose": True, "return_progress": True, "cache_prompt": True}, logprobs=True)
    return Dialect(classic_limit=kind is Flavour.OLLAMA)


def _offered_models(probe: httpx.Client, address: str) -> dict[str, Mapping[str, Any]]:
    """The models that the server lists, by name; none where it keeps no list."""
    import httpx

    try:
        answer = probe.get(f"{address}/models")
    except httpx.HTTPError as silent:
        raise ModelFailed(
            f"No model server answers at {address} ({type(silent).__name__}): start it, or set openai_url."
        ) from None
    except httpx.InvalidURL:
        raise BadConfiguration(f"The address {address!r} of the model's server is not usable.") from None
    if answer.status_code in (401, 403):
        raise BadConfiguration(f"The server at {address} refused the key: set the right openai_key.")
    listed = _json(answer).get("data")
    rows = listed if isinstance(listed, list) else []
    return {str(row["id"]): row for row in rows if isinstance(row, Mapping) and "id" in row}


def _choose(model: str, offered: Mapping[str, Mapping[str, Any]], address: str) -> str:
    if model in offered or (model and not offered):
        return model
    if not offered:
        raise BadConfiguration(f"The server at {address} lists no models: name one with --model.")
    if model:
        some = ", ".join(list(offered)[:5])
        raise BadConfiguration(f"The server at {address} has no model {model!r}: it offers {some}.")
    return next(iter(offered))


def _flavour(probe: httpx.Client, root: str) -> Flavour:
    import httpx

    try:
        version = probe.get(f"{root}/version")
        if version.headers.get("server", "").startswith("llama.cpp"):
            return Flavour.LLAMACPP
        if version.status_code == httpx.codes.OK and "version" in _json(version):
            return Flavour.VLLM
        if "version" in _answer(probe, f"{root}/api/version"):
            return Flavour.OLLAMA
    except httpx.HTTPError:
        return Flavour.OTHER
    return Flavour.OTHER


def _has_system_role(probe: httpx.Client, root: str, kind: Flavour, name: str, about: Mapping[str, Any]) -> bool:
    """Ask the server to lay out a prompt with a system message, where it can be asked; else trust it to."""
    import httpx

    if kind is Flavour.LLAMACPP:
        return bool(about.get("chat_template_caps", {}).get("supports_system_role", True))
    if kind is Flavour.VLLM:
        turns = [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]
        try:
            answer = probe.post(f"{root}/tokenize", json={"model": name, "messages": turns})
        except httpx.HTTPError:
            return True
        return answer.status_code != httpx.codes.BAD_REQUEST
    return True


def _answer(probe: httpx.Client, url: str) -> Mapping[str, Any]:
    import httpx

    try:
        answer = probe.get(url)
    except httpx.HTTPError:
        return {}
    return _json(answer) if answer.status_code == httpx.codes.OK else {}


def _json(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        content = answer.json()
    except ValueError:
        return {}
    return content if isinstance(content, Mapping) else {}
