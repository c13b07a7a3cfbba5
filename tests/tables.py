"""What a person reads in the tables of a page."""

from html.parser import HTMLParser


class _Tables(HTMLParser):
    """The words of each cell, by the caption of the table; what is for screen readers included."""

    def __init__(self):
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.caption, self.rows, self.words = "", [], None

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.rows = []
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th", "caption"):
            self.words = []
        elif self.words is not None:
            self.words.append(" ")

    def handle_endtag(self, tag):
        if tag in ("td", "th", "caption"):
            words = " ".join("".join(self.words).split())
            self.words = None
            if tag == "caption":
                self.tables[words] = self.rows
            else:
                self.rows[-1].append(words)
        elif self.words is not None:
            self.words.append(" ")

    def handle_data(self, data):
        if self.words is not None:
            self.words.append(data)


def table(response, caption: str) -> list[list[str]]:
    """The rows of the table with this caption, the row of headings left out."""
    reader = _Tables()
    reader.feed(response.content.decode())
    return reader.tables[caption][1:]
