"""Register the jobs with Django."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """The app of jobs and pages."""

    name = "ocrchat_server.jobs"
    label = "jobs"
