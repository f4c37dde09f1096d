"""A model run by transformers in this process, 4-bit or with a PEFT adapter if wished. Serves opening.py."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import BadConfiguration, ModelDamaged, ModelFailed, ModelMissing, TutorError
from agent.models.loaded import Decoding, LoadedModel

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

WAIT_SECONDS = 0.05


@contextmanager
def open_huggingface(
    model: str,
    *,
    name: str = "",
    adapter: Path | None = None,
    load_in_4bit: bool = False,
    context_tokens: int = 4096,
    has_system_role: bool | None = None,
) -> Iterator[LoadedModel]:
    """Load a model of the hub, or of a folder, and lend it as a LoadedModel; on the GPU where there is one.

    `load_in_4bit`: NF4 with double quantisation. `has_system_role` None: what the chat template says.
    Calls run one after another.

    Raises BadConfiguration where the packages are missing, ModelMissing, ModelDamaged and ModelFailed.
    """
    if adapter is not None and not (adapter / "adapter_config.json").is_file():
        raise ModelMissing(f"There is no PEFT adapter in {adapter}: give the folder with adapter_config.json.")
    try:
        import transformers
        from langchain_huggingface import HuggingFacePipeline

        from agent.models.transformers_chat import TransformersChat
        from agent.models.transformers_chat import has_system_role as template_has_system_role
    except ImportError as missing:
        raise BadConfiguration(
            f"The huggingface backend lacks the package {missing.name}: run `pip install 'mathlearn[huggingface]'`."
        ) from None
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    network, tokenizer = _load(model, adapter, load_in_4bit)
    trained_for = getattr(network.config, "max_position_embeddings", None) or context_tokens
    pipeline = transformers.pipeline("text-generation", model=network, tokenizer=tokenizer)
    chat = TransformersChat(
        llm=HuggingFacePipeline(pipeline=pipeline, model_id=model),
        tokenizer=tokenizer,
        model_id=name or model,
        context_tokens=min(context_tokens, trained_for),
    )
    if has_system_role is None:
        has_system_role = template_has_system_role(tokenizer)
    yield LoadedModel(
        name=name or model,
        chat=chat,
        context_tokens=min(context_tokens, trained_for),
        continues=True,
        has_system_role=has_system_role,
        parallel=1,
        arguments=_arguments,
        explain=_explain,
        reserve=_one_at_a_time(),
    )


def _load(model: str, adapter: Path | None, load_in_4bit: bool) -> tuple[Any, Any]:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

    options: dict[str, Any] = {"dtype": "auto"}
    if torch.cuda.is_available():
        options["device_map"] = "auto"
    if load_in_4bit:
        options["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )
    try:
        tokenizer = AutoTokenizer.from_pretrained(model)
        network = AutoModelForCausalLM.from_pretrained(model, **options)
        if adapter is not None:
            from peft import PeftModel

            with warnings.catch_warnings():  # peft's use of transformers is not the student's concern
                warnings.simplefilter("ignore", FutureWarning)
                network = PeftModel.from_pretrained(network, str(adapter))
    except OSError as absent:
        raise ModelMissing(
            f"transformers cannot load {model} ({_first_line(absent)}): "
            "check the name, accept the model's licence on the hub and set HF_TOKEN, or give a folder."
        ) from None
    except torch.OutOfMemoryError:
        raise ModelFailed(f"{model} does not fit the GPU: set load_in_4bit, or choose a smaller model.") from None
    except (ValueError, RuntimeError, KeyError) as refused:
        raise ModelDamaged(f"transformers cannot load {model} ({_first_line(refused)}).") from None
    if tokenizer.chat_template is None:
        raise BadConfiguration(f"{model} has no chat template: choose a model tuned for instructions.")
    return network.eval(), tokenizer


def _arguments(decoding: Decoding, _continuing: bool, _place: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "max_tokens": decoding.max_tokens,
        "temperature": decoding.temperature,
        "seed": decoding.seed,
        "stop": list(decoding.stop) or None,
    }


def _explain(failure: Exception) -> TutorError:
    if type(failure).__name__ == "OutOfMemoryError":
        return ModelFailed("The GPU has no memory left for this answer: ask a shorter question, or set load_in_4bit.")
    return ModelFailed(f"The model could not write an answer ({_first_line(failure)}): ask again.")


def _one_at_a_time() -> Any:
    free = threading.Lock()

    @contextmanager
    def reserve(_messages: Sequence[BaseMessage], cancel: threading.Event | None) -> Iterator[dict[str, Any]]:
        while not free.acquire(timeout=WAIT_SECONDS):
            if cancel is not None and cancel.is_set():
                yield {}  # the call sees for itself that it is cancelled, after its first token
                return
        try:
            yield {}
        finally:
            free.release()

    return reserve


def _first_line(failure: BaseException) -> str:
    lines = str(failure).strip().splitlines()
    return lines[0][:200].rstrip(".:") if lines else type(failure).__name__
