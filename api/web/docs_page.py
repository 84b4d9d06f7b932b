"""
The documentation of this interface, served from here alone: Swagger UI from the `fastapi-offline` package.

Its one inline script carries a nonce; nothing is loaded from anywhere else, and the policy forbids it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from api.web.security_headers import CONTENT_POLICY

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Session ledger: interface</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="icon" href="/docs/assets/favicon.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script nonce="{nonce}">
SwaggerUIBundle({{
  url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null,
  requestInterceptor: (request) => {{ request.headers["X-Session-Ledger"] = "1"; return request; }},
}});
</script>
</body>
</html>
"""


def add_docs_page(app: FastAPI, entropy: Callable[[int], bytes]) -> None:
    """Serve `/docs` and what it loads."""
    app.mount("/docs/assets", StaticFiles(directory=_assets()), name="docs-assets")

    async def page(_: Request) -> HTMLResponse:
        nonce = base64.b64encode(entropy(16)).decode("ascii")
        policy = (
            f"{CONTENT_POLICY}; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline';"
            " img-src 'self' data:"
        )
        return HTMLResponse(_PAGE.format(nonce=nonce), headers={"Content-Security-Policy": policy})

    app.add_route("/docs", page, include_in_schema=False)


def _assets() -> Path:
    """Only the folder is used; the package itself is not imported."""
    spec = find_spec("fastapi_offline")
    if spec is None or spec.origin is None:
        raise RuntimeError("fastapi-offline is not installed")
    return Path(spec.origin).parent / "static"
