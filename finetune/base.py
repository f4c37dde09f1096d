"""The model that is trained on: from a folder, the hub, or a GGUF file of the tutor's. For train, evaluate, export."""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agent.errors import BadConfiguration, ModelDamaged, ModelFailed, ModelMissing
from finetune.contract import Tutor

log = logging.getLogger(__name__)

# What to do where no recipe can be changed any more: after training.
MORE_MEMORY = "close other programs, or do it on a machine with more memory"
NOT_ALLOCATED = ("DefaultCPUAllocator: can't allocate memory", "CUBLAS_STATUS_ALLOC_FAILED")


def base_place(name: str, tutor: Tutor) -> str:
    """What transformers can load a base model from: its folder, or its name on the hub.

    A model that the tutor knows by name is a GGUF file, whose weights are written out at full size once and kept in
    the cache. An adapter is then trained on the very weights that llama.cpp will use it with.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return str(folder)
    file = tutor.model_file(name)
    return str(_written_out(name, file, tutor.cache_dir)) if file is not None else name


def load_tokenizer(place: str) -> Any:
    """The tokenizer of a base model, with something to pad with. Raises as load_network does."""
    from transformers import AutoTokenizer

    with explained(place):
        tokenizer = AutoTokenizer.from_pretrained(place)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def base_config(place: str) -> dict[str, Any]:
    """The config.json of a base model, here or on the hub. Raises as load_network does."""
    from transformers import AutoConfig

    with explained(place):
        found: dict[str, Any] = AutoConfig.from_pretrained(place).to_dict()
    return found


def load_network(place: str, **options: Any) -> Any:
    """The base model itself; `options` are those of `from_pretrained`.

    Raises ModelMissing (no such model, no network), BadConfiguration (gated), ModelFailed (memory), ModelDamaged.
    """
    from transformers import AutoModelForCausalLM

    with explained(place):
        return AutoModelForCausalLM.from_pretrained(place, **options)


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turns what the libraries raise while a model is loaded into one sentence."""
    try:
        yield
    except (OSError, ValueError, RuntimeError, KeyError, MemoryError) as error:
        names = {cause.__class__.__name__ for cause in _causes(error)}
        if is_lack_of_memory(error):
            raise ModelFailed(
                f"The weights of {place} do not fit the memory there is: close other programs, set load_in_4bit in the "
                "recipe, or take a smaller base (see --dry-run for the arithmetic)."
            ) from None
        if "GatedRepoError" in names or "gated repo" in str(error):
            raise BadConfiguration(
                f"{place} is gated: accept its licence on huggingface.co/{place}, then set HF_TOKEN to a token of your "
                "account, or run `hf auth login`."
            ) from None
        if isinstance(error, OSError):
            raise ModelMissing(
                f"There is no base model {place} here or on the hub ({_first_line(error)}): give a folder, a name of "
                "the hub, or a name of `mathlearn models list`."
            ) from None
        raise ModelDamaged(f"transformers cannot load {place} ({_first_line(error)}).") from None


@contextmanager
def memory_explained(
    what: str,
    remedy: str = "halve per_device_train_batch_size and double gradient_accumulation_steps, lower max_length, or set "
    "load_in_4bit (see --dry-run for the arithmetic)",
) -> Iterator[None]:
    """Turns a lack of memory while a model is used into ModelFailed, with what to do: by default, in a recipe.

    Whatever else is raised goes on as it is.
    """
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if is_lack_of_memory(error):
            raise ModelFailed(f"{what} does not fit the memory there is: {remedy}.") from None
        raise


def is_lack_of_memory(error: BaseException) -> bool:
    """Whether an error, or what caused it, is a failed allocation, on the GPU or for the processor.

    torch has a name for a GPU's alone (OutOfMemoryError); its others are a RuntimeError, told by its text.
    """
    return any(
        isinstance(cause, MemoryError)
        or type(cause).__name__ == "OutOfMemoryError"
        or (isinstance(cause, RuntimeError) and any(text in str(cause) for text in NOT_ALLOCATED))
        for cause in _causes(error)
    )


def _written_out(name: str, file: Path, cache_dir: Path) -> Path:
    looks = file.stat()
    folder = cache_dir / "bases" / f"{re.sub(r'[^a-z0-9._-]', '-', name.lower())}-{looks.st_size}-{looks.st_mtime_ns}"
    if (folder / "config.json").is_file():
        return folder
    import transformers
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    transformers.utils.logging.disable_progress_bar()
    log.info("writing out the weights of %s once", file)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as draft, explained(str(file)):
        place, whole = str(file.parent), Path(draft) / "whole"
        AutoTokenizer.from_pretrained(place, gguf_file=file.name).save_pretrained(whole)
        network = AutoModelForCausalLM.from_pretrained(
            place, gguf_file=file.name, quantization_config=GgufConfig(dequantize=True), dtype="float32"
        )
        network.save_pretrained(whole)
        try:
            whole.rename(folder)
        except OSError:  # another process was first: a folder with files in it is not replaced
            if not (folder / "config.json").is_file():
                raise
    return folder


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and len(found) < 10:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _first_line(failure: BaseException) -> str:
    lines = str(failure).strip().splitlines()
    return lines[0][:200].rstrip(".:") if lines else type(failure).__name__
