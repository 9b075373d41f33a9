"""The rival as a WSGI application."""

from django.core.wsgi import get_wsgi_application

from bench.bare.settings import configure

configure()
application = get_wsgi_application()
