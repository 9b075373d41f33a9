"""Runs the tests of the room `web` on their own small site, without the rooms above it."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.unit.web.site import Urls


@pytest.fixture(autouse=True)
def _own_site(settings: Settings) -> None:
    settings.ROOT_URLCONF = Urls
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.MIDDLEWARE = [
        "sipuma.web.middleware.RequestLog",
        "sipuma.web.middleware.SecurityHeaders",
        "csp.middleware.CSPMiddleware",
        "sipuma.web.middleware.PathLocale",
        "sipuma.web.middleware.RequestSize",
        "sipuma.web.middleware.ErrorReference",
        "sipuma.web.middleware.NoPublicCookies",
        "django.middleware.csrf.CsrfViewMiddleware",
    ]
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "sipuma.web.context.site",
                ],
            },
        },
    ]


@pytest.fixture
def visitor() -> Client:
    """A browser that sees error pages rather than exceptions, with CSRF checks on."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)
