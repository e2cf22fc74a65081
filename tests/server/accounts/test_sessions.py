"""Sessions of browsers go when they have ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from ocrchat_server.accounts.sessions import forget_ended_sessions


@pytest.mark.usefixtures("database")
def test_ended_sessions_are_forgotten_and_others_kept() -> None:
    Session.objects.all().delete()
    for name, days in (("old", -1), ("new", 1)):
        Session.objects.create(
            session_key=name, session_data="", expire_date=timezone.now() + timedelta(days=days)
        )
    assert forget_ended_sessions() == 1
    assert Session.objects.get().session_key == "new"
    Session.objects.all().delete()
