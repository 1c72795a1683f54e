"""The portal's own settings, read once the environment of a test run is ready."""

from tests import environment

environment.prepare()

from portal.settings import *  # noqa: E402, F403 - all of them, once they can be read

# A page from memory has no context to look into; the tests of `core.drawn` turn it on.
KEEP_DRAWN_PAGES = False
