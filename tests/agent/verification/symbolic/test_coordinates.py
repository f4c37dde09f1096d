"""Points, lines, circles and parabolas: read word for word, exact, and left alone where there is no one answer."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.domain import Verdict
from agent.verification.answers.equivalence import same_value
from agent.verification.recognition.recognition import recognise
from agent.verification.symbolic.symbolic import solve_symbolic

ANSWERS = [
    ("What is the distance between the points (3, 4) and (0, 0)?", "5"),
    ("Find the distance between the points $(2,2)$ and $(-1,-2)$.", "5"),
    ("What is the shortest distance from the origin to the point $(5, 12)$?", "13"),
    (
        "What is the distance, in units, between the points $(-3, 5)$ and $(4, -4)$? Express your answer in simplest "
        "radical form.",
        "sqrt(130)",
    ),
    ("How far apart are (1,2) and (4,6)?", "5"),
    ("How far is (1,2) from the origin?", "sqrt(5)"),
    (r"How far is $(\sqrt{2}, 1)$ from $(\sqrt{8}, 1)$?", "sqrt(2)"),
    ("A line segment has endpoints $(2, 4)$ and $(6, 9)$. What is the length of the segment?", "sqrt(41)"),
    ("Find the midpoint of the line segment with endpoints (7, -6) and (-3, 4).", "(2, -1)"),
    (
        r"Find the coordinates of the midpoint of the segment joining $A(1, 2)$ and $B(3, \frac{1}{2})$. Express your "
        "answer as an ordered pair.",
        "(2, 5/4)",
    ),
    ("What is the slope of the line passing through $(1, 2)$ and $(4, 11)$?", "3"),
    ("A line passes through (1,2) and (3,8). What is the slope of the line?", "3"),
    ("What is the slope of the line 3x + 4y = 12?", "-3/4"),
    ("Find the slope of a line perpendicular to the line $2x - 5y = 7$.", "-5/2"),
    ("What is the slope of a line parallel to the line $2x+4y=-17$?", "-1/2"),
    ("What is the center of the circle x^2 + y^2 - 6x + 8y = 0?", "(3, -4)"),
    ("Find the radius of the circle with equation $x^2+y^2=4x+5$.", "3"),
    ("What is the radius of the circle $2x^2 + 2y^2 = 6$?", "sqrt(3)"),
    ("What is the vertex of the parabola $y = x^2 - 4x + 7$?", "(2, 3)"),
    ("What is the vertex of the parabola $x = 2y^2 + 4y$?", "(-2, -1)"),
    (
        "One endpoint of a line segment is (4, 3) and its midpoint is (2, 9). What are the coordinates of the other "
        "endpoint?",
        "(0, 15)",
    ),
    (
        "The midpoint of a line segment is $(2,9)$. If one endpoint is (4,3), find the coordinates of the other "
        "endpoint.",
        "(0, 15)",
    ),
    ("What is the sum of the coordinates of the midpoint of the segment with endpoints $(8, 5)$ and $(2, -1)$?", "7"),
    ("What is the product of the coordinates of the vertex of the parabola $y = x^2 - 4x + 7$?", "6"),
    ("What is the slope of a line parallel to $2x+4y=-17$? Express your answer as a common fraction.", "-1/2"),
    ("Find the midpoint of the segment with endpoints (1.5, 2) and (2, 3).", "(1.75, 2.5)"),
    ("What is the radius of a circle with equation x^2 + y^2 = 49?", "7"),
    ("What is the area of the triangle with vertices (0,0), (4,0), and (0,3)?", "6"),
    ("Find the equation of the line through (1,2) and (3,8) in slope-intercept form.", "y = 3x - 1"),
]


@pytest.mark.parametrize(("problem", "answer"), ANSWERS)
def test_the_answer_is_exact_and_the_second_way_agrees(problem: str, answer: str) -> None:
    found = solve_symbolic(problem)
    assert found is not None
    assert (found["answer"], found["checked"]) == (answer, True)


@pytest.mark.parametrize(
    "problem",
    [
        "What is the slope of the line through (2, 3) and (2, 5)?",
        "What is the slope of the line x = 3?",
        "What is the slope of the line y = x^2?",
        "Find the slope of a line perpendicular to the line y = 4.",
        "What is the radius of the circle x^2 + y^2 = -4?",
        r"Find the midpoint of the segment joining $(\sqrt{-1}, 2)$ and $(3, 4)$.",
        "What is the slope of the line y = x^2/x?",
        "What is the radius of the circle x^2 + 2y^2 = 4?",
        "What is the center of the circle x^2 + y^2 + xy = 4?",
        "What is the area of the triangle with vertices (0,0), (1,1), and (3,3)?",
        "What is the vertex of the parabola y = 3x + 1?",
        "What is the vertex of the parabola y = |x - 2| + 3?",
    ],
)
def test_no_answer_where_there_is_none(problem: str) -> None:
    assert solve_symbolic(problem) is None


@pytest.mark.parametrize(
    "problem",
    [
        "What is the distance from Rome to Paris?",
        "What is the distance between (1,2) and the line y = x?",
        "What is the distance between the points (1,000, 3) and (0,0)?",
        "Find the distance between the points (a, 2) and (3, 4).",
        "What is the distance between the points (1, 2, 3) and (4, 5, 6)?",
        "A line passes through (1,2) and (4,6). Find the length of the line.",
        "What is the slope of the line y = 2 x 3?",
        "What is the y-intercept of the line 3x + 4y = 12?",
        "What is the slope of the line 3x + 4y = 12 after it is moved up by 2?",
    ],
)
def test_what_is_not_wholly_understood_is_left_to_the_model(problem: str) -> None:
    assert recognise(problem) is None


numbers = st.integers(-30, 30)


@settings(max_examples=60, deadline=None)
@given(numbers, numbers, numbers, numbers)
def test_distance_and_midpoint_hold_for_any_points(a: int, b: int, c: int, d: int) -> None:
    distance = solve_symbolic(f"What is the distance between ({a}, {b}) and ({c}, {d})?")
    assert distance is not None
    assert same_value(distance["answer"], f"sqrt({(a - c) ** 2 + (b - d) ** 2})") is Verdict.VERIFIED
    midpoint = solve_symbolic(f"What is the midpoint of the segment with endpoints ({a}, {b}) and ({c}, {d})?")
    assert midpoint is not None
    assert midpoint["answer"] == f"({sympy.Rational(a + c, 2)}, {sympy.Rational(b + d, 2)})"
