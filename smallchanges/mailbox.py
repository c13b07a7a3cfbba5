"""A mail as the inbox takes it: who wrote what themselves, and what is no person's mail.

Whatever the bytes are, reading them ends with a `Letter`, with `Dropped` or with `Unreadable`.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parseaddr
from html.parser import HTMLParser

from django.conf import settings
from django.core.exceptions import ValidationError

from programmes.forms.people import plain_address
from smallchanges.models.inbox import OFFERED_LENGTH

# With what people attach without meaning to: pictures of a signature, a scanned page.
LARGEST_MAIL = 10 * 1024 * 1024  # bytes
# Of so much text the beginning is read; who quotes more did not write it.
_LONGEST_TEXT = 200_000
_MOST_PARTS = 100


class Unreadable(Exception):
    """The words say what is wrong, for the mail server's log and for whoever sent it."""


class Dropped(Exception):
    """No person wrote this to us: an absence note, a bounce, a list. The words say which."""


@dataclass(frozen=True)
class Letter:
    """What a person wrote. The digests tell the same mail, or the same sender, again."""

    sender: str
    subject: str
    text: str
    message_digest: str
    sender_digest: str
    # To whom it was sent: where there is a plus part, it names an authority.
    recipients: tuple[str, ...]

    @property
    def is_barrier(self) -> bool:
        return re.search(r"\bbarriers?\b", self.subject, re.IGNORECASE) is not None


def read(data: bytes, *, sender: str = "") -> Letter:
    """`sender` is the envelope's, where the mail server says it: nobody's is that of a bounce."""
    if len(data) > LARGEST_MAIL:
        raise Unreadable("This mail is larger than 10 MB.")
    try:
        message = message_from_bytes(data)
        _drop_what_no_person_wrote(message, sender)
        return _letter(message, data)
    except (Unreadable, Dropped):
        raise
    except Exception as error:
        # Python's reader of mail raises all kinds of things on what no mail program made.
        raise Unreadable(f"This is no mail that we can read ({type(error).__name__}).") from error


def slug_of(letter: Letter) -> str:
    """The authority that an address names after its plus; empty where none does."""
    for address in letter.recipients:
        local, _, _ = address.partition("@")
        _, plus, slug = local.partition("+")
        if plus and slug:
            return slug
    return ""


# --- what no person wrote

_AUTOMATIC = ("auto-submitted", "x-autoreply", "x-autorespond")
_LISTS = ("list-id", "list-unsubscribe", "list-post")
_MACHINES = re.compile(
    r"(?:mailer-daemon|postmaster|mail-?system|bounces?\b|no-?reply|do-?not-?reply|donotreply)",
    re.IGNORECASE,
)


def _drop_what_no_person_wrote(message: Message, envelope: str) -> None:
    for name in _AUTOMATIC:
        said = _header(message, name).lower()
        if said and not (name == "auto-submitted" and said.startswith("no")):
            raise Dropped("an automatic answer")
    if _header(message, "x-auto-response-suppress").lower() == "all":
        raise Dropped("a mail of a program")
    if _header(message, "precedence").lower() in ("bulk", "junk", "list", "auto_reply"):
        raise Dropped("a mail to many")
    if any(_header(message, name) for name in _LISTS):
        raise Dropped("a mail to a list")
    if message.get_content_type() == "multipart/report":
        raise Dropped("a report about a mail")
    if _header(message, "return-path").strip() == "<>" or _is_a_machine(envelope):
        raise Dropped("a bounce")
    _, address = parseaddr(_header(message, "from"))
    if _is_a_machine(address):
        raise Dropped("a mail of a machine")
    if address.lower() in _our_own():
        raise Dropped("a mail of our own")


def _is_a_machine(address: str) -> bool:
    return _MACHINES.match(address.strip("<> ")) is not None


def _our_own() -> set[str]:
    ours = (settings.DEFAULT_FROM_EMAIL, settings.SERVER_EMAIL, settings.INBOX_ADDRESS)
    return {parseaddr(one)[1].lower() for one in ours if one}


# --- who, and which


def _letter(message: Message, data: bytes) -> Letter:
    _, address = parseaddr(_header(message, "from"))
    try:
        sender = plain_address(address)
    except ValidationError:
        raise Unreadable("This mail names no sender whom we could answer.") from None
    subject = _one_line(_header(message, "subject"))
    text = _joined(subject, own_words(_text_of(message)))
    if not text:
        raise Unreadable("There is nothing to read in this mail.")
    named = _header(message, "message-id").strip().encode() or data
    return Letter(
        sender=sender,
        subject=subject,
        text=text,
        message_digest=_digest(b"message " + named),
        sender_digest=_digest(b"sender " + sender.encode()),
        recipients=_recipients(message),
    )


def _digest(said: bytes) -> str:
    """Keyed, so that whoever has the database cannot try out addresses."""
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest()


def _recipients(message: Message) -> tuple[str, ...]:
    names = ("x-original-to", "delivered-to", "to", "cc")
    said = [_storable(str(value)) for name in names for value in message.get_all(name, [])]
    return tuple(address.lower() for _, address in getaddresses(said))


def _header(message: Message, name: str) -> str:
    """As text that PostgreSQL can hold: without a NUL, or half a letter."""
    said = message.get(name, "")
    try:
        said = str(make_header(decode_header(said)))
    except (ValueError, LookupError, UnicodeError):
        said = str(said)
    return _storable(said)


def _storable(said: str) -> str:
    return said.replace("\0", "").encode(errors="replace").decode()


def _one_line(said: str) -> str:
    return " ".join(said.split())[:300]


# A subject that says nothing by itself, or is somebody else's.
_NO_SUBJECT = re.compile(
    r"(?:re|fwd?|aw|wg)\s*:|(?:an? |my |one )?(?:idea|barrier|suggestion)s?[.!]?$"
    r"|(?:small[ -]changes? )?inbox$|hi|hello|\(no subject\)",
    re.IGNORECASE,
)


def _joined(subject: str, words: str) -> str:
    """What the subject says belongs to it: many write all they have to say there."""
    if subject and not _NO_SUBJECT.match(subject) and subject.lower() not in words.lower():
        words = f"{subject}\n{words}".strip()
    if len(words) > OFFERED_LENGTH:
        # To the end of a word, unless it is one long one.
        words = re.sub(r"\s+\S{0,100}$", "", words[: OFFERED_LENGTH - 2]) + " …"
    return words


# --- the words


def _text_of(message: Message) -> str:
    """The first plain text that is no attachment, else the first page, without its tags."""
    page = ""
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            break
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        if part.get_content_type() == "text/plain" and (text := _decoded(part)).strip():
            return text
        if part.get_content_type() == "text/html" and not page:
            page = _without_tags(_decoded(part))
    return page


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        text = payload.decode(part.get_content_charset() or "utf-8", errors="replace")
    except (LookupError, ValueError):
        text = payload.decode("utf-8", errors="replace")
    return _storable(text[:_LONGEST_TEXT])


class _Words(HTMLParser):
    """What a person reads of a page: no script, no style, nothing that is quoted."""

    _UNSEEN = ("script", "style", "head", "title", "blockquote", "template")
    _LINES = ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "hr", "table")

    def __init__(self):
        super().__init__()
        self.said: list[str] = []
        self.unseen: list[str] = []

    def handle_starttag(self, tag, attributes):
        if tag in self._UNSEEN:
            self.unseen.append(tag)
        elif tag in self._LINES:
            self.said.append("\n")

    def handle_endtag(self, tag):
        if tag in self.unseen:
            while self.unseen.pop() != tag:
                pass
        elif tag in self._LINES:
            self.said.append("\n")

    def handle_data(self, data):
        if not self.unseen:
            # A line of the page's source is no line of the page.
            self.said.append(re.sub(r"\s+", " ", data))


def _without_tags(page: str) -> str:
    reader = _Words()
    reader.feed(page)
    reader.close()
    return "".join(reader.said)


# Where somebody else's words begin, or a program's.
_ENDS = re.compile(
    r"-- ?$|_{5,}|-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht)"
    r"|on .{5,200}\bwrote:$|sent from (?:my|outlook|yahoo|mail for)|get outlook for"
    r"|this e-?mail(?: and any| is| message|, including)|the information (?:in|contained in) this"
    r"|begin forwarded message",
    re.IGNORECASE,
)
_FROM = re.compile(r"\*?from:\*?\s", re.IGNORECASE)
_SENT = re.compile(r"\*?(?:sent|date|to):\*?\s", re.IGNORECASE)
_CLOSES = re.compile(
    r"(?:(?:kind|best|warm|warmest|many)\s+(?:regards|wishes|thanks)|regards|best|thanks|thank you"
    r"|cheers|yours (?:sincerely|faithfully)|all the best)[,.!]?$",
    re.IGNORECASE,
)
# So few lines are a name, a job and a number; more are something that was meant to be read.
_SIGNATURE = 12


def own_words(text: str) -> str:
    """Without what is quoted, the signature and what programs add."""
    lines = [line.strip() for line in text.replace("\r", "\n").split("\n")]
    kept: list[str] = []
    for at, line in enumerate(lines):
        # "On … wrote:" may be broken over two lines.
        two = f"{line} {lines[at + 1]}" if line[:3].lower() == "on " and lines[at + 1 :] else line
        if _ENDS.match(line) or _ENDS.match(two):
            break
        if _FROM.match(line) and any(_SENT.match(one) for one in lines[at + 1 : at + 4]):
            break
        if not line.startswith(">"):
            kept.append(line)
    for at, line in enumerate(kept):
        rest = [one for one in kept[at + 1 :] if one]
        if at and _CLOSES.match(line) and len(rest) <= _SIGNATURE:
            del kept[at:]
            break
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
