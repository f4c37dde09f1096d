"""What Streamlit is given for what a model or a student wrote: a table of cases, and what holds for any text."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ui.mathematics import answer_markdown, markdown, one_line, pieces, streamed_markdown

ROOT = r"\frac{-b \pm \sqrt{b^2-4ac}}{2a}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # the four delimiters
        (r"So \(x^2\) is it.", "So $x^2$ is it."),
        (r"So $x_1$ is it.", "So $x_1$ is it."),
        (r"\[ x = 2 \]", "$$\nx = 2\n$$\n"),
        (rf"$$x = {ROOT}$$", f"$$\nx = {ROOT}\n$$\n"),
        (r"Then \[ x = 2. \] So", "Then\n\n$$\nx = 2.\n$$\n\nSo"),
        ("the $n$th term", "the $n$th term"),
        ("$ x + 1 $ is odd", "$x + 1$ is odd"),
        # money
        ("It costs $5.", r"It costs \$5."),
        ("$5 and $6", r"\$5 and \$6"),
        ("from $5-$6", r"from \$5-\$6"),
        ("$2 for 3 pens and 3$ more", r"\$2 for 3 pens and 3\$ more"),
        ("3 for $2, 12 for $8", r"3 for \$2, 12 for \$8"),
        (r"It is \$5.", r"It is \$5."),
        ("$120 - 30 = 90$ dollars", "$120 - 30 = 90$ dollars"),
        (r"$4 \times \$2 = \$8$", r"$4 \times \text{\textdollar}2 = \text{\textdollar}8$"),
        # answers and environments
        (r"**Answer:** \boxed{8} dollars", r"**Answer:** $\boxed{8}$ dollars"),
        (r"\boxed{\frac{1}{2}}", r"$\boxed{\frac{1}{2}}$"),
        (r"\fbox{8}", r"$\boxed{8}$"),
        (
            r"\begin{align*} a &= b \\ c &= d \end{align*}",
            "$$\n" + r"\begin{aligned} a &= b \\ c &= d \end{aligned}" + "\n$$\n",
        ),
        (r"\[ a &= b \\ &= c \]", "$$\n" + r"\begin{aligned}a &= b \\ &= c\end{aligned}" + "\n$$\n"),
        (r"\begin{cases} 1 \\ 2 \end{cases}", "$$\n" + r"\begin{cases} 1 \\ 2 \end{cases}" + "\n$$\n"),
        # what KaTeX would stumble over
        ("$25% = 0.25$", r"$25\% = 0.25$"),
        (r"$x < y$ and $y > 1$", r"$x \lt y$ and $y \gt 1$"),
        (r"$\href{http://a.b}{x}$", "${x}$"),
        (r"$x_{1$", "x_{1"),
        (r"\[ x = \left( 1 \]", " x = ( 1 "),
        # prose
        (r"3 \times 4 = 12", "3 × 4 = 12"),
        ("Solve x^2 = 4", "Solve x² = 4"),
        ("2*3*4 and x**2", r"2\*3\*4 and x\*\*2"),
        ("### Step 1", "**Step 1**"),
        ("### **Step 1:**", "**Step 1:**"),
        ("2. Second\n3. Third", "2. Second  \n3. Third"),
        ("one\ntwo\n\nthree", "one  \ntwo\n\nthree"),
        ("1. Do\n   \\[ a = b \\]\n2. Then", "1. Do\n\n   $$\n   a = b\n   $$\n\n2. Then"),
        ("| a | b |\n|---|---|\n| $|x|$ | 2 |", "| a | b |\n|---|---|\n" + r"| $\vert x\vert$ | 2 |"),
        ("text\n---\nmore", "text\n\nmore"),
        # code is left alone
        ("```python\nx = a[0] < $2\n```", "```python\nx = a[0] < $2\n```"),
        ("so `a<b` holds", "so `a<b` holds"),
        # nothing is active
        ("<script>alert(1)</script>", r"\<script>alert(1)\</script>"),
        ("![x](http://a.b/c.png)", "!\\[x\\](http\u2060://a.b/c.png)"),
        ("see www.a.b or a@b.c", "see www\u2060.a.b or a@\u2060b.c"),
        (":red[x] :smile:", r"\:red\[x\] \:smile:"),
        ("3:4", r"3\:4"),
    ],
)  # fmt: skip
def test_text_is_shown_as_it_is_meant(text: str, shown: str) -> None:
    assert markdown(text) == shown


@pytest.mark.parametrize(
    ("so_far", "shown"),
    [
        ("It costs $5", "It costs"),  # may become a formula
        ("It costs $5 a", "It costs"),
        ("It costs $5 and", r"It costs \$5 and"),
        ("It costs $5. ", r"It costs \$5."),
        (r"so \(x", "so"),
        (r"so \[ x = ", "so"),
        ("so $$x", "so"),
        ("so $x", "so"),
        ("so $x$", "so"),  # "$5-$" may go on as "$5-$6"
        ("so $x$ is", "so $x$ is"),
        ("so \\", "so"),
        (r"so \fra", "so"),
        (r"so \boxed{8", "so"),
        (r"\begin{align*} a", ""),
        ("```py\nx = $5", "```py\nx = $5\n```"),
    ],
)
def test_a_formula_that_is_being_written_is_held_back_until_it_closes(so_far: str, shown: str) -> None:
    assert streamed_markdown(so_far) == shown


@pytest.mark.parametrize(
    "text",
    [
        r"Then \(x^2\) and $y$ give \[ z = \frac{1}{2} \] so \boxed{8} costs $5 and $6.",
        "| $a$ | b |\n|---|---|\n| 1 | 2 |",
    ],
)
def test_no_beginning_of_a_text_shows_a_raw_delimiter(text: str) -> None:
    for end in range(len(text)):
        shown = streamed_markdown(text[:end])
        assert r"\(" not in shown
        assert r"\[" not in shown
        bare = re.sub(r"\$\$\n.*?\n\$\$|(?<!\\)\$[^$\n]+\$|\\\$", "", shown, flags=re.S)
        assert "$" not in bare
        assert "\\frac" not in bare


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("8", "8"), ("$8", r"\$8"), (r"\frac{1}{2}", r"$\frac{1}{2}$"), ("x = 2 or x = 3", "x = 2 or x = 3"),
        (r"$x = 2$", "$x = 2$"), ("x^2 + 1", "$x^2 + 1$"), ("45%", "45%"),
    ],
)  # fmt: skip
def test_an_answer_is_set_as_a_formula_where_it_is_one(answer: str, shown: str) -> None:
    assert answer_markdown(answer) == shown


def test_a_label_stays_on_one_line() -> None:
    assert "\n" not in one_line("Find \\[ x^2 \\]\n\nnow")


TEXT = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(
            ["$", "$$", "\\(", "\\)", "\\[", "\\]", "\\boxed{", "}", "\\begin{align}", "\\end{align}", "`", "```", "\n",
             "\n\n", "<b>", "<!--", "-->", "<a href='x'>", "![", "](http://x.y)", "[", ":red[", "http://x.y", "\\", "|",
             "1. ", "    ", "~~~", "&lt;", "***", "__", "\\href{", "\\text{", "5", "x", " "]
        ),
    ),
    max_size=14,
).map("".join)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(TEXT)
@example("`" * 3 + "\n<b>")
@example("$x$`<b>")
@example("`" * 3 + "0`<A>")
@example("```\n$$\n<b>")
@example("[^](http://x.y)")
@example("_<http://x.y>")
def test_any_text_is_survived_and_nothing_in_it_is_active(text: str) -> None:
    for shown in (markdown(text), streamed_markdown(text), one_line(text), answer_markdown(text)):
        # Streamlit takes formulas out before it looks for HTML; without them the rest must hold by itself too.
        kinds = [token.type for block in MarkdownIt().parse(shown) for token in (block, *(block.children or ()))]
        assert not {"html_block", "html_inline", "image", "link_open"} & set(kinds)


@settings(max_examples=200, deadline=None)
@given(TEXT)
def test_no_character_of_the_text_is_lost_but_delimiters(text: str) -> None:
    kept = "".join(piece.text for piece in pieces(text))
    assert re.sub(r"[\s$\\()\[\]`~]", "", kept) == re.sub(r"[\s$\\()\[\]`~]", "", text)
