"""Somebody at a screen: opens pages, follows links and sends the forms that stand there.

A deed that has no form or link on the page where the field expects it cannot be done here.
"""

import http.client
import re
from abc import ABC, abstractmethod
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings
from django.test import Client
from lxml import html as markup

from referral.organisations.models import Membership
from tests.factories.people import sign_in

FORM = "application/x-www-form-urlencoded"


class Visitor(ABC):
    """A colleague who has signed in, or with no membership somebody from the street.

    `path` and `html` are of the page on the screen.
    """

    def __init__(self, member: Membership | None, *, language: str = "nl") -> None:
        self.member, self.language = member, language
        self.path, self.html, self.code = "", "", 0
        self.asked: list[str] = []
        self.seen: list[str] = []

    @abstractmethod
    def open(self, path: str) -> None:
        """Open this address; it must be there."""

    @abstractmethod
    def submit(self, form: Any, answers: dict[str, Any]) -> None:
        """Fill in these answers and send the form."""

    @abstractmethod
    def status(self, path: str, *, deed: bool = False) -> int:
        """What the house answers to this address, beside the page on the screen."""

    @abstractmethod
    def download(self, path: str) -> bytes: ...

    @property
    def page(self) -> Any:
        return markup.fromstring(self.html, base_url=self.path)

    @property
    def text(self) -> str:
        """What is read on the page, without the marks."""
        return " ".join(self.page.text_content().split())

    def read(self, pattern: str) -> str:
        found = re.search(pattern, self.text)
        assert found, f"{pattern} is not on {self.path}: {self.text[:2000]}"
        return found[0]

    def links(self, pattern: str) -> list[str]:
        addresses = [urljoin(self.path, a.get("href")) for a in self.page.iterfind(".//a[@href]")]
        return [address for address in addresses if re.search(pattern, address)]

    def follow(self, pattern: str) -> None:
        """The first link whose address is like this."""
        found = self.links(pattern)
        assert found, f"no link to {pattern} on {self.path}: {self.text[:2000]}"
        self.open(found[0])

    def send(self, action: str = "", *, having: str = "", **answers: Any) -> None:
        """Send the form whose address ends like this; `having` is a value that it holds."""
        forms = [form for form in self.page.forms if self.is_meant(form, action, having)]
        assert forms, f"no form to {action or self.path} on {self.path}: {self.text[:2000]}"
        self.submit(forms[0], answers)

    def is_meant(self, form: Any, action: str, having: str) -> bool:
        if form.method != "POST" or "/language/" in (form.get("action") or ""):
            return False
        address = urljoin(self.path, form.get("action") or "")
        wanted = address.endswith(action) if action else address == self.path
        return wanted and (not having or having in dict(form.form_values()).values())

    def came_to(self, path: str, html: str, code: int) -> None:
        self.path, self.html, self.code = path, html, code
        self.asked.append(path)
        self.seen.append(html)
        assert code == 200, f"{path} answered {code}: {self.text[:1500]}"
        assert f'<html lang="{self.language}"' in html


def filled_in(form: Any, answers: dict[str, Any]) -> list[tuple[str, str]]:
    """What a browser would send; an answer that the form does not offer raises."""
    extra = []
    for name, answer in answers.items():
        buttons = [b for b in form.iterfind(".//button[@name]") if b.get("name") == name]
        if buttons:
            assert answer in [button.get("value") for button in buttons], (name, answer)
            extra.append((name, answer))
            continue
        field = form.inputs[name]
        if isinstance(field, markup.CheckboxGroup):
            field.value = set(answer)
        elif getattr(field, "type", "") == "checkbox":
            field.checked = bool(answer)
        else:
            field.value = answer
    return [*form.form_values(), *extra]


class ClientVisitor(Visitor):
    """Through Django's test client, which checks the tokens of forms as a browser must send them."""

    def __init__(self, member: Membership | None, *, language: str = "nl") -> None:
        super().__init__(member, language=language)
        self.client = Client(enforce_csrf_checks=True, headers={"accept-language": language})
        if member is not None:
            sign_in(self.client, member)

    def open(self, path: str) -> None:
        self._show(path, self.client.get(path, follow=True))

    def submit(self, form: Any, answers: dict[str, Any]) -> None:
        address = urljoin(self.path, form.get("action") or "")
        body = urlencode(filled_in(form, answers))
        self._show(address, self.client.post(address, body, content_type=FORM, follow=True))

    def _show(self, asked: str, answer: Any) -> None:
        chain = answer.redirect_chain
        path = urlsplit(chain[-1][0] if chain else asked)._replace(fragment="").geturl()
        self.came_to(path, answer.content.decode(), answer.status_code)

    def status(self, path: str, *, deed: bool = False) -> int:
        if not deed:
            return self.client.get(path).status_code
        token = self.client.cookies.get(settings.CSRF_COOKIE_NAME)
        if token is None:
            self.client.get("/home/", follow=True)
            token = self.client.cookies[settings.CSRF_COOKIE_NAME]
        return self.client.post(path, {"csrfmiddlewaretoken": token.value}).status_code

    def download(self, path: str) -> bytes:
        self.asked.append(path)
        answer = self.client.get(path)
        assert answer.status_code == 200
        return answer.content


class WireVisitor(Visitor):
    """Over the wire, to a running web server."""

    def __init__(self, member: Membership | None, url: str, *, language: str = "nl") -> None:
        super().__init__(member, language=language)
        self.host, self.cookies = urlsplit(url).netloc, {}
        if member is not None:
            session = sign_in(Client(), member).cookies[settings.SESSION_COOKIE_NAME]
            self.cookies[settings.SESSION_COOKIE_NAME] = session.value

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str, bytes]:
        """Ask once: the status, where to go, and the body."""
        headers = {
            "cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "accept-language": self.language,
        }
        if body is not None:
            headers |= {"content-type": FORM, "referer": f"http://{self.host}{self.path}"}
        connection = http.client.HTTPConnection(self.host, timeout=30)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("set-cookie", []):
            self.cookies |= {name: item.value for name, item in SimpleCookie(line).items()}
        connection.close()
        return answer.status, answer.headers.get("location", ""), content

    def open(self, path: str) -> None:
        self._go("GET", path)

    def submit(self, form: Any, answers: dict[str, Any]) -> None:
        address = urljoin(self.path, form.get("action") or "")
        self._go("POST", address, urlencode(filled_in(form, answers)))

    def _go(self, method: str, path: str, body: str | None = None) -> None:
        path = urlsplit(path)._replace(fragment="").geturl()
        code, where, content = self.ask(method, path, body)
        while where:
            path = urlsplit(urljoin(path, where))._replace(fragment="").geturl()
            code, where, content = self.ask("GET", path)
        self.came_to(path, content.decode(), code)

    def status(self, path: str, *, deed: bool = False) -> int:
        body = urlencode({"csrfmiddlewaretoken": self.cookies.get(settings.CSRF_COOKIE_NAME, "")})
        return self.ask("POST" if deed else "GET", path, body if deed else None)[0]

    def download(self, path: str) -> bytes:
        self.asked.append(path)
        code, _where, content = self.ask("GET", path)
        assert code == 200
        return content
