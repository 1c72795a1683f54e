import io
import struct
import zlib

import pytest
from django.utils import translation

from core import filetypes
from core.filetypes import SCANS, FileRefused, Purpose
from tests.factories.files import PDF, package, picture, workbook

PAPERS = Purpose("tests")
DOCX = package("[Content_Types].xml", "word/document.xml")


def look(name: str, content: bytes, purpose: Purpose = PAPERS) -> str:
    """Return the ending a file proves to have, or the code of its refusal."""
    try:
        return filetypes.check(io.BytesIO(content), name=name, size=len(content), purpose=purpose).ending
    except FileRefused as refused:
        return refused.code if name in refused.message and "%(" not in refused.message else "wordless"


def encrypted_package() -> bytes:
    plain = bytearray(DOCX)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := plain.find(mark, start)) >= 0:
            plain[start + offset] |= 1
            start += 4
    return bytes(plain)


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("执照.pdf", PDF, "pdf"),
        ("photo.JPG", picture("JPEG"), "jpg"),
        ("photo.jpeg", picture("JPEG"), "jpg"),
        ("scan.png", picture(), "png"),
        ("list.xlsx", workbook(), "xlsx"),
        ("letter.docx", DOCX, "docx"),
        ("fapiao.ofd", package("OFD.xml"), "ofd"),
        ("a.pdf", b"", "empty"),
        ("run.exe", b"MZ" + b"\0" * 100, "type"),
        ("page.html", b"<html><script>1</script>", "type"),
        ("picture.svg", b"<svg/>", "type"),
        ("noending", PDF, "type"),
        ("IMG_1.HEIC", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "heic"),
        ("IMG_1.jpg", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 99, "heic"),
        ("old.doc", bytes.fromhex("D0CF11E0A1B11AE1"), "old_office"),
        ("old.xlsm", workbook(), "old_office"),
        ("is-html.pdf", b"<html>%PDF</html>", "content"),
        ("is-png.jpg", picture(), "content"),
        ("is-xlsx.docx", workbook(), "content"),
        ("is-zip.xlsx", package("readme.txt"), "content"),
        ("cut.pdf", PDF[:20], "broken"),
        ("cut.png", picture(size=(400, 400))[:-30], "broken"),
        ("cut.xlsx", workbook()[:-40], "broken"),
        ("locked.pdf", PDF.replace(b"trailer<<", b"trailer<</Encrypt 5 0 R"), "locked"),
        ("locked.docx", encrypted_package(), "locked"),
        ("macro.docx", package("word/document.xml", "word/vbaProject.bin"), "macros"),
        ("nested.docx", package("word/document.xml", "word/embeddings/a.zip"), "nested"),
        ("program.docx", package("word/document.xml", "word/embeddings/a.EXE"), "nested"),
        ("bomb.docx", package("word/document.xml", filling=b"\0" * 5_000_000), "bomb"),
        ("many.xlsx", package("xl/workbook.xml", *(f"n{n}" for n in range(2001))), "bomb"),
    ],
)
def test_a_file_must_be_what_it_says(name: str, content: bytes, found: str) -> None:
    assert look(name, content) == found


@pytest.mark.parametrize(("megabytes", "found"), [(1, "pdf"), (0, "size")])
def test_the_limit_of_a_purpose_counts(megabytes: int, found: str) -> None:
    assert look("a.pdf", PDF, Purpose("tests", max_megabytes=megabytes)) == found


def claiming(width: int, height: int) -> bytes:
    """Return a small PNG whose header promises a large picture."""
    header = b"IHDR" + struct.pack(">II", width, height) + b"\x08\0\0\0\0"
    plain = picture()
    return plain[:12] + header + struct.pack(">I", zlib.crc32(header)) + plain[33:]


@pytest.mark.parametrize(
    ("sides", "found"), [((7072, 7072), "pixels"), ((200_000, 200_000), "pixels"), ((7000, 7000), "broken")]
)
def test_a_picture_of_more_than_fifty_million_pixels_is_refused_unopened(
    sides: tuple[int, int], found: str
) -> None:
    assert look("large.png", claiming(*sides)) == found


def test_a_purpose_tells_the_browser_what_it_takes() -> None:
    assert Purpose("tests", types=SCANS).accept == ".pdf,.jpg,.jpeg,.png,.ofd,image/jpeg,image/png"
    with translation.override("en"):
        assert str(Purpose("tests", types=SCANS).labels) == "PDF, JPG, PNG, OFD"
    assert look("list.xlsx", workbook(), Purpose("tests", types=SCANS)) == "type"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("营业执照.pdf", "营业执照.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\li\\licence.pdf", "licence.pdf"),
        ("a\u202egpj.exe.pdf", "agpj.exe.pdf"),
        ("line\nbreak\x00.pdf", "linebreak.pdf"),
        ("  .hidden.pdf ", "hidden.pdf"),
        ("...", "file"),
        ("", "file"),
        ("长" * 300 + ".pdf", "长" * 140 + ".pdf"),
    ],
)
def test_names_are_shown_without_tricks(given: str, shown: str) -> None:
    assert filetypes.clean_name(given) == shown
