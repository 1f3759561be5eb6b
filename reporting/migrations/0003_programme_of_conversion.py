"""The programme of what follows on the offer of a reflection period."""

from django.db import migrations

ADD = """
INSERT INTO reporting_reportprogramme (code, title_nl, title_en) VALUES
    ('conversion', 'Van bedenktijd naar verblijf', 'From reflection period to residence');
"""
REMOVE = "DELETE FROM reporting_reportprogramme WHERE code = 'conversion'"


class Migration(migrations.Migration):
    dependencies = [("reporting", "0002_rules_of_counting")]

    operations = [migrations.RunSQL(ADD, REMOVE)]
