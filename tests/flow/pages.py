"""Reads answers as a browser without scripts does: forms, their fields, and which button Enter presses."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "br", "hr", "img", "meta", "link", "wbr", "path"}


@dataclass
class Form:
    """One form: where it goes, what it carries, and its submit buttons in the order of the page."""

    action: str
    id: str = ""
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, **answers: str) -> dict[str, str]:
        """Return what a browser sends when these answers are typed and Enter is pressed."""
        name, value = self.buttons[0]
        sent = self.values | answers
        return sent | {name: value} if name else sent


class Page(HTMLParser):
    """A page as somebody reads it: `text`, `by_id`, and `forms` in the order of the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.by_id: dict[str, str] = {}
        self.text = ""
        self._open: list[tuple[str, str]] = []
        self._form: Form | None = None
        self._area: str | None = None
        self._select: str | None = None
        self.feed(html)

    def form(self, name: str) -> Form:
        """Return the first form with a field of this name."""
        return next(form for form in self.forms if name in form.names)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append((tag, given.get("id", "")))
        if given.get("id"):
            self.by_id[given["id"]] = ""
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("id", ""))
            self.forms.append(self._form)
        elif tag in {"input", "textarea", "select", "option", "button"}:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        name, kind, form = given.get("name", ""), given.get("type", ""), self._form
        if form is None:
            return
        if tag == "button":
            form.buttons.append((name, given.get("value", "")))
        elif tag == "option" and self._select:
            form.choices[self._select].append(given["value"])
            if "selected" in given:
                form.values[self._select] = given["value"]
        elif tag != "option":
            form.names.add(name)
            self._value(form, tag, name, kind, given)

    def _value(self, form: Form, tag: str, name: str, kind: str, given: dict[str, str]) -> None:
        if tag == "textarea":
            self._area, form.values[name] = name, ""
        elif tag == "select":
            self._select, form.choices[name] = name, []
        elif kind == "radio":
            form.choices.setdefault(name, []).append(given["value"])
        if tag == "input" and (kind not in {"radio", "checkbox"} or "checked" in given):
            form.values[name] = given.get("value", "on" if kind == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None and self._form is not None:
            # A browser drops the one line end that follows <textarea>.
            typed = self._form.values[self._area]
            self._form.values[self._area] = typed + (data if typed else data.removeprefix("\n"))
        self.text += data
        for _tag, name in self._open:
            if name:
                self.by_id[name] += data
