"""Arithmetic and geometric sequences: terms, sums, counts; nothing where the terms are of another kind."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.verification.recognition.recognition import recognise
from agent.verification.symbolic.symbolic import solve_symbolic

ANSWERS = [
    ("What is the 50th term of the arithmetic sequence 3, 7, 11, ...?", "199"),
    (r"Find the 10th term of the geometric sequence $2, 6, 18, \ldots$.", "39366"),
    (r"What is the tenth term in the geometric sequence $9,3,1,\frac13, \ldots$?", "1/2187"),
    ("Find the sum of the first 20 terms of the arithmetic sequence 5, 8, 11, ...", "670"),
    (r"What is the sum of the infinite geometric series $1, \frac{1}{2}, \frac14, \dots$?", "2"),
    (r"Find the sum of the infinite geometric series $1 - \frac{1}{2} + \frac{1}{4} - \cdots$.", "2/3"),
    ("Find the sum of the infinite geometric series with first term 4 and common ratio 1/3.", "6"),
    ("How many terms are in the arithmetic sequence 13, 16, 19, ..., 70, 73?", "21"),
    (r"How many terms are there in the arithmetic sequence $6, 10, 14, \dots, 82$?", "20"),
    ("What is the common ratio of the geometric sequence 8, -4, 2, ...?", "-1/2"),
    ("What is the 1,000th term of the arithmetic sequence 1, 3, 5, ...?", "1999"),
    ("What is the 10th term of the arithmetic sequence 1.5, 2.5, 3.5, ...?", "10.5"),
    ("1 + 2 + 3 + … + 100 =", "5050"),
    ("Find the 5th term of the arithmetic sequence whose first term is 3 and whose common difference is 4.", "19"),
    ("The first term of an arithmetic sequence is 5 and the common difference is 3. What is the 10th term?", "32"),
    ("An arithmetic sequence has first term 7 and common difference 4. Find the 12th term.", "51"),
    ("If the 3rd term of an arithmetic sequence is 10 and the 8th term is 30, what is the 15th term?", "58"),
    ("What is the sum of the arithmetic series 3, 5, 7, ..., 99?", "2499"),
    (r"What is the sum of the geometric series $1+2+4+\cdots+64$?", "127"),
    ("Find the sum of the first eight terms of the geometric sequence with first term 3 and common ratio 2.", "765"),
    ("Find the sum 1 + 2 + 3 + ... + 100.", "5050"),
    (r"Evaluate the sum $5 + 10 + 15 + \dots + 95 + 100$.", "1050"),
    (r"Compute $\frac{1}{2} + \frac14 + \frac18 + \cdots + \frac{1}{1024}$.", "1023/1024"),
    ("The 3rd and 5th terms of an arithmetic sequence are 17 and 39, respectively. What is the 7th term?", "61"),
    ("The first three terms of an arithmetic sequence are 1, 10 and 19, respectively. What is the 21st term?", "181"),
    (
        r"Consider the arithmetic sequence $1$, $4$, $7$, $\ldots$. Find the $15^{\text{th}}$ term in the sequence.",
        "43",
    ),
    (r"Find the fifth term of the geometric sequence with first term $2$ and second term $\frac{1}{4}$.", "1/2048"),
    ("100 + 99 + 98 + ... + 1", "5050"),
    ("Evaluate 1 - 2 + 4 - 8 + ... + 256.", "171"),
]


@pytest.mark.parametrize(("problem", "answer"), ANSWERS)
def test_the_answer_is_exact_and_the_second_way_agrees(problem: str, answer: str) -> None:
    found = solve_symbolic(problem)
    assert found is not None
    assert (found["answer"], found["checked"]) == (answer, True)


@pytest.mark.parametrize(
    "problem",
    [
        "What is the 5th term of the arithmetic sequence 1, 2, 4, ...?",
        "What is the sum of the arithmetic series 3, 5, 7, ..., 100?",
        "How many terms are in the arithmetic sequence 13, 16, 19, ..., 71, 73?",
        "Find the sum of the infinite geometric series with first term 4 and common ratio 3/2.",
        "Find the sum of the infinite geometric series with first term 4 and common ratio -1.",
        "Evaluate the sum 1 + 2 + 4 + 7 + ... + 29",
        "1 - 2 + 3 - 4 + ... + 99 - 100",
        "What is the 0th term of the arithmetic sequence 1, 2, 3, ...?",
        "If the 3rd term of a geometric sequence is 4 and the 5th term is 16, what is the 7th term?",
        "What is the 100000th term of the arithmetic sequence 1, 2, 3, ...?",
        "Find the 5th term of the geometric sequence 0, 0, 0, ...",
    ],
)
def test_no_answer_where_the_terms_do_not_fit_or_more_than_one_is_right(problem: str) -> None:
    assert solve_symbolic(problem) is None


@pytest.mark.parametrize(
    "problem",
    [
        "What is the next term of the sequence 1, 4, 9, ...?",
        "2+4+...+100",
        "What is the 10th term of the arithmetic sequence 100,200,300, …?",
        "The first three terms of an arithmetic sequence are 100,150, and 200. What is the 10th term?",
        "What is the sum of the first 4 terms of the geometric sequence 1, 10,100, ...?",
        "What is 1 + 2 + 3 + ... + 100 divided by 10?",
        "What is 1 + 2 + 3 + ... + 100 minus 50?",
        "What is 1 + 2 + 3 + ... + 10 squared?",
        "1 + 2 + 3 + ... + 100 / 2",
        "1 + 2 + 3 + ... + 10 * 10",
        "What is 1 + 2 + 3 + ... + 5!",
        "Find the 5th term of the arithmetic sequence with first term 2 and common difference 3 minus 5.",
        "Find the sum of the series 1/2 + 1/4 + 1/8 + ... + 1/1024 + ...",
        "How many terms are in the arithmetic sequence 3, 7, 11, ..., 99, ...?",
        "How many integers are in the arithmetic sequence 1/2, 1, 3/2, ..., 10?",
        "Find the 5th term of the arithmetic sequence with first term 2 and common ratio 3.",
        "What is the common difference of the geometric sequence 2, 4, 8, ...?",
        "The first four terms of an arithmetic sequence are 2, 5, and 8. What is the 10th term?",
        "An arithmetic sequence has first term 5 and common difference 3. What is the 10th term of the square?",
        "What is the 5th term of the sequence 2, 4, 8, ...?",
        "How many terms of the arithmetic sequence 13, 16, 19, ..., 73 are even?",
        "What is the sum of the even terms of the arithmetic sequence 1, 2, 3, ..., 10?",
        "What is the sum of the terms of the infinite arithmetic sequence 1, 2, 3, ...?",
    ],
)
def test_a_sequence_of_no_stated_kind_or_with_a_condition_is_left_to_the_model(problem: str) -> None:
    assert recognise(problem) is None


@settings(max_examples=60, deadline=None)
@given(st.integers(-50, 50), st.integers(-20, 20), st.integers(3, 60))
def test_terms_and_sums_are_those_of_counting_up(first: int, step: int, place: int) -> None:
    terms = [first + step * n for n in range(place)]
    given_terms = f"{terms[0]}, {terms[1]}, {terms[2]}, ..."
    for asked, expected in ((f"{place}th term", terms[-1]), (f"sum of the first {place} terms", sum(terms))):
        found = solve_symbolic(f"What is the {asked} of the arithmetic sequence {given_terms}?")
        assert found is not None
        assert Fraction(found["answer"]) == expected
