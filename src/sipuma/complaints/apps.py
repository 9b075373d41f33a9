"""Django's entry for the room."""

from django.apps import AppConfig


class Complaints(AppConfig):
    name = "sipuma.complaints"
    label = "complaints"
