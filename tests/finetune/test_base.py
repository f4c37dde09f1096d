"""What goes wrong while a base model is loaded is said in a sentence with a way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import BadConfiguration, ModelDamaged, ModelFailed, ModelMissing, TutorError
from finetune.base import base_config, explained, memory_explained


class OutOfMemoryError(RuntimeError):
    """As torch names it."""


class GatedRepoError(Exception):
    """As the hub's client names it."""


@pytest.mark.parametrize(
    ("failure", "cause", "error", "says"),
    [
        (OSError("401"), GatedRepoError("restricted"), BadConfiguration, "accept its licence .* HF_TOKEN"),
        (OSError("x/y does not appear to have a config"), None, ModelMissing, "no base model owner/name"),
        (OutOfMemoryError("CUDA out of memory"), None, ModelFailed, "weights of owner/name do not fit"),
        (
            RuntimeError("DefaultCPUAllocator: can't allocate memory: 9 bytes"),
            None,
            ModelFailed,
            "close other programs",
        ),
        (MemoryError(), None, ModelFailed, "close other programs"),
        (ValueError("unknown architecture"), None, ModelDamaged, "unknown architecture"),
    ],
)
def test_each_failure_has_its_sentence(
    failure: Exception, cause: Exception | None, error: type[TutorError], says: str
) -> None:
    with pytest.raises(error, match=says), explained("owner/name"):
        raise failure from cause


@pytest.mark.parametrize(
    "failure",
    [
        OutOfMemoryError("CUDA out of memory"),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        MemoryError(),
    ],
)
def test_a_lack_of_memory_is_said_with_what_to_do(failure: Exception) -> None:
    with (
        pytest.raises(ModelFailed, match=r"owner/name does not fit .* halve per_device"),
        memory_explained("owner/name"),
    ):
        raise failure
    with pytest.raises(ModelFailed, match="there is: buy more"), memory_explained("owner/name", "buy more"):
        raise failure


def test_other_failures_are_not_taken_for_a_lack_of_memory() -> None:
    with pytest.raises(RuntimeError, match="shapes"), memory_explained("owner/name"):
        raise RuntimeError("shapes do not match")


def test_a_base_that_is_nowhere_is_said_before_anything_is_exported(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="the finetune extra is not installed")
    with pytest.raises(ModelMissing, match="no base model"):
        base_config(str(tmp_path / "nowhere"))
    with pytest.raises(ModelDamaged, match="cannot load"):
        base_config(str(tmp_path))


def test_a_fault_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), explained("owner/name"):
        _ = 1 / 0
