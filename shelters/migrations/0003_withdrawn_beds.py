"""A withdrawn bed is not placed, and a placed bed is not withdrawn."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from referral.lib.policies import DefinerFunction

# Both wait for one another on the bed's row, which an update has locked before its trigger asks.
PLACED = """
CREATE FUNCTION baken.withdrawn_bed_is_not_placed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.shelters_bed b WHERE b.id = NEW.bed_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM public.shelters_bed b
        WHERE b.id = NEW.bed_id AND b.withdrawn_at IS NOT NULL)
    THEN
        PERFORM baken.refuse_move('withdrawn_bed_is_not_placed');
    END IF;
    RETURN NEW;
END $$
"""
WITHDRAWN = """
CREATE FUNCTION baken.placed_bed_is_not_withdrawn() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.shelters_placement p
        WHERE p.bed_id = NEW.id AND p.status IN ('reserved', 'accepted', 'arrived'))
    THEN
        PERFORM baken.refuse_move('placed_bed_is_not_withdrawn');
    END IF;
    RETURN NEW;
END $$
"""
TRIGGERS = """
CREATE TRIGGER withdrawn_bed_is_not_placed BEFORE INSERT ON shelters_placement
    FOR EACH ROW EXECUTE FUNCTION baken.withdrawn_bed_is_not_placed();
CREATE TRIGGER placed_bed_is_not_withdrawn BEFORE UPDATE ON shelters_bed FOR EACH ROW
    WHEN (NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL)
    EXECUTE FUNCTION baken.placed_bed_is_not_withdrawn();
"""
NO_TRIGGERS = """
DROP TRIGGER withdrawn_bed_is_not_placed ON shelters_placement;
DROP TRIGGER placed_bed_is_not_withdrawn ON shelters_bed;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("shelters", "0002_what_a_shelter_offers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="bed",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="bed",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="withdrawn_bed_has_time_and_name",
            ),
        ),
        migrations.RunSQL(
            "GRANT UPDATE (withdrawn_by_id) ON shelters_bed TO baken_web, baken_worker",
            migrations.RunSQL.noop,
        ),
        DefinerFunction("baken.withdrawn_bed_is_not_placed()", PLACED),
        DefinerFunction("baken.placed_bed_is_not_withdrawn()", WITHDRAWN),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
