"""The templates of the pages."""

from __future__ import annotations

import pytest

from bot.web.templates import FOLDER, environment


@pytest.mark.parametrize("name", sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html")))
def test_a_template_uses_only_what_there_is(name):
    environment().get_template(name)
