"""What enterprises think of a policy, and what those who make policy answer in public."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise, Membership
from services.policies.models.notices import PolicyNotice


class Topic(models.TextChoices):
    """What an opinion is about; told apart so that many of one kind can be answered together."""

    CLARITY = "clarity", _("It is hard to understand")
    CONDITIONS = "conditions", _("The conditions leave out enterprises like ours")
    AMOUNT = "amount", _("It gives too little for what it asks")
    PAPERS = "papers", _("It asks for too many papers")
    TIME = "time", _("There is too little time")
    GAP = "gap", _("Something we need is missing")
    GOOD = "good", _("It works well for us")
    OTHER = "other", pgettext_lazy("opinion", "Something else")


class OpinionAnswer(models.Model):
    """One public answer to one or several opinions of one topic.

    `said` sums up what was said, in words of the portal: no enterprise is named, and nobody's own text is
    published.
    """

    notice = models.ForeignKey(PolicyNotice, on_delete=models.CASCADE, related_name="opinion_answers")
    topic = models.CharField(_("about"), max_length=12, choices=Topic.choices)
    said_zh = models.TextField(_("what was said, in Chinese"))
    said_en = models.TextField(_("what was said, in English"), blank=True)
    answer_zh = models.TextField(_("answer in Chinese"))
    answer_en = models.TextField(_("answer in English"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), db_default=Now())

    class Meta:
        verbose_name = _("public answer to opinions")
        verbose_name_plural = _("public answers to opinions")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.notice}: {self.get_topic_display()}"

    @property
    def said(self) -> str:
        return self._in_readers_language("said")

    @property
    def answer(self) -> str:
        return self._in_readers_language("answer")

    def _in_readers_language(self, name: str) -> str:
        english = getattr(self, f"{name}_en") if get_language() == "en" else ""
        return str(english or getattr(self, f"{name}_zh"))


class OpinionQuerySet(models.QuerySet["Opinion"]):
    def for_member(self, user: Any) -> "OpinionQuerySet":
        """Return the opinions of every enterprise this person acts for."""
        return self.filter(enterprise__in=Membership.objects.current().filter(user=user).values("enterprise"))

    def waiting(self) -> "OpinionQuerySet":
        return self.filter(state=Opinion.State.NEW)

    def beside(self, opinion: "Opinion") -> "OpinionQuerySet":
        """Return the other waiting opinions of the same topic on the same notice."""
        return self.waiting().filter(notice=opinion.notice_id, topic=opinion.topic).exclude(pk=opinion.pk)


class Opinion(models.Model):
    """What one enterprise says of one notice; read by those who make policy, never published as it stands.

    Moves by `services.policies.lifecycle.OPINION`: answered in public, or set aside with a reason.
    """

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("opinion", "waits for an answer")
        ANSWERED = "answered", pgettext_lazy("opinion", "answered in public")
        SET_ASIDE = "set_aside", pgettext_lazy("opinion", "set aside")

    notice = models.ForeignKey(
        PolicyNotice, on_delete=models.CASCADE, related_name="opinions", verbose_name=_("notice")
    )
    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.CASCADE, related_name="opinions", verbose_name=_("enterprise")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("written by"),
    )
    topic = models.CharField(_("about"), max_length=12, choices=Topic.choices)
    text = models.TextField(_("opinion"))
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.NEW, editable=False
    )
    answer = models.ForeignKey(
        OpinionAnswer, null=True, on_delete=models.RESTRICT, related_name="opinions", verbose_name=_("answer")
    )
    given_at = models.DateTimeField(_("given at"), db_default=Now())
    settled_at = models.DateTimeField(_("settled at"), null=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("opinion on a policy")
        verbose_name_plural = _("opinions on policies")
        ordering = ["-pk"]
        permissions = [("answer_opinion", _("Can answer opinions on policies"))]
        constraints = [
            models.CheckConstraint(
                name="opinion_known_state", condition=models.Q(state__in=["new", "answered", "set_aside"])
            ),
            models.CheckConstraint(
                name="opinion_answered_has_answer",
                condition=models.Q(state="answered", answer__isnull=False)
                | ~models.Q(state="answered") & models.Q(answer__isnull=True),
            ),
            models.CheckConstraint(
                name="opinion_settled_has_date",
                condition=models.Q(state="new") | models.Q(settled_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["enterprise", "notice", "topic"],
                condition=models.Q(state="new"),
                name="opinion_one_waiting_per_topic",
            ),
        ]
        indexes = [models.Index(fields=["-id"], name="opinion_new", condition=models.Q(state="new"))]

    def __str__(self) -> str:
        return f"{self.notice}: {self.get_topic_display()}"
