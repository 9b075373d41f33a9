"""Who uses the pages, and how: a complainant and an officer who know field names, ids and buttons only."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Locator, Page

from tests.browser.server import Receipt

PASSWORD: Final = "demo-sipuma-2026"
SABANG, MALILI, ACEH, KI = "130300", "110400", "130000", "001400"
STEPS: Final = (
    ("what", "how", "category"),
    ("who", "when", "where", "office", "conflict"),
    ("name", "address", "email", "phone", "callback", "disclose"),
)
CLEAR: Final = {f"{element}_clarity": "jelas" for element in ("what", "who", "when", "where", "how")}
STUDY: Final = {"facts": "Fakta.", "conclusion": "Kesimpulan.", "recommendation": "Rekomendasi."}


@contextmanager
def new_page_in(page: Page) -> Iterator[None]:
    """Wait for the page that follows from what is done inside, also when its address stays the same."""
    with page.expect_navigation():
        yield


def submit(page: Page, button: Locator) -> None:
    with new_page_in(page):
        button.click()


def primary(page: Page) -> Locator:
    """Return the first submit button of the first form of the page's matter, as the contract has it."""
    return page.locator("main form").first.locator("button[type=submit]").first


def fill(form: Locator, values: dict[str, str]) -> None:
    """Fill fields by name, each in the way of its kind."""
    for name, value in values.items():
        field = form.locator(f"[name={name}]")
        kind = field.first.get_attribute("type") or ""
        if kind == "radio":
            form.locator(f"[name={name}][value='{value}']").check()
        elif kind == "checkbox":
            field.check()
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def replace_hidden(page: Page, name: str, value: str) -> None:
    """Change what a form carries along unseen, as an old or damaged page would."""
    page.evaluate(
        "([name, value]) => document.getElementsByName(name).forEach(one => one.value = value)", [name, value]
    )


def text_of(page: Page, name: str) -> str:
    return page.locator(f"#{name}").inner_text().strip()


def matter(page: Page) -> str:
    """Return all text of the page's main part, folded parts too."""
    return page.locator("main").text_content() or ""


@dataclass(frozen=True)
class Complainant:
    """Somebody with a browser; `root` is the home page of the language."""

    page: Page
    root: str = "/"

    def start(self) -> None:
        """Come in by the home page and choose to complain."""
        self.page.goto(self.root)
        with new_page_in(self.page):
            self.page.locator(f"a[href='{self.root}lapor/']").first.click()

    def file(self, **answers: str) -> Receipt:
        """Answer what is given, page by page, send it, and note both numbers."""
        self.review(**answers)
        return self.send()

    def review(self, **answers: str) -> None:
        self.start()
        for names in STEPS:
            self.answer(**{name: answers[name] for name in names if name in answers})

    def answer(self, **answers: str) -> None:
        """Fill the present page and go on."""
        fill(self.page.locator("main form").first, answers)
        submit(self.page, primary(self.page))

    def send(self) -> Receipt:
        submit(self.page, primary(self.page))
        return self.receipt()

    def receipt(self) -> Receipt:
        return Receipt(text_of(self.page, "ticket"), text_of(self.page, "register"))

    def track(self, ticket: str) -> str:
        """Come back with the ticket; return the status."""
        self.page.goto(f"{self.root}lacak/")
        self.page.locator("[name=ticket]").fill(ticket)
        submit(self.page, primary(self.page))
        return text_of(self.page, "status")

    def write(self, message: str) -> None:
        form = self.page.locator("form", has=self.page.locator("[name=message]"))
        form.locator("[name=message]").fill(message)
        submit(self.page, form.locator("button[type=submit]").first)

    def act(self, name: str) -> None:
        """Press one of the buttons below the conversation."""
        form = self.page.locator("main form", has=self.page.locator(f"[name=act][value={name}]"))
        submit(self.page, form.locator("button[type=submit]").first)


@dataclass(frozen=True)
class Officer:
    """One of the demo's staff at a browser."""

    page: Page
    login: str

    def sign_in(self) -> "Officer":
        self.page.goto("/petugas/masuk/")
        self.give_password()
        return self

    def give_password(self, password: str = PASSWORD) -> None:
        fill(self.page.locator("main form").first, {"login": self.login, "password": password})
        submit(self.page, primary(self.page))

    def find(self, register: str) -> None:
        """Open a case from the list of what waits, page by page."""
        self.page.goto("/petugas/")
        link = self.page.get_by_role("link", name=register, exact=True)
        while link.count() == 0:
            with new_page_in(self.page):
                self.page.locator(".pages__link--next").click()
        with new_page_in(self.page):
            link.click()

    def open(self, register: str) -> int:
        """Open a case by its address; return the HTTP status."""
        answer = self.page.goto(f"/petugas/kasus/{register}/")
        assert answer is not None
        return answer.status

    def offers(self) -> set[str]:
        """Return the names of the moves that the page offers."""
        buttons = self.page.locator("button[name=move]").all()
        return {button.get_attribute("value") or "" for button in buttons}

    def form(self, name: str) -> Locator:
        """Return the form of a move, unfolded."""
        button = self.page.locator(f"button[name=move][value={name}]")
        folded = self.page.locator("details:not([open])", has=button)
        if folded.count():
            folded.locator("summary").click()
        return self.page.locator("form", has=button)

    def type_in(self, name: str, **values: str) -> Locator:
        """Fill the form of a move; return its button."""
        form = self.form(name)
        fill(form, values)
        return form.locator("button[name=move]")

    def move(self, name: str, **values: str) -> None:
        submit(self.page, self.type_in(name, **values))

    def verify(self, type_of: str, category: str) -> None:
        """Take the case on the page and assess its five elements."""
        self.move("take")
        self.move("assess", **CLEAR, type=type_of, category=category)
