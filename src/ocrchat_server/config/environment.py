"""Every setting of the server: its name, default and meaning."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ocrchat.endpoints import TextEndpoint
from ocrchat.errors import ServiceError
from ocrchat.sources.limits import Limits, described

PREFIX = "OCRCHAT_"


class Environment(BaseSettings):
    """The settings, read from environment variables `OCRCHAT_` + name; frozen."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    host: str = Field(default="127.0.0.1", description="The address that the web process listens on.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port that the web process listens on.")
    data: Path = Field(
        default=Path("data"), description="The folder that holds the database, files and logs."
    )
    database_url: str = Field(
        default="",
        validation_alias="DATABASE_URL",
        description="An outside PostgreSQL, `postgresql://...`; empty for the embedded one.",
    )
    secret_key: str = Field(
        default="",
        description="Signs and seals; empty for one that is made once and kept in the data folder.",
    )
    workers: int = Field(
        default=max(1, (os.cpu_count() or 1) // 4),
        ge=1,
        description="Worker processes that `ocrchat up` starts.",
    )
    engine: Literal["cpu", "scripted"] = Field(
        default="cpu",
        description="What reads pages; `scripted` reads only test pages whose text is in their pixels.",
    )
    engines: int = Field(default=1, ge=1, description="Engine processes of each worker.")
    engine_threads: int = Field(
        default=0, ge=0, description="Threads of each engine process; 0 shares the machine's cores evenly."
    )
    models: str = Field(
        default="",
        description="A folder with an operator's own models, see `docs/engines.md`; empty for none.",
    )
    page_seconds: float = Field(
        default=120.0, gt=0, description="How long an engine may take for a page before it is replaced."
    )
    page_attempts: int = Field(
        default=3, ge=1, description="How often a page is tried when its worker or engine dies on it."
    )
    inline_pages: int = Field(
        default=5, ge=0, description="Files of at most so many pages are answered in the POST."
    )
    inline_seconds: float = Field(
        default=60.0, gt=0, description="How long a POST waits for its pages before it answers 202."
    )
    heartbeat_seconds: float = Field(default=5.0, gt=0, description="How often a worker says that it lives.")
    stalled_seconds: float = Field(
        default=20.0,
        gt=0,
        description="A worker that is silent for so long is given up, its pages read again.",
    )
    public_url: str = Field(
        default="",
        pattern=r"^(https?://[^/\s]+)?$",
        description="Where people reach the server, `https://ocr.example.org`; empty: this machine.",
    )
    proxies: str = Field(
        default="",
        description="Networks of proxies whose `X-Forwarded-For` is believed, like `10.0.0.0/8,::1`.",
    )
    tokens_shown_once: bool = Field(
        default=False, description="Keep no copy of API tokens, so that each is shown once, when it is made."
    )
    confirm_addresses: bool = Field(
        default=True, description="Let accounts log in only when they have confirmed their e-mail address."
    )
    sign_up: bool = Field(default=True, description="Let anybody make an account.")
    smtp_url: str = Field(
        default="",
        pattern=r"^(smtps?(\+tls)?://\S+)?$",
        description="Where mail goes, `smtp+tls://user:password@host:587`; empty writes it into the log.",
    )
    mail_from: str = Field(default="ocrchat@localhost", description="The sender of the server's mail.")
    plans: Path | None = Field(
        default=None,
        description="A YAML file with the plans and packs that a new server begins with, instead of ours.",
    )
    payments: Literal["manual", "stripe"] = Field(
        default="manual",
        description="How credits are sold: `manual`, administrators grant them; `stripe`: `docs/billing.md`.",
    )
    stripe_key: str = Field(default="", description="Stripe's secret or restricted key, `sk_...`, `rk_...`.")
    stripe_webhook_secret: str = Field(
        default="", description="What signs the events that Stripe sends to this server, `whsec_...`."
    )
    stripe_address: str = Field(
        default="",
        pattern=r"^(https?://[^/\s]+)?$",
        description="Where Stripe's API is reached, for tests and proxies; empty for Stripe's own.",
    )
    contact: str = Field(
        default="",
        pattern=r"^((https?://|mailto:)\S+)?$",
        description="Where people ask for credits, `mailto:` or `https://`; shown where nothing is sold.",
    )
    credits_cpu: int = Field(default=1, ge=0, description="Credits for a page that the cpu engine read.")
    credits_vlm: int = Field(default=5, ge=0, description="Credits for a page that the vlm engine read.")
    blobs: str = Field(
        default="",
        pattern="^(s3://.+)?$",
        description="An S3 bucket, `s3://bucket/prefix`, for all files; empty for a folder in the data.",
    )
    keep_upload_seconds: int = Field(
        default=3600, ge=0, description="How long a file is kept after its job has ended."
    )
    keep_anonymous_seconds: int = Field(
        default=86_400, ge=0, description="How long an anonymous job is kept after its end."
    )
    keep_account_seconds: int = Field(
        default=2_592_000, ge=0, description="How long an account's job is kept after its end."
    )
    settle_seconds: float = Field(
        default=600.0,
        ge=0,
        description="How long a clock must run evenly, a blob be without a row, until that counts.",
    )
    reconcile_seconds: float = Field(
        default=3600.0, gt=0, description="How often all blobs are compared with the rows."
    )
    outstanding_pages: int = Field(
        default=200_000, ge=1, description="Pages that may wait in all; who comes then is told to come later."
    )
    outstanding_pages_each: int = Field(
        default=20_000, ge=1, description="Pages of one account, or one anonymous client, that may wait."
    )
    webhook_networks: str = Field(
        default="",
        description="Private networks that webhooks may call, like `10.0.0.0/8,::1`; `http://` only there.",
    )
    chat_messages_a_day: int = Field(
        default=1000,
        ge=0,
        description="Chat messages an account may send a day, in UTC, where its plan does not say; "
        "0 for any number.",
    )
    chat_url: str = Field(
        default="",
        pattern=r"^(https?://\S+)?$",
        description="OpenAI-compatible server that words chat answers, `http://localhost:8001/v1`; or empty.",
    )
    chat_model: str = Field(default="", description="The name of that server's model.")
    chat_key: str = Field(
        default="", description="What that server wants as `Authorization: Bearer`; empty for nothing."
    )
    chat_seconds: float = Field(
        default=60.0, gt=0, description="How long it may take before the document answers in its own words."
    )
    chat_window: int = Field(
        default=24_000, ge=1000, description="Characters of a document that the model is shown at most."
    )
    database_pool: int = Field(default=16, ge=2, description="Database connections of each process at most.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="The least severe messages that are logged."
    )

    def threads_of_each_engine(self) -> int:
        """As set, or an even share of the machine's cores, at least 1."""
        return self.engine_threads or max(1, (os.cpu_count() or 1) // (self.workers * self.engines))

    def models_folder(self) -> Path | None:
        """The folder of an operator's own models, None for none; BadSetting where there is no such folder."""
        if self.models and not Path(self.models).is_dir():
            raise BadSetting(f"{PREFIX}MODELS: there is no folder {self.models!r}")
        return Path(self.models) if self.models else None

    def language_model(self) -> TextEndpoint | None:
        """What words chat answers; None where documents answer in their own words."""
        if not self.chat_url:
            return None
        return TextEndpoint(self.chat_url, self.chat_model, self.chat_key, self.chat_seconds)

    def limits(self) -> Limits:
        """The intake's limits, each from its own variable where it is set."""
        return _limits()


_LIMIT_PREFIX = PREFIX + "LIMIT_"


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as people see it."""

    name: str
    default: str
    meaning: str


SETTINGS = tuple(
    Setting(
        name=str(field.validation_alias or PREFIX + name.upper()),
        default=str(field.default),
        meaning=field.description or "",
    )
    for name, field in Environment.model_fields.items()
) + tuple(
    Setting(
        name=_LIMIT_PREFIX + str(limit["name"]).upper(),
        default=str(limit["limit"]),
        meaning=f"At most, in {limit['unit']}: {limit['meaning']}.",
    )
    for limit in described(Limits())
)
"""Every setting there is, for `ocrchat settings` and the documentation."""


class BadSetting(ServiceError):
    """A setting that is misspelt or has a value it can't have; the text names it."""


@cache
def _limits() -> Limits:
    """The limits, with those that the environment names. BadSetting for a value that is no number over 0."""
    values = {}
    for limit in fields(Limits):
        name = _LIMIT_PREFIX + limit.name.upper()
        if text := os.environ.get(name):
            if not text.isdecimal() or not int(text):
                raise BadSetting(f"{name} takes a whole number over 0, not {text[:40]!r}")
            values[limit.name] = int(text)
    return Limits(**values)


@cache
def environment() -> Environment:
    """The settings of this process, read once. BadSetting names what is wrong with them."""
    known = {setting.name for setting in SETTINGS}
    for name in os.environ:
        if name.startswith(PREFIX) and name not in known:
            raise BadSetting(f"there is no setting {name}; `ocrchat settings` lists them")
    _limits()
    try:
        found = Environment()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise BadSetting(f"{name if name.isupper() else PREFIX + name.upper()}: {first['msg']}") from None
    if found.payments == "stripe" and not (found.stripe_key and found.stripe_webhook_secret):
        raise BadSetting(
            f"{PREFIX}PAYMENTS=stripe needs {PREFIX}STRIPE_KEY and {PREFIX}STRIPE_WEBHOOK_SECRET"
        )
    return found
