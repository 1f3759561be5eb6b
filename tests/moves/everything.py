"""Every life, and every door that moves a record: of the big rooms and of the rooms inside."""

from tests.moves import (
    files,
    files_deeds,
    further,
    further_deeds,
    inner,
    inner_deeds,
    lists,
    lists_deeds,
)

LIVES = (*inner.LIVES, *further.FURTHER, *lists.LISTS, *files.FILES)
DEEDS = (*inner_deeds.DEEDS, *further_deeds.FURTHER, *lists_deeds.LISTS, *files_deeds.FILES)
