"""The security headers of every answer, and the content security policies of public and of staff pages."""

from typing import Final

from csp.constants import NONE, SELF

# The directives of django-csp's setting. No scripts: `script-src` falls back to 'none'.
CONTENT_SECURITY_POLICY: Final = {
    "default-src": [NONE],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [NONE],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}

# On staff pages alone: our own scripts from files, which may talk to this site and to nobody else.
STAFF_POLICY: Final = {**CONTENT_SECURITY_POLICY, "script-src": [SELF], "connect-src": [SELF]}

_DENIED_FEATURES: Final = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope",
    "magnetometer", "microphone", "midi", "payment", "usb",
)  # fmt: skip

EVERYWHERE: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _DENIED_FEATURES),
}

PUBLIC_REFERRER: Final = "no-referrer"

# Under no-referrer browsers send `Origin: null` with a form, which Django's CSRF check must refuse.
# Staff forms need that check, so they send the origin to ourselves, and nothing to anybody else.
STAFF_REFERRER: Final = "same-origin"

STAFF_PREFIX: Final = "/petugas/"

# Search engines are told to stay out of these; paths without their language prefix.
UNLISTED_PREFIXES: Final = (STAFF_PREFIX, "/lacak/")
