"""What was published for the years that the demo country reproduces.

Sources: totals, sex, minors and forms 2012-2022 from UNODC GLOTIP (data of CoMensha and the
National Rapporteur); 2023 and 2024 totals and minors from the National Rapporteur
(dutchrapporteur.nl, nji.nl); reporters 2016 and 2018 from the TIP reports (state.gov), 2023 and
2024 from CoMensha ("Het beeld van"); reporters 2010-2015 from the list overlap of the multiple
systems estimate. A figure that was not published is taken from the nearest year that has it, and
then stands in `assumed`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """Counts of presumed victims in one year; forms may add up to more than the total."""

    total: int
    female: int
    male: int
    minors: int
    sexual: int
    labour: int
    other: int
    reporters: dict[str, int]
    assumed: tuple[str, ...] = ()


# Reporters as published, by referrer type; "other" is what remains.
REPORTERS_2010_2015 = {"np": 4466, "kmar": 1299, "zc": 650, "opvang": 403, "nla": 352, "other": 632}
REPORTERS_2016 = {"np": 462, "zc": 240, "nla": 38, "kmar": 12, "other": 352}
REPORTERS_2018 = {"np": 530, "zc": 91, "nla": 75, "kmar": 12, "other": 0}
REPORTERS_2023 = {"np": 360, "zc": 312, "fairwork": 233, "nla": 33, "kmar": 50, "other": 55}
REPORTERS_2024 = {"np": 329, "zc": 301, "fairwork": 257, "nla": 71, "kmar": 67, "other": 36}

SEX, FORMS, MINORS, REPORTERS = ("sex",), ("forms",), ("minors",), ("reporters",)

YEARS: dict[int, PublishedYear] = {
    2012: PublishedYear(1711, 1501, 197, 223, 1216, 259, 163, REPORTERS_2010_2015),
    2013: PublishedYear(1434, 1262, 163, 259, 945, 183, 314, REPORTERS_2010_2015),
    2014: PublishedYear(1256, 970, 223, 279, 761, 188, 61, REPORTERS_2010_2015),
    2015: PublishedYear(1150, 806, 198, 288, 675, 263, 30, REPORTERS_2010_2015),
    2016: PublishedYear(952, 653, 154, 227, 558, 177, 61, REPORTERS_2016),
    2017: PublishedYear(952, 689, 253, 194, 569, 222, 332, REPORTERS_2016, REPORTERS),
    2018: PublishedYear(668, 419, 249, 62, 486, 114, 63, REPORTERS_2018),
    # Sex was published for neither 2019 nor 2020; the TIP report counts 547 women of 984 in 2020.
    2019: PublishedYear(1372, 763, 609, 108, 886, 261, 201, REPORTERS_2018, SEX + REPORTERS),
    # The other forms of 2020 were published as fewer than five.
    2020: PublishedYear(1013, 563, 450, 68, 436, 449, 4, REPORTERS_2018, SEX + REPORTERS),
    2021: PublishedYear(791, 507, 262, 80, 386, 326, 61, REPORTERS_2023, REPORTERS),
    2022: PublishedYear(814, 500, 308, 69, 379, 348, 87, REPORTERS_2023, REPORTERS),
    2023: PublishedYear(868, 533, 328, 52, 404, 371, 93, REPORTERS_2023, SEX + FORMS),
    2024: PublishedYear(944, 580, 357, 79, 440, 403, 101, REPORTERS_2024, SEX + FORMS),
}

#: Form x sex x minor in 2022 (UNODC GLOTIP), the shape from which the other years are fitted;
#: cells published as fewer than five count as two.
SHAPE_2022: dict[tuple[str, str, bool], float] = {
    ("sexual", "female", True): 42,
    ("sexual", "female", False): 263,
    ("sexual", "male", True): 2,
    ("sexual", "male", False): 43,
    ("labour", "female", True): 2,
    ("labour", "female", False): 118,
    ("labour", "male", True): 2,
    ("labour", "male", False): 212,
    ("other", "female", True): 2,
    ("other", "female", False): 31,
    ("other", "male", True): 12,
    ("other", "male", False): 37,
}

#: The share of each form within "other". An assumption: criminal exploitation is by far the
#: largest in the Rapporteur's reports, the others are not published by year.
OTHER_FORMS = {
    "criminal": 0.80,
    "services": 0.08,
    "begging": 0.07,
    "forced_marriage": 0.03,
    "organ_removal": 0.02,
}

#: Shares of the age groups within minors and within adults. 2023: 130 of 816 adults were 18-22
#: (nji.nl); the rest is an assumption in the shape of CoMensha's yearly figures.
MINOR_AGES = {"0-11": 0.08, "12-14": 0.27, "15-17": 0.65}
ADULT_AGES = {
    "18-22": 0.16,
    "23-29": 0.32,
    "30-39": 0.28,
    "40-49": 0.15,
    "50-64": 0.07,
    "65+": 0.01,
    "unknown": 0.01,
}

#: Who stands behind "other" reporters. An assumption: the national tables name these kinds.
OTHER_REPORTERS = {"ngo_other": 0.5, "opvang": 0.3, "jeugdhulp": 0.2}
SIGNALS_A_YEAR = 5000  # at scale 1 (CCV, "Mensenhandel", 2018)
