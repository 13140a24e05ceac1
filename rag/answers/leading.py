"""What an answer says before the words of a list item: the sentence or heading that the item goes on from."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answers.base import Finding
from rag.choosing.evidence import Words
from rag.documents import Provision
from rag.finding.leads import Lead, leads_of
from rag.index.store import Store
from rag.language.text import fold, squeeze
from rag.question.understanding import Question

_WORD = re.compile(r"[^\W\d_]{2,}\W+[^\W\d_]{2,}|^\w+:?$")  # what a scan made of a page number says nothing
_SELF_SAID_WORDS = 5  # words of what is due, with which it says enough itself
_LONGEST_LEAD = 200  # characters
_TELLING = 2  # words
_SHORT = 100  # characters: a longer one is said only where it turns the meaning, or the item is half a sentence


def leads_said(store: Store, question: Question, provision: Provision, text: str) -> list[Lead]:
    """Return the leads without which ``text`` of ``provision`` would say something else, the farthest first."""
    leads = [lead for lead in leads_of(store, provision) if _WORD.search(lead.text)]
    said = [lead for at, lead in enumerate(leads) if lead.turns or (at == len(leads) - 1 and _is_needed(question, lead, provision))]
    said = said or _subject(store, question, provision, text)
    return [lead for lead in said if fold(squeeze(lead.text)).rstrip(" :") not in fold(squeeze(text))]


def _subject(store: Store, question: Question, provision: Provision, text: str) -> list[Lead]:
    """The heading above a short line that says what it is of (``Địa điểm: …``), in words of the question that the line lacks."""
    if provision.parent is None or len(text) > _SHORT:
        return []
    above = store.provision(provision.parent)
    own, heading = Words(text).folded, Words(above.heading).folded
    lacking = {term.folded for term in question.terms if not term.light} - own
    return [Lead(above.heading, above)] if len(above.heading) <= _SHORT and len(lacking & heading) >= _TELLING else []


def _is_needed(question: Question, lead: Lead, provision: Provision) -> bool:
    if question.kind == "definition" and provision.kind == "clause":
        return False  # "Trong Nghị định này, các từ ngữ dưới đây được hiểu như sau:"
    return provision.inline or provision.kind == "point" or len(lead.text) <= _SHORT


def lead_of_due(store: Store, provision: Provision, what: str, when: str) -> str:
    """Return what a deadline of few words goes on from (``Kỳ giữa năm`` of what?), empty where it says enough itself."""
    if len(what.split()) >= _SELF_SAID_WORDS:
        return ""
    inline = (child for child in store.children(provision.id) if child.inline and when in child.text)
    leads = [lead for lead in leads_of(store, next(inline, provision)) if _WORD.search(lead.text)]
    return squeeze(leads[-1].text).rstrip(" :;.") if leads and len(leads[-1].text) <= _LONGEST_LEAD else ""


def led(leads: Sequence[Lead], text: str) -> str:
    """Return ``text`` behind its leads (``Các hành vi bị nghiêm cấm: Hút thuốc; …``)."""
    return " ".join([*(f"{squeeze(lead.text).rstrip(' :;.,')}:" for lead in leads), text])


def findings_of(leads: Sequence[Lead]) -> list[Finding]:
    """Return where the leads stand."""
    return [Finding(lead.text, lead.provision, lead.text) for lead in leads]
