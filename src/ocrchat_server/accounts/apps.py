"""Register the accounts with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The app of accounts and tokens."""

    name = "ocrchat_server.accounts"
    label = "accounts"
