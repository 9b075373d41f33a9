"""Run a command against an S3 server of its own: evidence goes into its bucket, and is gone afterwards."""

import os
import subprocess
import sys

from tests.peers import s3_server


def main(command: list[str]) -> int:
    with s3_server.running() as port:
        environment = os.environ | {"SIPUMA_STORAGE_URL": s3_server.url(port)}
        return subprocess.run(command, check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
