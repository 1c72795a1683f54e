"""Words that templates make: days."""

from datetime import date

import pytest
from django import forms
from django.utils.translation import override

from core import calendar
from portal.templatetags.portal import day_words, error_lines


@pytest.mark.parametrize(
    ("language", "this_year", "next_year"),
    [("zh-hans", "9月28日", "{}年 9月28日"), ("en", "28 Sep", "28 Sep {}")],
)
def test_a_day_of_another_year_says_which(language: str, this_year: str, next_year: str) -> None:
    year = calendar.today().year

    with override(language):
        words = [day_words(date(year + more, 9, 28)) for more in (0, 1)]

    assert words == [this_year, next_year.format(year + 1)]


class _Figures(forms.Form):
    staff = forms.IntegerField(min_value=0, label="Employees")
    revenue = forms.IntegerField(
        min_value=0, label="Revenue", error_messages={"required": "Type the revenue."}
    )


def test_the_summary_names_the_field_where_the_message_does_not() -> None:
    with override("en"):
        one = error_lines(_Figures({"staff": "-3", "revenue": "5"}))
        both = error_lines(_Figures({"staff": "-3", "revenue": ""}))

    least = "Ensure this value is greater than or equal to 0."
    assert one == [("id_staff", least)]
    assert both == [("id_staff", f"Employees: {least}"), ("id_revenue", "Type the revenue.")]
