"""Mails to the inbox: what a person wrote is taken once; nothing else makes a fuss."""

import io
import os
import sys

import pytest
from django.core.management import call_command
from django.db import OperationalError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from programmes.models import AuditEvent
from smallchanges import mailbox
from smallchanges.actions import inbox as actions
from smallchanges.models import Inbox, Offered, ReceivedMail
from tests import factories

OUTLOOK = """Could we share one diary?

Kind regards,
Jo Example
Senior Practitioner
020 7946 0000

________________________________
From: Small changes <inbox@crescendo.example>
Sent: 30 November 2026 09:00
To: Jo Example
Subject: Tell us

Anything in the way?
"""
GMAIL = """Could we share one diary?
It would save an hour.

On Mon, 30 Nov 2026 at 09:00, Small changes <inbox@crescendo.example>
wrote:

> Anything in the way?
"""
PHONE = "Could we share one diary?\r\n\r\nSent from my iPhone\r\n\r\n> Anything in the way?\r\n"
QUOTED_FIRST = "> Anything in the way?\n\nCould we share one diary?\n-- \nJo\n"
PAGE = (
    "<html><head><style>p{color:red}</style><title>x</title></head><body><p>Could we share<br>one"
    " diary?</p><script>alert(1)</script><blockquote>Anything in the way?</blockquote></body>"
)


def _mail(text="Could we share one diary?", *, kind="plain", **headers) -> bytes:
    said = {
        "From": "Jo Example <Jo.Example@Council.example>",
        "To": "inbox+own@crescendo.example",
        "Subject": "An idea",
        "Message-ID": "<one@council.example>",
        "Content-Type": f"text/{kind}; charset=utf-8",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in said.items() if value is not None]
    return "\r\n".join([*lines, "", text]).encode()


@pytest.fixture
def receive(monkeypatch, capsys):
    """Hand a mail to the command; its exit code, and the one line that it says."""

    def one(data: bytes, **options) -> tuple[int, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        try:
            call_command("receive_mail", **options)
            code = 0
        except SystemExit as left:
            code = left.code
        out, err = capsys.readouterr()
        return code, (err if code else out).strip()

    return one


# --- what a person wrote


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OUTLOOK, "Could we share one diary?"),
        (GMAIL, "Could we share one diary?\nIt would save an hour."),
        (PHONE, "Could we share one diary?"),
        (QUOTED_FIRST, "Could we share one diary?"),
        ("Thanks\nto you we share one diary", "Thanks\nto you we share one diary"),
        ("  Line\n\n\n\nLine  ", "Line\n\nLine"),
        ("On Mondays we write reports.\nWhy?", "On Mondays we write reports.\nWhy?"),
    ],
)
def test_quotes_signatures_and_what_programs_add_are_left_out(text, words):
    assert mailbox.own_words(text) == words


def test_a_page_is_read_without_its_tags():
    assert mailbox.read(_mail(PAGE, kind="html")).text == "Could we share\none diary?"


def test_plain_text_comes_before_a_page_and_attachments_are_left_out():
    parts = [
        'Content-Disposition: attachment; filename="a.txt"\r\n\r\nA list of families',
        "Content-Type: text/html\r\n\r\n<p>As a page</p>",
        "Content-Type: text/plain; charset=iso-8859-1\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\nOne diary, s=EDmple",
    ]
    body = "".join(f"--B\r\n{part}\r\n" for part in parts) + "--B--\r\n"
    letter = mailbox.read(_mail(body, Content_Type="multipart/mixed; boundary=B"))
    assert letter.text == "One diary, símple"


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("One diary for all", "One diary for all\nThe text"),
        ("=?utf-8?q?One_diary_f=C3=BCr_all?=", "One diary für all\nThe text"),
        ("Re: Tell us", "The text"),
        ("An idea", "The text"),
        ("the text", "The text"),
        (None, "The text"),
    ],
)
def test_a_subject_that_says_something_belongs_to_it(subject, words):
    assert mailbox.read(_mail("The text", Subject=subject)).text == words


def test_a_long_mail_is_cut_and_says_so():
    text = mailbox.read(_mail("word " * 1000)).text
    assert (len(text) <= 2000, text.endswith(" word …")) == (True, True)
    assert mailbox.read(_mail("w" * 3000)).text == "w" * 1998 + " …"


# --- the command


def test_a_mail_is_in_the_inbox_and_answered_to_its_sender(cast, receive):
    assert receive(_mail(Subject="A barrier")) == (0, "Taken.")
    offered = Offered.objects.get()
    assert (offered.authority, offered.kind, offered.text) == (
        cast.authority,
        "barrier",
        "Could we share one diary?",
    )
    assert (offered.reply, offered.email) == ("email", "jo.example@council.example")
    assert (offered.by, offered.name) == (None, "")
    kept = str(ReceivedMail.objects.values_list())
    assert ("council.example" in kept, AuditEvent.objects.count()) == (False, 0)


def test_the_same_mail_is_taken_once(cast, receive):
    said = [receive(_mail()) for _ in range(2)]
    assert said == [(0, "Taken."), (0, "Taken before.")]
    assert Offered.objects.count() == 1


@pytest.mark.parametrize(
    ("headers", "options", "found"),
    [
        ({}, {}, True),
        ({"To": "Inbox <inbox@crescendo.example>"}, {"authority": "own"}, True),
        ({"To": "x@y.example", "Delivered_To": "INBOX+Own@crescendo.example"}, {}, True),
        ({"To": "x@y.example, inbox+own@crescendo.example"}, {}, True),
        ({"To": "inbox@crescendo.example"}, {}, False),
        ({"To": "inbox+nowhere@crescendo.example"}, {}, False),
        ({"To": "inbox+o\0wn\0@crescendo.example"}, {}, True),
        ({}, {"authority": "nowhere"}, False),
    ],
)
def test_the_address_says_whose_inbox(cast, receive, headers, options, found):
    wanted = (0, "Taken.") if found else (65, "No inbox has this address.")
    assert receive(_mail(**headers), **options) == wanted
    assert Offered.objects.filter(authority=cast.authority).count() == found


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (vacation)"},
        {"X_Autoreply": "yes"},
        {"X_Auto_Response_Suppress": "All"},
        {"Precedence": "bulk"},
        {"List_Id": "<all.council.example>"},
        {"List_Unsubscribe": "<https://council.example>"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@council.example"},
        {"From": "No Reply <no-reply@council.example>"},
        {"From": "Crescendo <hello@crescendo.example>"},
        {"Content_Type": "multipart/report; boundary=B"},
    ],
    ids=str,
)
def test_what_no_person_wrote_is_left_out(cast, receive, headers):
    code, words = receive(_mail(**headers))
    assert (code, words.startswith("Left out: ")) == (0, True)
    assert Offered.objects.count() == 0


def test_an_empty_envelope_is_a_bounces(cast, receive):
    assert receive(_mail(), sender="MAILER-DAEMON") == (0, "Left out: a bounce.")
    assert receive(_mail(Auto_Submitted="no"), sender="jo@council.example") == (0, "Taken.")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This mail names no sender whom we could answer."),
        (_mail(From="nobody"), "This mail names no sender whom we could answer."),
        (_mail(" \r\n "), "There is nothing to read in this mail."),
        (_mail("> quoted\r\n"), "There is nothing to read in this mail."),
        (b"x" * (mailbox.LARGEST_MAIL + 1), "This mail is larger than 10 MB."),
    ],
)
def test_what_nobody_can_read_is_refused_with_a_reason(cast, receive, data, words):
    assert receive(data) == (65, words)
    assert Offered.objects.count() == 0


def test_a_closed_inbox_refuses_and_a_full_one_asks_to_try_again(cast, receive):
    factories.InboxFactory(authority=cast.authority, most_waiting=1)
    factories.OfferedFactory(authority=cast.authority)
    code, words = receive(_mail())
    assert (code, words[:8]) == (75, "As many ")
    assert ReceivedMail.objects.count() == 0  # so that it is no repetition later
    Inbox.objects.update(is_open=False)
    assert receive(_mail()) == (65, "This inbox is closed at the moment.")


def test_so_many_of_one_sender_a_day_and_no_more(cast, receive):
    mails = [_mail(Message_ID=f"<{number}@x.example>") for number in range(6)]
    codes = [receive(mail)[0] for mail in mails]
    assert codes == [0] * actions.MAILS_A_DAY + [75]
    other = _mail(From="sam@council.example", Message_ID="<other@x.example>")
    assert receive(other) == (0, "Taken.")


def test_what_may_name_somebody_is_held(cast, receive):
    receive(_mail("Mr Sampleton rang"))
    assert Offered.objects.get().held_for == "guard"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("secret"), "The database is away."),
        (RuntimeError("secret"), "Something is wrong here (RuntimeError)."),
    ],
)
def test_a_failure_of_ours_keeps_the_mail_in_the_queue(
    cast, receive, django_db_blocker, settings, error, words, monkeypatch
):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr("django.db.models.query.QuerySet.first", fail)
    assert receive(_mail()) == (75, words)


# --- whatever comes

_names = st.sampled_from(
    ["From", "To", "Subject", "Message-ID", "Content-Type", "Content-Transfer-Encoding"]
)
_values = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "=?utf-8?b?/////w==?=",
            "=?x-unknown?q?=FF?=",
            "multipart/mixed; boundary=",
            "multipart/mixed; boundary=B",
            "message/rfc822",
            "text/html; charset=\0",
            "text/plain; charset=utf-7",
            "base64",
            "x-uuencode",
            '"' * 30,
            "<" * 30,
            "a@[:::]",
            "Jo <jo@council.example>",
            "\ud800",
        ]
    ),
)
_built = st.builds(
    lambda headers, body: (
        "\r\n".join(f"{name}: {value}" for name, value in headers).encode(errors="surrogatepass")
        + b"\r\n\r\n"
        + body
    ),
    st.lists(st.tuples(_names, _values), max_size=8),
    st.one_of(
        st.binary(max_size=200),
        st.sampled_from(
            [b"--B\r\n\r\nx\r\n--B--", b"<p>" * 50, b"</blockquote><![CDATA[<!", b"&#xD800;&#0;"]
        ),
    ),
)


EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))


@settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True)
@given(data=st.one_of(st.binary(max_size=300), _built))
@example(data=_mail("\ud800".encode(errors="surrogatepass").decode(errors="replace")))
@example(data=_mail("\0 NUL", Subject="\0"))
def test_any_bytes_are_read_refused_or_left_out(data):
    try:
        letter = mailbox.read(data)
    except (mailbox.Unreadable, mailbox.Dropped):
        return
    assert 0 < len(letter.text) <= 2000
    assert "\0" not in letter.text
    letter.text.encode()
    assert letter.sender.isascii()
    assert mailbox.slug_of(letter) is not None
