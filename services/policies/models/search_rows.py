"""The slim rows that the public list is asked of."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from services.policies.models.notices import PolicyNotice


class NoticeSearch(models.Model):
    """The slim row that the public list is asked of: one a public notice.

    The vector and the folded text lie out of line (`toast_tuple_target`), so a pass over all hits never
    reads them. Kept by `services.policies.indexing`. `dated_on` is the date of the document, empty when
    unknown; `region` is the code as a number, `area` the same rolled up to its city. With several items
    `first_closes_on` is the earliest last day and `closes_on` the latest; the latter is empty when one of
    them has no last day.
    """

    notice = models.OneToOneField(
        PolicyNotice, on_delete=models.CASCADE, primary_key=True, related_name="search_row"
    )
    dated_on = models.DateField(null=True)
    first_closes_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    region = models.IntegerField()
    area = models.IntegerField()
    is_ended = models.BooleanField(default=False)
    is_open_all_year = models.BooleanField(default=False)
    kind = models.CharField(max_length=20)
    level = models.CharField(max_length=12)
    text = models.TextField()
    tsv: Any = SearchVectorField()

    class Meta:
        indexes = [
            GinIndex(fields=["tsv"], name="notice_search_tsv"),
            models.Index(
                models.F("dated_on").desc(nulls_last=True),
                models.F("notice").desc(),
                name="notice_search_newest",
            ),
        ]

    def __str__(self) -> str:
        return f"search row of {self.notice_id}"
