"""Days of deadlines that are not in the calendar (``30/02``): what the source says is kept, and told to be doubtful."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rag.documents import NO_SUCH_DAY, Deadline, Doubt, Provision, Record
from rag.language.days import Day, days_in


def with_unreal_days(provisions: Sequence[Provision], records: Iterable[Record]) -> list[Provision]:
    """Return the provisions, those in which a deadline has such a day with a doubt of it."""
    unreal: dict[str, set[Day]] = defaultdict(set)
    document_of = {provision.id: provision.document for provision in provisions}
    for record in records:
        if isinstance(record, Deadline) and not record.date and not record.recurrence:
            unreal[document_of[record.provision]].update(each.day for each in days_in(record.when) if not each.day.is_real)
    return [_doubted(provision, unreal[provision.document]) if provision.document in unreal else provision for provision in provisions]


def _doubted(provision: Provision, days: set[Day]) -> Provision:
    text = provision.whole_text if days else ""
    readings = {text[each.start : each.end] for each in days_in(text) if each.day in days}
    found = tuple(Doubt(reading, "low", NO_SUCH_DAY) for reading in sorted(readings))
    return replace(provision, doubts=(*provision.doubts, *found)) if found else provision
