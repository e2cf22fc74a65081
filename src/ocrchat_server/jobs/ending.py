"""End a job before all of its pages are read."""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction

from ocrchat.model import Note
from ocrchat.model.codec import note_as_plain
from ocrchat_server.billing.services import release
from ocrchat_server.jobs.commit import CHANNEL
from ocrchat_server.jobs.lifecycle import OPEN_PAGES, JobStatus
from ocrchat_server.jobs.models import Job


def end_early(job_id: UUID, reason: str) -> Job:
    """The job, ended: pages that are finished stay and are paid, all others are released.

    It is done when any page was read, failed when none was, and says why in a warning. A job that has
    ended stays as it is. The pages are locked before the job, in the order of a commit, so a reader who
    commits at this moment either counts or comes too late. Job.DoesNotExist when it is gone.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE jobs_page SET status = 'released', finished_at = now() "
                "WHERE job_id = %s AND status = ANY(%s)",
                [job_id, list(OPEN_PAGES)],
            )
        job = Job.objects.select_for_update().get(id=job_id)
        if JobStatus(job.status).is_final:
            return job
        said = f"{reason}; {job.pages_done} of {job.page_count} pages were finished before"
        job.notes = [*job.notes, note_as_plain(Note("cancelled", said))]
        job.status = JobStatus.DONE if job.pages_read else JobStatus.FAILED
        job.error = "" if job.pages_read else said
        job.password_seal = None
        job.save(update_fields=["notes", "status", "error", "password_seal"])
        with connection.cursor() as cursor:
            release(job_id)
            cursor.execute("UPDATE jobs_webhook SET next_at = now() WHERE job_id = %s", [job_id])
            cursor.execute(_ENDED, {"job": job_id, "channel": CHANNEL, "news": job_id.hex})
        job.refresh_from_db(fields=["finished_at", "expires_at"])
    return job


_ENDED = """
    UPDATE jobs_job SET finished_at = now(), expires_at = now() + keep_seconds * interval '1 second'
    WHERE id = %(job)s RETURNING pg_notify(%(channel)s, %(news)s)
"""
"""By the database's clock, as every end is."""
