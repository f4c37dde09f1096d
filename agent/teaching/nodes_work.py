"""The graph's node for a message that brings a student's work: problem and steps in, a review out."""

from __future__ import annotations

from typing import Any

from langchain_core.messages import AIMessage, HumanMessage
from langgraph.runtime import Runtime

from agent.context import TutorContext
from agent.state import TutorState
from agent.teaching.checking import check_work, problem_and_work
from agent.teaching.work_words import spoken


def check_student_work(state: TutorState, runtime: Runtime[TutorContext]) -> dict[str, Any]:
    """Check the work in the message against its problem, or against the one before it in the conversation."""
    lesson = state.get("lesson")
    questions = [str(message.content) for message in state["messages"] if isinstance(message, HumanMessage)]
    previous = lesson.question if lesson is not None else questions[-1] if questions else ""
    problem, work = problem_and_work(state["problem"], previous)
    review = check_work(runtime.context, problem, work, runtime.stream_writer)
    text = spoken(review)
    # The problem stays the one that is talked about: what is asked next belongs to it.
    return {"reply": text, "question": problem, "messages": [HumanMessage(state["problem"]), AIMessage(text)]}
