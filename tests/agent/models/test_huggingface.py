"""The transformers backend, with SmolLM2 turned from GGUF into a transformers model; needs its extra."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

from agent.errors import BadConfiguration, ContextFull, ModelMissing
from agent.models.huggingface import open_huggingface
from agent.models.loaded import LoadedModel

GEMMA_LIKE = (
    "{{ bos_token }}"
    "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system role') }}{% endif %}"
    "{% for m in messages %}<start_of_turn>{{ 'model' if m['role'] == 'assistant' else m['role'] }}\n"
    "{{ m['content'] | trim }}<end_of_turn>\n{% endfor %}"
    "{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)
COLOURS = [HumanMessage("Name three colours, one a line.")]


def test_without_its_packages_the_backend_says_what_to_install() -> None:
    try:
        import transformers  # noqa: F401
    except ImportError:
        with (
            pytest.raises(BadConfiguration, match=r"mathlearn\[huggingface\]"),
            open_huggingface("any/model"),
        ):
            pass
    else:
        pytest.skip("the packages are here")


@pytest.fixture(scope="module")
def tiny_folder(tiny_gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    transformers: Any = pytest.importorskip("transformers", reason="needs the huggingface extra")
    folder = tmp_path_factory.mktemp("smollm2")
    where = {"pretrained_model_name_or_path": str(tiny_gguf.parent), "gguf_file": tiny_gguf.name}
    transformers.logging.set_verbosity_error()
    transformers.AutoTokenizer.from_pretrained(**where).save_pretrained(folder)
    dequantized = transformers.GgufConfig(dequantize=True)
    model = transformers.AutoModelForCausalLM.from_pretrained(**where, quantization_config=dequantized)
    model.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def model(tiny_folder: Path) -> Iterator[LoadedModel]:
    with open_huggingface(str(tiny_folder), name="tiny", context_tokens=512) as loaded:
        yield loaded


def test_a_continued_message_gives_the_text_of_one_whole_call(model: LoadedModel) -> None:
    pieces: list[str] = []
    whole = model.stream(COLOURS, max_tokens=40, on_token=pieces.append)
    assert "".join(pieces) == whole.text
    assert len(pieces) > 5
    start = model.stream(COLOURS, max_tokens=40, stop=["\n"])
    assert (start.reason, "\n" in start.text) == ("stop", False)
    assert whole.text.startswith(start.text + "\n")
    begun = start.text + "\n"
    rest = model.stream([*COLOURS, AIMessage(begun)], max_tokens=40 - start.output_tokens)
    assert begun + rest.text == whole.text[: len(begun + rest.text)]
    assert rest.text


def test_the_limit_the_end_and_the_numbers_are_told(model: LoadedModel) -> None:
    short = model.stream(COLOURS, max_tokens=3)
    assert (short.reason, short.output_tokens) == ("length", 3)
    assert short.prompt_tokens > 10
    assert short.likelihood is not None
    assert -10 < short.likelihood.mean < 0
    ended = model.stream([HumanMessage("Say yes."), AIMessage("Yes.")], max_tokens=120, stop=["@@@"])
    assert ended.ended or ended.reason == "length"


def test_the_same_seed_gives_the_same_sample(model: LoadedModel) -> None:
    first, again = (model.stream(COLOURS, max_tokens=8, temperature=1.2, seed=7) for _ in range(2))
    assert first.text == again.text


def test_leaving_the_stream_ends_the_computation(model: LoadedModel) -> None:
    cancel = threading.Event()
    written = model.stream(COLOURS, max_tokens=400, on_token=lambda _: cancel.set(), cancel=cancel)
    assert written.reason == "cancelled"
    assert not any(thread.name == "transformers" for thread in threading.enumerate())


def test_a_prompt_that_does_not_fit_is_context_full(model: LoadedModel) -> None:
    with pytest.raises(ContextFull):
        model.stream([HumanMessage("word " * 600)], max_tokens=5)


def test_a_template_that_refuses_the_system_role_gets_its_text_in_the_question(
    tiny_folder: Path, tmp_path: Path
) -> None:
    for file in tiny_folder.iterdir():
        (tmp_path / file.name).symlink_to(file)
    for name in ("chat_template.jinja", "tokenizer_config.json"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "chat_template.jinja").write_text(GEMMA_LIKE)
    about = json.loads((tiny_folder / "tokenizer_config.json").read_text())
    about.pop("chat_template", None)
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(about))
    with open_huggingface(str(tmp_path), context_tokens=512) as gemma:
        assert not gemma.has_system_role
        chat: Any = gemma.chat
        turns = [SystemMessage("Be brief."), HumanMessage("2+2?"), AIMessage("It is ")]
        merged = gemma._turns(turns)
        assert chat._to_chat_prompt(merged).endswith(
            "<start_of_turn>user\nBe brief.\n\n2+2?<end_of_turn>\n<start_of_turn>model\nIt is "
        )
        assert gemma.stream(turns, max_tokens=3).output_tokens == 3


def test_a_model_with_a_system_role_is_recognised(model: LoadedModel) -> None:
    assert model.has_system_role


@pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")  # peft 0.21 on transformers 5
def test_a_peft_adapter_changes_what_the_model_says(tiny_folder: Path, model: LoadedModel, tmp_path: Path) -> None:
    peft: Any = pytest.importorskip("peft", reason="needs the huggingface extra")
    import torch
    from transformers import AutoModelForCausalLM

    torch.manual_seed(0)
    base = AutoModelForCausalLM.from_pretrained(str(tiny_folder))
    settings = peft.LoraConfig(r=4, target_modules=["q_proj"], init_lora_weights=False, task_type="CAUSAL_LM")
    peft.get_peft_model(base, settings).save_pretrained(str(tmp_path))
    with open_huggingface(str(tiny_folder), adapter=tmp_path, context_tokens=512) as adapted:
        with_adapter = adapted.stream(COLOURS, max_tokens=6)
        assert with_adapter.likelihood != model.stream(COLOURS, max_tokens=6).likelihood


def test_a_missing_model_and_a_missing_adapter_are_named(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="needs the huggingface extra")
    with pytest.raises(ModelMissing, match="adapter_config"), open_huggingface("x/y", adapter=tmp_path):
        pass
    with pytest.raises(ModelMissing, match="cannot load"), open_huggingface(str(tmp_path / "nothing")):
        pass
