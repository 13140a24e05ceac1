"""How people subscribe to a calendar: links for phones, Google Calendar and Outlook."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

# Neither Google nor Microsoft documents these addresses; they are what their own "add by address" pages and the sites of
# others use. Google wants the address as webcal, Outlook on the web as http(s).
_GOOGLE = "https://calendar.google.com/calendar/r?cid={webcal}"
_OUTLOOK = "https://outlook.live.com/calendar/0/addfromweb?url={address}&name={name}"
_OFFICE = "https://outlook.office.com/calendar/0/addfromweb?url={address}&name={name}"


@dataclass(frozen=True, slots=True)
class Subscription:
    """The addresses of a calendar; ``outside``: whether Google and Outlook can fetch it, which only reach public addresses."""

    address: str
    webcal: str
    google: str
    outlook: str
    office: str
    outside: bool


def subscription(address: str, name: str) -> Subscription:
    """Return the ways to subscribe to the calendar at ``address`` (http or https), called ``name``."""
    webcal = f"webcal://{address.partition('://')[2]}"
    given = {"webcal": quote(webcal, safe=""), "address": quote(address, safe=""), "name": quote(name, safe="")}
    return Subscription(address, webcal, _GOOGLE.format(**given), _OUTLOOK.format(**given), _OFFICE.format(**given), _is_public(address))


def _is_public(address: str) -> bool:
    """Say whether the host of an address can be reached from everywhere, as far as its name tells."""
    host = (urlsplit(address).hostname or "").rstrip(".")
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".lan", ".internal", ".home.arpa", ".test"))
