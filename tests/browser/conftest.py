"""
A browser for tests, and a tiny server on this machine, so that the page is a secure context.

Where there is no browser these tests are skipped, with one loud line.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STATIC = Path(__file__).parents[2] / "api" / "static"
PAGE = b"<!doctype html><html lang=en><meta charset=utf-8><title>test</title><p>A page of the ledger."


class _Site(SimpleHTTPRequestHandler):
    """The files of `api/static` under /static, an empty page everywhere else, and the policy of the service."""

    protocol_version = "HTTP/1.1"
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}  # noqa: RUF012

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def do_GET(self) -> None:
        if self.path.startswith("/static/"):
            self.path = self.path.removeprefix("/static")
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Say nothing: a test that fails shows what it saw."""


@pytest.fixture(scope="session")
def playwright_api(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Playwright's entry point; without it, or without Chromium, a loud line and a skip."""
    missing = ""
    if not Path(CHROMIUM).exists() and shutil.which("chromium") is None:
        missing = "there is no /usr/bin/chromium (install it with: apt-get install chromium)"
    else:
        try:
            from playwright import sync_api
        except ImportError:
            missing = "the package playwright is missing (install it with: uv sync --group test)"
        else:
            return sync_api
    _say_once(
        f"NO BROWSER TESTS: {missing}. What the pages sign and show was NOT tested.", pytestconfig, tmp_path_factory
    )
    pytest.skip(missing)


@pytest.fixture(scope="package")
def playwright(playwright_api: Any) -> Iterator[Any]:
    """Playwright, running. It holds an event loop, so it ends with this folder's tests."""
    with playwright_api.sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def browser(playwright: Any) -> Iterator[Any]:
    """A headless Chromium."""
    started = playwright.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
    yield started
    started.close()


@pytest.fixture(scope="package")
def site() -> Iterator[str]:
    """The origin of the tiny server, such as http://127.0.0.1:40123."""
    with ThreadingHTTPServer(("127.0.0.1", 0), lambda *given: _Site(*given, directory=str(STATIC))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def page(browser: Any, site: str) -> Iterator[Any]:
    """
    A page of the site in a profile of its own.

    Fails the module when the page asked for anything beyond its origin, or when the browser refused
    or reported something.
    """
    context = browser.new_context()
    asked: list[str] = []
    said: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: said.append(message.text))
    opened = context.new_page()
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.goto(site)
    yield opened
    context.close()
    assert [url for url in asked if not url.startswith(f"{site}/")] == []
    assert said == []


@pytest.fixture(scope="session")
def chromium_path(playwright_api: Any) -> str:
    """Where the browser is."""
    return _chromium()


def _chromium() -> str:
    return CHROMIUM if Path(CHROMIUM).exists() else str(shutil.which("chromium"))


def _say_once(line: str, config: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Past pytest's capture, and once for all workers of one run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(config, "workerinput") else base
    try:
        (shared / "no-browser-was-said").touch(exist_ok=False)
    except FileExistsError:
        return
    capture = config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\n{line}", file=sys.__stderr__, flush=True)
