"""How long things take in this room: starter values of this platform, no claim about any official scheme.

Working days unless a name says otherwise.
"""

from datetime import date, timedelta

# The yearly check of a provider is asked for so many calendar days before it runs out.
RECHECK_NOTICE_CALENDAR_DAYS = 30
APPEAL_DAYS = 10
ANSWER_DAYS = 10
CHECK_DAYS = 10
# Real use is looked at so many calendar days after the first day of work with the product.
USE_CHECKS = (30, 90)
USE_NOTICE_CALENDAR_DAYS = 5


def a_year_after(day: date) -> date:
    """Return the same day a year later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def recheck_horizon(day: date) -> date:
    """Return the last day whose yearly check is asked for on `day`."""
    return day + timedelta(days=RECHECK_NOTICE_CALENDAR_DAYS)
