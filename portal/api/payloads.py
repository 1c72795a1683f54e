"""What the API hands out, field by field; the description of each field is the documentation.

Codes are stable and the same in every language; words come in Chinese (`_zh`) and English (`_en`). What is
not known is null, never 0 or "". Money is in fen (a hundredth of a yuan), rates are in percent, periods in
working days. Dates are written no more exactly than they are known: 2024-05-31, 2024-05 or 2024.
Descriptions are English in the schema; the page that documents it shows them in the reader's language.
"""

from typing import Annotated, Any, Generic, TypeVar

from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import ConfigDict, Field

Row = TypeVar("Row")


class Payload(Schema):
    model_config = ConfigDict(extra="forbid")


class Listing(Payload, Generic[Row]):
    """One page of a list."""

    total: Annotated[int, Field(description=_("How many rows there are in all."))]
    page: Annotated[int, Field(description=_("The number of this page, from 1."))]
    page_size: Annotated[int, Field(description=_("How many rows a full page has."))]
    next: Annotated[str | None, Field(description=_("Address of the next page."))]
    previous: Annotated[str | None, Field(description=_("Address of the page before."))]
    results: list[Row]


class Condition(Payload):
    """One condition of an item or of an offering; all conditions of kind `gate` have to be met."""

    fact: Annotated[str, Field(description=_("Code of the fact that is compared."))]
    op: Annotated[str, Field(description=_("How it is compared: within, one_of, at_least, at_most, …"))]
    values: Annotated[list[Any], Field(description=_("What it is compared with; one of several is enough."))]
    kind: Annotated[str, Field(description=_("gate, bonus or discretionary; only gates decide."))]


class Item(Payload):
    """Something that can be claimed under a policy notice."""

    key: Annotated[str, Field(description=_("The item's key: the notice's slug and a number."))]
    notice: Annotated[str, Field(description=_("Slug of the notice it belongs to."))]
    kind: Annotated[str, Field(description=_("Kind of benefit."))]
    title_zh: str
    title_en: str | None
    max_fen: Annotated[int | None, Field(description=_("At most so many fen for one enterprise."))]
    rate_percent: Annotated[float | None, Field(description=_("Share of the cost that is paid, in percent."))]
    amount_note_zh: str | None
    amount_note_en: str | None
    delivery: Annotated[str, Field(description=_("Whether it is applied for or comes without application."))]
    is_open_all_year: Annotated[bool, Field(description=_("Applications are taken all year round."))]
    opens_on: Annotated[str | None, Field(description=_("First day for applications."))]
    closes_on: Annotated[str | None, Field(description=_("Last day for applications; null when not known."))]
    apply_url: Annotated[str | None, Field(description=_("Where to apply."))]
    criteria: Annotated[list[Condition], Field(description=_("Who qualifies."))]


class Notice(Payload):
    """A policy notice that has been published."""

    slug: Annotated[str, Field(description=_("Stable key, part of the address of its page."))]
    url: Annotated[str, Field(description=_("Its page on this site."))]
    state: Annotated[str, Field(description=_("published, superseded or repealed."))]
    kind: Annotated[str, Field(description=_("Kind of document."))]
    level: Annotated[str, Field(description=_("Who issued it: national, provincial, municipal, district."))]
    region: Annotated[str, Field(description=_("Code of GB/T 2260; 000000 is the whole country."))]
    document_number: Annotated[str | None, Field(description=_("Official number of the document."))]
    title_zh: str
    title_en: str | None
    issuer_zh: str
    issuer_en: str | None
    summary_zh: Annotated[str | None, Field(description=_("Plain summary, not the official text."))]
    summary_en: str | None
    issued_on: Annotated[str | None, Field(description=_("Date of the document."))]
    effective_from: Annotated[str | None, Field(description=_("First day in force."))]
    effective_to: Annotated[str | None, Field(description=_("Last day in force; null when not stated."))]
    is_ended: Annotated[bool, Field(description=_("Ended according to its source."))]
    to_be_verified: Annotated[bool, Field(description=_("Staff have not yet compared it with the original."))]
    superseded_by: Annotated[str | None, Field(description=_("Slug of the notice in its place."))]
    sources: Annotated[list[str], Field(description=_("Where it was read."))]
    version: Annotated[int, Field(description=_("Grows with each published correction."))]
    published_at: Annotated[str, Field(description=_("When it was published here, UTC."))]
    is_sample: Annotated[bool, Field(description=_("Generated for a trial; not a real policy."))]


class NoticeWhole(Notice):
    """A policy notice with what can be claimed under it."""

    items: Annotated[list[Item], Field(description=_("What can be claimed under it."))]


class Offering(Payload):
    """A service that an enterprise can ask for or use."""

    slug: Annotated[str, Field(description=_("Stable key, part of the address of its page."))]
    url: Annotated[str, Field(description=_("Its page on this site."))]
    group: Annotated[str, Field(description=_("policy, digital_factory, cloud or industrial."))]
    provider: Annotated[str, Field(description=_("Slug of its provider."))]
    name_zh: str
    name_en: str
    description_zh: str
    description_en: str
    deliverable_zh: str | None
    deliverable_en: str | None
    is_free: Annotated[bool, Field(description=_("Free of charge."))]
    price_note_zh: str | None
    price_note_en: str | None
    turnaround_working_days: Annotated[int, Field(description=_("Promised; 0 is at once."))]
    measured_working_days: Annotated[
        int | None, Field(description=_("Median of the last requests; null while fewer than five are done."))
    ]
    audience: Annotated[list[str], Field(description=_("For whom in the enterprise."))]
    mode: Annotated[str, Field(description=_("self_service, apply or event."))]
    criteria: Annotated[list[Condition], Field(description=_("Who may ask for it; empty: every enterprise."))]


class Provider(Payload):
    """A body that does the work behind offerings."""

    slug: Annotated[str, Field(description=_("Stable key."))]
    kind: Annotated[str, Field(description=_("What sort of body it is."))]
    name_zh: str
    name_en: str | None


class Region(Payload):
    """A division of GB/T 2260."""

    code: Annotated[str, Field(description=_("Code of the division."))]
    parent: Annotated[str | None, Field(description=_("Code of the division it belongs to."))]
    level: Annotated[str, Field(description=_("country, province, prefecture or county."))]
    name_zh: str
    name_en: str


class ZonePlace(Payload):
    """A region that belongs to a zone."""

    region: Annotated[str, Field(description=_("Code of GB/T 2260."))]
    is_whole: Annotated[bool, Field(description=_("false: only a part of the region belongs."))]
    from_on: Annotated[str | None, Field(description=_("First day; null: no limit."))]
    until_on: Annotated[str | None, Field(description=_("Last day; null: no limit."))]


class Zone(Payload):
    """An area that is no division of GB/T 2260; conditions on the fact `zone` name it by its code."""

    code: Annotated[str, Field(description=_("Stable key; criteria on the fact zone name it."))]
    name_zh: str
    name_en: str
    from_on: Annotated[str | None, Field(description=_("First day; null: no limit."))]
    until_on: Annotated[str | None, Field(description=_("Last day; null: no limit."))]
    basis: Annotated[str | None, Field(description=_("The document that set it up."))]
    places: Annotated[
        list[ZonePlace],
        Field(description=_("Regions it is made of; empty: no region tells who lies in it.")),
    ]
    is_sample: Annotated[bool, Field(description=_("Generated for a trial; not a real zone."))]


class Industry(Payload):
    """A section, division or group of GB/T 4754-2017."""

    code: Annotated[str, Field(description=_("Text; keeps its leading zero."))]
    parent: Annotated[str | None, Field(description=_("Code of the division it belongs to."))]
    level: Annotated[str, Field(description=_("section, division or group."))]
    name_zh: str
    name_en: str


class Indicator(Payload):
    """One measured number of the open book."""

    code: Annotated[str, Field(description=_("What is measured."))]
    scope: Annotated[str, Field(description=_("total, month, group (module) or city."))]
    key: Annotated[str, Field(description=_("Which month (YYYY-MM), module or city; empty for total."))]
    unit: Annotated[str, Field(description=_("requests, enterprises, percent, working_days or stars."))]
    value: Annotated[float | None, Field(description=_("null: no data, or too few to be shown."))]
    is_hidden: Annotated[bool, Field(description=_("True when the number is left out because it is small."))]


class PlanValue(Payload):
    """A value of a plan indicator as somebody published it."""

    value_percent: float
    as_of: str
    source: str
    source_url: str | None


class PlanTarget(Payload):
    """A target of the Five-Year Plan for 2026, with the values entered with a source, newest first."""

    code: Annotated[str, Field(description=_("Code of the indicator."))]
    name_zh: str
    name_en: str
    target_percent: Annotated[float, Field(description=_("The target, in percent."))]
    more_than: Annotated[bool, Field(description=_("True when the target has to be exceeded."))]
    values: Annotated[list[PlanValue], Field(description=_("Published values with their sources."))]


class InvalidPart(Payload):
    """One part of the request that could not be used."""

    field: str
    reason: str


class Problem(Payload):
    """Why a request got no answer (RFC 9457, application/problem+json)."""

    type: Annotated[str, Field(description=_("about:blank: the status says it all."))]
    title: str
    status: int
    detail: str
    invalid: Annotated[list[InvalidPart], Field(description=_("The parts that could not be used."))]
