"""Baken: the national referral mechanism for presumed victims of human trafficking."""

from referral.celery import app as celery_app

__all__ = ["celery_app"]
