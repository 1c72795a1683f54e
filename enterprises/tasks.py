"""What this room does in the background."""

from celery import shared_task

from enterprises import actions


@shared_task(name="enterprises.refresh_facets")
def refresh_facets() -> int:
    """Let facets forget facts that have expired; return how many enterprises were touched."""
    return actions.refresh_facets()
