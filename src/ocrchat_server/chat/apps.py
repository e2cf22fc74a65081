"""Register the conversations with Django."""

from django.apps import AppConfig


class ChatConfig(AppConfig):
    """The app of conversations and messages."""

    name = "ocrchat_server.chat"
    label = "chat"
