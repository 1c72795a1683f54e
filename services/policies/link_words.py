"""Say why an outside address did not answer, in the reader's language."""

from django.utils.translation import gettext


def error(code: str) -> str:
    """Word a code of `links.probe`; empty for one that answers."""
    if code.startswith("status_"):
        return gettext("the site answers with error %(number)s") % {"number": code.removeprefix("status_")}
    return {
        "bad_address": gettext("not a usable address"),
        "not_found": gettext("no site of this name"),
        "private": gettext("an address inside a private network"),
        "refused": gettext("the site refuses connections"),
        "timeout": gettext("no answer in time"),
        "tls": gettext("the certificate of the site is not valid"),
        "broken": gettext("the answer cannot be read"),
        "redirects": gettext("it sends visitors in a circle"),
    }.get(code, "")
