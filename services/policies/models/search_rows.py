"""The slim rows the public list is asked of and counted by, who issued what, and when it last changed."""

from datetime import date
from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Coalesce

from services.policies.models.notices import PolicyNotice


class Issuer(models.Model):
    """The agency that leads among those who issued a notice, as the list is filtered by it."""

    name_zh = models.CharField(max_length=200, unique=True)
    name_en = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.name_zh


class SearchCell(models.Model):
    """A place, kind, level and agency that notices of the list have in common; facets are counted by it."""

    area = models.IntegerField()
    kind = models.CharField(max_length=20)
    level = models.CharField(max_length=12)
    issuer = models.ForeignKey(Issuer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="search_cell_once", fields=["area", "kind", "level", "issuer"], nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.area:06d} {self.kind} {self.level} {self.issuer_id}"


class NoticeSearch(models.Model):
    """The slim row that the public list is asked of: one a public notice.

    The vector and the folded text lie out of line (`toast_tuple_target`), so a pass over all hits never
    reads them. Kept by `services.policies.indexing`. `dated_on` is the date of the document, empty when
    unknown; `listed_on` is the same, unknown ones at the very end; `region` is the code as a number, `area`
    the same rolled up to its city. With several items `first_closes_on` is the earliest last day and
    `closes_on` the latest; the latter is empty when one of them has no last day. `rules` says by which rules
    the text was cut (`terms.RULES`). `cell` says area, kind, level and issuer by one number, because a pass
    over all hits groups by a number much faster; a row written by the release before has none until it is
    written anew.
    """

    notice = models.OneToOneField(
        PolicyNotice, on_delete=models.CASCADE, primary_key=True, related_name="search_row"
    )
    dated_on = models.DateField(null=True)
    listed_on = models.GeneratedField(
        expression=Coalesce("dated_on", models.Value(date.min)),
        output_field=models.DateField(),
        db_persist=True,
    )
    first_closes_on = models.DateField(null=True)
    closes_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    region = models.IntegerField()
    area = models.IntegerField()
    issuer = models.ForeignKey(Issuer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    cell = models.ForeignKey(
        SearchCell, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    is_ended = models.BooleanField(default=False)
    is_open_all_year = models.BooleanField(default=False)
    rules = models.SmallIntegerField(default=0)
    kind = models.CharField(max_length=20)
    level = models.CharField(max_length=12)
    text = models.TextField()
    tsv: Any = SearchVectorField()

    class Meta:
        indexes = [
            GinIndex(fields=["tsv"], name="notice_search_tsv"),
            models.Index(fields=["-listed_on", "-notice"], name="notice_search_listed"),
        ]

    def __str__(self) -> str:
        return f"search row of {self.notice_id}"


class ContentMark(models.Model):
    """One row whose marks change with what searches find: `notices` with the rows, `words` with the synonyms.

    A mark is drawn at random, so one that was taken back with its transaction is never met again. What a
    process keeps in memory is good for as long as its mark stands here.
    """

    notices = models.UUIDField(null=True)
    words = models.UUIDField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="content_mark_is_one_row", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"notices {self.notices}, words {self.words}"
