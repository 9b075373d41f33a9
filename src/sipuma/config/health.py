"""Whether the process lives, and whether it can serve: for supervisors and load balancers."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from sipuma import safe
from sipuma.web.public import public


@public
def alive(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@public
def ready(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers and the secrets folder is there, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        safe.at(settings.SIPUMA.secrets).check()
    except (DatabaseError, safe.MissingSecret):
        return HttpResponse("not ready\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")
