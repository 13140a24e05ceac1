"""The pages there are, and each as it should be."""

from __future__ import annotations

from pathlib import Path

from docs.generator import commands, metrics, routes, settings
from docs.generator.blocks import Makers, filled
from docs.generator.places import ROOT, mended


def developers() -> str:
    """Return the pages for developers, by their titles."""
    found = (path for path in sorted((ROOT / "docs/developers").glob("*.md")) if path.name != "README.md")
    return "\n".join(f"- [{path.read_text(encoding='utf-8').partition(chr(10))[0].removeprefix('# ')}]({path.name})" for path in found)


MAKERS: Makers = {
    "commands": commands.overview,
    "help": commands.all_help,
    "settings": settings.all_settings,
    "metrics": metrics.all_metrics,
    "api-routes": routes.api_routes,
    "other-routes": routes.other_routes,
    "answer": routes.fields_of_answer,
    "developers": developers,
    "problem": routes.fields_of_problem,
}
_AT_THE_TOP = ("README.md", "CONTRIBUTING.md", "SECURITY.md")


def pages() -> list[Path]:
    """Return every page that speaks of the program as it is now."""
    return [*(ROOT / name for name in _AT_THE_TOP), *sorted((ROOT / "docs").rglob("*.md"))]


def written(path: Path) -> str:
    """Return a page with everything in it that the code knows better."""
    return mended(filled(path.read_text(encoding="utf-8"), MAKERS))
