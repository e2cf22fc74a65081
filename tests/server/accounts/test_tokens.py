"""Tokens, and whose they are."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from django.conf import settings

from ocrchat_server.accounts.errors import AccountExists, BadAddress
from ocrchat_server.accounts.lookup import TokenLookup
from ocrchat_server.accounts.models import Account, ApiToken
from ocrchat_server.accounts.queries import first_token
from ocrchat_server.accounts.services import create_account, issue_token, revoke_token
from ocrchat_server.accounts.tokens import digest_of, is_well_formed, new_token


def account_of_token(token: str) -> Account | None:
    """The account that the gate would find."""

    async def found() -> Account | None:
        lookup = TokenLookup(settings.OCRCHAT.database_url)
        try:
            return await lookup.account_of(token)
        finally:
            await lookup.close()

    return asyncio.run(found())


def test_a_new_token_is_well_formed_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(token.startswith("oc_") and is_well_formed(token) for token in tokens)


def test_a_token_with_any_letter_changed_is_not_well_formed() -> None:
    token = new_token()
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        assert not is_well_formed(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize("text", ["", "oc_", "oc_" + "A" * 47, "oc_" + "ä" * 48, "oc_" + "!" * 48, "x" * 51])
def test_a_text_of_another_shape_is_not_well_formed(text: str) -> None:
    assert not is_well_formed(text)


@pytest.mark.usefixtures("database")
def test_a_token_finds_its_account_until_it_is_revoked() -> None:
    account, token = create_account("ada@example.org", "free")
    second = issue_token(account, "second")
    assert account_of_token(token) == account_of_token(second) == account
    ApiToken.objects.filter(name="second").update(revoked_at=account.created_at)
    assert account_of_token(second) is None
    assert account_of_token(token) == account


@pytest.mark.usefixtures("database")
def test_the_last_use_of_a_token_is_noted_to_ten_minutes() -> None:
    _, token = create_account("ada@example.org", "free")
    assert ApiToken.objects.get().last_used_at is None
    account_of_token(token)
    first = ApiToken.objects.get().last_used_at
    assert first is not None
    account_of_token(token)
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(minutes=11))
    account_of_token(token)
    noted = ApiToken.objects.get().last_used_at
    assert noted is not None
    assert noted > first


@pytest.mark.usefixtures("database")
def test_nothing_is_kept_by_which_a_revoked_token_could_be_known() -> None:
    account, token = create_account("ada@example.org", "free")
    revoke_token(account, ApiToken.objects.get().id)
    stored = ApiToken.objects.get()
    assert stored.revoked_at is not None
    assert stored.seal is None
    assert bytes(stored.digest) != digest_of(token)
    assert account_of_token(token) is None


@pytest.mark.usefixtures("database")
def test_a_token_dies_with_its_account() -> None:
    account, token = create_account("ada@example.org", "free")
    account.is_active = False
    account.save()
    assert account_of_token(token) is None


@pytest.mark.usefixtures("database")
def test_the_database_holds_no_token_that_could_be_used() -> None:
    _, token = create_account("ada@example.org", "free")
    stored = ApiToken.objects.get()
    assert token.encode() not in bytes(stored.digest) + bytes(stored.seal)


@pytest.mark.usefixtures("database")
def test_the_first_accounts_token_is_shown_again() -> None:
    assert first_token() is None
    account, token = create_account("ada@example.org", "free")
    create_account("bob@example.org", "free")
    assert first_token() == (account, token)


@pytest.mark.usefixtures("database")
def test_an_address_has_one_account_whatever_its_case() -> None:
    create_account("ada@example.org", "free")
    with pytest.raises(AccountExists, match="already"):
        create_account("Ada@Example.org", "free")
    with pytest.raises(BadAddress, match="not an e-mail address"):
        create_account("nobody", "free")
