"""The secrets folder: the machine's own keys, made once by `sipuma init`, never in the database.

| file | holds | who reads it |
|---|---|---|
| `pepper` | 32 bytes that turn a ticket into its keys, and mark contacts as given for a case | web |
| `draft.key` | seals drafts and tracking tokens, newest first, one a line | web |
| `django.key` | signs Django's cookies | web |
| `organisation.pub` | the organisation's verify key, pinned | all |
| `offices.csv` | the operator's own list of offices, if there is one (`offices.loading`) | all |
| `contact.pub`, `delivery.pub` | where addresses and tickets on their way are sealed to | web |
| `worker/contact.key`, `worker/delivery-<id>.key` | their private halves | worker only |
"""

from functools import lru_cache
from pathlib import Path

from sipuma.safe.folder import DeliveryKey, MissingSecret, Safe

__all__ = ["DeliveryKey", "MissingSecret", "Safe", "at"]


@lru_cache(maxsize=4)
def at(folder: Path) -> Safe:
    """Return the folder's Safe, the same one each time, so that its keys are parsed once."""
    return Safe(folder)
