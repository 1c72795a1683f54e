from typing import Any

import pytest
from django.test import RequestFactory

from core.uploads import FilesField
from tests.core.test_files import no_room
from tests.factories.files import PURPOSE, upload


@pytest.fixture(autouse=True)
def _through_the_disk(settings: Any) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 5


def arrived(content: bytes) -> Any:
    request = RequestFactory().post("/", {"text": "kept", "files": upload(content=content)})
    text, file = request.POST["text"], request.FILES["files"]
    request.close()
    return text, file


def test_what_fits_arrives_whole() -> None:
    request = RequestFactory().post("/", {"files": upload(content=b"123456789")})
    file = request.FILES["files"]

    assert (file.size, file.was_cut, file.read()) == (9, "", b"123456789")
    request.close()


def test_a_full_disk_marks_the_file_and_keeps_the_text() -> None:
    with no_room():
        text, file = arrived(b"x" * 200_000)

    assert (text, file.was_cut, file.name) == ("kept", "no_space", "licence.pdf")


def test_no_room_even_to_begin_keeps_the_text_too(settings: Any, tmp_path: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "gone")

    text, file = arrived(b"x" * 200)

    assert (text, file.was_cut) == ("kept", "no_space")


def test_more_than_anything_we_take_is_thrown_away_as_it_comes(settings: Any) -> None:
    settings.LARGEST_UPLOAD_BYTES = 100_000

    text, file = arrived(b"x" * 200_000)

    assert (text, file.was_cut, file.size) == ("kept", "size", 200_000)


def test_a_field_takes_several_files_or_none() -> None:
    field = FilesField(purpose=PURPOSE)
    one = upload()

    assert field.clean([one, one]) == [one, one]
    assert field.clean([]) == []
    assert "multiple" in str(field.widget.render("files", None, {"id": "id_files"}))
