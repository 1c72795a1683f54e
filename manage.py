#!/usr/bin/env python
"""Run an administrative task of the portal."""

import os
import sys

from django.core.management import execute_from_command_line

from portal import local

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    local.fill_environment(sys.argv[1] if len(sys.argv) > 1 else "")
    execute_from_command_line(sys.argv)
