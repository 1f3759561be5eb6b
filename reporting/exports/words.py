"""The words that files of a release have in common."""

from reporting.tables import Words

ABOUT = Words("Over deze publicatie", "About this release")
NOTES = Words("Toelichting", "Notes")
DEFINITIONS = Words("Begrippen", "Definitions")
RECONCILIATION = Words("Aansluiting", "Reconciliation")
CONTENTS = Words("Tabellen", "Tables")
PERIOD = Words("Periode", "Period")
COUNTED_ON = Words("Peildatum", "Reference date")
REFERENCE = Words("Kenmerk", "Reference")
UNIT = Words("Teleenheid", "Counting unit")
SHARE = Words("Aandeel", "Share")
CHART_OF = Words("Staafdiagram bij tabel", "Bar chart of table")
