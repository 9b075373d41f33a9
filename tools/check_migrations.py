"""Fail when a migration would break the version of SIPUMA that still runs while it is applied."""

import logging
import sys

import django
from django.apps import apps
from django_migration_linter import MigrationLinter


def main() -> None:
    django.setup()
    logging.disable(logging.INFO)
    own = [app.label for app in apps.get_app_configs() if app.name.startswith("sipuma.")]
    quiet = ["ok", "ignore"]
    linter = MigrationLinter(include_apps=own, all_warnings_as_errors=True, no_cache=True, quiet=quiet)
    linter.lint_all_migrations()
    sys.exit(linter.has_errors)


if __name__ == "__main__":
    main()
