"""What this room does in the background."""

from celery import shared_task

from enterprises import actions


@shared_task(name="enterprises.end_mandates")
def end_mandates() -> int:
    """Close mandates that have run out and remind of those that soon will; return how many ended."""
    return actions.end_mandates()


@shared_task(name="enterprises.refresh_facets")
def refresh_facets() -> int:
    """Let facets forget facts that have expired, and zones count that have begun; return whom it touched."""
    return actions.refresh_facets() + actions.apply_due_zones()
