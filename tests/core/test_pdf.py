"""A document is set from a template and data, with our own fonts, and says the same every time."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pypdfium2
from pypdf import PdfReader

from core import pdf

AT = datetime(2026, 9, 1, tzinfo=UTC)
TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set text(font: "Noto Sans SC")
= #data.title
#data.words
"""


def made(tmp_path: Path, **data: str) -> bytes:
    template = tmp_path / "page.typ"
    template.write_text(TEMPLATE, encoding="utf-8")
    return pdf.render(template, data, at=AT)


def test_chinese_is_kept_as_text_rare_characters_too(tmp_path: Path) -> None:
    text = (
        PdfReader(BytesIO(made(tmp_path, title="评估报告", words="青岛海塔机械厂，䶮㼆。")))
        .pages[0]
        .extract_text()
    )

    assert text.split() == ["评估报告", "青岛海塔机械厂，䶮㼆。"]


def test_words_are_never_read_as_markup(tmp_path: Path) -> None:
    text = (
        PdfReader(BytesIO(made(tmp_path, title="x", words="#read(1) *b* $a$ \\ ]"))).pages[0].extract_text()
    )

    assert "#read(1) *b* $a$ \\ ]" in text


def test_the_same_data_give_the_same_bytes(tmp_path: Path) -> None:
    assert made(tmp_path, title="x", words="y") == made(tmp_path, title="x", words="y")


def test_the_page_is_not_blank(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument(made(tmp_path, title="评估报告", words="字"))
    picture = document[0].render(scale=1).to_pil().convert("L")
    document.close()

    assert picture.getextrema()[0] < 60
