"""A mapping that keeps what was used last, so that memory does not grow with what is asked."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """At most ``most`` values: with one more, that goes which was put or got longest ago. A lock makes it safe for several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """Return the value of a key, which is used by that; ``None`` where it is not kept."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def put(self, key: K, value: V) -> None:
        """Keep a value."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)

    def drop(self, key: K) -> None:
        """Keep the value of a key no longer."""
        with self._lock:
            self._values.pop(key, None)

    def kept(self) -> list[K]:
        """Return the keys of what is kept at this moment, the least recently used first."""
        with self._lock:
            return list(self._values)
