"""The only sanitiser."""

import pytest

from core import richtext


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<p>第一条</p>", "<p>第一条</p>"),
        ("<p onclick='x()' style='color:red' class='a'>第一条</p>", "<p>第一条</p>"),
        ("<script>alert(1)</script><p>一</p>", "<p>一</p>"),
        ("<style>p{}</style>一", "一"),
        ("<img src=x onerror=alert(1)>一", "一"),
        ('<a href="javascript:alert(1)">一</a>', '<a rel="noopener noreferrer">一</a>'),
        (
            '<a href="https://www.miit.gov.cn/" target="_blank">一</a>',
            '<a href="https://www.miit.gov.cn/" rel="noopener noreferrer">一</a>',
        ),
        ("<svg><script>1</script></svg>一", "一"),
        (
            '<table><tbody><tr><td colspan="2" bgcolor="red">一</td></tr></tbody></table>',
            '<table><tbody><tr><td colspan="2">一</td></tr></tbody></table>',
        ),
        ("<!-- note --><p>一</p>", "<p>一</p>"),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
        ("", ""),
    ],
)
def test_only_what_is_listed_passes(given: str, kept: str) -> None:
    assert richtext.clean(given) == kept


def test_cleaning_again_changes_nothing() -> None:
    once = richtext.clean("<p>1 &lt; 2 <b>粗</b><script>x</script></p>")

    assert richtext.clean(once) == once


def test_what_is_shown_is_cleaned_whatever_the_row_holds() -> None:
    assert richtext.shown("<p>一</p><script>x</script>") == "<p>一</p>"


@pytest.mark.parametrize(
    ("typed", "markup"),
    [
        ("", ""),
        ("第一条\r\n\r\n第二条", "<p>第一条</p>\n\n<p>第二条</p>"),
        ("1 < 2", "<p>1 &lt; 2</p>"),
        ("<p>第一条</p>", "<p>第一条</p>"),
    ],
)
def test_lines_of_plain_text_stay_apart(typed: str, markup: str) -> None:
    assert richtext.typed(typed) == markup
