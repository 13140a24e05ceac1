"""Every error a user or an admin can meet.

::

    TracuuError            one clear Vietnamese line that says what to do; exit code 2
    ├── SettingError       a TRACUU_* variable is wrong
    ├── IndexMissing       nothing has been ingested yet
    ├── IndexDamaged       no snapshot can be opened
    ├── IndexBusy          another process is building an index
    ├── Disconnected       the service that a channel lives on is out of reach; exit code 75: another start may go better
    ├── StoreUnavailable   the bucket or folder that machines share does not answer, or not with what it should
    ├── EditionUnreadable  what was published there is for another version of the program, or for another encoder
    ├── StoreChanged       another machine has published there meanwhile
    ├── ServerUnavailable  the Chroma server does not answer, or lacks what should be there
    ├── DatabaseAway       the PostgreSQL server does not answer, and what it keeps may not be done without; exit code 75
    ├── LibraryUnavailable no search node serves a part of the library
    ├── ReadError          a file cannot be read
    │   └── ReadStopped    its reader was killed or took too long: it is read again the next time
    └── AnswerFailed       one question met a fault of the program, which is in the log; the others go on
"""


class TracuuError(Exception):
    """Base of all errors that are shown as one line, without a traceback."""


class SettingError(TracuuError):
    """A setting has a value that cannot be used."""


class IndexMissing(TracuuError):
    """There is no index yet."""


class IndexDamaged(TracuuError):
    """The index is there, but cannot be opened."""


class IndexBusy(TracuuError):
    """Another process holds the builder's lock."""


class Disconnected(TracuuError):
    """The service that a channel lives on has not been reached for too long, or does not take the channel any more."""


class StoreUnavailable(TracuuError):
    """The bucket or folder of ``TRACUU_STORE`` cannot be used; what is here goes on answering."""


class EditionUnreadable(TracuuError):
    """This program, with its encoder, cannot answer from what was published; what is here goes on answering."""


class StoreChanged(TracuuError):
    """Another machine was the first to publish; nothing of ours is in use."""

    def __init__(self, address: str) -> None:
        super().__init__(f"Máy khác vừa công bố một bản mới lên kho {address}; bản của máy này chưa được dùng. Hãy chạy lại lệnh này.")


class ServerUnavailable(TracuuError):
    """The Chroma server of the vectors cannot be used; a search goes on without them."""


class DatabaseAway(TracuuError):
    """The PostgreSQL server of the state does not answer: try again later, nothing of this was kept."""


class LibraryUnavailable(TracuuError):
    """A part of a library that lies on other machines is served by none of them; what lies here still answers."""


class ReadError(TracuuError):
    """A document cannot be read; the message names the file and the reason."""


class ReadStopped(ReadError):
    """The reader of a document ended before it was through, for want of time or memory, or because somebody ended it."""


class AnswerFailed(TracuuError):
    """A question could not be answered for a fault of the program, its cause; of many questions only this one fails."""
