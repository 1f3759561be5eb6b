"""An extract holds stays, residence and family; what waits to be carried out is told once more."""

from django.db import migrations, models

from referral.lib.policies import AddPolicy, AmendFunction

# The last lines of the function as they are, and the same with three more parts.
END = """s.organisation_id = organisation_id FROM asked)))
    FROM asked
"""
MORE = """s.organisation_id = organisation_id FROM asked)),
        'placements', (SELECT jsonb_agg(jsonb_build_object(
                'id', b.id, 'by', o.name, 'at', b.reserved_at, 'arrived_at', b.arrived_at,
                'ended_at', b.ended_at, 'agreed_until', y.agreed_until) ORDER BY b.reserved_at)
            FROM public.shelters_placement b
            JOIN public.shelters_shelter h ON h.id = b.shelter_id
            JOIN public.organisations_organisation o ON o.id = h.organisation_id
            LEFT JOIN public.stays_stay y ON y.placement_id = b.id
            WHERE b.person_id IN (SELECT id FROM records) AND (b.case_id IN (SELECT id FROM cases)
                OR (SELECT h.organisation_id = asked.organisation_id FROM asked))),
        'residence', (SELECT jsonb_agg(jsonb_build_object(
                'id', f.id, 'reference', f.reference, 'at', f.opened_at,
                'reflection', r.status, 'reflection_from', r.starts_on, 'reflection_to', r.ends_on,
                'track', t.status, 'ground', t.ground, 'permit_from', t.permit_from,
                'permit_to', t.permit_to) ORDER BY f.opened_at)
            FROM public.residence_residencefile f
            LEFT JOIN public.residence_reflection r ON r.file_id = f.id
            LEFT JOIN public.residence_track t ON t.file_id = f.id
            WHERE f.person_id IN (SELECT id FROM records)
                AND ((SELECT is_desk FROM asked) OR EXISTS (SELECT FROM cases))),
        'family', (SELECT jsonb_agg(jsonb_build_object(
                'id', l.id, 'relation', l.relation, 'since', l.linked_at) ORDER BY l.linked_at)
            FROM public.family_familylink l
            WHERE l.case_id IN (SELECT id FROM cases) AND l.ended_at IS NULL))
    FROM asked
"""
COURSE = "ARRAY['how', 'done_at', 'done_by_id']"
REMINDED = "ARRAY['how', 'done_at', 'done_by_id', 'reminded_at']"
CLOCK = "(SELECT baken.may('deadline.sweep')) AND done_at IS NULL"


class Migration(migrations.Migration):
    dependencies = [
        ("rights", "0002_granted_requests_are_carried_out"),
        ("family", "0001_family_links"),
        ("residence", "0002_terms_of_the_law"),
        ("shelters", "0001_shelters"),
        ("stays", "0001_stays_and_their_course"),
    ]

    operations = [
        migrations.AddField(
            "rightsexecution", "reminded_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.RunSQL(
            "GRANT UPDATE (reminded_at) ON rights_rightsexecution TO baken_web, baken_worker",
            migrations.RunSQL.noop,
        ),
        AmendFunction("baken.rights_kept(uuid)", (END, MORE)),
        AmendFunction("baken.rights_execution_follows_a_granted_request()", (COURSE, REMINDED)),
        AddPolicy(
            "rights_rightsexecution", name="rights_execution_is_told_of", verb="select", rule=CLOCK
        ),
        AddPolicy(
            "rights_rightsexecution", name="rights_execution_is_reminded", verb="update", rule=CLOCK
        ),
    ]
