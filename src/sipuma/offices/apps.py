"""Django's entry for the room."""

from django.apps import AppConfig


class Offices(AppConfig):
    name = "sipuma.offices"
    label = "offices"
