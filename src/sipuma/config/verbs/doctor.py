"""`sipuma doctor`: checks an installation and says, line by line, what is wrong and what to do."""

import argparse


def add_options(parser: argparse.ArgumentParser) -> None:
    _ = parser


def run(_options: argparse.Namespace) -> int:
    """Print one line a check; 1 when any found something wrong."""
    import django

    django.setup()
    from sipuma.config.checkup import examine

    findings = examine()
    for finding in findings:
        print(f"{'ok ' if finding.well else 'BAD'} {finding.name}: {finding.text}")
    return 0 if all(finding.well for finding in findings) else 1
