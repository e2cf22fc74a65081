"""Store accounts and API tokens."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class Account(AbstractBaseUser, PermissionsMixin):
    """Someone who reads documents here; known by an e-mail address, whatever its case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    plan = models.CharField(max_length=40)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    USERNAME_FIELD = "email"

    class Meta:
        verbose_name = "account"
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="one_account_an_address")]


class ApiToken(models.Model):
    """A token of an account: found by its digest, shown again from its seal, if that is kept.

    `last_used_at` is right to some minutes. What is revoked has a digest that is nobody's.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.BinaryField(unique=True)
    seal = models.BinaryField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)


class Look(models.Model):
    """That an administrator looked at what stands in somebody's document, and why; kept for ever.

    Ids and no foreign keys: it stays when the document, or either account, is gone.
    """

    by = models.UUIDField()
    owner = models.UUIDField(null=True, db_index=True)
    job = models.UUIDField(db_index=True)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)
