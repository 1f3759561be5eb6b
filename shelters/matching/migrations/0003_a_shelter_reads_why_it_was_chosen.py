"""A shelter reads why it was chosen in spite of a warning, as far as it knows that anyway."""

from django.db import migrations

from referral.lib.policies import DefinerFunction

# Of the warnings those that follow from what the offer and the house say themselves. The others
# tell of the person what a shelter need not know: whom or which region they fear, their residence.
TOLD = """
CREATE FUNCTION baken.overrides_told(wanted uuid[])
RETURNS TABLE (placement uuid, reason varchar, warnings text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.placement_id, o.reason, ARRAY(SELECT w FROM unnest(o.warnings) AS w
        WHERE w IN ('women_only', 'men_only', 'adults_only', 'minors_only', 'no_children',
            'no_wheelchair', 'no_secret_address', 'not_for_several'))
    FROM public.matching_override o
    JOIN public.shelters_placement p ON p.id = o.placement_id
    JOIN public.shelters_shelter s ON s.id = p.shelter_id
    WHERE o.placement_id = ANY (wanted) AND (baken.may('placement.read_all')
        OR (baken.may('placement.answer') AND s.organisation_id = baken.actor_organisation()))
$$
"""


class Migration(migrations.Migration):
    dependencies = [("matching", "0002_rules_are_about_listed_types")]

    operations = [DefinerFunction("baken.overrides_told(uuid[])", TOLD)]
