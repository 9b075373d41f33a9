"""Runs alone in the sandbox: counts the pages of a PDF and draws one of them.

Arguments are the page's number, from 1, and the picture's width; number 0 counts only. Standard input is the
PDF, standard output a line of JSON (`pages`) and the page as PNG.
"""

import json
import sys

import pypdfium2

MOST_PIXELS = 40_000_000


def main() -> None:
    number, width = int(sys.argv[1]), int(sys.argv[2])
    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    pages = len(document)
    sys.stdout.buffer.write(json.dumps({"pages": pages}).encode() + b"\n")
    if 1 <= number <= pages:
        page = document[number - 1]
        wide, high = page.get_size()
        # A page can be as narrow and high as its author likes.
        scale = min(width / wide, (MOST_PIXELS / (wide * high)) ** 0.5)
        page.render(scale=scale).to_pil().save(sys.stdout.buffer, "PNG")


if __name__ == "__main__":
    main()
