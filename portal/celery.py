"""The worker application and the one table of what runs in the background, and how often.

Every entry is a drain: it asks for rows by state, may run twice, late or at once, and changes
nothing when there is nothing to do. `manage.py tick` runs each entry once without a broker.
"""

import os
from typing import Any

from celery import Celery, Task
from django.conf import settings

from core import jobs, wake

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


class Drain(Task):
    """A task whose last run is noted for the operations page."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with jobs.recorded(self.name):
            return super().__call__(*args, **kwargs)


app = Celery("portal", task_cls=Drain)
app.conf.update(
    broker_url=settings.REDIS_URL,
    result_backend=None,
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    worker_soft_shutdown_timeout=30.0,
    worker_hijack_root_logger=False,
    task_soft_time_limit=240,
    task_time_limit=270,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        # Longer than the hard limit, so that no living task is handed out twice.
        "visibility_timeout": 300,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
        "socket_keepalive": True,
    },
    timezone=settings.TIME_ZONE,
    task_default_queue="portal",
    beat_schedule_filename=str(settings.STATE_DIR / "beat-schedule"),
)
app.autodiscover_tasks()

TICK = settings.TICK_SECONDS
# Jobs of a day are asked this often and decide by a stored watermark (core.periods) or by state, so that a
# beat that slept catches up at once and two beats do no harm.
SELDOM = 10 * TICK

BEAT = {
    "notifications.deliver_pending": TICK,
    "notifications.send_digests": TICK,
    "notifications.call_the_silent": SELDOM,
    "portal.hand_out_calls": TICK,
    "requests.route_new": TICK,
    "policies.publish_scheduled": TICK,
    "policies.announce_published": TICK,
    "policies.rematch_changed": TICK,
    "policies.offer_benefits": TICK,
    "policies.recut_search_rows": SELDOM,
    "policies.tell_published": TICK,
    "policies.send_search_digests": SELDOM,
    "policies.send_match_digests": SELDOM,
    "policies.remind": SELDOM,
    "policies.sweep_searches": SELDOM,
    "policies.check_links": SELDOM,
    "policies.ask_to_look": SELDOM,
    "policies.measure_notices": TICK,
    "enterprises.refresh_facets": SELDOM,
    "enterprises.end_mandates": SELDOM,
    "catalogue.tell_resumed": SELDOM,
    "industry.tend_occasions": SELDOM,
    "industry.close_needs": SELDOM,
    "assessments.remind": SELDOM,
    "cloud.tend_programmes": TICK,
    "cloud.expire_vouchers": SELDOM,
    "cloud.escalate_late": SELDOM,
    "cloud.reconcile": SELDOM,
    "cloud.draw_visits": SELDOM,
    "cloud.remind_rechecks": SELDOM,
    "cloud.follow_plans": SELDOM,
    "assessments.run_campaigns": SELDOM,
    "assessments.tell_blocked": SELDOM,
    "requests.close_resolved": SELDOM,
    "requests.escalate_overdue": SELDOM,
    "requests.summarise": SELDOM,
    "requests.tell_blocked": SELDOM,
    "requests.tend_drafts": SELDOM,
    "requests.measure_waiting": SELDOM,
    "requests.ask_effects": SELDOM,
    "accounts.disable_unused_staff": SELDOM,
    "accounts.sweep_limits": SELDOM,
    "indicators.take_measurements": TICK,
    "core.scan_pending": TICK,
    "core.sweep_files": SELDOM,
    "core.seal_events": TICK,
    "core.check_events": SELDOM,
    "portal.publish_open_data": SELDOM,
    "portal.tell_activity": SELDOM,
    "portal.pack_exports": TICK,
    "portal.close_accounts": SELDOM,
    "portal.apply_retention": SELDOM,
    "portal.watch": TICK,
}
app.conf.beat_schedule = {
    name: {"task": name, "schedule": schedule, "options": {"expires": wake.EXPIRES_SECONDS}}
    for name, schedule in BEAT.items()
}
