"""What a symbolic problem looks like, calculated from the problem and its exact answer."""

from __future__ import annotations

from itertools import pairwise

import pytest

from agent.domain import Picture, Stretch
from agent.errors import Unreadable
from agent.verification.encoding import decode_picture
from agent.verification.symbolic.plotting import picture, stretches
from agent.verification.symbolic.symbolic import solve_symbolic


def drawn(problem: str) -> Picture:
    solved = solve_symbolic(problem)
    assert solved is not None
    found = picture(problem, solved["answer"])
    assert found is not None
    return decode_picture(found)


def test_an_equation_is_drawn_with_both_sides_and_its_solutions_marked() -> None:
    shown = drawn("Solve x^2 - 5x + 6 = 2")
    assert [curve.name for curve in shown.curves] == ["x²-5x+6", "2"]
    assert shown.marks == ((1.0, 2.0), (4.0, 2.0))
    for x, y in shown.curves[0].points:
        assert y == pytest.approx(x * x - 5 * x + 6, rel=1e-4, abs=1e-4)
    left, right, bottom, top = shown.window
    assert left < 1 < 4 < right
    assert bottom < 0
    assert top > 2


def test_an_equation_to_zero_is_one_curve_over_its_axis() -> None:
    shown = drawn("Solve x^2 - 5x + 6 = 0")
    assert len(shown.curves) == 1
    assert shown.marks == ((2.0, 0.0), (3.0, 0.0))
    assert shown.window[2] < 0 < shown.window[3]


def test_an_inequality_is_drawn_on_the_number_line() -> None:
    shown = drawn("Solve x^2 - 4 > 0")
    assert shown.solution == (Stretch(None, -2, False, False), Stretch(2, None, False, False))
    assert shown.marks == ()
    assert drawn("Solve 3x + 2 <= 11").solution == (Stretch(None, 3, False, True),)


def test_a_curve_has_a_gap_where_it_is_undefined_and_at_a_pole() -> None:
    shown = drawn("Solve 1/(x - 1) = 2")
    points = shown.curves[0].points
    assert any(y is None for x, y in points if abs(x - 1) < 0.1)
    for (x, y), (_, after) in pairwise(points):
        assert y is None or after is None or y * after >= 0 or abs(x - 1) > 0.2
    assert all(y is None for x, y in drawn("Solve sqrt(x) = 2").curves[0].points if x < 0)


def test_a_derivative_is_drawn_beside_its_function_and_as_a_tangent_at_a_point() -> None:
    shown = drawn("Find the derivative of x^3 - 3x")
    assert shown.curves[1].points[0][1] == pytest.approx(3 * shown.curves[1].points[0][0] ** 2 - 3, rel=1e-4)
    at_two = drawn("Find the derivative of x^2 at x = 3")
    assert at_two.marks == ((3.0, 9.0),)
    for x, y in at_two.curves[1].points:
        assert y == pytest.approx(9 + 6 * (x - 3), rel=1e-3, abs=1e-3)


def test_a_definite_integral_is_shaded_between_its_bounds() -> None:
    assert drawn("Evaluate the integral of x^2 from 0 to 3").shaded == (0.0, 3.0)


@pytest.mark.parametrize(
    ("problem", "answer"),
    [
        ("What is 2 + 3?", "5"),
        ("Solve x + y = 3 and x - y = 1", "x = 2, y = 1"),
        ("A shop sells pens at 3 for $2.", "8"),
        ("Solve x = 10^9", "x = 1000000000"),
        ("Solve x^2 = 4", "__import__('os')"),
        ("Solve x^2 = 4", "x = " + "9" * 4000),
    ],
)
def test_what_is_no_picture_is_none(problem: str, answer: str) -> None:
    assert picture(problem, answer) is None


@pytest.mark.parametrize(
    ("answer", "parts"),
    [
        ("1 <= x < 3 or x = 5", (Stretch(1, 3, True, False), Stretch(5, 5, True, True))),
        ("x > 1/2", (Stretch(0.5, None, False, False),)),
        ("all real numbers", (Stretch(None, None, False, False),)),
        ("no real solution", ()),
    ],
)
def test_a_solution_set_is_read_as_stretches_of_the_number_line(answer: str, parts: tuple[Stretch, ...]) -> None:
    assert stretches(answer, "x") == parts


@pytest.mark.parametrize("answer", ["", "y < 3", "x < 3 or", "x < x", "(1, 2)"])
def test_what_is_no_solution_set_is_unreadable(answer: str) -> None:
    with pytest.raises(Unreadable):
        stretches(answer, "x")
