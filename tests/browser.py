"""A browser without scripts, for tests of pages."""

from __future__ import annotations

import re

import requests

PASSWORD = "correct horse battery"


class Browser:
    """Keeps cookies, and sends forms with what the page had in them."""

    def __init__(self, address: str) -> None:
        self.session, self._address = requests.Session(), address

    def open(self, path: str) -> requests.Response:
        """Get a page."""
        return self.session.get(self._address + path, timeout=30)

    def send(self, path: str, to: str = "", *, follow: bool = True, **fields: str) -> requests.Response:
        """Load the page of a form and send it, to its own address or another."""
        return self.fill(self.open(path), to or path, follow=follow, **fields)

    def fill(
        self, page: requests.Response, to: str, *, follow: bool = True, **fields: str
    ) -> requests.Response:
        """Send the form of a page that is open already."""
        found = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert found, page.url
        return self.session.post(
            self._address + to,
            data={"csrfmiddlewaretoken": found[1], **fields},
            headers=self._told_by(page),
            timeout=30,
            allow_redirects=follow,
        )

    def _told_by(self, page: requests.Response) -> dict[str, str]:
        """Where a form comes from, as browsers say it under the page's policy (W3C Referrer Policy)."""
        if page.headers.get("Referrer-Policy") == "no-referrer":
            return {"Origin": "null"}
        return {"Origin": self._address, "Referer": page.url}
