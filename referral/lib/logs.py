"""What a line of the log must not hold."""

import logging
import re

#: An address that is a secret itself, as that of a calendar: /cases/calendar/feed/<secret>.ics
SECRET_ADDRESS = re.compile(r"(/feed/)[\w-]+(\.ics)")


class WithoutSecrets(logging.Filter):
    """Takes the secret out of an address; Django writes the address of whatever it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = SECRET_ADDRESS.sub(r"\1...\2", record.getMessage()), ()
        return True
