"""LaTeX as MathML, which browsers show and print by themselves: for pages that load nothing.

Only what is known goes out: elements and attributes of MathML Core by name, text escaped. A formula that cannot be set
so is None, for the caller to show in plain characters.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from ui.mathematics import settable

LONGEST = 2_000  # characters of a formula
_ELEMENTS = {
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "mover",
    "munder", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom", "menclose",
}  # fmt: skip
_ATTRIBUTES = {
    "display", "displaystyle", "scriptlevel", "stretchy", "fence", "form", "accent", "linethickness", "width",
    "minsize", "maxsize", "mathvariant",
}  # fmt: skip
_SIGN = re.compile(r"&#x([0-9A-Fa-f]{1,6});")  # how the library writes a sign that it knows
_ROWS = re.compile(r"\\(begin|end)\{(aligned|gathered)\}")


def mathml(formula: str, *, display: bool = False) -> str | None:
    """The formula as one `<math>` element."""
    if len(formula) > LONGEST:
        return None
    from latex2mathml.converter import convert_to_element

    try:
        # The library's own text would take marks that stand in a formula for markup: only its tree is used.
        tree = convert_to_element(_simplified(settable(formula)), display="block" if display else "inline")
        return ElementTree.tostring(_clean(tree), encoding="unicode") if _is_set(tree) else None
    except Exception:  # whatever it fails with on what a model wrote, the formula is shown in plain characters
        return None


def _simplified(formula: str) -> str:
    """The formula in what the library knows: rows that are aligned are a table."""
    rows = _ROWS.sub(lambda command: r"\begin{array}{rl}" if command[1] == "begin" else r"\end{array}", formula)
    return rows.replace(r"\text{\textdollar}", r"\$").replace("{,}", ",").replace(r"\boxed {", r"\boxed{")


def _is_set(tree: ElementTree.Element) -> bool:
    """Whether every command of the formula was understood: one that was not is left as its name."""
    return all(part.tag in _ELEMENTS and not (part.text or "").startswith("\\") for part in tree.iter())


def _clean(tree: ElementTree.Element) -> ElementTree.Element:
    for part in tree.iter():
        part.text = _SIGN.sub(lambda sign: chr(int(sign[1], 16)), part.text) if part.text else None
        if part.tag == "mtext" and part.text:  # where a sign that is no markup was made a command
            part.text = part.text.replace(r"\lt", "<").replace(r"\gt", ">")
        align, notation = part.get("columnalign"), part.get("notation")
        part.attrib = {name: value for name, value in part.attrib.items() if name in _ATTRIBUTES}
        if align in ("left", "right"):
            part.set("class", align)
        if part.tag == "menclose":  # browsers know no menclose: its frame is drawn by the page's style
            part.tag = "mrow"
            part.set("class", "boxed" if notation == "box" else "struck")
    return tree
