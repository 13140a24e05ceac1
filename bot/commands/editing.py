"""``tracuu edit``: say otherwise what a document is."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.audit import by_command
from bot.commands.corpus import checked, print_outcome, said_option
from bot.commands.index import DryRun, Force
from bot.commands.printing import progress_lines
from bot.index_options import options
from bot.loading import load_settings
from bot.vietnamese import VietnameseTyper
from ingest.given import FIELDS
from rag.errors import TracuuError

editing = VietnameseTyper()


@editing.command()
def edit(
    document: Annotated[str, typer.Argument(metavar="SỐ_HIỆU|TỆP", help="Số hiệu văn bản, hoặc tên tệp trong corpus.")],
    number: Annotated[str | None, said_option("number")] = None,
    kind: Annotated[str | None, said_option("kind")] = None,
    issuer: Annotated[str | None, said_option("issuer")] = None,
    issued: Annotated[str | None, said_option("issued")] = None,
    title: Annotated[str | None, said_option("title")] = None,
    effective: Annotated[str | None, said_option("effective")] = None,
    dry_run: DryRun = False,
    force: Force = False,
) -> None:
    """Sửa số hiệu, ngày, cơ quan … đã đoán về một văn bản; giá trị rỗng ('') nghĩa là văn bản không có."""
    from ingest.additions import edit as change

    said = checked({"number": number, "kind": kind, "issuer": issuer, "issued": issued, "title": title, "effective": effective})
    if not said:
        raise TracuuError("Chưa nói sửa gì: thêm ít nhất một trong --number, --kind, --issuer, --issued, --title, --effective.")
    chosen = load_settings()
    with progress_lines() as progress:
        outcome = change(chosen.corpus, chosen.data, document, said, options(force), progress, dry_run=dry_run)
    if not dry_run:
        by_command("sửa thông tin văn bản", f"{document}: {', '.join(FIELDS[name] for name in said)}")
        print(f"{document}: đã sửa {', '.join(FIELDS[name] for name in said)}.")
    print_outcome(outcome)
