"""How files come in: a field for several of them, and a handler that survives a full disk.

The handler keeps what was typed beside a file: when the file does not fit on the disk, or is larger than
anything we take, the rest of the form is still read and the file is marked (`was_cut`) instead.
"""

import io
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from core.filetypes import Purpose

# The attribute of an uploaded file that says why it is not whole; a code of `core.filetypes.WORDS`.
CUT = "was_cut"


class DiskHandler(FileUploadHandler):
    """Write an upload to a temporary file as far as it fits; mark it when it does not."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.written, self.was_cut = 0, ""
        try:
            self.file: UploadedFile = TemporaryUploadedFile(
                self.file_name or "", self.content_type or "", 0, self.charset, self.content_type_extra
            )
        except OSError:
            self._cut("no_space")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.written += len(raw_data)
        if self.was_cut:
            return
        if self.written > settings.LARGEST_UPLOAD_BYTES:
            self._cut("size")
            return
        try:
            self.file.write(raw_data)
            self.file.flush()
        except OSError:
            self._cut("no_space")

    def file_complete(self, file_size: int) -> UploadedFile:
        self.file.seek(0)
        self.file.size = file_size
        setattr(self.file, CUT, self.was_cut)
        return self.file

    def upload_interrupted(self) -> None:
        self.file.close()

    def _cut(self, why: str) -> None:
        """Go on without the bytes; the temporary file gives its room back at once."""
        self.was_cut = why
        if hasattr(self, "file"):
            _drop(self.file)
        self.file = UploadedFile(io.BytesIO(), self.file_name or "", self.content_type or "", 0)


def _drop(file: UploadedFile) -> None:
    """Close a file whose last buffer may not fit either; the second try then closes the raw file."""
    for _attempt in range(2):
        try:
            file.close()
        except OSError:
            continue
        return


class FilesInput(forms.ClearableFileInput):
    """A control that takes several files; on a phone it offers the camera too."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/input.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return forms.FileInput.get_context(self, name, None, attrs)


class FilesField(forms.FileField):
    """Several files, as a list; what they are is judged by `core.files.accept`, one by one."""

    def __init__(self, *, purpose: Purpose, **kwargs: Any) -> None:
        self.purpose = purpose
        widget = FilesInput(attrs={"accept": purpose.accept})
        super().__init__(**{"widget": widget, "required": False, "max_length": None, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        if not data and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [one for one in data or [] if one]
