"""The complaint that is filed over and over: of a middling length, with a name and an e-mail address."""

from urllib.parse import urlencode

OFFICE = "130300"
ANSWERS = {
    "what": "Petugas di loket meminta uang agar barang kiriman saya keluar hari itu juga. " * 3,
    "how": "Saya menunggu dua jam, lalu diminta membayar tunai tanpa tanda terima. " * 3,
    "category": "",
    "who": "Seorang petugas di loket tiga",
    "when": "Senin pagi, sekitar pukul sepuluh",
    "where": "Ruang pelayanan",
    "office": OFFICE,
    "conflict": "",
    "name": "Warga Sabang",
    "address": "Jalan Perdagangan 1, Sabang",
    "email": "warga@contoh.id",
    "phone": "",
    "callback": "",
    "disclose": "",
}


def sending(draft: str) -> bytes:
    """Return the body of the last POST of the form."""
    return urlencode({"draft": draft, "step": "4"}).encode()


def asking(ticket: str) -> bytes:
    """Return the body of a tracking request."""
    return urlencode({"ticket": ticket}).encode()
