"""Which candidates are shown: retellings once, variety among the rest, and a reason for each."""

from __future__ import annotations

import numpy as np

from index.choice import Candidate, choose, why
from index.sameness import wording


def candidate(record: int, similarity: float, problem: str, *vector: float) -> Candidate:
    row = np.array(vector, np.float32)
    return Candidate(record, similarity, row / np.linalg.norm(row), wording(problem), standing=similarity)


def test_retellings_with_the_same_numbers_count_as_one() -> None:
    story = "{} plants {} trees a day for {} days in the park. How many trees is that?"
    near = [
        candidate(1, 0.9, story.format("Ann", 4, 6), 1, 0),
        candidate(2, 0.8, story.format("Bob", 4, 6), 1, 0.1),
        candidate(3, 0.7, story.format("Bob", 5, 6), 1, 0.2),
    ]
    shown = choose(near, 3)
    assert [(choice.candidate.record, choice.retellings) for choice in shown] == [(1, 1), (3, 0)]
    assert "stands for 1 more" in why(near[0].wording, shown[0], nearest=True, very_problem=False)


def test_among_what_is_equally_near_the_unlike_one_is_shown() -> None:
    near = [
        candidate(1, 0.80, "one 1", 1, 0, 0),
        candidate(2, 0.79, "two 2", 1, 0.01, 0),
        candidate(3, 0.78, "three 3", 0, 1, 0),
        candidate(4, 0.20, "four 4", 0, 0, 1),
    ]
    assert [choice.candidate.record for choice in choose(near, 2)] == [1, 3]
    assert [choice.candidate.record for choice in choose(near, 3)] == [1, 2, 3]  # far is not varied, but far
    assert [choice.candidate.record for choice in choose(near, 9)] == [1, 2, 3, 4]


def test_the_first_candidate_is_shown_first_even_where_another_is_nearer() -> None:
    near = [candidate(7, 0.6, "the very problem", 1, 0), candidate(8, 0.9, "another", 0, 1)]
    assert [choice.candidate.record for choice in choose(near, 2)] == [7, 8]


def test_the_reason_names_what_is_shared_and_nothing_empty() -> None:
    asked = wording("A train travels 60 miles in 2 hours. How fast is the train?")
    (choice,) = choose([candidate(1, 0.9, "In 2 hours a train goes 90 miles. What is its speed?", 1, 0)], 1)
    assert why(asked, choice, nearest=True, very_problem=False) == (
        "nearest in meaning; shares the number 2; also about hours, miles, train"
    )
    assert why(asked, choice, nearest=True, very_problem=True) == "this very problem is in the corpus"
    (other,) = choose([candidate(2, 0.3, "Solve x", 1, 0)], 1)
    assert why(asked, other, nearest=False, very_problem=False) == "near in meaning"
