"""Delete an account with everything it has."""

from __future__ import annotations

from uuid import UUID

from ocrchat_server.accounts.services import delete_account
from ocrchat_server.api.v1.resources import resources
from ocrchat_server.billing.services import forfeit
from ocrchat_server.jobs.deletion import Reason, delete_job
from ocrchat_server.jobs.models import Job


def delete_everything_of(account: UUID) -> None:
    """Delete its jobs with their files, let go of its credits, then delete the account and its tokens.

    The ledger keeps what was charged, under an id that is nobody's any more. Cut short, it can be asked
    for again: the account goes last.
    """
    store = resources().store
    for job in list(Job.objects.filter(account=account).values_list("id", flat=True)):
        delete_job(job, Reason.ASKED, store)
    forfeit(account)
    delete_account(account)
