"""A real browser before the real app with the tiny real model; skipped, with the reason, where there is none."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from agent.settings import load_settings
from tests.e2e import endless as endless_model
from tests.e2e.endless import EndlessServer, endless_server

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "screenshots"
MODEL = "smollm2-135m"
PATIENCE = 180.0  # a shared machine may answer slowly; what must be quick is measured in the tests
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
# Begins at the next event of that kind (a click, an Enter) and ends when an element that matches says the text.
STOPWATCH = """
const [kind, css, text] = arguments;
const begun = new Promise(tell => {
    const hear = event => {
        if (kind === 'keydown' && event.key !== 'Enter') return;
        document.removeEventListener(kind, hear, true);
        tell(performance.now());
    };
    document.addEventListener(kind, hear, true);
});
window.stopwatch = new Promise(tell => {
    const look = new MutationObserver(async () => {
        if ([...document.querySelectorAll(css)].some(one => one.textContent.includes(text))) {
            look.disconnect();
            const now = performance.now();
            tell(now - await begun);
        }
    });
    look.observe(document.body, {childList: true, subtree: true, characterData: true});
});
"""
# Notes when each numbered word of the endless server is first in the page, in seconds of the clock that it shares.
WORD_CLOCK = """
window.words = {};
new MutationObserver(() => {
    const now = Date.now() / 1000;
    for (const [word] of document.querySelector('main, [data-testid=stMain]').textContent.matchAll(/number\\d+/g))
        window.words[word] ??= now;
}).observe(document.body, {childList: true, subtree: true, characterData: true});
"""
# Counts how often the page's text has become longer; inside the browser, as a slow machine looks in too seldom.
GROWTH_CLOCK = """
window.growths = 0;
let longest = 0;
new MutationObserver(() => {
    const length = document.querySelector('main, [data-testid=stMain]').textContent.length;
    if (length > longest) [longest, window.growths] = [length, window.growths + 1];
}).observe(document.body, {childList: true, subtree: true, characterData: true});
"""


@dataclass
class Page:
    """A browser window on the app."""

    driver: webdriver.Chrome
    address: str

    def open(self, path: str = "") -> Page:
        self.driver.get(self.address + path)
        self.find("main h1, [data-testid=stChatMessage]")
        return self

    def find(self, css: str, text: str = "", seconds: float = PATIENCE) -> WebElement:
        """The first element that matches and says `text`, as soon as there is one."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for element in self.driver.find_elements(By.CSS_SELECTOR, css):
                try:
                    if text in element.text and element.is_displayed():
                        return element
                except StaleElementReferenceException:
                    continue
            time.sleep(0.05)
        raise AssertionError(f"no {css} with {text!r} in {seconds:g} s; the page says:\n{self.text()}")

    def until_gone(self, css: str, text: str, seconds: float = PATIENCE) -> None:
        deadline = time.monotonic() + seconds
        while any(text in element.text for element in self.driver.find_elements(By.CSS_SELECTOR, css)):
            assert time.monotonic() < deadline, f"{css} with {text!r} is still there"
            time.sleep(0.05)

    def text(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "body").text

    def press(self, label: str) -> None:
        self.find("button", label).click()

    def timed(self, event: str, css: str, text: str, act: Callable[[], None]) -> float:
        """Seconds from `event` ("click", "keydown" of Enter), which `act` causes, until `css` says `text`; taken
        inside the browser."""
        self.driver.set_script_timeout(PATIENCE)
        self.driver.execute_script(STOPWATCH, event, css, text)
        act()
        return float(self.driver.execute_async_script("window.stopwatch.then(arguments[0])")) / 1000

    def ask(self, question: str) -> None:
        box = self.find("[data-testid=stChatInput] textarea")
        deadline = time.monotonic() + PATIENCE
        while not box.is_enabled() and time.monotonic() < deadline:
            time.sleep(0.05)
        box.send_keys(question)
        box.send_keys(Keys.ENTER)

    def picture(self, name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        self.driver.save_screenshot(str(SCREENSHOTS / f"{name}.png"))


def share_of_the_machine() -> float:
    """How much of a core this process is given just now: 1 on a quiet machine, 0.1 beside nine others that calculate.

    A time that was taken, times this, is about what it would have been on a core of its own.
    """
    wall, busy = time.monotonic(), time.process_time()
    while (used := time.process_time() - busy) < 0.1:
        pass
    return min(used / (time.monotonic() - wall), 1.0)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the app with the tiny real model, started as a user starts it, with a store of its own."""
    if not (load_settings().cache_dir / "models" / f"{MODEL}.gguf").is_file():
        pytest.skip(f"the model {MODEL} is not here: run `mathlearn models fetch {MODEL}`")
    with _started(tmp_path_factory.mktemp("data"), MODEL, MATHLEARN_MAX_STEPS="5", MATHLEARN_EFFORT="low") as address:
        yield address


@dataclass(frozen=True)
class Endless:
    """The app before a model that writes for as long as it is let."""

    address: str
    server: EndlessServer


@pytest.fixture(scope="session")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endless]:
    with endless_server() as server:
        data = tmp_path_factory.mktemp("endless")
        with _started(data, endless_model.MODEL, MATHLEARN_OPENAI_URL=server.address) as address:
            yield Endless(address, server)


@contextmanager
def _started(data: Path, model: str, **settings: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "MATHLEARN_DATA_DIR": str(data), "PYTHONPATH": str(ROOT), **settings}
    log = (data / "streamlit.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "agent.cli", "ui", "--port", str(port), "--model", model, "--no-browser"],
        env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _await_health(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()


def _await_health(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, "the app ended at once"
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the app did not answer within a minute")


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens windows on an address, each a browser of its own unless it is given the folder of another."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    chromedriver = shutil.which("chromedriver")
    if chromium is None or chromedriver is None:
        pytest.skip("no browser is installed: apt-get install chromium chromium-driver")
    drivers: list[webdriver.Chrome] = []

    def opened(
        address: str, width: int = 1280, height: int = 900, *, dark: bool = False, profile: Path | None = None
    ) -> Page:
        options = webdriver.ChromeOptions()
        options.binary_location = chromium
        folder = profile or tmp_path / f"profile-{len(drivers)}"
        for flag in (*FLAGS, f"--user-data-dir={folder}", f"--window-size={width},{height}"):
            options.add_argument(flag)
        driver = webdriver.Chrome(options=options, service=Service(chromedriver))
        drivers.append(driver)
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600},
        )
        if dark:
            scheme = [{"name": "prefers-color-scheme", "value": "dark"}]
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
        return Page(driver, address)

    yield opened
    for driver in drivers:
        driver.quit()


@pytest.fixture
def browser(app: str, window: Callable[..., Page]) -> Callable[..., Page]:
    """Opens windows on the app with the tiny real model."""
    return partial(window, app)
