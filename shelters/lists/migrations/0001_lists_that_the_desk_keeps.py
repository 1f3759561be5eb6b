"""Types of shelter, target groups, expertise and funders as rows, with what stood in the code."""

import django.contrib.postgres.fields.ranges
from django.db import migrations, models

from referral.lib.policies import DefinerFunction, Protect
from referral.lib.tables import NewTable

# What stood in the code until now, in the words that it had: domain model 2.3.
TYPES = (
    ("cosm", "Categorale opvang voor slachtoffers van mensenhandel (COSM)",
     "Categorical shelter for trafficking victims (COSM)"),
    ("omm", "Opvang voor slachtoffers met multiproblematiek (OMM)",
     "Shelter for multiple problems (OMM)"),
    ("nla", "Plekken voor slachtoffers van arbeidsuitbuiting", "Places for labour exploitation"),
    ("vo", "Vrouwenopvang", "Women''s shelter"),
    ("men", "Mannenopvang", "Men''s shelter"),
    ("mo", "Maatschappelijke opvang", "General shelter"),
    ("youth", "Gespecialiseerde jeugdhulp", "Specialised youth care"),
    ("amv", "Beschermde opvang van alleenstaande minderjarigen",
     "Protected reception of unaccompanied minors"),
    ("crisis", "Crisisopvang", "Crisis shelter"),
    ("assisted", "Begeleid wonen", "Assisted living"),
)  # fmt: skip
GROUPS = (
    ("trafficking", "Slachtoffers van mensenhandel", "Victims of human trafficking"),
    ("labour", "Slachtoffers van arbeidsuitbuiting", "Victims of labour exploitation"),
    ("violence", "Slachtoffers van huiselijk geweld", "Victims of violence at home"),
    ("homeless", "Dak- en thuislozen", "People without a home"),
    ("multiple", "Mensen met meervoudige problemen", "People with multiple problems"),
    ("youth", "Uitgebuite jongeren", "Exploited young people"),
    ("unaccompanied", "Alleenstaande minderjarigen", "Unaccompanied minors"),
)
EXPERTISE = (
    ("mild_disability", "Licht verstandelijke beperking (LVB)", "Mild intellectual disability"),
    ("mental_health", "Geestelijke gezondheidszorg (GGZ)", "Mental health care"),
    ("addiction", "Verslavingszorg", "Addiction care"),
    ("life_domains", "Problemen op meerdere leefgebieden", "Problems in several parts of life"),
)
FUNDERS = (
    ("state", "Het Rijk", "The State"),
    ("centre", "De centrumgemeente", "The centre municipality"),
    ("youth", "De jeugdregio", "The youth care region"),
    ("guardian", "De voogdij-instelling", "The guardianship institution"),
    ("other", "Een andere financier", "Another funder"),
)
SOURCE = "Uitgangspunten van de keten: opvang en plaatsing"
ROWS = ", ".join(
    f"('{name}', '{code}', '{dutch}', '{english}', '{SOURCE}', '[2012-01-01,)')"
    for name, codes in (
        ("type", TYPES), ("group", GROUPS), ("expertise", EXPERTISE), ("funder", FUNDERS),
    )
    for code, dutch, english in codes
)  # fmt: skip
COLUMNS_OF_A_CODE = "(list, code, dutch, english, source, valid)"
FIRST_CODES = f"INSERT INTO lists_listedcode {COLUMNS_OF_A_CODE} VALUES {ROWS}"  # noqa: S608

# A code is ended, and its words never change: what was recorded with it says the same for ever.
COLUMNS = """
REVOKE UPDATE, DELETE ON lists_listedcode FROM baken_web, baken_worker;
GRANT UPDATE (valid) ON lists_listedcode TO baken_web, baken_worker;
"""
# A foreign key cannot say this: one table holds four lists, and a shelter keeps several codes.
# A code is known whoever writes it down, so the guard looks.
LISTED = """
CREATE FUNCTION baken.are_listed(name text, codes text[]) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT NOT EXISTS (SELECT FROM unnest(codes) one WHERE NOT EXISTS (
        SELECT FROM public.lists_listedcode c WHERE c.list = name AND c.code = one))
$$
"""
# No day of use is undone: a code that has ended stays so, and its first day stays.
ENDS = """
CREATE FUNCTION baken.code_ends_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF upper(OLD.valid) IS NOT NULL OR lower(NEW.valid) <> lower(OLD.valid)
        OR upper(NEW.valid) IS NULL
    THEN
        PERFORM baken.refuse_move('code_ends_once');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER code_ends_once BEFORE UPDATE ON lists_listedcode
    FOR EACH ROW EXECUTE FUNCTION baken.code_ends_once();
"""
NEVER_ENDS = """
DROP TRIGGER code_ends_once ON lists_listedcode;
DROP FUNCTION baken.code_ends_once();
"""
DESK = "(SELECT baken.may('placement.reserve'))"


class Migration(migrations.Migration):
    initial = True

    dependencies = [("shelters", "0004_emergencies_transfers_and_terms")]

    operations = [
        NewTable(
            name="ListedCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "list",
                    models.CharField(
                        choices=[
                            ("type", "Types of shelter"),
                            ("group", "Target groups"),
                            ("expertise", "Expertise"),
                            ("funder", "Funders"),
                        ],
                        max_length=10,
                        verbose_name="list",
                    ),
                ),
                ("code", models.CharField(max_length=16, verbose_name="code")),
                ("dutch", models.CharField(max_length=80, verbose_name="in Dutch")),
                ("english", models.CharField(max_length=80, verbose_name="in English")),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        verbose_name="holds from and until"
                    ),
                ),
            ],
            options={
                "verbose_name": "code of a list",
                "constraints": [
                    models.UniqueConstraint(fields=("list", "code"), name="code_is_in_a_list_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("code__regex", "^[a-z][a-z_]{1,15}$"),
                                ("list__in", ("group", "expertise")),
                            ),
                            models.Q(
                                ("code__regex", "^[a-z][a-z_]{1,7}$"),
                                ("list__in", ("type", "funder")),
                            ),
                            _connector="OR",
                        ),
                        name="code_is_short_and_in_a_known_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("dutch", ""), _negated=True),
                            models.Q(("english", ""), _negated=True),
                            models.Q(("source", ""), _negated=True),
                        ),
                        name="code_has_words_in_both_languages_and_a_source",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("valid__lower_inf", False)),
                        name="code_has_a_first_day",
                    ),
                ],
            },
        ),
        # Before the policies: nobody is signed in while the database is made.
        migrations.RunSQL(FIRST_CODES, "DELETE FROM lists_listedcode"),
        migrations.RunSQL(COLUMNS, migrations.RunSQL.noop),
        DefinerFunction("baken.are_listed(text, text[])", LISTED),
        migrations.RunSQL(ENDS, NEVER_ENDS),
        Protect(
            "lists_listedcode",
            select="(SELECT baken.may('shelter.read'))",
            insert=DESK,
            update=DESK,
        ),
    ]
