"""A handoff goes back to its receiver with a reply and not without: the database minds it too."""

from django.db import migrations

from referral.lib.policies import DefinerFunction

# The reply is written first, in the same transaction (actions.conversation.reply_about_handoff).
# By the guard, for whom no question is hidden: what is not seen is not answered.
ANSWERED = """
CREATE FUNCTION baken.handoff_goes_back_with_a_reply() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.cases_handoffquestion q
        WHERE q.handoff_id = NEW.id AND q.replied_at IS NULL)
    THEN
        PERFORM baken.refuse_move('handoff_goes_back_with_a_reply');
    END IF;
    RETURN NEW;
END $$
"""
MINDED = """
CREATE TRIGGER handoff_goes_back_with_a_reply BEFORE UPDATE OF status ON cases_handoff
    FOR EACH ROW WHEN (OLD.status = 'info_requested' AND NEW.status = 'in_review')
    EXECUTE FUNCTION baken.handoff_goes_back_with_a_reply();
"""
NOT_MINDED = "DROP TRIGGER handoff_goes_back_with_a_reply ON cases_handoff;"


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_handoff_to_its_end")]

    operations = [
        DefinerFunction("baken.handoff_goes_back_with_a_reply()", ANSWERED),
        migrations.RunSQL(MINDED, NOT_MINDED),
    ]
