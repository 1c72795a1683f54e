"""What this room tells: that an offering takes requests again."""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from notifications import outbox
from notifications.kinds import Kind, declare, name_topic
from notifications.models import Notification
from notifications.outbox import Letter
from services.catalogue.models import Offering, PauseWatch

name_topic("catalogue", _("The catalogue"))


def still_takes_requests(notification: Notification) -> bool:
    return Offering.objects.can_be_requested().filter(slug=notification.subject_code).exists()


RESUMED = declare(
    Kind("catalogue.resumed", _("A service takes requests again"), still_due=still_takes_requests)
)


def tell_resumed(watch: PauseWatch) -> None:
    """Tell one person who waited; the number of the watch makes it one letter for one wish."""
    offering = watch.offering
    with translation.override(watch.user.language):
        url = reverse("catalogue:detail", args=[offering.slug])
    letter = Letter(
        key=f"{watch.pk}",
        recipient=watch.user,
        subject_code=offering.slug,
        url=url,
        context={"offering_zh": offering.name_zh, "offering_en": offering.name_en},
    )
    outbox.post(RESUMED, letter)
