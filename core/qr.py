"""Draw an address as a QR code, for the phone of who reads it on a screen or on paper."""

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

# Modules of white around it, as readers need (ISO/IEC 18004).
_BORDER = 4
_PIXELS = 5


def svg(address: str, label: str = "") -> SafeString:
    """Give an inline picture, dark on white, without styles, which the content policy would refuse.

    Without a label it is decoration: the address must then stand beside it as text.
    """
    modules = list(segno.make(address, error="m", micro=False).matrix_iter(border=_BORDER))
    dark = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(modules) for x, module in enumerate(row) if module
    )
    side = len(modules)
    told = (
        format_html('role="img" aria-label="{}"', label) if label else format_html('aria-hidden="{}"', "true")
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" {3} width="{0}" height="{0}" viewBox="0 0 {1} {1}">'
        '<path fill="#fff" d="M0 0h{1}v{1}h-{1}z"/><path fill="#000" shape-rendering="crispEdges"'
        ' d="{2}"/></svg>',
        side * _PIXELS,
        side,
        dark,
        told,
    )
