"""The forms of a page, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    action: str
    method: str
    sent: dict[str, list[str]] = field(default_factory=dict)
    # By name: what can be chosen, of selects, boxes and radio buttons.
    offered: dict[str, list[str]] = field(default_factory=dict)
    # Names of what people write.
    texts: list[str] = field(default_factory=list)

    def filled(self, words: str) -> dict[str, list[str]]:
        """As it stands, with `words` where no text is, and the first choice where there is none."""
        empty = {name: [words] for name in self.texts if not any(self.sent[name])}
        first = {name: offered[:1] for name, offered in self.offered.items()}
        return first | self.sent | empty


class _Reader(HTMLParser):
    def __init__(self, address: str):
        super().__init__()
        self.address, self.forms = address, []
        self.form = self.select = self.textarea = None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            method = (given.get("method") or "get").lower()
            self.form = Form(given.get("action") or self.address, method)
            self.forms.append(self.form)
        elif self.form is not None:
            self._control(tag, given, given.get("name"))

    def _control(self, tag, given, name):
        if tag == "select":
            self.select = name
            self.form.offered[name] = []
        elif tag == "option" and self.select:
            offered = self.form.offered[self.select]
            offered.append(given.get("value", ""))
            if "selected" in given or len(offered) == 1:
                self.form.sent[self.select] = offered[-1:]
        elif tag == "textarea" and name:
            self.textarea, self.form.sent[name] = name, [""]
            self.form.texts.append(name)
        elif tag == "input" and name and name != "csrfmiddlewaretoken":
            self._input(given.get("type", "text"), name, given)

    def _input(self, kind, name, given):
        value = given.get("value", "")
        if kind in ("checkbox", "radio"):
            self.form.offered.setdefault(name, []).append(value)
            if "checked" in given:
                self.form.sent.setdefault(name, []).append(value)
        elif kind != "file":
            self.form.sent[name] = [value]
            if kind == "text":
                self.form.texts.append(name)

    def handle_data(self, data):
        if self.textarea:
            self.form.sent[self.textarea] = [self.form.sent[self.textarea][0] + data.lstrip("\n")]

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.textarea = None


def forms_of(address: str, html: str) -> list[Form]:
    reader = _Reader(address)
    reader.feed(html)
    return reader.forms
