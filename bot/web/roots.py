"""Where an office stands below the root of the service: its addresses all begin there, and nothing leads out of it.

Inside, pages and routes know nothing of it: every address of ours begins with a slash, and gets the root as it goes out.
"""

from __future__ import annotations

import re

from fastapi import Request
from starlette.types import Scope

_ADDRESS = re.compile(r'(?<=\s)((?:href|src|action|formaction|data-[a-z-]+)=")(/(?!/)[^"]*)')


def root_of(request: Request) -> str:
    """Return what stands before every address of this office (``/o/ha-giang``); empty where it has the host for itself."""
    return str(request.scope.get("root_path", ""))


def inside(scope: Scope) -> str:
    """Return the path of a request as it is inside the office."""
    root, path = scope.get("root_path", ""), str(scope["path"])
    return path.removeprefix(root) if path == root or path.startswith(f"{root}/") else path


def going_out(address: str, root: str) -> str:
    """Return an address of ours as it is outside; one that has its root already, or is elsewhere, stays."""
    is_ours = address.startswith("/") and not address.startswith("//") and not f"{address}/".startswith(f"{root}/")
    return root + address if root and is_ours else address


def page_going_out(html: str, root: str) -> str:
    """Return what a template wrote, its addresses as they are outside; what people typed has no quotes of its own there."""
    return _ADDRESS.sub(lambda found: found.group(1) + going_out(found.group(2), root), html) if root else html
