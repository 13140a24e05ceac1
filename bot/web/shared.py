"""The folder in which the worker processes of one ``tracuu serve`` count together; it goes when the service stops."""

from __future__ import annotations

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable that names it; prometheus_client reads it too, when it is imported."""
TABLE = "limits"
"""The file in it that ``Limits`` uses."""
