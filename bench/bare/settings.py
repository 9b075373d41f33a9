"""Settings of the rival: SIPUMA's database and templates, no middleware at all."""

from django.conf import settings

from sipuma.config import settings as house

# Sign-in wants its middleware, and has no part here.
STAFF = {"allauth", "allauth.account", "sipuma.workspace"}


def configure() -> None:
    """Point Django at SIPUMA's settings with these changes; before `django.setup()`."""
    if settings.configured:  # granian's workers are forked from a process that did this
        return
    known = {name: getattr(house, name) for name in dir(house) if name.isupper()}
    apps = [name for name in house.INSTALLED_APPS if name not in STAFF]
    own = {"MIDDLEWARE": [], "ROOT_URLCONF": "bench.bare.urls", "INSTALLED_APPS": [*apps, "bench.bare"]}
    settings.configure(**known | own)
