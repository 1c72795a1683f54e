"""Words that templates make: days."""

from datetime import date

import pytest
from django.utils.translation import override

from core import calendar
from portal.templatetags.portal import day_words


@pytest.mark.parametrize(
    ("language", "this_year", "next_year"),
    [("zh-hans", "9月28日", "{}年 9月28日"), ("en", "28 Sep", "28 Sep {}")],
)
def test_a_day_of_another_year_says_which(language: str, this_year: str, next_year: str) -> None:
    year = calendar.today().year

    with override(language):
        words = [day_words(date(year + more, 9, 28)) for more in (0, 1)]

    assert words == [this_year, next_year.format(year + 1)]
