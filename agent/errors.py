"""Every exception that Mathlearn raises on purpose. Each message is one sentence: what is wrong, what to do.

TutorError
├── BadInput                 the student's or operator's input cannot be used          (exit code 2)
├── BadConfiguration         a setting, a flag or a missing piece of set-up             (exit code 2)
│   ├── ModelMissing         no source has the model's file
│   ├── ModelDamaged         a model file that is truncated, foreign or has the wrong hash
│   ├── CorpusMissing        a data set that is neither on this machine nor to be had from the hub
│   ├── IndexMissing         no index where one is expected
│   └── IndexDamaged         an index that does not match its manifest
├── ModelFailed              the model's server or library failed while it was used     (exit code 1)
│   └── ContextFull          the prompt or the answer no longer fits the model's context
├── FetchFailed              a download that did not complete
├── Interrupted              the student stopped the answer; it can be resumed
├── StorageFailed            the disk or the conversation store refused to write or read
└── CheckFailed              a verification that could not be carried out: the verdict is then unverified
    ├── CheckTimedOut        the worker was killed at its deadline
    └── Unreadable           text that the whitelist parser does not accept
"""

from __future__ import annotations


class TutorError(Exception):
    """The root. `exit_code` is what a command line returns for it."""

    exit_code = 1


class BadInput(TutorError):
    exit_code = 2


class BadConfiguration(TutorError):
    exit_code = 2


class ModelMissing(BadConfiguration):
    pass


class ModelDamaged(BadConfiguration):
    pass


class CorpusMissing(BadConfiguration):
    pass


class IndexMissing(BadConfiguration):
    pass


class IndexDamaged(BadConfiguration):
    pass


class ModelFailed(TutorError):
    pass


class ContextFull(ModelFailed):
    pass


class FetchFailed(TutorError):
    pass


class StorageFailed(TutorError):
    pass


class CheckFailed(TutorError):
    pass


class CheckTimedOut(CheckFailed):
    pass


class Unreadable(CheckFailed):
    pass


class Interrupted(TutorError):
    """The student stopped the answer. What was finished is kept; the rest can be resumed."""
