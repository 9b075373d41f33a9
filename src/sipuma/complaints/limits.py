"""How long each text of a complaint may be, in characters, whoever writes it down."""

from typing import Final

LONG: Final = 10_000  # the two texts that tell the matter, and a message
SHORT: Final = 2_000

# fmt: off
LIMITS: Final = {
    "what":    LONG,  "how":    LONG,
    "who":     SHORT, "when":   SHORT, "where": SHORT,
    "name":    200,   "address": 500,  "email": 254,   "phone": 40,  "callback": 500,
    "message": LONG,  "incomplete": SHORT,
}
# fmt: on
