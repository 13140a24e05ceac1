"""A real S3 server for the tests (moto), in this process: it can be stopped for a while and started again, keeping what it holds."""

from __future__ import annotations

import logging

from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from tests.servers.postgres import free_port

KEY = {"aws_access_key_id": "tracuu", "aws_secret_access_key": "tracuu-secret", "aws_region": "us-east-1"}


class S3:
    """The server on a port of its own; ``environment`` is what a process needs to reach it."""

    def __init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.port = free_port()
        self._server: ThreadedMotoServer | None = None
        self.start()

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that say where it is and who asks (those that every S3 client knows)."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": KEY["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": KEY["aws_secret_access_key"],
            "AWS_REGION": KEY["aws_region"],
            "AWS_ALLOW_HTTP": "true",
        }

    def bucket(self, name: str) -> S3Store:
        """Make a bucket and return what reads and writes it."""
        import urllib.request

        urllib.request.urlopen(urllib.request.Request(f"{self.endpoint}/{name}", method="PUT"), timeout=10).close()
        return S3Store(
            name,
            endpoint=self.endpoint,
            access_key_id=KEY["aws_access_key_id"],
            secret_access_key=KEY["aws_secret_access_key"],
            region=KEY["aws_region"],
            client_options={"allow_http": True},
        )

    def start(self) -> None:
        """Answer again."""
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=self.port, verbose=False)
        self._server.start()

    def stop(self) -> None:
        """Answer nobody: connections are refused."""
        if self._server is not None:
            self._server.stop()
            self._server = None
