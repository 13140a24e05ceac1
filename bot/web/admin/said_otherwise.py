"""What a document is, as a form says it."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import FormData

from bot.render import VALIDITY_WORDS
from bot.web.problems import Refused
from ingest.given import FIELDS, SOURCE, STANDING, Given, wrong_days, wrong_standing
from rag.answers.base import sentence_case
from rag.documents import Validity
from rag.language.text import squeeze

_SAYABLE: tuple[Validity, ...] = ("in_force", "amended", "replaced", "expired")
SAYS: dict[str, str] = {"": "Theo các văn bản đã nạp", **{validity: sentence_case(VALIDITY_WORDS[validity]) for validity in _SAYABLE}}
"""What an admin may say of a document's validity."""
_WORDS: dict[str, str] = FIELDS | STANDING
_SAID_BY = "quản trị viên ghi"


def said_in(form: FormData, facts: Mapping[str, str], prefix: str = "") -> Given:
    """Return what a form says otherwise than ``facts`` (``STANDING`` may lack there); an emptied field has no value.

    Raises ``Refused`` for a day that is none, or a validity that cannot be.
    """
    values = {name: squeeze(str(form.get(prefix + name, facts.get(name, "")))) for name in _WORDS}
    said = {name: value for name, value in values.items() if value != facts.get(name, "")}
    if wrong := wrong_days(said):
        raise Refused(422, f"{_WORDS[wrong[0]].capitalize()} phải là một ngày có thật. Hãy quay lại và sửa.", "Not a date.")
    if not said.keys() & STANDING:
        return said
    if trouble := wrong_standing(values):
        raise Refused(422, f"{trouble} Bấm nút quay lại của trình duyệt thì những gì đã nhập vẫn còn.", "The validity cannot be.")
    return said | {SOURCE: _SAID_BY if values["validity"] else ""}
