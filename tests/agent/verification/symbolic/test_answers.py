"""An answer keeps everything it says on its way between the two processes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agent.errors import CheckFailed
from agent.verification.symbolic.answers import SymbolicAnswer
from agent.verification.symbolic.symbolic import solve_symbolic


def test_an_answer_survives_its_way_through_json() -> None:
    found = solve_symbolic("Solve 3x + 5 = 20")
    assert found is not None
    answer = SymbolicAnswer.from_json(found)
    assert answer.answer == "x = 5"
    assert answer.to_json() == found
    assert SymbolicAnswer.from_json(replace(answer, checked=False).to_json()).checked is False


@pytest.mark.parametrize("damage", [{"checked": 1}, {"steps": "x"}, {"answer": None}, {"steps": [1]}])
def test_a_damaged_record_is_refused(damage: dict[str, Any]) -> None:
    found = solve_symbolic("Solve 3x + 5 = 20")
    assert found is not None
    with pytest.raises(CheckFailed):
        SymbolicAnswer.from_json({**found, **damage})
