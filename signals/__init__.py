"""Indications of trafficking: reported, taken up by the expert centre, judged and closed."""
