"""Settings of the rival: SIPUMA's database and templates, no middleware at all."""

from sipuma.config.settings import *

MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.bare.urls"
# Sign-in wants its middleware, and has no part here.
STAFF = {"allauth", "allauth.account", "sipuma.workspace"}
INSTALLED_APPS = [*(name for name in INSTALLED_APPS if name not in STAFF), "bench.bare"]
