"""What goes wrong while a base model is loaded is said in a sentence with a way out."""

from __future__ import annotations

import pytest

from agent.errors import BadConfiguration, ModelDamaged, ModelFailed, ModelMissing, TutorError
from finetune.base import explained


class OutOfMemoryError(RuntimeError):
    """As torch names it."""


class GatedRepoError(Exception):
    """As the hub's client names it."""


@pytest.mark.parametrize(
    ("failure", "cause", "error", "says"),
    [
        (OSError("401"), GatedRepoError("restricted"), BadConfiguration, "accept its licence .* HF_TOKEN"),
        (OSError("x/y does not appear to have a config"), None, ModelMissing, "no base model owner/name"),
        (OutOfMemoryError("CUDA out of memory"), None, ModelFailed, "halve per_device_train_batch_size"),
        (ValueError("unknown architecture"), None, ModelDamaged, "unknown architecture"),
    ],
)
def test_each_failure_has_its_sentence(
    failure: Exception, cause: Exception | None, error: type[TutorError], says: str
) -> None:
    with pytest.raises(error, match=says), explained("owner/name"):
        raise failure from cause


def test_a_fault_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError), explained("owner/name"):
        _ = 1 / 0
