"""Whether the time of a token's look-up tells anything about the tokens that are stored.

    python -m benchmarks.token_lookup [--samples 20000]

Runs a database of its own with 1,000 tokens in a temporary folder. Looks up, in shuffled turn, tokens that
were never stored, tokens that share all but their last random byte with a stored one, and tokens that
were revoked; prints each kind's median and mean, and Welch's t of every pair of kinds (trimmed by a tenth
at the slow end, where the machine's own pauses are). Above 4.5 there is a difference that can be seen.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import math
import os
import random
import statistics
import tempfile
import time
from itertools import combinations
from pathlib import Path

from ocrchat_server.config.environment import environment
from ocrchat_server.embedded.postgres import Cluster

STORED = 1000


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--samples", type=int, default=20_000)
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Cluster(Path(folder)) as url:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "ocrchat_server.config.settings",
            "DATABASE_URL": url,
            "OCRCHAT_DATA": folder,
        }
        environment.cache_clear()
        kinds = _filled()
        times = asyncio.run(_timed(url, kinds, wishes.samples))
    for kind, each in times.items():
        print(f"{kind:28} n {len(each):6}  median {statistics.median(each):7.1f} us", end="  ")
        print(f"mean of nine tenths {statistics.fmean(_trimmed(each)):7.1f} us")
    for one, other in combinations(times, 2):
        print(f"t({one}, {other}) = {_welch(_trimmed(times[one]), _trimmed(times[other])):.2f}")


def _filled() -> dict[str, list[str]]:
    """A migrated database with tokens; for each kind, tokens of it that find nobody."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from ocrchat_server.accounts.models import Account, ApiToken
    from ocrchat_server.accounts.services import revoke_token
    from ocrchat_server.accounts.tokens import digest_of, new_token

    call_command("migrate", verbosity=0, interactive=False)
    account = Account.objects.create(email="ada@example.org", plan="free")
    tokens = [new_token() for _ in range(STORED)]
    ApiToken.objects.bulk_create(
        ApiToken(account=account, name=str(number), digest=digest_of(token))
        for number, token in enumerate(tokens)
    )
    for number in ApiToken.objects.order_by("id").values_list("id", flat=True)[1::2]:
        revoke_token(account, number)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE accounts_apitoken")
    connection.close()
    connection.close_pool()
    return {
        "never stored": [new_token() for _ in range(STORED // 2)],
        "all but a byte of a stored": [_sibling(token) for token in tokens[::2]],
        "revoked": tokens[1::2],
    }


def _sibling(token: str) -> str:
    """A well-formed token whose last random byte is another."""
    from ocrchat_server.accounts.tokens import PREFIX, _checksum

    data = base64.urlsafe_b64decode(token.removeprefix(PREFIX))
    other = data[:31] + bytes([data[31] ^ 1])
    return PREFIX + base64.urlsafe_b64encode(other + _checksum(other)).decode()


async def _timed(url: str, kinds: dict[str, list[str]], samples: int) -> dict[str, list[float]]:
    from ocrchat_server.accounts.lookup import TokenLookup

    lookup = TokenLookup(url)
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    order = [kind for kind in kinds for _ in range(math.ceil((samples + 600) / len(kinds)))]
    random.Random(1).shuffle(order)
    try:
        for turn, kind in enumerate(order):
            token = random.Random(turn).choice(kinds[kind])
            start = time.perf_counter()
            found = await lookup.account_of(token)
            if turn >= 600:  # the first ones warm everything up
                times[kind].append((time.perf_counter() - start) * 1e6)
            if found is not None:
                raise SystemExit("a token that should find nobody found somebody")
    finally:
        await lookup.close()
    return times


def _trimmed(times: list[float]) -> list[float]:
    return sorted(times)[: len(times) * 9 // 10]


def _welch(one: list[float], other: list[float]) -> float:
    spread = statistics.variance(one) / len(one) + statistics.variance(other) / len(other)
    return (statistics.fmean(one) - statistics.fmean(other)) / math.sqrt(spread)


if __name__ == "__main__":
    main()
