"""Buy credits: to the payment provider's pages, and back."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ocrchat.errors import OcrchatError
from ocrchat_server.accounts.models import Account
from ocrchat_server.billing.payments import provider
from ocrchat_server.billing.payments.base import Order
from ocrchat_server.billing.queries import customer_of, pack_offered
from ocrchat_server.web.address import address_of


@login_required
@require_POST
def buy(request: HttpRequest) -> HttpResponse:
    """To the page where a pack is paid: `pack=NAME`."""
    account, seller = cast(Account, request.user), provider()
    try:
        pack = pack_offered(request.POST.get("pack", ""))
        page = seller.checkout(
            Order(
                pack=pack.name,
                credits=pack.credits,
                price=pack.price,
                currency=pack.currency,
                account=account.id,
                email=account.email,
                customer=customer_of(account.id, seller.name),
                done=address_of(request) + reverse("bought"),
                back=address_of(request) + reverse("pricing"),
            )
        )
    except OcrchatError as error:
        messages.error(request, str(error))
        return redirect("pricing")
    return redirect(page)


@login_required
@require_GET
def bought(request: HttpRequest) -> HttpResponse:
    """Back from having paid; the credits come with the provider's event."""
    messages.success(request, "Thank you. Your credits are here as soon as the payment is confirmed.")
    return redirect("account")


@login_required
@require_POST
def portal(request: HttpRequest) -> HttpResponse:
    """To one's invoices and payment details."""
    account, seller = cast(Account, request.user), provider()
    customer = customer_of(account.id, seller.name)
    if customer is None:
        messages.error(request, "There are no invoices: nothing was bought yet.")
        return redirect("account")
    try:
        return redirect(seller.portal(customer, address_of(request) + reverse("account")))
    except OcrchatError as error:
        messages.error(request, str(error))
        return redirect("account")
