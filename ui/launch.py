"""`mathlearn ui`: starts Streamlit on the app, bound to this computer alone, with nothing sent home."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Annotated

import typer

from agent.errors import BadConfiguration

PORT = 8501
UPLOAD_MB = 1  # nothing is uploaded; the server's own default would take 200

EPILOG = """
For another computer, put a reverse proxy with a password and TLS before it (docs/SERVING.md): the app itself asks
for no password.
"""


def ui(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = PORT,
    model: Annotated[str | None, typer.Option(help="A registry name or GGUF file, as for `mathlearn solve`.")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser window.")] = True,
) -> None:
    """Open the chat in a browser, on this computer alone."""
    if importlib.util.find_spec("streamlit") is None:
        raise BadConfiguration("The chat needs Streamlit: install it with pip install 'mathlearn[ui]'.")
    from agent.models.opening import chosen_model
    from agent.settings import load_settings

    chosen_model(load_settings(model=model))  # a name that means nothing is said here, not in a page
    if model is not None:
        os.environ["MATHLEARN_MODEL"] = model  # which the app reads, like every other setting
    from streamlit.web.cli import main

    main(arguments(port, headless=not browser), standalone_mode=False)


def arguments(port: int, *, headless: bool) -> list[str]:
    """What Streamlit is started with; its own configuration files and variables come second to it."""
    options = {
        "server.address": "127.0.0.1",
        "server.port": str(port),
        "server.headless": str(headless).lower(),
        "server.maxUploadSize": str(UPLOAD_MB),
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
        "client.showErrorDetails": "none",
    }
    app = Path(__file__).with_name("app.py")
    return ["run", str(app), *(f"--{name}={value}" for name, value in options.items())]
