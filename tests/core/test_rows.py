"""Words in a row, as each language writes them."""

import pytest
from django.utils import translation

from core import rows
from core.filetypes import Purpose


@pytest.mark.parametrize(
    ("language", "items", "parts"), [("en", "a, b", "a; b"), ("zh-hans", "a、b", "a；b")]
)
def test_each_language_has_its_own_marks(language: str, items: str, parts: str) -> None:
    with translation.override(language):
        assert rows.listed(["a", "b"]) == items
        assert rows.clauses(["a", "b"]) == parts


def test_kinds_of_files_are_listed_in_the_language_of_the_page_not_of_the_start() -> None:
    labels = Purpose("tests.paper").labels

    with translation.override("en"):
        assert str(labels).startswith("PDF, JPG")
    with translation.override("zh-hans"):
        assert str(labels).startswith("PDF、JPG")
