"""Conversations survive on disk, come back as our own types, belong to their owner, and fail with a sentence."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from agent.context import TutorContext
from agent.domain import Badge, Claim, Correction, Derivation, Example, Likelihood, Plan, Route, Step, Verdict
from agent.errors import BadInput, StorageFailed
from agent.events import AnswerGiven
from agent.graph import build_graph
from agent.session import TutorSession, new_thread_id
from agent.settings import Settings, load_settings
from agent.storage import open_checkpointer, serializer
from agent.verification.verifier import Verifier
from tests.scripted import PLAIN, ScriptedModel, done

CLAIM = Claim("7 × 8 = 54", Verdict.REFUTED, "it is 56", Correction(8, 10, "56"))


@pytest.mark.parametrize(
    "value",
    [
        CLAIM,
        Step(1, "7 × 8 = 54", (CLAIM,), ("7 × 8 = 53",)),
        Badge(Verdict.VERIFIED, "agrees"),
        Derivation("program", "answer = 1", None, "no"),
        Plan("How many?", ("3 pens",), "step by step"),
        Example("p", "s", "corpus", 3, "MIT", 0.5),
        Derivation("function", "return 1", "1", None, 2, Likelihood(3, -0.5, -1.0)),
        Route.SYMBOLIC,
    ],
)
def test_what_the_state_holds_comes_back_as_it_was(value: object) -> None:
    kind, stored = serializer().dumps_typed(value)
    back = serializer().loads_typed((kind, stored))
    assert type(back) is type(value)
    assert repr(back).replace("[", "(").replace("]", ")").replace(",)", ")") == repr(value).replace(",)", ")")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path / "data")


def session(settings_: Settings, saver: object, verifier: Verifier, model: ScriptedModel, name: str) -> TutorSession:
    context = TutorContext(done(model), done(None), verifier, calibration=PLAIN)
    return TutorSession(build_graph(saver), context, name)  # type: ignore[arg-type]


def test_a_conversation_is_found_again_and_no_other_one_is(settings: Settings) -> None:
    model = ScriptedModel([r"It is \boxed{8}."], ["```\nanswer = 8\n```"])
    with Verifier() as verifier:
        with open_checkpointer(settings) as saver:
            list(session(settings, saver, verifier, model, "mine").ask("How much is 4 times 2 apples?"))
        with open_checkpointer(settings) as saver:
            again = session(settings, saver, verifier, model, "mine")
            assert [str(message.content) for message in again.messages()] == [
                "How much is 4 times 2 apples?", r"It is \boxed{8}.",
            ]  # fmt: skip
            assert session(settings, saver, verifier, model, "yours").messages() == []
            with pytest.raises(BadInput, match="nothing to resume"):
                list(again.resume())


def test_a_stored_state_can_be_worked_on_after_a_restart(settings: Settings) -> None:
    from agent.errors import ModelFailed

    program = "```\nanswer = 2 * 4\n```"
    broken = ScriptedModel(["One box holds 2 × 4 = 8 cups.", ModelFailed("The server is gone.")], [program])
    with Verifier() as verifier:
        with open_checkpointer(settings) as saver, pytest.raises(ModelFailed):
            list(session(settings, saver, verifier, broken, "cut").ask("How many cups do 2 boxes of 4 cups hold?"))
        mended = ScriptedModel([r"So it is \boxed{8}."], [program])
        with open_checkpointer(settings) as saver:
            again = session(settings, saver, verifier, mended, "cut")
            assert again.unfinished() == "How many cups do 2 boxes of 4 cups hold?"
            solution = next(e.solution for e in again.resume() if isinstance(e, AnswerGiven))
    assert [step.text for step in solution.steps] == ["One box holds 2 × 4 = 8 cups.", r"So it is \boxed{8}."]
    assert solution.badge.verdict is Verdict.VERIFIED
    assert len(mended.prompts) == 1, "the derivation and the first step are not made again"


def test_only_the_owner_may_read_the_store(settings: Settings) -> None:
    with open_checkpointer(settings):
        assert stat.S_IMODE(settings.database_file.stat().st_mode) == 0o600


def test_a_damaged_store_is_one_sentence(settings: Settings) -> None:
    settings.database_file.parent.mkdir(parents=True)
    settings.database_file.write_bytes(b"this is no database" * 100)
    with pytest.raises(StorageFailed, match="MATHLEARN_DATA_DIR"), open_checkpointer(settings):
        pass


def test_names_of_new_conversations_cannot_be_guessed() -> None:
    names = {new_thread_id() for _ in range(100)}
    assert len(names) == 100
    assert min(len(name) for name in names) >= 20
