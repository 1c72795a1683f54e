"""Files as people send them, and rows of kept ones."""

import io
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image

from core import files
from core.models import StoredFile

PURPOSE = files.Purpose("tests")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    made = io.BytesIO()
    Image.new("L", size).save(made, kind)
    return made.getvalue()


def workbook() -> bytes:
    made = io.BytesIO()
    Workbook().save(made)
    return made.getvalue()


def package(*names: str, filling: bytes = b"x") -> bytes:
    """Pack a zip with these entries."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name in names:
            zipped.writestr(name, filling)
    return made.getvalue()


def upload(name: str = "licence.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def stored(
    by: Any = None, scan: str = "clean", name: str = "licence.pdf", content: bytes = PDF
) -> StoredFile:
    """Keep a file whose scan ended as said."""
    row = files.accept(upload(name, content), purpose=PURPOSE, by=by)
    StoredFile.objects.filter(pk=row.pk).update(scan=scan)
    row.refresh_from_db()
    return row
