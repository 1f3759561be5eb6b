"""An erasure takes the documents of a case along, and an extract for the person names them."""

from django.db import migrations

from referral.lib.policies import AmendFunction

BEFORE = "        ['cases_carenote', 'case_id = ANY($2)'],\n"
LINES = """        ['documents_documentpiece', 'document_id IN (SELECT id
            FROM public.documents_document WHERE case_id = ANY($2))'],
        ['documents_document', 'case_id = ANY($2)'],
"""
NOTES = "'notes', (SELECT count(*) FROM public.cases_carenote n"
DOCUMENTS = """'documents', (SELECT jsonb_agg(jsonb_build_object(
                        'kind', d.category, 'on', d.dated_on) ORDER BY d.dated_on, d.id)
                    FROM public.documents_document d
                    WHERE d.case_id = c.id AND d.status = 'ready'),
                """


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_documents_of_a_case"),
        ("retention", "0006_changes_of_beds_are_erased_too"),
        ("rights", "0004_data_go_along_with_a_person"),
    ]

    operations = [
        AmendFunction("baken.erasure_takes_everything_along()", (BEFORE, LINES + BEFORE)),
        AmendFunction("baken.rights_kept(uuid)", (NOTES, DOCUMENTS + NOTES)),
    ]
