"""The chat page with a scripted model: what a student sees, and what each button does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from agent import events
from agent.errors import ModelFailed
from tests.scripted import ScriptedModel
from tests.ui.stage import PENS, PROGRAM, page, right_answers, scripted_service
from ui.answer import folded
from ui.fair_queue import Wish
from ui.service import Service

WRONG_THEN_RIGHT = ["12 pens are 12 / 3 = 5 packs, a lot.", " packs.", r"They cost 4 × 2 = \boxed{8} dollars."]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    opened = scripted_service(tmp_path)
    yield opened
    opened.close()


def asked(app: AppTest, question: str = PENS) -> AppTest:
    app.run()
    assert not app.exception
    app.chat_input[0].set_value(question).run()
    assert not app.exception
    return app


def written(app: AppTest) -> str:
    return "\n".join(str(element.value) for element in [*app.markdown, *app.caption, *app.subheader])


def button(app: AppTest, label: str) -> object:
    return next(one for one in app.button if one.label == label)


def test_a_question_is_answered_with_plan_steps_marks_answer_and_badge(service: Service) -> None:
    app = asked(page(service))
    text = written(app)
    assert r"A shop sells pens at 3 for \$2." in text
    assert "**Asked** How much do 12 pens cost?" in text
    assert "12 pens are 12 / 3 = 4 packs." in text
    assert r"$4 \times 2 = \boxed{8}$" in text
    assert ":green[✔ 1 calculation checked]" in text
    assert "8" in [one.value for one in app.subheader]
    assert "✔ verified" in text
    assert r"\text{packs} = \dfrac{12}{3}" in text
    assert "Apache-2.0" in text
    assert "80% similar" in text


def test_a_step_that_was_put_right_shows_both_versions(tmp_path: Path) -> None:
    service = scripted_service(tmp_path, lambda: ScriptedModel(list(WRONG_THEN_RIGHT), [PROGRAM]))
    app = asked(page(service))
    assert "What was put right here" in [one.label for one in app.expander]
    text = written(app)
    assert "12 / 3 = 5 packs, a lot." in text
    assert "12 / 3 = 4 packs." in text
    service.close()


def test_a_corrected_solution_folds_what_was_set_aside(tmp_path: Path) -> None:
    programs = [PROGRAM, "def solution():\n    return 12 / 3 * 2", "# 3 for $2.\nanswer = 2 / 3 * 12"]
    text = ["They cost 12 × 2 dollars.", r"It is \boxed{24}."]
    service = scripted_service(tmp_path, lambda: ScriptedModel(list(text), list(programs)))
    app = asked(page(service))
    assert "The first solution, set aside" in [one.label for one in app.expander]
    assert [one.value for one in app.subheader] == ["8"]
    service.close()


def test_an_error_is_a_sentence_and_the_question_can_be_continued(tmp_path: Path) -> None:
    models = [ScriptedModel(["12 / 3 = 4 packs.", ModelFailed("The model is gone: ask again.")], [PROGRAM])]
    mended = ScriptedModel([r"So it is \boxed{8}."], [PROGRAM])
    models = [*models, mended]
    service = scripted_service(tmp_path, lambda: models.pop(0) if len(models) > 1 else models[0])
    models.insert(0, mended)  # the tutor's own context takes the first
    app = asked(page(service))
    assert [one.value for one in app.warning] == ["The model is gone: ask again."]
    assert "Traceback" not in written(app)
    button(app, "Continue").click().run()  # type: ignore[attr-defined]
    assert not app.exception
    assert [one.value for one in app.subheader] == ["8"]
    assert not app.warning
    assert "12 / 3 = 4 packs." in written(app)
    service.close()


def test_the_last_question_is_edited_and_asked_in_its_place(service: Service) -> None:
    app = asked(page(service))
    button(app, "Edit question").click().run()  # type: ignore[attr-defined]
    app.text_area[0].set_value("How much do 9 pens cost at 3 for $2?")
    button(app, "Ask").click().run()  # type: ignore[attr-defined]
    assert not app.exception
    thread = app.session_state["thread"]
    assert [one.problem for one in service.history.answers(app.session_state["owner"], thread)] == [
        "How much do 9 pens cost at 3 for $2?"
    ]
    assert "12 pens cost" not in written(app).replace("12 pens are", "")


def test_solving_again_replaces_the_answer_and_the_conversation_holds_it_once(service: Service) -> None:
    app = asked(page(service))
    app.chat_input[0].set_value("What if it were 15 pens for $2 each?").run()
    button(app, "Solve again").click().run()  # type: ignore[attr-defined]
    assert not app.exception
    thread = app.session_state["thread"]
    kept = service.history.answers(app.session_state["owner"], thread)
    assert [one.problem for one in kept] == [PENS, "What if it were 15 pens for $2 each?"]
    messages = service.desk.tutor(threading.Event()).session(thread).messages()
    assert [message.content for message in messages if message.type == "human"] == [one.problem for one in kept]


def test_a_finished_answer_is_solved_again_in_other_words_each_time(service: Service) -> None:
    app = asked(page(service))
    owner, thread = app.session_state["owner"], app.session_state["thread"]
    drawn = []
    for _ in range(2):
        button(app, "Solve again").click().run()  # type: ignore[attr-defined]
        assert not app.exception
        (kept,) = service.history.answers(owner, thread)
        calls = [
            (event.node, call)
            for _, event in service.history.in_full(owner, kept.id)
            if isinstance(event, events.NodeInspected)
            for call in event.calls
        ]
        assert {call.temperature for node, call in calls if node == "write_derivation"} == {0.0}
        drawn += {(call.temperature, call.seed) for node, call in calls if node == "write_step"}
    assert [temperature for temperature, _ in drawn] == [0.4, 0.4]
    assert drawn[0] != drawn[1]


def test_a_message_without_mathematics_gets_a_reply_and_no_badge(service: Service) -> None:
    app = asked(page(service), "hello there")
    assert "mathematics tutor" in written(app)
    assert "not verified" not in written(app)


def test_what_is_written_is_never_markup(tmp_path: Path) -> None:
    evil = "<img src=x onerror=alert(1)> ![x](http://a.b) :red[x] gives 2 × 4 = 8"
    service = scripted_service(tmp_path, lambda: ScriptedModel([evil, r"It is \boxed{8}."], [PROGRAM]))
    app = asked(page(service), f"{evil} How many?")
    assert not any(one.proto.allow_html for one in app.markdown)
    assert "![x]" not in written(app)
    assert "\\<img" in written(app)
    service.close()


def test_two_browser_sessions_never_see_each_others_conversations(service: Service) -> None:
    first, second = asked(page(service)), page(service).run()
    assert first.session_state["owner"] != second.session_state["owner"]
    assert not any(one.key and one.key.startswith("open ") for one in second.button)
    # not even with the address of the conversation
    intruder = page(service)
    intruder.query_params["chat"] = first.session_state["thread"]
    intruder.run()
    assert "12 pens are" not in written(intruder)
    intruder.chat_input[0].set_value("What is 2 + 2?").run()
    assert [one.value for one in intruder.error] == ["There is no such conversation: begin a new one."]
    assert len(service.history.answers(first.session_state["owner"], first.session_state["thread"])) == 1


def test_a_conversation_is_found_again_with_the_same_key_after_a_restart(tmp_path: Path) -> None:
    service = scripted_service(tmp_path)
    owner = asked(page(service)).session_state["owner"]
    service.close()
    again = scripted_service(tmp_path)
    app = page(again, owner=owner).run()
    name = next(one for one in app.button if one.key and one.key.startswith("open "))
    name.click().run()
    assert "✔ verified" in written(app)
    again.close()


def test_a_conversation_is_deleted_with_its_checkpoints(service: Service) -> None:
    app = asked(page(service))
    thread = app.session_state["thread"]
    app.checkbox[0].check().run()
    button(app, "Delete").click().run()  # type: ignore[attr-defined]
    assert not app.exception
    assert service.history.conversations(app.session_state["owner"]) == []
    assert service.desk.tutor(threading.Event()).session(thread).latest() == ""


def test_settings_are_kept_for_the_owner_and_used(service: Service) -> None:
    app = page(service, "preferences").run()
    assert not app.exception
    app.toggle[0].set_value(False).run()
    chat = asked(page(service, owner=app.session_state["owner"]))
    assert "Apache-2.0" not in written(chat)
    assert service.history.preferences(app.session_state["owner"]).retrieval is False


def test_a_model_that_is_missing_is_offered_for_download(tmp_path: Path) -> None:
    from agent.settings import load_settings
    from tests.ui.stage import opening

    service = Service(load_settings(data_dir=tmp_path, cache_dir=tmp_path), opening(right_answers))
    app = page(service).run()
    assert "not on this computer" in written(app)
    assert app.chat_input[0].disabled
    assert button(app, "Download it (1.1 GB)")
    button(app, "Download it (1.1 GB)").click().run()  # type: ignore[attr-defined]
    assert not app.exception
    asked(app)
    assert "✔ verified" in written(app)
    service.close()


def test_inside_shows_the_way_the_nodes_and_their_cost_and_runs_again_from_a_checkpoint(service: Service) -> None:
    chat = asked(page(service))
    owner, thread = chat.session_state["owner"], chat.session_state["thread"]
    app = page(service, "debug", owner=owner, thread=thread).run()
    assert not app.exception
    labels = [one.label for one in app.expander]
    assert any("`write_step`" in label for label in labels)
    assert any("`cross_check`" in label for label in labels)
    received = " ".join(one.value for one in app.json)
    assert "They cost" in received
    sent = [one.value for one in app.code]
    assert any(f"[human]\n{PENS}" in prompt for prompt in sent)
    (moments,) = (one.options for one in app.selectbox if one.label == "Go on before")
    assert moments[-2:] == ["cross_check", "give_answer"]
    whole = [visit.node for visit in folded(service.history.answers(owner, thread)[0].happened).visits]
    kept = service.history.answers(owner, thread)[0]
    before_check = next(
        event
        for _, event in kept.happened
        if isinstance(event, events.CheckpointKept) and "cross_check" in event.following
    )
    service.replay(owner, thread, kept, before_check.name, Wish())
    again = page(service, owner=owner, thread=thread).run()
    assert "✔ verified" in written(again)
    replayed = service.history.answers(owner, thread)
    assert len(replayed) == 1
    assert [visit.node for visit in folded(replayed[0].happened).visits] == whole
    assert len(service.history.in_full(owner, kept.id)) > len(replayed[0].happened)


def test_nobody_looks_inside_somebody_elses_answers(service: Service) -> None:
    chat = asked(page(service))
    app = page(service, "debug", thread=chat.session_state["thread"]).run()
    assert not app.exception
    assert "Ask something first." in written(app)


def test_a_symbolic_problem_is_shown_with_its_graph(tmp_path: Path) -> None:
    service = scripted_service(tmp_path, lambda: ScriptedModel([r"So \(x = 2\) or \(x = 3\): \boxed{x = 2, x = 3}."]))
    app = asked(page(service), "Solve x^2 - 5x + 6 = 0")
    assert "y = x²-5x+6 · marked: (2, 0), (3, 0)" in written(app)
    (chart,) = app.get("vega_lite_chart")
    drawn = json.loads(chart.proto.spec)
    assert '"y = x²-5x+6"' in json.dumps(drawn, ensure_ascii=False)
    service.close()
