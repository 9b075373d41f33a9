"""A browser as plain as an old phone's: pages, forms, cookies, no scripts; over one kept connection."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from secrets import token_hex
from typing import Self
from urllib.parse import urlencode

TIMEOUT_SECONDS = 60
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BOUNDARY = token_hex(16)
FILES = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


@dataclass(frozen=True)
class File:
    """A file as a person chooses it."""

    name: str
    content: bytes = field(repr=False)


def multipart(fields: Mapping[str, str], files: Iterable[File]) -> bytes:
    """Return the body of a form whose field `evidence` holds files; `FILES` is its header."""
    named = [(f'name="{name}"', text.encode()) for name, text in fields.items()]
    named += [(f'name="evidence"; filename="{one.name}"', one.content) for one in files]
    parts = (_PART % (what.encode(), content) for what, content in named)
    return b"".join([*parts, END])


_PART = f"--{BOUNDARY}\r\nContent-Disposition: form-data; %b\r\n\r\n%b\r\n".encode()
END = f"--{BOUNDARY}--\r\n".encode()


@dataclass
class Form:
    """A form of a page: where it goes, what its fields hold, its buttons as name and value."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """A response, read to its end, and the path that was asked for."""

    path: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str:
        """Return all values of a header, joined; empty when it is not there."""
        return ", ".join(value for given, value in self.headers if given.lower() == name.lower())

    def by_id(self, name: str) -> str:
        """Return the text of the element with this id; empty when there is none."""
        found = re.search(rf'<(\w+)[^>]*\bid="{name}"[^>]*>(.*?)</\1>', self.text, re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[2])).split()) if found else ""

    @property
    def forms(self) -> list[Form]:
        parser = _Forms(self.path)
        parser.feed(self.text)
        return parser.found

    def form(self, **having: str) -> Form:
        """Return the first form with these values among its fields and buttons."""
        for form in self.forms:
            if having.items() <= (form.fields | dict(form.buttons)).items():
                return form
        raise LookupError(f"no form with {sorted(having)} among {len(self.forms)}")

    @property
    def links(self) -> list[str]:
        """Return the addresses of all links and of their forms that are sent by GET."""
        return [unescape(one) for one in re.findall(r'<a[^>]*\bhref="([^"]+)"', self.text)]


class Browser:
    """One visitor, for a `with` block: keeps cookies, follows redirections; `seen` are all answers so far."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
        self._origin = f"http://127.0.0.1:{port}"
        self.cookies: dict[str, str] = {}
        self.seen: list[Answer] = []

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        return self.request("POST", path, urlencode(fields).encode(), FORM)

    def send(self, form: Form, **filled: str) -> Answer:
        """Send a form with some fields filled in, by its first button, as Enter does."""
        named = {name: value for name, value in form.buttons[:1] if name}
        return self.post(form.action, form.fields | filled | named)

    def sign_in(self, login: str, password: str) -> Answer:
        """Sign a member of staff in, and return the page that this leads to."""
        form = next(form for form in self.get("/petugas/masuk/").forms if "password" in form.fields)
        return self.send(form, login=login, password=password)

    def upload(self, path: str, fields: Mapping[str, str], files: Iterable[File]) -> Answer:
        """Send a form with files in its field `evidence`."""
        return self.request("POST", path, multipart(fields, files), FILES)

    def request(
        self, method: str, path: str, body: bytes | None = None, more: Mapping[str, str] | None = None
    ) -> Answer:
        """Send anything; the answer may be a redirection, which is followed."""
        headers = dict(more or {}) | ({"Origin": self._origin} if body is not None else {})
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={one}" for name, one in self.cookies.items())
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        answer = Answer(path, response.status, response.getheaders(), response.read())
        self.seen.append(answer)
        self._keep_cookies(answer)
        if answer.status in {301, 302, 303}:
            return self.get(answer.header("Location").removeprefix(self._origin))
        return answer

    def hang_up(self) -> None:
        """Close the line, which the server does by itself after a while; the next request opens another."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def _keep_cookies(self, answer: Answer) -> None:
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                for key, morsel in SimpleCookie(value).items():
                    self.cookies[key] = morsel.value
                    if not morsel.value or morsel["max-age"] == "0":
                        del self.cookies[key]


class _Forms(HTMLParser):
    """Collects forms as a browser would send them."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self.found: list[Form] = []
        self._area = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(given.get("action") or self._path, given.get("method", "get").lower()))
        elif self.found:
            self._control(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"textarea", "select"}:
            self._area = self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[-1].fields[self._area] += data.removeprefix("\r\n").removeprefix("\n")

    def _control(self, tag: str, given: dict[str, str]) -> None:
        form, name, value = self.found[-1], given.get("name", ""), given.get("value", "")
        kind = given.get("type", "text" if tag == "input" else tag)
        if tag == "textarea":
            self._area, form.fields[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in given or self._select not in form.fields:
                form.fields[self._select] = value
        elif tag == "button" or kind == "submit":
            form.buttons.append((name, value))
        elif tag == "input" and name and (kind not in {"radio", "checkbox"} or "checked" in given):
            form.fields[name] = value
