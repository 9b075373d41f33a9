"""Which addresses can get a ticket: mail addresses and Indonesian mobile numbers, nothing else."""

import pytest

from sipuma.complaints.contacts import email_address, mobile_number


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("pelapor@contoh.example", "pelapor@contoh.example"),
        ("  pelapor@contoh.example \n", "pelapor@contoh.example"),
        ("Pelapor.Satu+sipuma@CONTOH.example", "Pelapor.Satu+sipuma@contoh.example"),
        ("pelapor@bücher.example", "pelapor@xn--bcher-kva.example"),
        ("o'neil@contoh.co.id", "o'neil@contoh.co.id"),
    ],
)
def test_a_mail_address_is_taken_in_its_normal_form(text: str, address: str) -> None:
    found = email_address(text)
    assert found is not None
    assert (found.channel.value, found.value) == ("email", address)
    assert address not in repr(found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pelapor",
        "pelapor@",
        "@contoh.example",
        "pelapor@contoh",
        "a b@contoh.example",
        "pelapor@contoh..example",
        ".pelapor@contoh.example",
        "Pelapor <pelapor@contoh.example>",
        "pelapor@contoh.example, lain@contoh.example",
        "pelapor@contoh.example\nBcc: lain@contoh.example",
        "pelapor@[127.0.0.1]",
        "pelapor@localhost",
        "x" * 65 + "@contoh.example",
        "pelapor@" + "x" * 64 + ".example",
        "081234567890",
    ],
)
def test_no_mail_goes_where_none_can_arrive(text: str) -> None:
    assert email_address(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "081234567890",
        "0812 3456 7890",
        "0812-3456-7890",
        " 0812.3456.7890 ",
        "+6281234567890",
        "+62 812-3456-7890",
        "6281234567890",
        "(0812) 34567890",
        "81234567890",
    ],
)
def test_a_mobile_number_is_taken_however_it_is_written(text: str) -> None:
    found = mobile_number(text)
    assert found is not None
    assert (found.channel.value, found.value) == ("sms", "+6281234567890")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nomor saya",
        "0652 21105",  # a landline of Sabang
        "(021) 4890308",
        "+62 21 4890308",
        "1500225",  # the contact centre
        "112",
        "0812",
        "08123456789012345",
        "+65 9123 4567",  # a mobile number of Singapore
        "+60 12-345 6789",
        "+1 202 555 0123",
        "0800 1 234567",
        "0" * 300,
        "pelapor@contoh.example",
    ],
)
def test_what_is_no_indonesian_mobile_number_gets_no_sms(text: str) -> None:
    assert mobile_number(text) is None
