"""What readers want to be told, how often, and when not."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Frequency(models.TextChoices):
    """How often somebody wants to be told of one kind by one channel."""

    INSTANT = "instant", pgettext_lazy("how often", "At once")
    DAILY = "daily", _("Once a day, together")
    WEEKLY = "weekly", _("Once a week, together")
    NEVER = "never", _("Never")


class Preference(models.Model):
    """Whether and how often one person wants one kind by one channel; no row means the kind's own default."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=20)
    wanted = models.BooleanField()
    # Says nothing while `wanted` is false.
    frequency = models.CharField(
        max_length=10,
        choices=[pair for pair in Frequency.choices if pair[0] != Frequency.NEVER],
        default=Frequency.INSTANT,
        db_default=Frequency.INSTANT.value,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="preference_one_per_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel} {self.choice}"

    @property
    def choice(self) -> str:
        """Return the frequency, `never` included."""
        return str(self.frequency) if self.wanted else Frequency.NEVER.value


class QuietHours(models.Model):
    """When one person is not to be mailed, in Asia/Shanghai; no row: none, for staff the setting.

    Both empty means at no time. `begins` may lie after `ends`: then midnight lies in between.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    begins = models.TimeField(null=True)
    ends = models.TimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="quiet_hours_set_together",
                condition=models.Q(begins=None, ends=None)
                | models.Q(begins__isnull=False, ends__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.begins}-{self.ends}"


class StoppedAddress(models.Model):
    """An address that asked not to be written to about one kind ('' = about anything)."""

    address = models.CharField(max_length=254)
    kind = models.CharField(max_length=60, blank=True)
    stopped_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address", "kind"], name="stopped_address_once"),
        ]

    def __str__(self) -> str:
        return self.address
