"""The portal's own settings, read once the environment of a test run is ready."""

from tests import environment

environment.prepare()

from portal.settings import *  # noqa: E402, F403
