"""A store in an S3-compatible bucket. Where it is and who asks is said by the variables that every S3 client knows (``AWS_*``)."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError
from obstore.store import S3Store

from rag.errors import StoreChanged
from rag.storage.blobs import Blob, Blobs, Pointer, unavailable

if TYPE_CHECKING:
    from obstore import GetResult
    from obstore.store import ClientConfig, RetryConfig

_PART = 8_000_000  # bytes of a request, so that each ends soon and a failed one is soon repeated
_PAGE = 1000  # files of a listing
_CONNECT, _ANSWER, _PART_SENT = timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=60)
_RETRIES: RetryConfig = {"max_retries": 1, "retry_timeout": timedelta(seconds=10), "backoff": {"max_backoff": timedelta(seconds=1)}}
_POINTER = "current"
_EMPTY = hashlib.sha256().hexdigest()


class BucketBlobs(Blobs):
    """A store under the prefix of a bucket; what does not answer within seconds is taken for dead."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        parts = urlsplit(address)
        bucket, prefix = parts.netloc, parts.path.strip("/") or None
        self._quick = S3Store(bucket, prefix=prefix, client_options=_client(_ANSWER), retry_config=_RETRIES)
        self._patient = S3Store(bucket, prefix=prefix, client_options=_client(_PART_SENT), retry_config=_RETRIES)

    def read(self, name: str, start: int, end: int) -> bytes:
        with self._talking():
            return bytes(self._part(name, start, end).bytes()) if end > start else b""

    def has(self, name: str) -> bool:
        with self._talking():
            try:
                obstore.head(self._quick, _path(name))
            except FileNotFoundError:
                return False
            return True

    def list(self) -> Iterator[Blob]:
        with self._talking():
            for page in obstore.list(self._quick, "files", chunk_size=_PAGE):
                for each in page:
                    yield Blob(each["path"].removeprefix("files/"), each["size"], each["last_modified"])

    def delete(self, name: str) -> None:
        with self._talking():
            obstore.delete(self._quick, _path(name))

    def pointer(self) -> Pointer | None:
        with self._talking():
            try:
                found = obstore.get(self._quick, _POINTER)
            except FileNotFoundError:
                return None
            return Pointer(bytes(found.bytes()), found.meta["e_tag"] or "", found.meta["last_modified"])

    def swap(self, content: bytes, before: str) -> None:
        with self._talking():
            try:
                obstore.put(self._quick, _POINTER, content, mode={"e_tag": before} if before else "create")
            except BaseError as error:
                now = self.pointer()
                if now and now.content == content:  # it was done, and only the answer was lost
                    return
                if isinstance(error, (AlreadyExistsError, PreconditionError)):
                    raise StoreChanged(self.address) from error
                raise

    def _forget_pointer(self) -> None:
        with self._talking():
            obstore.delete(self._quick, _POINTER)

    def _put(self, path: Path, name: str) -> None:
        path.open("rb").close()  # what is wrong with the file is not the store's fault
        with self._talking():
            obstore.put(self._patient, _path(name), path, chunk_size=_PART)

    def _chunks(self, name: str) -> Iterator[bytes]:
        start, size = 0, int(name != _EMPTY)  # of nothing there is no range
        while start < size:
            with self._talking():
                part = self._part(name, start, start + _PART)
                size, content = part.meta["size"], bytes(part.bytes())
            yield content
            start += len(content) or size

    def _part(self, name: str, start: int, end: int) -> GetResult:
        return obstore.get(self._patient, _path(name), options={"range": (start, end)})

    @contextmanager
    def _talking(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            raise unavailable(self.address, "thiếu tệp hoặc không có bucket này") from error
        except (BaseError, OSError) as error:
            raise unavailable(self.address, _reason(str(error))) from error


def _reason(said: str) -> str:
    """Say in a few words what the client says in many lines, the same for the same fault."""
    if "kind: Connect" in said:
        return "không nối được"
    if "kind: Timeout" in said or "TimedOut" in said:
        return "không trả lời kịp"
    if refused := re.search(r"non-2xx status code: (\d+)", said):
        return f"máy chủ trả lời HTTP {refused[1]}"
    return said.split("\n\n")[0].split(" - ")[-1].strip()


def _path(name: str) -> str:
    return f"files/{name}"


def _client(limit: timedelta) -> ClientConfig:
    allow_http = os.environ.get("AWS_ALLOW_HTTP", "").lower() in ("1", "true")  # only read where no options are given
    return {"connect_timeout": _CONNECT, "timeout": limit, "allow_http": allow_http}
