"""Faults as clients of the OpenAI API read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PREFIX = "/v1"
_KINDS = {401: ("invalid_request_error", "invalid_api_key"), 413: ("invalid_request_error", "request_too_large")}
_KINDS |= {404: ("invalid_request_error", "not_found"), 429: ("rate_limit_error", "rate_limit_exceeded")}
_KINDS |= {500: ("server_error", "server_error"), 503: ("server_error", "service_unavailable")}


def is_here(path: str) -> bool:
    """Say whether an address is one of the OpenAI API."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def fault(problem: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """Return the status and the object for what ``problems`` would tell; data that is not valid is a bad request there."""
    status = 400 if problem["status"] == 422 else int(problem["status"])
    kind, code = _KINDS.get(status, ("invalid_request_error", None) if status < 500 else ("server_error", "server_error"))
    where = problem["errors"][0]["where"].removeprefix("body.") if problem.get("errors") else None
    error = {"message": problem["detail"], "type": kind, "param": problem.get("param", where), "code": problem.get("code", code)}
    return status, {"error": error}
