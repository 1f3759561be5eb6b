"""Notices and their deliveries, and who may see, post and hand them out."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import Protect
from referral.lib.tables import NewTable

RELAYS = "(SELECT baken.may('notice.relay'))"
TO_ME = (
    "organisation_id = (SELECT baken.actor_organisation())"
    " AND (role = '' OR role = (SELECT baken.actor_role()))"
    " AND (user_id IS NULL OR user_id = (SELECT baken.actor_user()))"
)
# Whoever acts may post, under their own name, and only what has still to be handed out.
POSTS = "posted_by_id = (SELECT baken.actor_user()) AND state = 'pending' AND attempts = 0"
# The notice's own policy decides inside the sub-select: organisation and role of this moment.
MINE = (
    "user_id = (SELECT baken.actor_user())"
    " AND EXISTS (SELECT FROM notices_notice n WHERE n.id = notice_id)"
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0002_locks"),
        ("organisations", "0001_organisations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=referral.lib.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waiting"),
                            ("done", "delivered"),
                            ("dead", "given up"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField()),
                ("last_error", models.CharField(blank=True, max_length=100)),
                ("kind", models.CharField(max_length=30)),
                ("role", models.CharField(blank=True, max_length=20)),
                ("object_type", models.CharField(max_length=60)),
                ("object_id", models.CharField(max_length=64)),
                ("url", models.CharField(max_length=300)),
                ("urgent", models.BooleanField(default=False)),
                ("posted_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "posted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "pending")),
                        fields=["next_attempt_at"],
                        name="notice_still_to_hand_out",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "done", "dead"])),
                        name="notice_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", False), ("state", "done")),
                            models.Q(models.Q(("state", "done"), _negated=True), ("done_at", None)),
                            _connector="OR",
                        ),
                        name="notice_is_done_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url__startswith", "/"),
                            models.Q(("url__startswith", "//"), _negated=True),
                        ),
                        name="notice_leads_to_a_page_of_ours",
                    ),
                ],
            },
        ),
        NewTable(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=referral.lib.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waiting"),
                            ("done", "delivered"),
                            ("dead", "given up"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField()),
                ("last_error", models.CharField(blank=True, max_length=100)),
                (
                    "channel",
                    models.CharField(
                        choices=[("in_app", "in Baken"), ("mail", "by e-mail")], max_length=10
                    ),
                ),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="notices.notice",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("channel", "in_app"), ("read_at", None)),
                        fields=["user", "-id"],
                        name="delivery_still_unread",
                    ),
                    models.Index(
                        condition=models.Q(("channel", "mail"), ("state", "pending")),
                        fields=["next_attempt_at"],
                        name="delivery_still_to_mail",
                    ),
                    models.Index(
                        condition=models.Q(("channel", "mail"), ("state", "done")),
                        fields=["user", "delivered_at"],
                        name="delivery_last_mailed",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("notice", "user", "channel"), name="notice_is_delivered_once_a_way"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["in_app", "mail"])),
                        name="delivery_channel_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "done", "dead"])),
                        name="delivery_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivered_at__isnull", False), ("state", "done")),
                            models.Q(
                                models.Q(("state", "done"), _negated=True), ("delivered_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="delivery_is_done_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("read_at", None), ("delivered_at__isnull", False), _connector="OR"
                        ),
                        name="delivery_is_read_after_it_came",
                    ),
                ],
            },
        ),
        Protect("notices_notice", select=f"{RELAYS} OR ({TO_ME})", insert=POSTS, update=RELAYS),
        Protect(
            "notices_delivery",
            select=f"{RELAYS} OR ({MINE})",
            insert=RELAYS,
            update=f"{RELAYS} OR ({MINE})",
        ),
    ]
