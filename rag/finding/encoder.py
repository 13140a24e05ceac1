"""Text to vectors: the encoder that ships, or any sentence-transformers model, from a folder or the Hugging Face hub.

That library takes seconds to import and hundreds of megabytes to hold, so it is only imported for such a model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from rag.errors import SettingError
from rag.finding.static_encoder import SHIPPED, SYLLABLES, StaticEncoder, name_of
from rag.index.vectors import Encoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

_HUB_TIMEOUT = 10.0  # seconds


TO_INSTALL = "Hãy chạy: make install ENCODERS=1 (trên máy cài bằng gói Debian: cài gói dựng bằng make deb ENCODERS=1)"
OFF = "off"
"""The setting that leaves vectors out."""


def open_encoder(name: str | None) -> Encoder | None:
    """Return the encoder that a setting names: the one that ships where it names none, nothing for ``OFF``.

    Raises ``SettingError``.
    """
    if not name:
        return StaticEncoder.load()
    return None if name == OFF else load_encoder(name)


def encoder_name(name: str | None) -> str:
    """Return the name of the encoder that ``open_encoder`` would open, without opening it; empty where there is none.

    Raises ``SettingError``.
    """
    if name == OFF:
        return ""
    folder = Path(name).expanduser() if name else SHIPPED
    try:
        return name_of(folder) if (folder / SYLLABLES).is_file() else name or ""
    except OSError as error:
        raise SettingError(f"TRACUU_ENCODER={name}: không nạp được mô hình ({_first_line(error)}).") from error


def load_encoder(name: str) -> Encoder:
    """Load the model ``name``: a folder, or a hub name such as ``intfloat/multilingual-e5-small``.

    A folder that ``tracuu train-encoder`` wrote needs no heavy library. A hub model is downloaded on first use only;
    later the network is not asked. Raises ``SettingError``.
    """
    folder = Path(name).expanduser()
    try:
        if (folder / SYLLABLES).is_file():
            return StaticEncoder.load(folder)
        return _SentenceTransformerEncoder(name, _load(name))
    except (OSError, ValueError, AttributeError) as error:  # what a folder without a model raises, by what is missing
        raise SettingError(f"TRACUU_ENCODER={name}: không nạp được mô hình ({_first_line(error)}).") from error


class _SentenceTransformerEncoder:
    def __init__(self, name: str, model: SentenceTransformer) -> None:
        self.name = name
        self.dimensions = int(model.get_embedding_dimension() or 0)
        self._model = model
        self._lock = Lock()  # fast tokenizers cannot be shared by threads

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encode(self._model.encode_query, texts)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encode(self._model.encode_document, texts)

    def _encode(self, encode: Callable[..., Any], texts: Sequence[str]) -> NDArray[np.float32]:
        with self._lock:
            vectors = encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        result: NDArray[np.float32] = vectors.astype("float32", copy=False).reshape(len(texts), self.dimensions)
        return result


def _load(name: str) -> SentenceTransformer:
    folder = Path(name).expanduser()
    if not folder.is_dir() and (name.startswith((".", "~", "/")) or name.count("/") != 1):
        raise SettingError(
            f"TRACUU_ENCODER={name}: không có thư mục mô hình này. "
            "Hãy ghi đường dẫn đúng, hoặc tên mô hình trên Hugging Face dạng tổ-chức/tên."
        )
    try:
        from sentence_transformers import SentenceTransformer
    except ModuleNotFoundError as error:
        raise SettingError(
            f"TRACUU_ENCODER={name}: máy chưa có {error.name}. {TO_INSTALL}, hay để trống biến này để dùng bộ mã hóa có sẵn."
        ) from error

    if folder.is_dir():
        return SentenceTransformer(str(folder), local_files_only=True)
    try:
        return SentenceTransformer(name, local_files_only=True)
    except OSError:  # not downloaded yet
        _find_on_hub(name)
        return SentenceTransformer(name)


def _find_on_hub(name: str) -> None:
    """Fail at once where the hub does not answer: the library would retry for more than a minute."""
    from huggingface_hub import HfApi

    try:
        HfApi().model_info(name, timeout=_HUB_TIMEOUT)
    except Exception as error:  # connection errors are of whichever HTTP library the hub client uses
        raise SettingError(
            f"TRACUU_ENCODER={name}: không tải được mô hình ({_first_line(error)}). "
            "Hãy kiểm tra tên và kết nối mạng, hoặc ghi đường dẫn tới thư mục mô hình đã tải về."
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
