"""The drains: copies that wait, accounts whose time is over, rows that were kept long enough."""

from celery import shared_task

from portal.personal_data import actions, retention


@shared_task(name=actions.EXPORT)
def pack_exports() -> int:
    """Put together the copies that wait and delete those whose time is over; return how many."""
    return actions.pack_exports()


@shared_task(name="portal.close_accounts")
def close_accounts() -> int:
    """Close the accounts whose waiting time is over; return how many."""
    return actions.close_due()


@shared_task(name="portal.apply_retention")
def apply_retention() -> int:
    """Delete or empty what was kept long enough, once a day; goes on where it stopped."""
    return retention.sweep()
