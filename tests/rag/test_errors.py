"""The trees in the docstring of ``rag.errors`` are those of the code."""

import ast
import builtins
import re

import pytest

from rag import errors

LINE = re.compile(r"    (?P<depth>(?:│   |    )*)(?P<branch>[├└]── )?(?P<name>[A-Z]\w+) {2,}(?:(?P<module>(?:bot|ingest|rag)[\w.]+): )?")


@pytest.fixture(scope="module")
def defined(repo) -> dict[tuple[str, str], list[str]]:
    """The bases of every class of the program, by module and name."""
    found = {}
    for folder in ("bot", "ingest", "rag"):
        for file in (repo / folder).rglob("*.py"):
            module = ".".join(file.relative_to(repo).with_suffix("").parts)
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    found[module, node.name] = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
    return found


def _exceptions(defined: dict[tuple[str, str], list[str]]) -> dict[tuple[str, str], str]:
    """The base of each exception that is not private."""
    raised = {name for name, value in vars(builtins).items() if isinstance(value, type) and issubclass(value, BaseException)}
    raised |= {"HTTPException", "NetworkError"}  # of libraries
    while more := {name for (_, name), bases in defined.items() if raised.intersection(bases)} - raised:
        raised |= more
    return {
        (module, name): next(base for base in bases if base in raised)
        for (module, name), bases in defined.items()
        if raised.intersection(bases) and not name.startswith("_")
    }


def _drawn() -> dict[tuple[str, str], str]:
    """What stands above each exception in the drawing; empty for what stands alone."""
    found, above = {}, [""] * 5
    for line in (errors.__doc__ or "").splitlines():
        if not (match := LINE.match(line)):
            continue
        depth = len(match["depth"]) // 4 + bool(match["branch"])
        found[match["module"] or errors.__name__, match["name"]] = above[depth - 1] if depth else ""
        above[depth] = match["name"]
    return found


def test_every_exception_is_drawn_where_it_belongs(defined):
    drawn, real = _drawn(), _exceptions(defined)
    assert drawn.keys() == real.keys()
    names = {name for _, name in drawn}
    assert {one: base if base in names else "" for one, base in real.items()} == drawn


def test_what_is_defined_with_the_drawing_is_told_to_people():
    for module, name in _drawn():
        assert module != errors.__name__ or issubclass(getattr(errors, name), errors.TracuuError)
