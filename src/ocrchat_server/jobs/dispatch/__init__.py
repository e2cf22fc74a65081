"""Say to the workers that there is work."""

from ocrchat_server.jobs.dispatch.base import Dispatcher, Work
from ocrchat_server.jobs.dispatch.procrastinate import TASK, ProcrastinateDispatcher

__all__ = ["TASK", "Dispatcher", "ProcrastinateDispatcher", "Work"]
