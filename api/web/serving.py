"""Serving an application by uvicorn, which ends its streams before it waits for its connections."""

from __future__ import annotations

from types import FrameType

import uvicorn
from fastapi import FastAPI

from api.web.service import Service
from api.web.tls import Certificate

STOP_WITHIN = 10
"""Seconds that requests get to come to their end."""


class GracefulServer(uvicorn.Server):
    """A server whose live streams end when it is asked to stop, so that a stop takes no longer than needed."""

    def __init__(self, app: FastAPI, host: str, port: int, certificate: Certificate | None = None) -> None:
        self._service: Service = app.state.service
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                ssl_certfile=None if certificate is None else str(certificate.certificate),
                ssl_keyfile=None if certificate is None else str(certificate.key),
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=STOP_WITHIN,
            )
        )

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, as asked by a signal."""
        self._service.live.end()
        super().handle_exit(sig, frame)

    def stop(self) -> None:
        """Stop, as asked by another thread."""
        self._service.live.end()
        self.should_exit = True
