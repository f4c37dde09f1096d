"""Silence for the training libraries, whose warnings are about each other."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

CHATTY = ("transformers", "trl", "peft", "datasets", "accelerate", "torch", "bitsandbytes")


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """No warnings, log lines below an error, or progress bars of theirs."""
    import datasets
    import transformers

    before = {name: logging.getLogger(name).level for name in CHATTY}
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.ERROR)
    transformers.utils.logging.disable_progress_bar()
    datasets.disable_progress_bars()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
