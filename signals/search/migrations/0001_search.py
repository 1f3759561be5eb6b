"""The index, what is stale of it, kept searches; triggers that notice changes, and the locks."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import referral.lib.ids
from referral.lib.policies import AddPolicy, DefinerFunction, Protect
from referral.lib.tables import NewTable

INDEX = "(SELECT baken.may('signal.index'))"
JUDGE = "(SELECT baken.may('signal.judge'))"
# As signals.querysets.signal.readable_by, on the columns that an entry repeats.
READ = """
    (SELECT baken.may('signal.read_all'))
    OR (reporter_organisation_id = (SELECT baken.actor_organisation()) AND (
        (SELECT baken.may('signal.read_organisation'))
        OR ((SELECT baken.may('signal.read_own'))
            AND created_by_id = (SELECT baken.actor_user()))))
    OR ((SELECT baken.may('signal.read_municipality'))
        AND reporter_type IN ('municipality', 'vo_centre')
        AND municipality_id = (
            SELECT municipality_id FROM organisations_organisation
            WHERE id = (SELECT baken.actor_organisation())))
    OR ((SELECT baken.may('signal.read_organisation')) AND EXISTS (
        SELECT FROM routing_decision d WHERE d.signal_id = search_searchentry.signal_id
            AND d.service_id = (SELECT baken.actor_organisation())))
"""
MINE = """
    organisation_id = (SELECT baken.actor_organisation())
    AND role = (SELECT baken.actor_role())
    AND created_by_id = (SELECT baken.actor_user())
"""
OURS = """
    organisation_id = (SELECT baken.actor_organisation())
    AND role = (SELECT baken.actor_role())
    AND (shared OR created_by_id = (SELECT baken.actor_user()))
"""
#: Policies come before `@@`, which is not leakproof, and no index on words would be used. This
#: one looks past them, for nobody but who reads all signals anyway.
ENTRIES_WITH = """
CREATE FUNCTION baken.entries_with(query tsquery) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT id FROM public.search_searchentry
    WHERE words @@ query AND baken.may('signal.read_all')
$$;
"""
# In the transaction of the change, whoever makes it; one statement, however many rows changed.
NOTICE = """
CREATE FUNCTION baken.words_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.search_stalesignal (signal_id) SELECT DISTINCT signal_id FROM changed;
    RETURN NULL;
END $$;
"""
NOTICE_CODES = """
CREATE FUNCTION baken.codes_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.search_stalesignal (signal_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
"""
WATCH = """
CREATE FUNCTION baken.watch_for_search(watched regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER search_hears_of_insert AFTER INSERT ON %s REFERENCING NEW TABLE'
        ' AS changed FOR EACH STATEMENT EXECUTE FUNCTION baken.words_changed()', watched);
    EXECUTE format('CREATE TRIGGER search_hears_of_update AFTER UPDATE ON %s REFERENCING NEW TABLE'
        ' AS changed FOR EACH STATEMENT EXECUTE FUNCTION baken.words_changed()', watched);
    EXECUTE format('CREATE TRIGGER search_hears_of_delete AFTER DELETE ON %s REFERENCING OLD TABLE'
        ' AS changed FOR EACH STATEMENT EXECUTE FUNCTION baken.words_changed()', watched);
END $$;
SELECT baken.watch_for_search(watched::regclass) FROM unnest(ARRAY[
    'signals_signalnarrative', 'signals_deepening', 'signals_question', 'signals_judgement',
    'signals_parking', 'signals_merging', 'signals_amendment', 'signals_item']) AS watched;
CREATE TRIGGER search_hears_of_codes AFTER UPDATE OF
    forms, place_kind, sex, age_group, channel, municipality_id, world_region ON signals_signal
    FOR EACH ROW EXECUTE FUNCTION baken.codes_changed();
ALTER TABLE search_searchentry ADD CONSTRAINT search_entry_goes_with_its_signal
    FOREIGN KEY (signal_id) REFERENCES signals_signal (id) ON DELETE CASCADE
    DEFERRABLE INITIALLY DEFERRED;
"""
NO_WATCH = """
ALTER TABLE search_searchentry DROP CONSTRAINT search_entry_goes_with_its_signal;
DROP FUNCTION baken.watch_for_search(regclass);
DROP TRIGGER search_hears_of_codes ON signals_signal;
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT tgname, tgrelid::regclass AS watched FROM pg_trigger
        WHERE tgname LIKE 'search_hears_of_%' LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', one.tgname, one.watched);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("access", "0003_clients"),
        ("geography", "0002_facts_of_2026"),
        ("organisations", "0003_deliberation_and_tips"),
        ("routing", "0001_routing"),
        ("signals", "0004_items"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        NewTable(
            name="StaleSignal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "signal",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="signals.signal",
                    ),
                ),
            ],
        ),
        NewTable(
            name="SavedFilter",
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
                    "role",
                    models.CharField(
                        choices=[
                            ("muni_reporter", "Municipal front-line worker"),
                            ("muni_focal", "Municipal focal officer"),
                            ("muni_policy", "Municipal policy officer"),
                            ("le_police", "Police officer"),
                            ("le_kmar", "Marechaussee officer"),
                            ("le_nla", "Labour inspector"),
                            ("emm_analyst", "EMM analyst"),
                            ("emm_coordinator", "EMM coordinator"),
                            ("emm_partner", "Partner in the deliberation"),
                            ("om_chair", "National public prosecutor for trafficking"),
                            ("com_registrar", "Registrar at the national desk"),
                            ("com_placement", "Placement desk"),
                            ("zc", "Care coordinator"),
                            ("shelter_worker", "Shelter worker"),
                            ("shelter_manager", "Shelter manager"),
                            ("partner_ngo", "Worker of a partner organisation"),
                            ("nrm_analyst", "Analyst of the National Rapporteur"),
                            ("fg", "Data protection officer"),
                            ("auditor", "Auditor"),
                            ("org_admin", "Organisation administrator"),
                            ("platform_admin", "Platform administrator"),
                            ("service_relay", "Notice relay"),
                            ("service_sealer", "Audit sealer"),
                            ("service_statistics", "Statistics service"),
                            ("service_sweeper", "Deadline sweeper"),
                            ("service_tips", "Tips of citizens"),
                        ],
                        max_length=20,
                    ),
                ),
                ("shared", models.BooleanField()),
                ("sealed", models.BinaryField()),
                ("name_key", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.datakey",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organisation", "role"], name="saved_filter_by_role")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "muni_reporter",
                                    "muni_focal",
                                    "muni_policy",
                                    "le_police",
                                    "le_kmar",
                                    "le_nla",
                                    "emm_analyst",
                                    "emm_coordinator",
                                    "emm_partner",
                                    "om_chair",
                                    "com_registrar",
                                    "com_placement",
                                    "zc",
                                    "shelter_worker",
                                    "shelter_manager",
                                    "partner_ngo",
                                    "nrm_analyst",
                                    "fg",
                                    "auditor",
                                    "org_admin",
                                    "platform_admin",
                                    "service_relay",
                                    "service_sealer",
                                    "service_statistics",
                                    "service_sweeper",
                                    "service_tips",
                                ],
                            )
                        ),
                        name="saved_filter_is_kept_in_a_role",
                    ),
                    models.UniqueConstraint(
                        fields=("created_by", "organisation", "role", "name_key"),
                        name="saved_filter_has_a_name_of_its_own",
                    ),
                ],
            },
        ),
        NewTable(
            name="SearchEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("desk", models.BooleanField()),
                (
                    "reporter_type",
                    models.CharField(
                        choices=[
                            ("police_unit", "Police unit"),
                            ("kmar", "Royal Netherlands Marechaussee"),
                            ("nla", "Labour Authority"),
                            ("emm", "Expert centre on trafficking and smuggling (EMM)"),
                            ("om", "Public Prosecution Service"),
                            ("comensha", "National desk (CoMensha)"),
                            ("care_coord", "Care coordination"),
                            ("shelter", "Shelter"),
                            ("municipality", "Municipality"),
                            ("vo_centre", "Centre municipality for women's shelter"),
                            ("youth", "Youth care"),
                            ("nidos", "Guardianship for unaccompanied minors (Nidos)"),
                            ("coa", "Reception of asylum seekers (COA)"),
                            ("ind", "Immigration service (IND)"),
                            ("ngo", "Non-governmental organisation"),
                            ("lawyer", "Law office"),
                            ("vsh", "Victim support"),
                            ("riec", "Regional information and expertise centre (RIEC)"),
                            ("zvh", "Care and safety house"),
                            ("taskforce", "Task force"),
                            ("rapporteur", "National Rapporteur"),
                            ("ministry", "Ministry"),
                            ("vng", "Association of municipalities (VNG)"),
                            ("ccv", "Centre for crime prevention and safety (CCV)"),
                            ("platform", "Baken itself"),
                        ],
                        max_length=16,
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
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
                    "reporter_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "signal",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="signals.signal",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["words"], name="search_by_words"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("signal", "desk"), name="signal_is_found_once_by_each_side"
                    )
                ],
            },
        ),
        Protect(
            "search_searchentry",
            select=f"{INDEX} OR {JUDGE} OR (NOT desk AND ({READ}))",
            insert=INDEX,
            update=INDEX,
        ),
        Protect("search_stalesignal", select=INDEX, insert=INDEX, delete=INDEX),
        Protect("search_savedfilter", select=OURS, insert=MINE, update=MINE, delete=MINE),
        *[
            AddPolicy(table, name=f"{table}_index", verb="select", rule=INDEX)
            for table in (
                "signals_signal",
                "signals_judgement",
                "signals_parking",
                "signals_merging",
            )
        ],
        DefinerFunction("baken.entries_with(tsquery)", ENTRIES_WITH),
        DefinerFunction("baken.words_changed()", NOTICE),
        DefinerFunction("baken.codes_changed()", NOTICE_CODES),
        migrations.RunSQL(WATCH, NO_WATCH),
    ]
