"""Which kinds of files are taken, and how a file proves to be what its name says.

Four looks, the cheap ones first: ending, size, magic bytes, and for pictures and office files what they would
unpack to. Knows neither forms nor tables; `core.files` keeps what passes.
"""

import re
import unicodedata
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

import puremagic
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from core.rows import listed

MEGABYTE = 1024 * 1024
MAX_PIXELS = 50_000_000  # a 48-megapixel phone
MAX_ENTRIES = 2_000
MAX_UNPACKED = 200 * MEGABYTE
MAX_RATIO = 200  # plain XML packs about 1 : 20; a bomb 1 : 1000
NAME_LENGTH = 150
_HEAD = 4096

WORDS: dict[str, str | Promise] = {
    "empty": _("“%(name)s” is empty. Choose the file again."),
    "type": _("“%(name)s” is of a kind we do not take. We take %(types)s."),
    "heic": _(
        "“%(name)s” is a HEIC picture, which few programs open. Set the camera to “Most compatible” (JPEG),"
        " or send a screenshot of the picture."
    ),
    "old_office": _(
        "“%(name)s” is in the old Office format. Save it as %(better)s or PDF and choose it again."
    ),
    "size": _("“%(name)s” is larger than %(limit)s MB. Send a smaller one, or split it."),
    "content": _("“%(name)s” is not what its ending says. Save it again in the right format."),
    "broken": _("“%(name)s” cannot be opened; it seems to be damaged or incomplete. Save it again."),
    "pixels": _("“%(name)s” has more than 50 million pixels. Make the picture smaller."),
    "locked": _("“%(name)s” is protected by a password. Take the protection off and choose it again."),
    "macros": _("“%(name)s” contains macros, which we do not take. Save it without macros."),
    "bomb": _("“%(name)s” unpacks to far more than a document needs, so we do not take it."),
    "nested": _("“%(name)s” contains another archive or a program. Take it out and choose the file again."),
    "no_space": _(
        "We cannot store “%(name)s” at the moment. What you typed is kept: send it without the file, or try"
        " again in a few minutes."
    ),
    "too_many": _("At most %(count)s files can be kept here. Take one away first."),
    "quota": _("All files here may have %(limit)s MB together. “%(name)s” would be too much."),
}


class FileRefused(Exception):
    """A file is not taken; `code` is a key of WORDS, `message` says it in the reader's language."""

    def __init__(self, code: str, name: str = "", **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = {"name": name, **facts}

    @property
    def message(self) -> str:
        return str(WORDS[self.code]) % {key: str(value) for key, value in self.facts.items()}


@dataclass(frozen=True)
class FileType:
    """A kind of file: its ending, what it is served as, and the entry that marks a packed one."""

    ending: str
    content_type: str
    label: str
    also: tuple[str, ...] = ()
    marker: str = ""
    picture: str = ""


_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = FileType("pdf", "application/pdf", "PDF")
PNG = FileType("png", "image/png", "PNG", picture="PNG")
JPEG = FileType("jpg", "image/jpeg", "JPG", also=("jpeg",), picture="JPEG")
DOCX = FileType("docx", _OFFICE + "wordprocessingml.document", "Word (docx)", marker="word/document.xml")
XLSX = FileType("xlsx", _OFFICE + "spreadsheetml.sheet", "Excel (xlsx)", marker="xl/workbook.xml")
# GB/T 33190: the format of electronic invoices and official documents.
OFD = FileType("ofd", "application/ofd", "OFD", marker="OFD.xml")
PAPERS = (PDF, JPEG, PNG, DOCX, XLSX, OFD)
SCANS = (PDF, JPEG, PNG, OFD)

_OLD_OFFICE = {"doc": "docx", "xls": "xlsx", "wps": "docx", "et": "xlsx", "docm": "docx", "xlsm": "xlsx"}
_HEIC = {"heic", "heif", "hif"}
_INSIDE = re.compile(
    r"\.(zip|rar|7z|gz|tar|bz2|xz|zst|jar|iso|cab|exe|dll|msi|scr|com|bat|cmd|ps1|vbs|js|hta|lnk|sh|py)$",
    re.I,
)


@dataclass(frozen=True)
class Purpose:
    """What a file is for: which kinds are taken, how large one may be; `code` stands in its row."""

    code: str
    types: tuple[FileType, ...] = PAPERS
    max_megabytes: int = 10

    @property
    def accept(self) -> str:
        """Return the `accept` attribute: endings, and pictures, so that a phone offers its camera."""
        endings = [f".{ending}" for kind in self.types for ending in (kind.ending, *kind.also)]
        return ",".join([*endings, *(kind.content_type for kind in self.types if kind.picture)])

    @property
    def labels(self) -> str:
        return lazy(listed, str)([kind.label for kind in self.types])


def clean_name(given: str) -> str:
    """Return the name a file is shown and downloaded by: no path, no control or direction marks, short."""
    last = re.split(r"[/\\]", given)[-1]
    visible = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    name = " ".join(visible.split()).strip(". ") or "file"
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return name[:NAME_LENGTH]
    return f"{stem[: NAME_LENGTH - 10].rstrip()}.{ending[:9]}"


def check(content: IO[bytes], *, name: str, size: int, purpose: Purpose) -> FileType:
    """Return the kind a file proves to be; raise FileRefused with why not. Leaves `content` at its start."""
    kind = _by_ending(name, purpose)
    if size == 0:
        raise FileRefused("empty", name)
    if size > purpose.max_megabytes * MEGABYTE:
        raise FileRefused("size", name, limit=purpose.max_megabytes)
    _check_magic(content, kind, name)
    if kind.picture:
        _check_picture(content, kind, name)
    if kind.marker:
        _check_package(content, kind, name, size)
    if kind is PDF:
        _check_pdf(content, name, size)
    content.seek(0)
    return kind


def _by_ending(name: str, purpose: Purpose) -> FileType:
    ending = PurePosixPath(name.lower()).suffix.removeprefix(".")
    for kind in purpose.types:
        if ending in (kind.ending, *kind.also):
            return kind
    if ending in _HEIC:
        raise FileRefused("heic", name)
    if ending in _OLD_OFFICE and any(kind.ending == _OLD_OFFICE[ending] for kind in purpose.types):
        raise FileRefused("old_office", name, better=_OLD_OFFICE[ending])
    raise FileRefused("type", name, types=purpose.labels)


def _check_magic(content: IO[bytes], kind: FileType, name: str) -> None:
    content.seek(0)
    head = content.read(_HEAD)
    try:
        seen = {found.extension.lstrip(".") for found in puremagic.magic_string(head)}
    except puremagic.PureError:
        seen = set()
    if "heif" in seen or "heic" in seen:  # phones that name their HEIC pictures .jpg
        raise FileRefused("heic", name)
    looked_for = "zip" if kind.marker else kind.ending
    if looked_for not in seen:
        raise FileRefused("content", name)


def _check_picture(content: IO[bytes], kind: FileType, name: str) -> None:
    content.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(content, formats=[kind.picture])
        if picture.width * picture.height > MAX_PIXELS:
            raise FileRefused("pixels", name)
        picture.draft("L", (64, 64))  # a JPEG is decoded at an eighth of its size
        picture.load()
    except Image.DecompressionBombError:
        raise FileRefused("pixels", name) from None
    except UnidentifiedImageError:
        raise FileRefused("content", name) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise FileRefused("broken", name) from None


def _check_package(content: IO[bytes], kind: FileType, name: str, size: int) -> None:
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        raise FileRefused("broken", name) from None
    names = {entry.filename for entry in entries}
    if kind.marker not in names:
        raise FileRefused("content", name)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise FileRefused("locked", name)
    if any(entry.endswith("vbaProject.bin") for entry in names):
        raise FileRefused("macros", name)
    if any(_INSIDE.search(entry) for entry in names):
        raise FileRefused("nested", name)
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * size:
        raise FileRefused("bomb", name)


def _check_pdf(content: IO[bytes], name: str, size: int) -> None:
    content.seek(max(size - _HEAD, 0))
    end = content.read()
    if b"%%EOF" not in end:
        raise FileRefused("broken", name)
    if b"/Encrypt" in end:
        raise FileRefused("locked", name)
