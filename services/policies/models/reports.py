"""Errors that readers report in a notice, each about one part of it."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from services.policies.models.notices import PolicyNotice


class ErrorReport(models.Model):
    """What a reader found wrong; a visitor may leave an address for the answer, or none.

    Reports are settled by `services.policies.lifecycle.REPORT`: corrected, or left as it is with a reason.
    """

    class State(models.TextChoices):
        NEW = "new", _("new")
        CORRECTED = "corrected", _("corrected")
        DECLINED = "declined", _("left as it is")

    class About(models.TextChoices):
        DOCUMENT = "document", _("title, issuer or dates")
        SUMMARY = "summary", _("the plain summary")
        AMOUNT = "amount", _("what it gives")
        CONDITIONS = "conditions", _("who qualifies")
        WINDOW = "window", _("until when, and how to apply")
        TEXT = "text", _("the official text")
        LINKS = "links", _("a link that does not work")
        OTHER = "other", _("something else")

    notice = models.ForeignKey(
        PolicyNotice, on_delete=models.CASCADE, related_name="reports", verbose_name=_("notice")
    )
    about = models.CharField(_("about"), max_length=12, choices=About.choices)
    text = models.TextField(_("what is wrong"))
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("reported by"),
    )
    email = models.EmailField(_("answer to"), blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.NEW, editable=False
    )
    created_at = models.DateTimeField(_("reported at"), db_default=Now())
    settled_at = models.DateTimeField(_("settled at"), null=True)

    class Meta:
        verbose_name = _("reported error")
        verbose_name_plural = _("reported errors")
        ordering = ["-pk"]
        permissions = [("settle_report", _("Can settle reported errors"))]
        constraints = [
            models.CheckConstraint(
                name="report_known_state", condition=models.Q(state__in=["new", "corrected", "declined"])
            ),
            models.CheckConstraint(
                name="report_settled_has_date",
                condition=models.Q(state="new") | models.Q(settled_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["-id"], name="report_new", condition=models.Q(state="new"))]

    def __str__(self) -> str:
        return f"{self.notice}: {self.get_about_display()}"
