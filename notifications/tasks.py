"""The drain of the outbox, the digests, and the look for readers who open nothing."""

from celery import shared_task

from core import wake
from notifications import actions, delivery, digest, outbox

# Short turns: others' work waits in the same worker. What remains is taken up at once by the next turn.
TURN_SECONDS = 45


@shared_task(name=outbox.DELIVER)
def deliver_pending() -> int:
    """Send what is due; return how many deliveries were dealt with. Any number may run at once."""
    handled = delivery.Drain(TURN_SECONDS).run()
    if delivery.is_anything_due():
        wake.knock(outbox.DELIVER)
    return handled


@shared_task(name="notifications.send_digests")
def send_digests() -> int:
    """Bind held messages whose time has come, one mail for each reader; return how many messages."""
    bound = 0
    while more := digest.bind_due():
        bound += more
    return bound


@shared_task(name="notifications.call_the_silent")
def call_the_silent() -> int:
    """Open a call for each reader who opens no deadline; return how many are new."""
    return actions.call_the_silent()
