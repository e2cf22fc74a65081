"""Judge how an accepted job ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

GIVEN_UP = "given up after 3 attempts: its reader died"
"""What a page says that was under way in three workers when each was killed, which is promised."""


@dataclass(frozen=True, slots=True)
class End:
    """How an accepted job ended: what is wrong with it, and how many of its pages met three blows."""

    fault: str = ""
    given_up: int = 0


def end_of(job: dict[str, Any], texts: list[str]) -> End:
    """Compare an ended job with its texts: each page has its own, or says that it was given up."""
    given_up = [str(page.get("error") or "").startswith(GIVEN_UP) for page in job["pages"]]
    read = [
        text if is_given_up else page["text"]
        for page, text, is_given_up in zip(job["pages"], texts, given_up, strict=False)
    ]
    if len(job["pages"]) == len(texts) and read == texts and job["credits"] == len(texts) - sum(given_up):
        return End(given_up=sum(given_up))
    errors = [page["error"] for page in job["pages"] if page.get("error")]
    return End(f"{job['status']}, {job['credits']} of {len(texts)} credits, {errors or read}")
