"""The Django application that carries templates, style sheet and template tags."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "sipuma.web"
    label = "web"
    verbose_name = "SIPUMA web"
