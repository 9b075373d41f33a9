"""Django's entry for the room."""

from django.apps import AppConfig


class Workspace(AppConfig):
    name = "sipuma.workspace"
    label = "workspace"
