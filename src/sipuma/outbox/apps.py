"""Django's entry for the room."""

from django.apps import AppConfig


class Outbox(AppConfig):
    name = "sipuma.outbox"
    label = "outbox"
