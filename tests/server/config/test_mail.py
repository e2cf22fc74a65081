"""Mail goes where a setting says: to the log, or to a mail server, sealed where it says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from ssl import SSLCertVerificationError

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import override_settings

from ocrchat_server.config.mail import mail_settings
from tests.mail_stand_in import MailServer, mail_server


@pytest.fixture(params=["smtp", "smtps", "smtp+tls"])
def post(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MailServer]:
    """A mail server that speaks as its address says."""
    with mail_server(tmp_path, request.param) as found:
        yield found


def _send() -> None:
    connection = get_connection()
    EmailMessage("Größe", "Text", "from@example.org", ["ada@example.org"], connection=connection).send()


def test_without_a_server_mail_is_written_to_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    with override_settings(**mail_settings("")):
        _send()
    assert "To: ada@example.org" in capsys.readouterr().out


def test_mail_goes_to_the_server_that_is_set(
    post: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "mail.pem"))
    with override_settings(**mail_settings(post.url)):
        _send()
    letter = post.newest("ada@example.org")
    assert (letter["Subject"], letter["From"]) == ("Größe", "from@example.org")
    assert post.logins == [("post", "p@ss")]
    assert post.were_sealed == [post.scheme != "smtp"]


def test_a_server_that_nobody_vouches_for_gets_no_mail_and_no_password(post: MailServer) -> None:
    if post.scheme == "smtp":
        return  # who sets `smtp://` asks for no seal
    with override_settings(**mail_settings(post.url)), pytest.raises(SSLCertVerificationError):
        _send()
    assert (post.letters, post.logins) == ([], [])


@pytest.mark.parametrize(("url", "port"), [("smtp://h", 25), ("smtps://h", 465), ("smtp+tls://h", 587)])
def test_each_scheme_has_its_usual_port(url: str, port: int) -> None:
    found = mail_settings(url)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("h", port)
