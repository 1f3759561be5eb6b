"""What the law says of a registration that does not say who it is.

Sources: AVG art. 4 onder 1 and 5 and overweging 26 (data under a pseudonym are personal data, data
that lead to nobody are not), art. 5 lid 1 onder c (no more than is needed), art. 6 lid 1 onder f;
the government's answer of 2019 that consent is not the only basis that can be thought of;
Besluit politiegegevens art. 4:2. None of it was confirmed by a lawyer, and the page says so.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.migrations.state import StateApps

POLICE = ["police_unit", "kmar"]
OTHERS = [
    "comensha", "care_coord", "shelter", "ngo", "vsh", "lawyer", "youth", "nidos", "coa",
    "vo_centre", "ind",
]  # fmt: skip
MINORS = ["0-11", "12-14", "15-17"]
CODED, MINIMAL = "registration_coded", "registration_minimal"
NLA = "Besluit politiegegevens bijzondere opsporingsdiensten art. 2; AVG art. 5 lid 1 onder c"
LESS = "AVG art. 5 lid 1 onder c, art. 6 lid 1 onder f, overweging 26"
#: code, sharers, aims, ages, outcome, basis, citation, (Dutch, English)
RULES = [
    (
        "police_say_who", POLICE, [CODED, MINIMAL], [], "not_allowed", "",
        "Besluit politiegegevens art. 4:2 lid 1 onder b, 3°; Vreemdelingencirculaire B8/3",
        (("U meldt wie het is. Weet u dat niet, meld dan volledig en vul in dat het niet bekend"
          " is."),
         ("You report who it is. If you do not know, report in full and say that it is not"
          " known.")),
    ),
    (
        "inspectorate_without_a_name", ["nla"], [CODED, MINIMAL], [], "allowed", "nla_decree", NLA,
        ("U mag ook zonder naam aanmelden, als dat voor nu genoeg is.",
         "You may also register without a name, if that is enough for now."),
    ),
    (
        "children_under_a_reference", OTHERS, [CODED], MINORS, "not_allowed", "",
        "AVG art. 6 lid 1 onder f, laatste zinsdeel, en overweging 38",
        (("Een kenmerk leidt terug naar het kind. Meld volledig aan, met wie het kind"
          " vertegenwoordigt, of meld alleen wat wordt geteld."),
         ("A reference leads back to the child. Register in full, with who represents the child,"
          " or only what is counted.")),
    ),
    (
        "others_under_a_reference", OTHERS, [CODED], [], "allowed", "legitimate_interest",
        "AVG art. 4 onder 5, art. 5 lid 1 onder c, art. 6 lid 1 onder f",
        (("Zonder toestemming mag u onder een eigen kenmerk aanmelden. Alleen u weet wie het is;"
          " zet in het kenmerk niets van de persoon."),
         ("Without consent you may register under a reference of your own. You alone know who it"
          " is; put nothing of the person in the reference.")),
    ),
    (
        "others_only_what_is_counted", OTHERS, [MINIMAL], [], "allowed", "legitimate_interest",
        LESS,
        (("Zonder toestemming mag u melden wat wordt geteld, en niets dat naar de persoon leidt."),
         ("Without consent you may report what is counted, and nothing that leads to the"
          " person.")),
    ),
]  # fmt: skip


def load_rules(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Before the rules of a full registration, in the places that were left open."""
    editor.execute("SET LOCAL ROLE baken_guard")  # the owner sees no row and writes none
    rules = apps.get_model("matrix", "LegalRule")
    held = rules.objects.filter(valid__upper_inf=True)
    before = held.filter(code="police_registers").values_list("place", flat=True).first() or 30
    taken = set(held.values_list("place", flat=True))
    free = [place for place in range(before - 9, before) if place not in taken]
    for place, shipped in zip(free, RULES, strict=False):
        code, sharers, aims, ages, outcome, basis, citation, words = shipped
        rules.objects.create(
            code=code,
            version=1,
            place=place,
            sharers=sharers,
            aims=aims,
            recipients=["comensha"],
            ages=ages,
            outcome=outcome,
            basis=basis,
            citation=citation,
            words_nl=words[0],
            words_en=words[1],
            confirmed=False,
            reason="Hoort bij het product.",
            valid=DateTimeTZRange(None, None),
        )
    editor.execute("RESET ROLE")


class Migration(migrations.Migration):
    dependencies = [("matrix", "0001_legal_rules")]

    operations = [migrations.RunPython(load_rules, migrations.RunPython.noop)]
