"""Amounts as a problem's text shows them; serves the families."""

from __future__ import annotations

import sympy


def money(value: sympy.Rational) -> str:
    """Dollars with cents only where there are any: "$12", "$12.50"."""
    cents = int(value * 100)
    return f"${cents // 100}" if cents % 100 == 0 else f"${cents // 100}.{cents % 100:02d}"


def decimal(value: sympy.Rational) -> str:
    """An exact decimal without trailing zeros."""
    return f"{float(value):.4f}".rstrip("0").rstrip(".")
