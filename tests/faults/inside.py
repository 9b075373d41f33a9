"""Calls one function of one module in a process that has Django pointed at an installation."""

import json
import sys
from importlib import import_module

import django

if __name__ == "__main__":
    module, act = sys.argv[1:]
    django.setup()
    json.dump(getattr(import_module(module), act)(**json.load(sys.stdin)), sys.stdout)
