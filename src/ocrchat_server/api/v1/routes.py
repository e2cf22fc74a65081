"""Put the routes of version 1 together."""

from __future__ import annotations

from ninja import NinjaAPI

from ocrchat_server.api.v1 import (
    chats,
    deletion,  # noqa: F401 - adds to ocr's routes
    downloads,
    events,  # noqa: F401 - adds to ocr's routes
    info,
    lists,  # noqa: F401 - adds to ocr's routes
    ocr,
    payments,
    quote,
    usage,
    webhooks,
)
from ocrchat_server.api.v1.errors import add_error_table

api = NinjaAPI(
    title="ocrchat",
    version="1",
    description="One HTTP request turns an image or a PDF into clean text, Markdown, tables and JSON.",
    docs_url=None,
    urls_namespace="v1",
)
api.add_router("/ocr", ocr.router)
api.add_router("/ocr", downloads.router)
api.add_router("/chat", chats.router)
api.add_router("", info.router)
api.add_router("", usage.router)
api.add_router("", quote.router)
api.add_router("", payments.router)
api.add_router("/webhooks", webhooks.router)
add_error_table(api)
