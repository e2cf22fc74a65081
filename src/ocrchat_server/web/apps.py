"""Register the pages with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The app of templates and pages; it stores nothing."""

    name = "ocrchat_server.web"
    label = "web"
