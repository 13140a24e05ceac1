"""Whatever a page names is there: commands and their options, settings, figures, addresses, targets, units, places in the code."""

from __future__ import annotations

import re
import tomllib

import pytest
from starlette.routing import compile_path
from typer.core import TyperGroup
from typer.exceptions import TyperException

from bot.messenger.texts import COMMANDS
from bot.settings import describe
from docs.generator import commands, metrics
from docs.generator.places import ROOT, lost
from docs.generator.routes import addresses
from tests.docs.pages import PAGES, arguments, blocks, shell_lines, words_in_code

SETTINGS = {variable for variable, _, _ in describe()}
ELSEWHERE = {"TRACUU_PURGE": "packaging/debian/postrm", "TRACUU_TEST_WHOLE": "tests/rag/index/nodes"}
"""Variables that are no settings, and where they are read."""
PLACEHOLDER = re.compile(r"…|[^a-z]+$|\[.*")
FILES = ("/etc", "/var", "/opt", "/usr", "/srv", "/mnt", "/root", "/home")
OF_OTHERS = ("/telegram/", "/zalo/", "/zalo-oa", "/o/", "/newbot", "/set")
"""Addresses of the bots' webhooks and of offices; commands of @BotFather."""


def inline(page: str) -> list[list[str]]:
    """The commands of the program that stand in a page's sentences, as words."""
    found = (arguments(code) for code in words_in_code(page) if re.match(r"(?:sudo )?(?:\.venv/bin/)?tracuu ", code))
    return [words[1:] for words in found if words and words[0] == "tracuu"]


def problem_of(words: list[str]) -> str:
    """What is wrong with a command as it is told in a sentence, where words in capitals stand for what people put there."""
    command, path = commands.tree(), ["tracuu"]
    options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    words = words[2:] if words[:1] == ["--office"] else words
    for word in words:
        if isinstance(command, TyperGroup) and not word.startswith("-"):
            if PLACEHOLDER.match(word):
                return ""
            if word not in command.commands and path != ["tracuu"] and command.invoke_without_command:
                return f"{' '.join(path)} has no {word}"
            if word not in command.commands:
                return f"no command {' '.join((*path, word))}"
            command, path = command.commands[word], [*path, word]
            options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}
        elif word.startswith("-") and word.partition("=")[0] not in options:
            return f"{' '.join(path)} has no {word}"
    return ""


@pytest.mark.parametrize("page", PAGES)
def test_commands_in_sentences_are_there_with_their_options(page):
    assert [told for words in inline(page) if (told := problem_of(words))] == []


def parse(words: list[str]) -> None:
    """Let the command itself read its arguments; nothing is run."""
    command, name, context = commands.tree(), "tracuu", None
    while True:
        context = command.make_context(name, words, parent=context)
        rest = [*context._protected_args, *context.args]
        if not isinstance(command, TyperGroup) or not rest:
            return
        name, command, words = command.resolve_command(context, rest)


def added(page: str) -> set[str]:
    """What the packages that a page shows as examples add by their entry points, commands among them."""
    projects = [tomllib.loads(block.content).get("project", {}) for block in blocks("toml") if block.page == page]
    return {name for project in projects for group in project.get("entry-points", {}).values() for name in group}


def test_commands_in_blocks_can_be_typed_as_they_stand(monkeypatch):
    monkeypatch.setenv("TRACUU_OFFICE_NAME", "")
    told = []
    for where, words in shell_lines():
        if words[0] == "tracuu" and words[1] not in added(where.partition(":")[0]):
            try:
                parse(words[1:])
            except TyperException as error:
                told.append((where, words, error.format_message()))

    assert told == []


@pytest.mark.parametrize("page", PAGES)
def test_settings_are_there(page):
    named = set(re.findall(r"TRACUU_[A-Z0-9_]*[A-Z0-9_]", (ROOT / page).read_text("utf-8")))

    shown = tuple(f"TRACUU_{name.upper()}_" for name in added(page))  # by a package that the page shows as an example
    assert [name for name in named if not is_setting(name) and not name.startswith(shown)] == []


def is_setting(name: str) -> bool:
    """A setting, the beginning of several (``TRACUU_ZALO_OA_…``), or a variable that something else reads."""
    return name in SETTINGS or name in ELSEWHERE or (name.endswith("_") and any(known.startswith(name) for known in SETTINGS))


@pytest.mark.parametrize(("name", "place"), ELSEWHERE.items())
def test_variables_that_are_no_settings_are_read_where_it_is_told(name, place):
    files = [ROOT / place] if (ROOT / place).is_file() else list((ROOT / place).glob("*.py"))

    assert any(name in file.read_text("utf-8") for file in files)


@pytest.mark.parametrize("page", PAGES)
def test_figures_are_there(page):
    named = {code.partition("{")[0] for code in words_in_code(page) if re.match(r"tracuu_[a-z_]+(\{.*\})?$", code)}
    named = {re.sub(r"_(bucket|count|sum)$", "", name) for name in named if not name.endswith("_bot")}

    assert named - set(metrics.figures()) == set()


@pytest.mark.parametrize("page", PAGES)
def test_addresses_are_answered(page):
    known = [compile_path(address.path)[0] for address in addresses()]
    doors = {address.path.rpartition("/")[0] for address in addresses()}
    named = [code.partition(" ")[2] if code.startswith(("GET ", "POST ", "DELETE ")) else code for code in words_in_code(page)]
    told = [path for path in named if re.match(r"/[a-z]", path) and not path.startswith((*FILES, *OF_OTHERS))]
    told = [path for path in told if path[1:].split()[0] not in COMMANDS]

    assert [path for path in told if path not in doors and not any(pattern.match(path.partition("?")[0]) for pattern in known)] == []


def test_targets_of_make_are_there():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z][\w-]*):", makefile, re.MULTILINE))
    typed = [words[1] for _, words in shell_lines() if words[0] == "make"]
    told = [code.split()[1] for page in PAGES for code in words_in_code(page) if re.match(r"make [a-z]", code)]

    assert {*typed, *told} - targets == set()


def test_units_are_there():
    units = {path.name.replace("@.", ".").partition(".")[0] for path in (ROOT / "packaging/systemd").iterdir()}
    typed = [word for _, words in shell_lines() if words[0] == "systemctl" for word in words]
    told = [word for page in PAGES for code in words_in_code(page) if "systemctl" in code or "." in code for word in arguments(code)]
    named = {re.split(r"[@.]", word)[0] for word in (*typed, *told) if re.match(r"tracuu(-[a-z-]+)?(@\S+)?(\.service|\.timer)?$", word)}

    assert named - units == set()


@pytest.mark.parametrize("page", PAGES)
def test_places_in_the_code_are_there(page):
    assert lost((ROOT / page).read_text("utf-8")) == []


def test_lists_of_commands_name_real_ones():
    lines = [line for block in blocks("text") for line in block.content.splitlines() if line.startswith("tracuu ")]

    assert [told for line in lines if (told := problem_of(arguments(line.partition("  ")[0])[1:]))] == []


def test_what_is_wrong_is_found():
    assert problem_of(["teach", "câu", "SỐ", "--no-answer"]) == ""
    assert problem_of(["teach", "câu", "--never"]) == "tracuu teach has no --never"
    assert problem_of(["unteach"]) == "no command tracuu unteach"
    assert problem_of(["--office", "TÊN", "LỆNH"]) == ""
    assert not is_setting("TRACUU_TOMORROW")
