"""Makes the rival's tables and serves it by granian, with the very options of `sipuma web`."""

import os

import django
from django.apps import apps
from django.db import connection
from granian.constants import Interfaces
from granian.server import Server

from bench.bare.settings import configure


def make_tables() -> None:
    with connection.schema_editor() as editor:
        for model in apps.get_app_config("bare").get_models():
            editor.create_model(model)
    connection.close()


if __name__ == "__main__":
    configure()
    django.setup()
    make_tables()
    Server(
        "bench.bare.wsgi:application",
        address="127.0.0.1",
        port=int(os.environ["SIPUMA_PORT"]),
        interface=Interfaces.WSGI,
        workers=int(os.environ["SIPUMA_WEB_WORKERS"]),
        blocking_threads=4,
        backlog=1024,
        websockets=False,
        log_access=False,
    ).serve()
