"""The portal's own settings; only the names of static files are not hashed, as nobody collects them here."""

from portal.settings import *  # noqa: F403 - all of them
from portal.settings import STORAGES

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
