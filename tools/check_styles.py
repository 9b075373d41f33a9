"""Fail when the committed style sheet or a copied script is not what its sources build."""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

STATIC = Path("src/sipuma/web/static/sipuma")
BUILT = ["sipuma.css", "htmx.min.js", "tus.min.js"]
SOURCES = ["package.json", "package-lock.json", "tools/vendor.mjs"]


def build(folder: Path) -> None:
    """Build in a copy of what the build reads, so that the committed files stay as they are."""
    (folder / "tools").mkdir()
    for name in SOURCES:
        shutil.copy(name, folder / name)
    shutil.copytree("src/sipuma/web", folder / "src/sipuma/web")
    (folder / "node_modules").symlink_to(Path("node_modules").resolve())
    for name in BUILT:
        (folder / STATIC / name).unlink(missing_ok=True)
    subprocess.run(["npm", "run", "--silent", "build"], cwd=folder, check=True)


def stale(folder: Path) -> list[str]:
    """Return the committed files that differ from those built in the folder."""
    return [name for name in BUILT if (folder / STATIC / name).read_bytes() != (STATIC / name).read_bytes()]


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        build(folder)
        if found := stale(folder):
            sys.exit(f"{STATIC}: {', '.join(found)} stale: `make css` builds them anew.")


if __name__ == "__main__":
    main()
