"""Fail when the committed style sheet is not what its sources build."""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

SHEET = Path("src/sipuma/web/static/sipuma/sipuma.css")
SOURCES = ["package.json", "package-lock.json"]


def built(folder: Path) -> bytes:
    """Build in a copy of what the build reads, so that the committed file stays as it is."""
    for name in SOURCES:
        shutil.copy(name, folder / name)
    shutil.copytree("src/sipuma/web", folder / "src/sipuma/web")
    (folder / "node_modules").symlink_to(Path("node_modules").resolve())
    (folder / SHEET).unlink(missing_ok=True)
    subprocess.run(["npm", "run", "--silent", "build"], cwd=folder, check=True)
    return (folder / SHEET).read_bytes()


def main() -> None:
    with TemporaryDirectory() as folder:
        if built(Path(folder)) != SHEET.read_bytes():
            sys.exit(f"{SHEET} is stale: `make css` builds it anew.")


if __name__ == "__main__":
    main()
