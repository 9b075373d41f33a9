"""Django's entry for the room."""

from django.apps import AppConfig


class Cases(AppConfig):
    name = "sipuma.cases"
    label = "cases"
