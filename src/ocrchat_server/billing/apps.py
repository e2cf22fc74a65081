"""Register billing with Django."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """The app of plans, the ledger and payments."""

    name = "ocrchat_server.billing"
    label = "billing"
