"""By what the catalogue can be narrowed."""

from django.utils.translation import gettext_lazy as _

from core.facets import Facet
from services.catalogue.models import Audience, Group, Offering

FACETS = (
    Facet("group", _("Kind of service"), dict(Group.choices), lambda row: [row.group]),
    Facet(
        "price",
        _("Price"),
        {"free": _("free of charge"), "paid": _("paid")},
        lambda row: ["free" if row.is_free else "paid"],
    ),
    Facet("mode", _("How it works"), dict(Offering.Mode.choices), lambda row: [row.mode]),
    Facet("audience", _("For whom"), dict(Audience.choices), lambda row: row.audience),
)
