"""The drains of this room; rows are found by state, so each may run twice, late or at once."""

from celery import shared_task

from services.assessments import actions


@shared_task(name="assessments.remind")
def remind() -> int:
    """Advise a new round where the last one is half a year or a year old."""
    return actions.remind()


@shared_task(name="assessments.run_campaigns")
def run_campaigns() -> int:
    """Invite and remind in open campaigns; end those whose last day has passed."""
    return actions.run_campaigns()


@shared_task(name="assessments.tell_blocked")
def tell_blocked() -> int:
    """Tell of evidence in which the scanner has found malware."""
    return actions.tell_blocked()
