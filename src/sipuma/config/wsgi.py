"""The WSGI application that granian serves."""

import os
from threading import Timer

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sipuma.config.settings")
application = get_wsgi_application()


def warm_up() -> None:
    """Load the holidays, which the first filing would else wait for."""
    from django.utils import timezone  # noqa: PLC0415  # settings are read by now

    from sipuma.worktime import add_working_days, office_calendar  # noqa: PLC0415  # costly to load

    add_working_days(office_calendar(timezone.get_default_timezone_name()), timezone.now(), 3)


WARM_UP_SECONDS = 3
timer = Timer(WARM_UP_SECONDS, warm_up)
timer.daemon = True
timer.start()
