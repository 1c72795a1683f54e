"""The kinds these tests post."""

from notifications.kinds import Kind

NEWS = Kind("tests.news", "News of the works")
URGENT = Kind("tests.urgent", "A deadline", can_wait=False, ends_soon=True)
CODE = Kind("tests.code", "A code", secret=True, can_be_stopped=False, in_inbox=False)
