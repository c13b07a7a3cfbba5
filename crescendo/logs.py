"""Lines of the log: what happened and where, never what somebody wrote or a link that opens."""

import copy
import logging
import re
import traceback
from pathlib import Path

# A mailed link is a key: whoever reads logs must not get one.
_KEY = re.compile(
    r"(/(?:invitations|reset/key|confirm-email|mails|screen|update|asks/answer|inbox/answers|inbox"
    r"|blueprint/shared|answer/mail|answer)/"
    r"|/calendar\.ics\?(?:[^\s]*&)?key=)[^/&\s]+"
)


class Line(logging.Formatter):
    """One line for everything. A failure is told by its kind and its place in the code: its own
    words may be those of the database, which quotes the row that it refused.
    """

    def format(self, record):
        wordless = copy.copy(record)
        wordless.exc_info = wordless.exc_text = wordless.stack_info = None
        line = super().format(wordless)
        if record.exc_info and record.exc_info[0]:
            line += f" {_kind_and_place(*record.exc_info)}"
        return _KEY.sub(r"\1…", line)


def _kind_and_place(kind, _, trace) -> str:
    places = (
        f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(trace)
    )
    return f"{kind.__name__} at {' > '.join(places)}"
