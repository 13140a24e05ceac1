"""What chat programs ask their models besides what people ask: a title for a chat, tags, what to ask next.

Open WebUI sends such prompts to the model of the chat. They begin with ``### Task:`` and name the JSON object that they want:
it is given empty, and the program does without. No provision is searched for.
"""

from __future__ import annotations

import json
import re
from typing import Any

SENTENCE = (
    "Đây là việc của phần mềm trò chuyện, không phải câu hỏi về văn bản, nên Tra Cứu không làm. "
    "Thầy cô hãy hỏi bằng lời của mình, không qua mẫu lời nhắc hay tệp đính kèm."
)
_CHORE = re.compile(r"\s*#{1,6}[ \t]*Task:", re.IGNORECASE)
_EMPTY: dict[str, Any] = {"title": "", "tags": [], "follow_ups": [], "queries": [], "text": ""}
_WANTED = re.compile(rf'"({"|".join(_EMPTY)})"\s*:')


def done(prompt: str) -> str:
    """Return what is said to a chore; empty where ``prompt`` is none."""
    if not _CHORE.match(prompt):
        return ""
    wanted = _WANTED.search(prompt)
    return json.dumps({wanted[1]: _EMPTY[wanted[1]]}) if wanted else SENTENCE
