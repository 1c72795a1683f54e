"""Files the portal writes itself, such as open data: kept in folders beside what people upload.

Nothing that came from outside is ever put here; that goes through `core.files`, with its scanner and rights.
Who may read what stands here is for the door that hands it out.
"""

from collections.abc import Iterator
from functools import partial
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

CHUNK = 64 * 1024


def put(path: str, content: bytes) -> None:
    """Keep a file at "folder/name", in the place of one of that name."""
    default_storage.delete(path)
    default_storage.save(path, ContentFile(content))


def names(folder: str) -> list[str]:
    """Return the names of the files in a folder, sorted; none when there is no such folder."""
    try:
        return sorted(default_storage.listdir(folder)[1])
    except FileNotFoundError:
        return []


def size(path: str) -> int:
    """Return how many bytes a file has."""
    return default_storage.size(path)


def read(path: str) -> IO[bytes]:
    """Open a file; raise FileNotFoundError when there is none."""
    content: IO[bytes] = default_storage.open(path, "rb")
    return content


def exists(path: str) -> bool:
    """Tell whether there is such a file."""
    return default_storage.exists(path)


def chunks(path: str) -> Iterator[bytes]:
    """Yield a file piece by piece; it is opened when the first piece is asked for."""
    with read(path) as content:
        yield from iter(partial(content.read, CHUNK), b"")


def drop(path: str) -> None:
    """Delete a file; that it is not there is fine."""
    default_storage.delete(path)
