"""The tutor's words say the same of an example wherever it is shown."""

from __future__ import annotations

import pytest

from agent.domain import Example

SAME = "the same calculation, □ ÷ □ × □; shares the number 12"


@pytest.mark.parametrize(
    ("similarity", "verbatim", "likeness", "why", "said"),
    [
        (0.83, False, 0.0, "", "83% similar"),
        (0.83, False, 0.0, "nearest in meaning; also about pens", "83% similar: nearest in meaning; also about pens"),
        (0.41, False, 0.8, "a similar calculation, □ ÷ □", "41% similar: a similar calculation, □ ÷ □"),
        (0.41, False, 1.0, SAME, SAME),
        (0.41, False, 1.0, "", "the same calculation"),
        (0.99, True, 1.0, "this very problem is in the corpus", "this very problem is in the corpus"),
        (0.99, True, 0.0, "", "this very problem"),
    ],
)
def test_an_example_says_how_near_it_is_and_what_speaks_for_it(
    similarity: float, verbatim: bool, likeness: float, why: str, said: str
) -> None:
    example = Example("p", "s", "source", 1, "MIT", similarity, verbatim=verbatim, likeness=likeness, why=why)
    assert example.nearness == said
