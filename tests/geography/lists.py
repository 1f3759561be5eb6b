"""Official lists as tests hand them over: the map as it is, with changes."""

from datetime import date

from referral.geography.models import Municipality
from referral.geography.rules import ListedMunicipality, MunicipalityList

NEW_YEAR = date(2027, 1, 1)


def todays_lines():
    """Every municipality of the map, by its code."""
    return {
        municipality.cbs_code: ListedMunicipality(
            municipality.cbs_code, municipality.name, municipality.province_id
        )
        for municipality in Municipality.objects.filter(valid__upper_inf=True)
    }


def list_of(lines, *, valid_from=NEW_YEAR, **successors):
    return MunicipalityList(tuple(lines.values()), valid_from, successors)


def merger():
    """Barneveld and Scherpenzeel become Valleirijk on 1 January 2027."""
    lines = todays_lines()
    del lines["GM0203"], lines["GM0279"]
    lines["GM9001"] = ListedMunicipality("GM9001", "Valleirijk", "PV25")
    return list_of(lines, GM0203="GM9001", GM0279="GM9001")


def as_csv(lines):
    """The lines in the layout of CBS."""
    head = "Gemeentecode;GemeentecodeGM;Gemeentenaam;Provinciecode;ProvinciecodePV;Provincienaam"
    return "\n".join(
        [
            head,
            *(
                f"{int(line.cbs_code[2:])};{line.cbs_code};{line.name};"
                f"{line.province_code[2:]};{line.province_code};-"
                for line in lines.values()
            ),
        ]
    )
