"""Pages and scripts: plain files from one folder, open to anybody, because they hold nothing about anybody."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from ledger.errors import Refused

_AT_THE_ROOT = ("service-worker.js", "manifest.webmanifest")


class _Revalidated(StaticFiles):
    """Files that a browser may keep, but asks about each time."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.setdefault("Cache-Control", "no-cache")
        return response


def add_pages(app: FastAPI, folder: Path) -> None:
    """Serve `/` (index.html), `/NAME.html`, the service worker, and everything under `/static/`."""
    if not folder.is_dir():
        return
    app.mount("/static", _Revalidated(directory=folder), name="static")

    async def page(request: Request) -> Response:
        name = request.path_params.get("name", "index") + ".html"
        return _file(folder, name)

    async def root_file(request: Request) -> Response:
        return _file(folder, request.url.path.removeprefix("/"))

    app.add_route("/", page, include_in_schema=False)
    app.add_route("/{name:str}.html", page, include_in_schema=False)
    for name in _AT_THE_ROOT:
        app.add_route(f"/{name}", root_file, include_in_schema=False)


def _file(folder: Path, name: str) -> FileResponse:
    file = folder / name
    if "/" in name or name.startswith(".") or not file.is_file():
        raise Refused("not-found", "There is no such page.")
    return FileResponse(file, headers={"Cache-Control": "no-cache"})
