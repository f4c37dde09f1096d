"""Judges congruences of whole numbers: 17 ≡ 2 (mod 5). Serves the claims."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.domain import Claim, Verdict
from agent.verification.claims.doubts import Background, context_doubt
from agent.verification.claims.readings import exact_value, expression
from agent.verification.claims.statements import Quantity, Statement
from agent.verification.claims.writing import unread

_MODULUS_SIGN = re.compile(r"\\p?mod(?![A-Za-z])|\bmod\b|≡|\\equiv")
_MODULUS = re.compile(
    r"[^$\n.;,:]{0,80}?(?:\s|\\[,;:! ]|\\q?quad)*\(?\s*(?:\\p?mod|mod)\s*\{?\s*([0-9]{1,9})"
    r"(?=\s*(?:[})$.,;\n]|\\[\\)\],;! ]|$)\}?(?!\^))"
)


def judge_congruence(
    statement: Statement, left: Quantity, right: Quantity, text: str, given: Background, written: str
) -> Iterator[Claim]:
    """17 ≡ 2 (mod 5), the modulus behind it or behind the end of the chain."""
    modulus = _MODULUS.match(text, right.end)
    value, result = exact_value(expression(left, text)), exact_value(expression(right, text))
    if modulus is None or not (value.is_Integer and result.is_Integer) or int(modulus[1]) == 0:
        yield unread(written, "Congruences without a modulus and definitions are not judged.")
        return
    written = f"{written} (mod {modulus[1]})"
    if (int(value) - int(result)) % int(modulus[1]) == 0:
        yield Claim(written, Verdict.VERIFIED, f"{written} is right.")
    elif left.number is not None or statement.chain > 2 or context_doubt(statement, _without_modulus(text), given):
        yield unread(written, "It does not hold, and may be a condition.")
    else:
        left_over = int(value) % int(modulus[1])
        yield Claim(written, Verdict.REFUTED, f"{written} is false: the remainder is {left_over}.")


def _without_modulus(text: str) -> str:
    return _MODULUS_SIGN.sub(lambda sign: " " * len(sign[0]), text)
