"""The chat in a real browser: steps stream, Stop stops, a reload finds the conversation, a phone can show it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.e2e.conftest import GROWTH_CLOCK, PATIENCE, WORD_CLOCK, Endless, Page, share_of_the_machine
from tests.e2e.endless import FIRST_STEP

Browser = Callable[..., Page]

PENS = "A shop sells pens at 3 for $2. How much do 12 pens cost?"
LONG = "Explain step by step, with many examples, how fractions are added, multiplied and divided."
ANSWER = "[data-testid=stChatMessage]:last-of-type"


def test_a_question_is_answered_while_one_watches_and_found_again_after_a_reload(browser: Browser) -> None:
    page = browser().open()
    page.picture("welcome")
    page.ask(PENS)
    page.find("[data-testid=stChatMessage]", "Asked How much do 12 pens cost?")
    page.driver.execute_script(GROWTH_CLOCK)
    page.find("button", "Solve again", seconds=2 * PATIENCE)
    assert page.driver.execute_script("return window.growths") >= 10, "the text grows piece by piece"
    page.picture("answered")
    text = page.text()
    assert any(word in text for word in ("✔ verified", "✘ refuted", "◌ not verified"))
    assert not page.driver.find_elements(By.CSS_SELECTOR, ".katex-error")
    page.driver.refresh()
    page.find("[data-testid=stChatMessage]", "Asked How much do 12 pens cost?")
    page.open()  # without the conversation in the address: it is in the list
    page.find("[data-testid=stSidebar] button", "A shop sells pens").click()
    page.find("[data-testid=stChatMessage]", "Asked How much do 12 pens cost?")
    stranger = browser().open(page.driver.current_url.removeprefix(page.address))
    assert "12 pens cost" not in stranger.text().replace(PENS, "")
    assert not stranger.driver.find_elements(By.CSS_SELECTOR, "[data-testid=stChatMessage]")


def test_stop_works_at_once_frees_the_model_and_the_next_question_is_answered(
    endless: Endless, window: Callable[..., Page]
) -> None:
    page = window(endless.address).open()
    page.ask(LONG)
    page.find(ANSWER, FIRST_STEP)
    page.find("[data-testid=stExpander]", "Writing step 2")
    assert endless.server.writing >= 1
    page.picture("writing")
    share = share_of_the_machine()
    took = page.timed("click", "button", "Continue", lambda: page.press("Stop"))
    freed = endless.server.await_silence(3.0)
    page.picture("stopped")
    share = (share + share_of_the_machine()) / 2
    print(f"stopped {took:.2f} s after the click, with {share:.0%} of a core: {took * share:.2f} s of a whole one")
    assert took * share < 1.5
    assert freed, "the model is still writing"
    assert "Done in" not in page.text()
    written = page.text().count("one more")
    time.sleep(1)
    assert page.text().count("one more") == written, "the answer goes on although it was stopped"
    page.ask("hello there")
    page.find("[data-testid=stChatMessage]", "I am a mathematics tutor", seconds=30)


def test_the_first_text_comes_soon_after_enter_and_each_word_soon_after_it_is_written(
    endless: Endless, window: Callable[..., Page]
) -> None:
    page = window(endless.address).open()
    page.ask("hello there")  # the server is warm when somebody has asked before
    page.find("button", "Solve again")
    share = share_of_the_machine()
    first = page.timed("keydown", "[data-testid=stChatMessage]", "Plan", lambda: page.ask(LONG))
    page.driver.execute_script(WORD_CLOCK)
    page.find(ANSWER, "number3", seconds=60)
    time.sleep(3)
    share = (share + share_of_the_machine()) / 2
    seen = page.driver.execute_script("return window.words")
    late = statistics.median(at - endless.server.written[word] for word, at in seen.items())
    page.press("Stop")
    print(
        f"first text {first:.2f} s after Enter, a word {late:.2f} s after the model wrote it ({len(seen)} words), "
        f"with {share:.0%} of a core: {first * share:.2f} s and {late * share:.3f} s of a whole one"
    )
    assert first * share < 2.0
    assert late * share < 0.25
    page.find("button", "Solve again")


def test_a_reload_does_not_disturb_an_answer_that_is_written(endless: Endless, window: Callable[..., Page]) -> None:
    page = window(endless.address).open()
    page.ask(PENS)
    page.find("[data-testid=stExpander]", "Writing step 2")
    page.driver.refresh()
    page.find(ANSWER, FIRST_STEP)
    page.find("button", "Stop", seconds=30)
    assert endless.server.writing >= 1
    page.press("Stop")
    page.find("button", "Solve again")


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Browser, dark: bool) -> None:
    page = browser(390, 844, dark=dark).open()
    page.picture(f"phone-welcome{'-dark' * dark}")
    page.ask(r"Solve x^2 - 5x + 6 = 0")
    page.find("button", "Solve again")
    page.picture(f"phone-answered{'-dark' * dark}")
    wider = page.driver.execute_script("return document.documentElement.scrollWidth > window.innerWidth + 1")
    assert not wider
    background = page.driver.execute_script(
        "return getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    )
    assert (background == "rgb(255, 255, 255)") is not dark


def test_the_inside_of_an_answer_is_drawn_with_its_nodes(browser: Browser) -> None:
    page = browser().open()
    page.ask("hello there")
    page.find("button", "Solve again")
    page.open("/inside")
    page.find("[data-testid=stExpander]", "route_problem")
    page.find("[data-testid=stImage] img")
    page.picture("inside")


def test_every_control_has_a_name_for_a_screen_reader(browser: Browser) -> None:
    page = browser().open()
    page.ask("hello there")
    page.find("button", "Solve again")
    nameless = page.driver.execute_script(
        "return [...document.querySelectorAll('main button, [data-testid=stSidebar] button, textarea,"
        " input')].filter(e => e.offsetParent && !(e.innerText || '').trim() && !e.ariaLabel && !e.title"
        " && !(e.labels && e.labels.length) && !e.getAttribute('aria-labelledby')).map(e => e.outerHTML.slice(0, 200))"
    )
    assert nameless == []


def test_the_keyboard_alone_reaches_every_page_and_the_question(browser: Browser) -> None:
    page = browser().open()
    page.find("[data-testid=stChatInput] textarea:enabled")
    reached = set()
    for _ in range(40):
        webdriver.ActionChains(page.driver).send_keys(Keys.TAB).perform()
        focused = page.driver.switch_to.active_element
        reached.add(focused.accessible_name.strip())
    assert {"Practice", "Check my work", "Settings", "Inside"} <= {name.split("\n")[-1] for name in reached}
    assert any("Ask a mathematics problem" in name for name in reached), reached


def test_a_solved_problem_leads_to_practice_like_it(browser: Browser) -> None:
    page = browser().open()
    page.ask(r"Solve x^2 - 5x + 6 = 0")
    page.find("button", "Solve again")
    page.press("Practise one like it")
    page.find("main h1, [data-testid=stMain] h1", "Practice")
    assert "Near to what you asked" in page.find("[data-testid=stMain]", "Near to what you asked").text
