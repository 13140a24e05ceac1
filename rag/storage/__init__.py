"""The one small door to everything the program keeps beside documents and snapshots.

``State.open`` gives a ``Database``: a SQLite file of the data folder, or, where ``TRACUU_DATABASE`` names a server, a schema of
PostgreSQL. Stores write one SQL for both: ``?`` for values, ``ON CONFLICT … DO …``, ``RETURNING``, the types ``TEXT``,
``BIGINT``, ``DOUBLE PRECISION`` and ``BLOB``, and ``KEY`` for rows that are numbered as they come.

``open_blobs`` gives the files that many machines share, in a folder or a bucket (``rag.storage.blobs``).
"""

from rag.storage.door import Database, State, open_blobs, troubles
from rag.storage.migrations import KEY

__all__ = ["KEY", "Database", "State", "open_blobs", "troubles"]
