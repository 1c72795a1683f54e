"""The robots of group chats: heading and link of one matter, posted to the provider the robot belongs to."""

import time

from django.db.models.functions import Now
from django.utils import translation

from core import limits, sealing
from notifications import robots
from notifications.channels import Never, NotNow, NotWanted, posting
from notifications.kinds import Kind
from notifications.models import Delivery, Notification, Robot
from notifications.texts import Words, site_name


class Webhook:
    """One drain's use of the robots; holds nothing open."""

    name = "webhook"

    def send(self, delivery: Delivery, kind: Kind) -> None:
        """Have a robot tell one matter; raise NotNow, Never or NotWanted when it did not."""
        robot = robots.of(delivery.notification.address)
        if robot is None or not robot.is_active:
            raise NotWanted("the robot is not in use")
        if not limits.allow(f"robot:{robot.pk}", times=robots.A_MINUTE, seconds=60):
            raise NotNow("more messages a minute than the group takes")
        try:
            self._post(robot, text_of(delivery.notification))
        except Never as reason:
            Robot.objects.filter(pk=robot.pk).update(error=str(reason)[:300], failed_at=Now())
            raise
        if robot.error:
            Robot.objects.filter(pk=robot.pk).update(error="", failed_at=None)

    def close(self) -> None:
        """Nothing is open between two messages."""

    def _post(self, robot: Robot, text: str) -> None:
        try:
            key, secret = sealing.unseal(robot.sealed_key), sealing.unseal(robot.sealed_secret)
        except ValueError as error:
            raise Never(f"the robot's key is to be entered anew: {error}") from error
        told = robots.message(robot, key, secret, text, at=time.time())
        answer = posting.post_json(told.url, told.payload)
        if posting.is_for_now(answer.status):
            raise NotNow(f"HTTP {answer.status}")
        if answer.status != 200 and not answer.body:
            raise Never(f"HTTP {answer.status}")
        refused = robots.refusal(robot.provider, answer.body)
        if refused is None:
            return
        code, words = refused
        if code in robots.FOR_NOW[Robot.Provider(robot.provider)]:
            raise NotNow(f"{code} {words}")
        raise Never(f"{code} {words}")


def text_of(notification: Notification) -> str:
    """Return what the group reads, in the language of its robot."""
    with translation.override(notification.language):
        words = Words(notification)
        return f"【{site_name()}】{words.subject}\n{words.context['link']}".strip()
