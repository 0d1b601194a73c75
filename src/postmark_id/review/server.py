"""The server of the review: this machine only, one person only, and nothing but what it knows.

It listens on 127.0.0.1. Whoever has the address that the program prints gets a cookie that goes along with requests of
its own pages only (SameSite); requests for another host name are refused, so that no page of the web can come in by a
name that it bends to this machine (DNS rebinding). What changes something has to bring back a secret out of the page
(against requests forged by other pages). Addresses hold numbers, never paths.
"""

from __future__ import annotations

import hmac
import logging
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, urlsplit

from postmark_id.errors import OutputError
from postmark_id.flights.table import FlightTable
from postmark_id.outputs import report
from postmark_id.outputs.words import SAYINGS
from postmark_id.review.covers import Covers
from postmark_id.review.page import Form, answer, cover_page, list_page, message_page, typed

LOG = logging.getLogger(__name__)
HOST = "127.0.0.1"
COOKIE = "postmark-id"
LONGEST_FORM = 200_000
"""Bytes of a form that are read."""
MOST_FIELDS = 2000
SECONDS = 30.0
"""Longest wait for a request that does not come to its end."""
_HTML, _CSS, _SCRIPT, _JPEG = "text/html; charset=utf-8", "text/css; charset=utf-8", "text/javascript", "image/jpeg"
_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_COVER = re.compile(r"/cover/([1-9]\d{0,8})")
_PICTURE = re.compile(r"/picture/([1-9]\d{0,8})/(scan|back)")


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back to the browser."""

    status: HTTPStatus
    body: bytes = b""
    kind: str = _HTML
    headers: Mapping[str, str] = field(default_factory=dict)


class Review(ThreadingHTTPServer):
    """Serves the review of a run until it is finished.

    Parameters
    ----------
    covers : Covers
    table : FlightTable
    port : int
        0 takes one that is free.

    Raises
    ------
    OSError
        The port is taken.
    """

    daemon_threads = True

    def __init__(self, covers: Covers, table: FlightTable, port: int = 0) -> None:
        super().__init__((HOST, port), _Handler)
        self.covers = covers
        self.table = table
        self.key = secrets.token_urlsafe(32)
        self.secret = secrets.token_urlsafe(32)

    @property
    def address(self) -> str:
        """What to open; it lets in whoever has it."""
        return f"http://{HOST}:{self.server_port}/?key={self.key}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """Names under which a browser may ask."""
        return tuple(f"{name}:{self.server_port}" for name in (HOST, "localhost"))

    def get(self, path: str, query: Form) -> Reply:
        """Answer a question."""
        if path in _ASSETS:
            kind, read = _ASSETS[path]
            return Reply(HTTPStatus.OK, read().encode(), kind)
        if path == "/":
            show = next(iter(query.get("show", ())), "all")
            return _page(list_page(self.covers, secret=self.secret, show=show))
        if (found := _COVER.fullmatch(path)) and int(found[1]) <= len(self.covers):
            return _page(cover_page(self.covers, int(found[1]), self.table, secret=self.secret))
        if (found := _PICTURE.fullmatch(path)) and int(found[1]) <= len(self.covers):
            picture = self.covers.picture(int(found[1]), found[2])
            if picture is not None:
                return Reply(HTTPStatus.OK, picture.read_bytes(), _JPEG)
        return self._told(HTTPStatus.NOT_FOUND, "There is no such page.")

    def post(self, path: str, form: Form) -> Reply:
        """Take what a form says."""
        if not hmac.compare_digest(next(iter(form.get("secret", ())), "").encode(), self.secret.encode()):
            return self._told(HTTPStatus.FORBIDDEN, "The form is none of this review; load the page again.")
        try:
            if path == "/finish":
                return self._finish()
            if (found := _COVER.fullmatch(path)) and int(found[1]) <= len(self.covers):
                return self._say(int(found[1]), form)
        except OutputError as error:
            LOG.info("not written", exc_info=True)
            return self._told(HTTPStatus.INTERNAL_SERVER_ERROR, f"{error.message}: {error.hint}.")
        return self._told(HTTPStatus.NOT_FOUND, "There is no such page.")

    def _say(self, number: int, form: Form) -> Reply:
        """A verdict on a cover; then the next one that has none."""
        document = self.covers.document(number)
        said = answer(form, document, self.table)
        action = next(iter(form.get("action", ())), "save")
        if action == "look" or (said.faults and action != "open"):
            faults = said.faults if action != "look" else ()
            filled = typed(form, document, self.table, faults)
            return _page(cover_page(self.covers, number, self.table, secret=self.secret, filled=filled))
        self.covers.say(number, said.verdict if action != "open" else said.left_open())
        following = self.covers.next(number)
        return _elsewhere(f"/cover/{following}" if following else "/")

    def _finish(self) -> Reply:
        """Take the verdicts into tables and pages, and end."""
        places = self.covers.finish()
        threading.Thread(target=self.shutdown).start()
        counts = [(words, self.covers.count(saying)) for saying, words in SAYINGS.items()]
        told = ", ".join(f"{count} {words}" for words, count in counts if count) or "no cover reviewed"
        words = f"{told}. Written anew: {', '.join(place.name for place in places)}. You can close this page."
        return _page(message_page(self.covers.folder.name, "Finished", words))

    def _told(self, status: HTTPStatus, words: str) -> Reply:
        return Reply(status, message_page(self.covers.folder.name, status.phrase, words).encode())


_ASSETS: Mapping[str, tuple[str, Callable[[], str]]] = {
    "/report.css": (_CSS, lambda: report.source("report.css")),
    "/review.css": (_CSS, lambda: _source("review.css")),
    "/review.js": (_SCRIPT, lambda: _source("review.js")),
}


def _source(name: str) -> str:
    return files("postmark_id.review").joinpath(f"templates/{name}").read_text("utf-8")


def _page(text: str) -> Reply:
    return Reply(HTTPStatus.OK, text.encode("utf-8", "backslashreplace"))


def _elsewhere(path: str, **headers: str) -> Reply:
    # One slash: two would name another machine.
    return Reply(HTTPStatus.SEE_OTHER, headers={"Location": f"/{path.lstrip('/')}", **headers})


class _Handler(BaseHTTPRequestHandler):
    """One request: who asks, and what for."""

    server: Review
    server_version, sys_version = "postmark-id", ""
    protocol_version = "HTTP/1.1"
    timeout = SECONDS

    def do_GET(self) -> None:
        """Answer a question."""
        path, query = self._asked()
        key = next(iter(query.get("key", ())), "")
        if key and self._is_from_here() and hmac.compare_digest(key.encode(), self.server.key.encode()):
            cookie = f"{COOKIE}={self.server.key}; HttpOnly; SameSite=Strict; Path=/"
            self._send(_elsewhere(path, **{"Set-Cookie": cookie}))
        elif self._may_come_in():
            self._send(self.server.get(path, query))
        else:
            self._refuse()

    do_HEAD = do_GET  # noqa: N815

    def do_POST(self) -> None:
        """Take a form."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LONGEST_FORM:
            self.close_connection = True
            self._send(Reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE))
            return
        body = self.rfile.read(int(length))
        if not self._may_come_in():
            self._refuse()
            return
        try:
            form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError:
            self._send(Reply(HTTPStatus.BAD_REQUEST))
            return
        self._send(self.server.post(self._asked()[0], form))

    def _asked(self) -> tuple[str, Form]:
        """Path and query of the request, the path as it came: an address of ours has nothing to decode."""
        try:
            parts = urlsplit(self.path)
            return parts.path, parse_qs(parts.query, max_num_fields=MOST_FIELDS)
        except ValueError:
            return "", {}

    def _is_from_here(self) -> bool:
        """Whether the browser believes to speak with this machine, and no other site sent it."""
        site = self.headers.get("Sec-Fetch-Site", "none")
        return self.headers.get("Host", "") in self.server.hosts and site in ("none", "same-origin")

    def _may_come_in(self) -> bool:
        try:
            cookie = SimpleCookie(self.headers.get("Cookie", "")).get(COOKIE)
        except CookieError:
            return False
        brought = cookie.value if cookie else ""
        return self._is_from_here() and hmac.compare_digest(brought.encode(), self.server.key.encode())

    def _refuse(self) -> None:
        words = "Open the address that `postmark-id review` printed."
        self._send(Reply(HTTPStatus.FORBIDDEN, message_page("postmark-id", "Not for you", words).encode()))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {**_HEADERS, **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests go to the log of the program, without what stands behind the question mark: it may be the key."""
        LOG.debug("%s", " ".join(str(arg).partition("?")[0] for arg in args))
