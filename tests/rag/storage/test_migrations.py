"""Scripts of a store: cut into statements, their tables, and whether what is there is newer."""

from __future__ import annotations

from rag.storage.migrations import is_newer, statements, tables

FIRST = "CREATE TABLE IF NOT EXISTS turns (id INTEGER, said TEXT DEFAULT ';');\nCREATE INDEX of_turns ON turns (id);\n"
TRIGGER = "CREATE TRIGGER gone AFTER DELETE ON turns BEGIN DELETE FROM shares; DELETE FROM picks; END"


def test_a_script_is_cut_where_a_statement_ends_not_at_every_semicolon():
    assert list(statements(f"{FIRST}{TRIGGER};")) == [
        "CREATE TABLE IF NOT EXISTS turns (id INTEGER, said TEXT DEFAULT ';')",
        "CREATE INDEX of_turns ON turns (id)",
        TRIGGER,
    ]


def test_the_last_statement_needs_no_semicolon_and_nothing_is_none():
    assert list(statements("DROP TABLE a")) == ["DROP TABLE a"]
    assert list(statements("  \n")) == []
    assert list(statements(";;")) == []


def test_every_table_is_named_once_in_the_order_in_which_it_is_made():
    scripts = [FIRST, "create table picks (id INTEGER); CREATE TABLE turns (id INTEGER); DROP TABLE shares"]

    assert tables(scripts) == ["turns", "picks"]
    assert tables([]) == []


def test_only_what_a_newer_program_wrote_is_refused_and_both_versions_are_said():
    assert is_newer(2, [FIRST, TRIGGER]) == ""
    assert is_newer(0, []) == ""
    assert "(bản 3, ở đây biết tới bản 2)" in is_newer(3, [FIRST, TRIGGER])
