"""The Django application of the citizens' pages."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "sipuma.public"
    label = "public"
    verbose_name = "SIPUMA public pages"
