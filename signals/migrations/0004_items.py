"""What a signal names, item by item, and what its reporter does after sending: amend, split, withdraw."""

from importlib import import_module

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable

COUNT = "(SELECT baken.may('release.true_counts'))"
SWEEP = "(SELECT baken.may('deadline.sweep'))"
JUDGE = "(SELECT baken.may('signal.judge'))"
ACTOR = "(SELECT baken.actor_user())"
# Who reads the words of a signal reads what it names; the services that count and sweep do not.
SIGNAL_IS_READ = f"""
    EXISTS (SELECT FROM signals_signal WHERE id = signal_id AND NOT {COUNT} AND NOT {SWEEP})
"""
# The reporter's side: who sends signals, in the organisation that sent it, before the outcome.
OWN = """
    (SELECT baken.may('signal.submit'))
    AND EXISTS (SELECT FROM signals_signal WHERE id = signal_id AND outcome = ''
        AND reporter_organisation_id = (SELECT baken.actor_organisation()))
"""
KEY_OF_OWN_ITEM = f"""
    {OWN} AND EXISTS (SELECT FROM signals_item i
        WHERE i.id = item_id AND i.signal_id = signals_itemkey.signal_id)
"""
SPLIT_OFF_OWN = f"""
    {OWN} AND EXISTS (SELECT FROM signals_item i
        WHERE i.id = item_id AND i.signal_id = origin_id AND i.role = 'victim')
    AND EXISTS (SELECT FROM signals_signal WHERE id = origin_id
        AND reporter_organisation_id = (SELECT baken.actor_organisation()))
"""  # noqa: S608 -- two predicates of our own

# The same moves as workflow.MOVES: the table of 0002, and the way back of the reporter.
BEFORE = import_module("signals.migrations.0002_questions")
MOVES_BEFORE = BEFORE.MOVES_AFTER
MOVES_AFTER = MOVES_BEFORE.replace(
    "'received triage',", "'received triage', 'received withdrawn', 'triage withdrawn',"
).replace(
    "            NEW.version := OLD.version + 1;",
    """            IF NEW.status = 'withdrawn' AND NOT EXISTS (
                SELECT FROM public.signals_withdrawal w WHERE w.signal_id = NEW.id)
            THEN
                RAISE check_violation USING CONSTRAINT = 'signal_is_withdrawn_with_a_reason',
                    MESSAGE = 'signal_is_withdrawn_with_a_reason: ' || OLD.reference;
            END IF;
            NEW.version := OLD.version + 1;""",
)
# What was taken back is no longer open: the service that keeps the terms does not see it.
SELECT_BEFORE = BEFORE.AFTER
SELECT_AFTER = SELECT_BEFORE.replace("status <> 'closed'", "status NOT IN ('closed', 'withdrawn')")
# The row of the signal is held, so that nobody judges it meanwhile and two amendments take turns.
BEFORE_THE_JUDGEMENT = """
CREATE FUNCTION baken.amendment_is_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.signals_signal WHERE id = NEW.signal_id AND outcome = '' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE check_violation USING CONSTRAINT = 'signal_is_amended_until_it_is_judged',
            MESSAGE = 'signal_is_amended_until_it_is_judged: ' || NEW.signal_id;
    END IF;
    IF NEW.number <> 1 + (SELECT count(*) FROM public.signals_amendment
                          WHERE signal_id = NEW.signal_id) THEN
        RAISE check_violation USING CONSTRAINT = 'amendments_of_a_signal_follow_one_another',
            MESSAGE = 'amendments_of_a_signal_follow_one_another: ' || NEW.signal_id;
    END IF;
    RETURN NEW;
END $$
"""
CHANGES = """
CREATE FUNCTION baken.amendment_changes_signal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.signals_signal
    SET forms = NEW.forms, observed = NEW.observed, municipality_id = NEW.municipality_id,
        place_kind = NEW.place_kind, n_victims = NEW.n_victims, sex = NEW.sex,
        age_group = NEW.age_group, danger = NEW.danger
    WHERE id = NEW.signal_id;
    RETURN NULL;
END $$
"""
# Who takes a signal back takes back the keys by which others would meet it.
WITHDRAWS = """
CREATE FUNCTION baken.withdrawal_moves_signal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.signals_signal
    SET status = 'withdrawn', outcome = 'withdrawn', outcome_at = NEW.withdrawn_at
    WHERE id = NEW.signal_id AND status IN ('received', 'triage');
    IF NOT FOUND THEN
        RAISE check_violation USING CONSTRAINT = 'signal_is_withdrawn_before_it_is_decided_on',
            MESSAGE = 'signal_is_withdrawn_before_it_is_decided_on: ' || NEW.signal_id;
    END IF;
    DELETE FROM public.signals_itemkey WHERE signal_id = NEW.signal_id;
    RETURN NULL;
END $$
"""
LEAVES = """
CREATE FUNCTION baken.item_leaves_once() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.left_in IS NOT NULL OR NOT EXISTS (
        SELECT FROM public.signals_amendment a
        WHERE a.signal_id = NEW.signal_id AND a.number = NEW.left_in
        AND a.added_by_id = baken.actor_user())
    THEN
        RAISE check_violation USING CONSTRAINT = 'item_leaves_once_by_an_amendment_of_ones_own',
            MESSAGE = 'item_leaves_once_by_an_amendment_of_ones_own: ' || OLD.id;
    END IF;
    DELETE FROM public.signals_itemkey WHERE item_id = NEW.id;
    RETURN NEW;
END $$
"""
TRIGGERS = """
CREATE TRIGGER amendment_is_added BEFORE INSERT ON signals_amendment
    FOR EACH ROW EXECUTE FUNCTION baken.amendment_is_added();
CREATE TRIGGER amendment_changes_signal AFTER INSERT ON signals_amendment
    FOR EACH ROW EXECUTE FUNCTION baken.amendment_changes_signal();
CREATE TRIGGER withdrawal_moves_signal AFTER INSERT ON signals_withdrawal
    FOR EACH ROW EXECUTE FUNCTION baken.withdrawal_moves_signal();
CREATE TRIGGER item_leaves_once BEFORE UPDATE ON signals_item
    FOR EACH ROW EXECUTE FUNCTION baken.item_leaves_once();
REVOKE UPDATE, DELETE ON signals_item, signals_itemkey, signals_amendment, signals_withdrawal,
    signals_offshoot FROM baken_web, baken_worker;
GRANT UPDATE (left_in) ON signals_item TO baken_web, baken_worker;
"""
NO_TRIGGERS = """
DROP TRIGGER item_leaves_once ON signals_item;
DROP TRIGGER withdrawal_moves_signal ON signals_withdrawal;
DROP TRIGGER amendment_changes_signal ON signals_amendment;
DROP TRIGGER amendment_is_added ON signals_amendment;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("geography", "0002_facts_of_2026"),
        ("organisations", "0002_machines"),
        ("signals", "0003_indicators"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="signal",
            name="signal_taken_up_has_time_and_name",
        ),
        migrations.RemoveConstraint(
            model_name="signal",
            name="signal_status_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="signal",
            name="signal_outcome_is_told_once_it_is_judged",
        ),
        migrations.RemoveConstraint(
            model_name="signal",
            name="signal_status_and_outcome_agree",
        ),
        migrations.AlterField(
            model_name="signal",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("forwarded", "Forwarded for investigation"),
                    ("monitored", "Kept in view, not forwarded now"),
                    ("rejected", "Not pursued as trafficking"),
                    ("merged", "Joined with another report"),
                    ("withdrawn", "Taken back by the reporter"),
                ],
                default="",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="signal",
            name="status",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("triage", "In triage"),
                    ("needs_info", "Question to the reporter"),
                    ("parked", "Parked until a date"),
                    ("second_reading", "With a second reader"),
                    ("merged", "Joined with another"),
                    ("forwarded", "Forwarded"),
                    ("monitored", "Monitored"),
                    ("rejected", "Not pursued"),
                    ("withdrawn", "Taken back by the reporter"),
                    ("closed", "Closed"),
                ],
                default="received",
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "received",
                            "triage",
                            "needs_info",
                            "parked",
                            "second_reading",
                            "merged",
                            "forwarded",
                            "monitored",
                            "rejected",
                            "withdrawn",
                            "closed",
                        ],
                    )
                ),
                name="signal_status_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("status__in", ["received", "withdrawn"]),
                        ("taken_up_at", None),
                        ("taken_up_by", None),
                    ),
                    models.Q(
                        models.Q(("status", "received"), _negated=True),
                        ("taken_up_at__isnull", False),
                        ("taken_up_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="signal_taken_up_has_time_and_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(
                            (
                                "status__in",
                                [
                                    "forwarded",
                                    "monitored",
                                    "rejected",
                                    "merged",
                                    "withdrawn",
                                    "closed",
                                ],
                            ),
                            _negated=True,
                        ),
                        ("outcome", ""),
                        ("outcome_at", None),
                    ),
                    models.Q(
                        (
                            "outcome__in",
                            ["forwarded", "monitored", "rejected", "merged", "withdrawn"],
                        ),
                        ("outcome_at__isnull", False),
                        (
                            "status__in",
                            ["forwarded", "monitored", "rejected", "merged", "withdrawn", "closed"],
                        ),
                    ),
                    _connector="OR",
                ),
                name="signal_outcome_is_told_once_it_is_judged",
            ),
        ),
        migrations.AddConstraint(
            model_name="signal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "status__in",
                            ("forwarded", "monitored", "rejected", "merged", "withdrawn"),
                        ),
                        _negated=True,
                    ),
                    ("status", models.F("outcome")),
                    _connector="OR",
                ),
                name="signal_status_and_outcome_agree",
            ),
        ),
        NewTable(
            name="Item",
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
                    "signal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="signals.signal",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "Person"),
                            ("place", "Address"),
                            ("vehicle", "Vehicle"),
                            ("phone", "Telephone number"),
                            ("account", "Account"),
                            ("company", "Company"),
                        ],
                        max_length=8,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("victim", "Presumed victim"),
                            ("suspect", "Suspect"),
                            ("witness", "Witness"),
                            ("works", "Where they work"),
                            ("lives", "Where they stay"),
                            ("meets", "Where they are recruited or met"),
                            ("unknown", "Not clear yet"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("female", "Female"),
                            ("male", "Male"),
                            ("x", "X"),
                            ("mixed", "Different"),
                            ("unknown", "Unknown"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("came_in", models.PositiveSmallIntegerField(default=0)),
                ("left_in", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["person", "place", "vehicle", "phone", "account", "company"],
                            )
                        ),
                        name="item_is_of_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "",
                                    "victim",
                                    "suspect",
                                    "witness",
                                    "works",
                                    "lives",
                                    "meets",
                                    "unknown",
                                ],
                            )
                        ),
                        name="item_role_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "person"),
                                ("sex__in", ["female", "male", "x", "mixed", "unknown"]),
                            ),
                            models.Q(models.Q(("kind", "person"), _negated=True), ("sex", "")),
                            _connector="OR",
                        ),
                        name="only_a_person_has_a_sex",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("position__gt", 0)), name="items_are_counted_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_in", None), ("left_in__gt", models.F("came_in")), _connector="OR"
                        ),
                        name="item_leaves_after_it_came",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.GreaterThan(
                            django.db.models.functions.text.Length("sealed"), models.Value(28)
                        ),
                        name="item_is_sealed",
                    ),
                    models.UniqueConstraint(
                        fields=("signal", "kind", "came_in", "position"),
                        name="item_has_a_place_of_its_own",
                    ),
                ],
            },
        ),
        NewTable(
            name="ItemKey",
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
                    "signal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="item_keys",
                        to="signals.signal",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="keys",
                        to="signals.item",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("phone", "same telephone number"),
                            ("plate", "same number plate"),
                            ("iban", "same bank account"),
                            ("profile", "same account online"),
                            ("email", "same e-mail address"),
                            ("domain", "same web domain"),
                            ("kvk", "same Chamber of Commerce number"),
                            ("address", "same postcode and house number"),
                            ("name_date", "same name and birth date"),
                            ("words_year", "same names in any order, and birth year"),
                        ],
                        max_length=12,
                    ),
                ),
                ("hmac", models.BinaryField()),
            ],
            options={
                "indexes": [models.Index(fields=["hmac"], name="signal_by_item_key")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "phone",
                                    "plate",
                                    "iban",
                                    "profile",
                                    "email",
                                    "domain",
                                    "kvk",
                                    "address",
                                    "name_date",
                                    "words_year",
                                ],
                            )
                        ),
                        name="item_key_is_of_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("hmac"), models.Value(32)
                        ),
                        name="item_key_is_a_hash_of_32_bytes",
                    ),
                    models.UniqueConstraint(
                        fields=("item", "hmac"), name="item_key_stands_once_for_an_item"
                    ),
                ],
            },
        ),
        NewTable(
            name="Amendment",
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
                    "signal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendments",
                        to="signals.signal",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("sealed", models.BinaryField()),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "forms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("sexual", "Sexual exploitation"),
                                ("labour", "Labour exploitation"),
                                ("criminal", "Forced to commit crimes"),
                                ("services", "Forced services, such as housework"),
                                ("begging", "Forced begging"),
                                ("organ_removal", "Forced organ removal"),
                                ("forced_marriage", "Forced marriage"),
                                ("surrogacy", "Forced surrogacy"),
                                ("illegal_adoption", "Illegal adoption"),
                                ("unknown", "I do not know"),
                            ],
                            max_length=16,
                        ),
                        size=None,
                    ),
                ),
                (
                    "observed",
                    django.contrib.postgres.fields.ranges.DateRangeField(blank=True, null=True),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="geography.municipality",
                    ),
                ),
                (
                    "place_kind",
                    models.CharField(
                        choices=[
                            ("home", "House or flat"),
                            ("hotel", "Hotel or holiday park"),
                            ("club", "Sex club or brothel"),
                            ("street", "Street"),
                            ("online", "Online"),
                            ("farm", "Farm or greenhouse"),
                            ("factory", "Factory or warehouse"),
                            ("construction", "Building site"),
                            ("ship", "Ship or harbour"),
                            ("transport", "Vehicle, station or airport"),
                            ("shop", "Shop or salon"),
                            ("restaurant", "Restaurant or café"),
                            ("coa", "Reception centre for asylum seekers"),
                            ("school", "School"),
                            ("border", "Border"),
                            ("other", "Somewhere else"),
                            ("unknown", "I do not know"),
                        ],
                        max_length=16,
                    ),
                ),
                ("n_victims", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "sex",
                    models.CharField(
                        choices=[
                            ("female", "Female"),
                            ("male", "Male"),
                            ("x", "X"),
                            ("mixed", "Different"),
                            ("unknown", "Unknown"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "age_group",
                    models.CharField(
                        choices=[
                            ("minor", "Under 18"),
                            ("adult", "18 or older"),
                            ("mixed", "Both minors and adults"),
                            ("unknown", "Unknown"),
                        ],
                        max_length=8,
                    ),
                ),
                ("danger", models.BooleanField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gt", 0)),
                        name="amendments_of_a_signal_count_from_one",
                    ),
                    models.UniqueConstraint(
                        fields=("signal", "number"), name="amendment_of_a_signal_is_written_once"
                    ),
                ],
            },
        ),
        NewTable(
            name="Withdrawal",
            fields=[
                (
                    "signal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="withdrawal",
                        serialize=False,
                        to="signals.signal",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("mistake", "It was not what it seemed"),
                            ("double", "It was reported twice"),
                            ("wrong_form", "It belongs somewhere else"),
                            ("consent", "The person no longer agrees"),
                            ("other", "Another reason"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("withdrawn_at", models.DateTimeField()),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reason__in", ["mistake", "double", "wrong_form", "consent", "other"])
                        ),
                        name="withdrawal_reason_is_known",
                    )
                ],
            },
        ),
        NewTable(
            name="Offshoot",
            fields=[
                (
                    "signal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="offshoot",
                        serialize=False,
                        to="signals.signal",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offshoots",
                        to="signals.signal",
                    ),
                ),
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offshoot",
                        to="signals.item",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("origin", models.F("signal")), _negated=True),
                        name="signal_is_not_split_off_itself",
                    )
                ],
            },
        ),
        DefinerFunction("baken.amendment_is_added()", BEFORE_THE_JUDGEMENT),
        DefinerFunction("baken.amendment_changes_signal()", CHANGES),
        DefinerFunction("baken.withdrawal_moves_signal()", WITHDRAWS),
        DefinerFunction("baken.item_leaves_once()", LEAVES),
        migrations.RunSQL(MOVES_AFTER, MOVES_BEFORE),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(
            f"ALTER POLICY signals_signal_select ON signals_signal USING ({SELECT_AFTER})",
            f"ALTER POLICY signals_signal_select ON signals_signal USING ({SELECT_BEFORE})",
        ),
        Protect(
            "signals_item",
            select=SIGNAL_IS_READ,
            insert=f"{OWN} AND added_by_id = {ACTOR}",
            update=OWN,
        ),
        Protect("signals_itemkey", select=JUDGE, insert=KEY_OF_OWN_ITEM),
        Protect(
            "signals_amendment",
            select=SIGNAL_IS_READ,
            insert=f"{OWN} AND added_by_id = {ACTOR}",
        ),
        Protect(
            "signals_withdrawal",
            select=SIGNAL_IS_READ,
            insert=f"{OWN} AND withdrawn_by_id = {ACTOR}",
        ),
        Protect("signals_offshoot", select=SIGNAL_IS_READ, insert=SPLIT_OFF_OWN),
    ]
