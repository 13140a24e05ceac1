"""Every ``TRACUU_*`` variable, as ``tracuu settings`` describes it."""

from __future__ import annotations

from bot.settings import PREFIX, describe, is_secret
from docs.generator.blocks import table

_SUBJECTS = (
    ("Mô hình ngôn ngữ", ("LLM",)),
    ("Telegram, và chung cho các bot", ("TELEGRAM", "WEBHOOK", "ADMIN_CHAT", "REMINDER", "QUESTIONS_PER", "CONVERSATION", "KEEP_")),
    ("Zalo Official Account", ("ZALO_OA",)),
    ("Bot Zalo", ("ZALO",)),
    ("Trang web, API", ("WEB", "TRUSTED", "ADMIN_PASSWORD", "API_KEYS", "CORS", "WIDGET", "REQUESTS", "UPLOAD", "PUBLIC_URL", "WORKERS")),
    ("Tải văn bản về", ("FETCH",)),
    ("Nhiều máy", ("DATABASE", "STORE", "CHROMA", "SEARCH_NODES", "NODE_KEY")),
)
_OTHERS = "Chung"


def all_settings() -> str:
    """Return a section for every subject, with its variables."""
    of: dict[str, list[tuple[str, ...]]] = {subject: [] for subject in (_OTHERS, *(subject for subject, _ in _SUBJECTS))}
    for variable, default, meaning in describe():
        of[_subject(variable.removeprefix(PREFIX))].append((f"`{variable}`", _default(variable, default), meaning))
    return "\n\n".join(f"## {subject}\n\n{table(('biến', 'mặc định', 'ý nghĩa'), rows)}" for subject, rows in of.items() if rows)


def _subject(name: str) -> str:
    return next((subject for subject, beginnings in _SUBJECTS if name.startswith(beginnings)), _OTHERS)


def _default(variable: str, default: str) -> str:
    if is_secret(variable.removeprefix(PREFIX).lower()):
        return "(trống, giữ kín)"
    return f"`{default}`" if default else "(trống)"
