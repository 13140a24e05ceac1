"""The exceptions of the program. Those of the first tree are defined here unless a module is named.

::

    TracuuError                 one clear Vietnamese line that says what to do; exit code 2
    ├── SettingError            a TRACUU_* variable is wrong
    ├── IndexMissing            nothing has been ingested yet
    ├── IndexDamaged            no snapshot can be opened
    ├── IndexBusy               another process is building an index
    ├── IndexChanged            another index is in use than the one that was looked at; nothing changed
    ├── Disconnected            the service that a channel lives on is out of reach; exit code 75: another start may go better
    ├── StoreUnavailable        the bucket or folder that machines share does not answer, or not with what it should
    ├── EditionUnreadable       what was published there is for another version of the program, or for another encoder
    ├── StoreChanged            another machine has published there meanwhile
    ├── ServerUnavailable       the Chroma server does not answer, or lacks what should be there
    ├── DatabaseAway            the PostgreSQL server does not answer, and what it keeps may not be done without; exit code 75
    ├── LibraryUnavailable      no search node serves a part of the library
    ├── ReadError               a file cannot be read
    │   └── ReadStopped         its reader was killed or took too long: it is read again the next time
    ├── AnswerFailed            one question met a fault of the program, which is in the log; the others go on
    ├── NeedsForce              ingest.build: a new index is not published unless the admin insists
    │   ├── WouldLose           ingest.build: documents that are answered now would be gone
    │   └── ChecksFailed        ingest.build: it does not answer the admin's questions as it should
    └── NothingAdded            ingest.additions: none of the files given could be added

The others are no faults that anybody is told of: each is caught by who calls for what raises it, and means something there. ::

    NotDelivered                bot.messenger.posting: a letter has not arrived
    ├── Unreachable             bot.messenger.posting: the network or the service failed, so it is tried again
    │   └── LoggedOut           bot.zalo.tokens: a person has to log in at Zalo first
    ├── Later                   bot.messenger.posting: the service asks to wait
    ├── Unwanted                bot.messenger.posting: the service will never take it
    ├── Blocked                 bot.messenger.posting: the chat wants nothing more from us
    ├── Moved                   bot.messenger.posting: the chat has another name now
    └── Otherwise               bot.messenger.posting: another letter goes in its place
    Overtaken                   bot.messenger.delivery: another process leads by now, and sends the letter
    TooMany                     bot.telegram.polling: Telegram asks to poll more slowly (a NetworkError of its library)
    Refused                     bot.zalo.platform: Zalo says no, with a code
    Denied                      bot.zalo.oauth: Zalo gives no token
    Refused                     bot.web.problems: a request is refused with a reason in both languages (an HTTPException)
    └── Unmet                   bot.web.openai.schemas: what a client of OpenAI's relies on cannot be given
    Wait                        bot.web.admin.attempts: a password may not be tried now
    Stopped                     bot.web.admin.work: the admin wants the work to stop (a BaseException: nothing else may catch it)
    PagesWanted                 ingest.readers.contract: pages must be read by OCR first, elsewhere
    Unwritable                  ingest.limited: a reader could not write what it made (an OSError)
    Ended                       ingest.work.tasks: a worker is told to end
    ModelFailed                 rag.wording.model: the language model gave no whole reply; the answer is worded without it
    └── LimitReached            rag.wording.model_calls: the day's limits allow no further call
    Damaged                     rag.storage.sqlite: a file of state is no database; it is set aside
    Newer                       rag.storage.sqlite: a file of state was written by a newer program
    Failed                      rag.index.nodes.calls: a search node did not answer, so another is asked
    Garbled                     rag.index.nodes.wire: what came from one is not what was to come (a ValueError)
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


class IndexChanged(TracuuError):
    """Another index is in use than the one that was to be replaced; nothing changed."""


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
