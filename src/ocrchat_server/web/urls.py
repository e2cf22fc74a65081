"""Route the pages."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from allauth.mfa.models import Authenticator
from axes.models import AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import include, path

from ocrchat_server.web import buying, queue, views

# Who administers logs in as everybody does: with the lock-out, and the second factor where one is set up.
admin.autodiscover()
admin.site.unregister((AccessLog, Authenticator, Group))  # not used here, or nobody's business
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "ocrchat administration"

urlpatterns = [
    path("", views.home, name="home"),
    path("pricing/", views.pricing, name="pricing"),
    path("docs/", views.api_docs, name="docs"),
    path("account/", views.account, name="account"),
    path("account/tokens/", views.change_tokens, name="account_tokens"),
    path("account/delete/", views.delete_account, name="account_delete"),
    path("account/buy/", buying.buy, name="buy"),
    path("account/bought/", buying.bought, name="bought"),
    path("account/invoices/", buying.portal, name="invoices"),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/", include("allauth.account.urls")),
    path("admin/queue/", admin.site.admin_view(queue.queue), name="queue"),
    path("admin/", admin.site.urls),
]
