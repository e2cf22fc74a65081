"""Administration: accounts, what they may do, what they were charged, their jobs without their contents."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ocrchat.errors import OcrchatError
from ocrchat_server.accounts.models import Account, Look
from ocrchat_server.billing.models import (
    Hold,
    PackRow,
    PaymentEvent,
    PlanRow,
    Purchase,
    Purse,
    Reversal,
    Transfer,
)
from ocrchat_server.billing.plans import all_plans
from ocrchat_server.billing.services import give, take_back
from ocrchat_server.jobs.models import Job
from ocrchat_server.web.looking import look_into


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg] # Django's class takes no argument at run time
    """Rows that are looked at and never touched."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody adds one."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes one."""
        return False


class AccountForm(forms.ModelForm):  # type: ignore[type-arg] # as above
    """The plan, who may administer, and credits with the reason for them."""

    plan = forms.ChoiceField()
    amount = forms.IntegerField(
        required=False,
        label="Grant credits",
        help_text="below zero takes back, as far as they are there",
    )
    reason = forms.CharField(required=False, max_length=250, help_text="kept in the ledger with your name")

    class Meta:
        model = Account
        fields = ("plan", "is_active", "is_staff", "is_superuser")

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["plan"].choices = [(plan.name, plan.title) for plan in all_plans()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Credits come with a reason."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("amount") and not (cleaned.get("reason") or "").strip():
            self.add_error("reason", "say why; it is kept with the credits")
        return cleaned


@admin.register(Account)
class Accounts(admin.ModelAdmin):  # type: ignore[type-arg] # as above
    """Find an account; change its plan; grant credits."""

    form = AccountForm
    list_display = ("email", "plan", "is_active", "is_staff", "created_at")
    list_filter = ("plan", "is_active", "is_staff")
    search_fields = ("email", "id")
    readonly_fields = ("email", "created_at", "last_login", "elsewhere")
    fields = (*readonly_fields, "plan", "is_active", "is_staff", "is_superuser", "amount", "reason")
    ordering: ClassVar = ["-created_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Accounts sign up, or are made by `ocrchat account create`."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Accounts delete themselves, with their documents."""
        return False

    @admin.display(description="Ledger and jobs")
    def elsewhere(self, account: Account) -> SafeString:
        """Links to what hangs on an account."""
        return format_html(
            '<a href="/admin/billing/purse/?owner={0}">purses</a> · '
            '<a href="/admin/billing/hold/?owner={0}">holds</a> · '
            '<a href="/admin/billing/purchase/?q={0}">purchases</a> · '
            '<a href="/admin/jobs/job/?account__id__exact={0}">jobs</a> · '
            '<a href="/admin/accounts/look/?q={0}">looks into documents</a>',
            account.id,
        )

    def save_model(self, request: HttpRequest, account: Account, form: Any, change: bool) -> None:
        """Store the account, and move the credits that the form names."""
        super().save_model(request, account, form, change)
        amount = form.cleaned_data.get("amount") or 0
        note = f"{form.cleaned_data.get('reason')} ({request.user})"
        try:
            if amount > 0:
                give(account.id, amount, note, account_id_of(request))
            elif amount < 0:
                taken = take_back(account.id, -amount, note, account_id_of(request))
                self.message_user(request, f"{taken} credits were taken back.")
        except OcrchatError as error:
            self.message_user(request, str(error), level="error")


def account_id_of(request: HttpRequest) -> Any:
    """Who administers."""
    return request.user.pk


@admin.register(PlanRow)
class Plans(admin.ModelAdmin):  # type: ignore[type-arg] # as above
    """What plans give; a change is known everywhere within seconds."""

    list_display = (
        *("name", "title", "allowance", "period", "pages_a_file", "weight", "requests_a_minute"),
        *("message_credits", "messages_a_day"),
    )


@admin.register(PackRow)
class Packs(admin.ModelAdmin):  # type: ignore[type-arg] # as above
    """What can be bought; one that is not offered any more stays for what was sold."""

    list_display = ("name", "credits", "price_text", "is_offered")


@admin.register(Purchase)
class Purchases(ReadOnly):
    """What was sold, and how much of it was taken back since."""

    list_display = ("bought_at", "account", "credits", "price", "currency", "returned", "owed", "payment")
    search_fields = ("=account", "reference", "payment")
    ordering: ClassVar = ["-id"]


@admin.register(Reversal)
class Reversals(ReadOnly):
    """Refunds and disputes, as the provider last told them."""

    list_display = ("said_at", "kind", "state", "stands", "amount", "currency", "payment", "reference")
    list_filter = ("kind", "state")
    search_fields = ("payment", "reference")


@admin.register(PaymentEvent)
class PaymentEvents(ReadOnly):
    """What the provider told, and what was done."""

    list_display = ("received_at", "kind", "outcome", "id")
    list_filter = ("kind",)
    search_fields = ("id", "outcome")
    ordering: ClassVar = ["-received_at"]


@admin.register(Purse)
class Purses(ReadOnly):
    """What a client has."""

    list_display = ("key", "owner", "granted", "balance", "ends_at", "opened_at")
    search_fields = ("key", "owner")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """The account's page links here by owner."""
        return lookup == "owner" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]


@admin.register(Transfer)
class Transfers(ReadOnly):
    """Where credits went."""

    list_display = ("id", "at", "reason", "source", "target", "amount", "job", "page", "note", "by")
    list_filter = ("reason",)
    search_fields = ("job", "note", "=source", "=target")
    show_full_result_count = False


@admin.register(Hold)
class Holds(ReadOnly):
    """What is set aside for jobs and chat messages."""

    list_display = ("job", "about", "owner", "reserved", "remaining", "spent", "opened_at", "closed_at")
    search_fields = ("job", "owner")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """The account's page links here by owner."""
        return lookup == "owner" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]


@admin.register(Job)
class Jobs(ReadOnly):
    """A job's course; what stands in the document, and what it is called, is shown with a reason only."""

    list_display = ("id", "account", "status", "tier", "page_count", "pages_done", "credits", "created_at")
    list_filter = ("status", "tier")
    search_fields = ("=id", "account__email")
    list_select_related = ("account",)
    show_full_result_count = False
    fields = (
        *("id", "account", "status", "tier", "language", "file_kind", "file_size", "page_count"),
        *("pages_done", "pages_read", "credits", "engine", "error", "created_at", "finished_at"),
        "contents",
    )
    readonly_fields = ("contents",)

    @admin.display(description="What stands in it")
    def contents(self, job: Job) -> SafeString:
        """The way to it."""
        return format_html('<a href="{}">look, with a reason</a>', reverse("admin:look_into", args=[job.id]))

    def get_urls(self) -> list[URLPattern]:
        """Django's, and the page where a reason is asked for."""
        look = self.admin_site.admin_view(look_into)
        return [path("<uuid:job_id>/contents/", look, name="look_into"), *super().get_urls()]


@admin.register(Look)
class Looks(ReadOnly):
    """Who looked into whose document, and why."""

    list_display = ("at", "by", "owner", "job", "reason")
    search_fields = ("=by", "=owner", "=job", "reason")
    ordering: ClassVar = ["-id"]
