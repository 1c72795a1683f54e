"""The papers of the sample: an empty page under a name that says so."""

from django.core.files.uploadedfile import SimpleUploadedFile

_PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def pdf(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"示例{name}.pdf", _PDF)
