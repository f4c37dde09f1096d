"""What a comparison of base and adapter says of its pairs."""

from __future__ import annotations

import pytest

from finetune.evaluate import Comparison, Pair, in_words, mcnemar


def compared() -> Comparison:
    rights = [(False, True), (False, True), (True, True), (True, False)]
    pairs = [Pair("own", "program", 10 * (n + 1), (2.0, 1.0 + n / 10), right) for n, right in enumerate(rights)]
    return Comparison("base", "CPU", [*pairs, Pair("own", "solution", 100, (1.0, 1.0))])


def test_losses_are_means_over_tokens_and_gains_are_paired() -> None:
    of = compared()
    assert of.loss(0) == pytest.approx((100 * 2.0 + 100 * 1.0) / 200)
    assert of.loss(1) == pytest.approx((10 * 1.0 + 20 * 1.1 + 30 * 1.2 + 40 * 1.3 + 100) / 200)
    gain, half = of.loss_gain()
    assert gain == pytest.approx((1.0 + 0.9 + 0.8 + 0.7 + 0.0) / 5)
    assert 0 < half < gain


def test_the_table_counts_what_was_gained_and_lost() -> None:
    table = in_words(compared())
    assert "| right answers, program | 2 of 4 | 3 of 4 | 2 gained, 1 lost, McNemar p 1 |" in table
    assert "right answers, solution" not in table
    assert "on the CPU" in table


def test_mcnemars_test_is_exact() -> None:
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(8, 1) == pytest.approx(2 * (1 + 9) / 2**9)
