"""Inviting a pasted list: what is read out of it, and the answer for each line."""

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from programmes.forms.people import MOST_AT_ONCE, read_lines
from programmes.models import Invitation, Role
from tests.answers import errors
from tests.tables import table

PAGE = "/own/people/invite-many/"
P, M = Role.PRACTITIONER.value, Role.MANAGER.value


# --- reading


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        ("sam@own.example", ["sam@own.example"]),
        ("Sam@Own.Example\r\nada@own.example", ["sam@own.example", "ada@own.example"]),
        ("sam@own.example; ada@own.example;", ["sam@own.example", "ada@own.example"]),
        ("sam@own.example, ada@own.example", ["sam@own.example", "ada@own.example"]),
        ("sam@own.example ada@own.example", ["sam@own.example", "ada@own.example"]),
        ("Sam Lee <sam@own.example>", ["sam@own.example"]),
        (
            '"Lee, Sam" <sam@own.example>, Ada <ada@own.example>',
            ["sam@own.example", "ada@own.example"],
        ),
        (
            "Lee, Sam <sam@own.example>; Bo, Ada <ada@own.example>",
            ["sam@own.example", "ada@own.example"],
        ),
        ("<sam@own.example>", ["sam@own.example"]),
        ("mailto:sam@own.example", ["sam@own.example"]),
        ("'sam@own.example'", ["sam@own.example"]),
        ("\tsam@own.example  ", ["sam@own.example"]),
        ("o'neill+work@own.example", ["o'neill+work@own.example"]),
        ("Sam from housing", [""]),
        ("sam@own", [""]),
        ("sam@@own.example", [""]),
        ("sam@own.example <not this>", [""]),
        ("süß@own.example", [""]),
        ("Sam Lee sam@own.example", [""]),
        (" \n;;, \r\n", []),
    ],
)
def test_what_people_paste_is_read(pasted, read):
    assert [line.email for line in read_lines(pasted)] == read


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_reading_never_fails_and_never_makes_an_address_up(pasted):
    for line in read_lines(pasted):
        assert line.email == "" or line.email in line.text.lower()


# --- answering


@pytest.mark.django_db(transaction=True)
class TestAnswers:
    """With real commits, since each answer says whether the mail has gone."""

    def test_each_line_gets_its_answer(self, cast, facilitator):
        facilitator.post("/own/people/invite/", {"email": "waits@own.example", "roles": [M]})
        mail.outbox.clear()
        page = facilitator.post(
            PAGE,
            {
                "addresses": "Ada <ada@own.example>\nADA@own.example; manager@own.example\n"
                "waits@own.example, Bob from housing\nbo@own.example",
                "roles": [P],
            },
        )
        assert table(page, "An answer for each line") == [
            ["Ada <ada@own.example>", "Invited.", ""],
            ["ADA@own.example", "Twice in your list, and dealt with once.", ""],
            ["manager@own.example", "Takes part already.", ""],
            [
                "waits@own.example",
                "Invited already, as manager.",
                "Send again to waits@own.example",
            ],
            ["Bob from housing", "Not an email address. Correct it below.", ""],
            ["bo@own.example", "Invited.", ""],
        ]
        assert page.context["dealt_with"] == 5
        assert page.context["form"].initial["addresses"] == "Bob from housing"
        assert ">\nBob from housing</textarea>" in page.content.decode()
        assert sorted(letter.to[0] for letter in mail.outbox) == [
            "ada@own.example",
            "bo@own.example",
        ]
        assert Invitation.objects.get(email="waits@own.example").roles == [M]

    def test_what_was_right_leaves_no_box_behind(self, facilitator):
        page = facilitator.post(PAGE, {"addresses": "ada@own.example", "roles": [P]})
        body = page.content.decode()
        assert ("<textarea" in body, "One of one line is dealt with." in body) == (False, True)

    def test_the_same_list_can_be_sent_again_without_harm(self, facilitator):
        for _ in range(2):
            page = facilitator.post(
                PAGE, {"addresses": "ada@own.example\nbo@own.example", "roles": [P]}
            )
        assert [row[1] for row in table(page, "An answer for each line")] == [
            "Invited already, as practitioner."
        ] * 2
        assert len(mail.outbox) == 2

    def test_two_hundred_lines_are_each_answered(self, cast, facilitator):
        names = [f"Person {n} <p{n}@own.example>" for n in range(120)]
        doubles = [f"P{n}@OWN.example" for n in range(40)]
        garbage = [f"no address {n}" for n in range(40)]
        mixed = [
            line for three in zip(names, doubles * 3, garbage * 3, strict=True) for line in three
        ]
        lines = list(dict.fromkeys(mixed))
        page = facilitator.post(PAGE, {"addresses": ";\r\n".join(lines), "roles": [P]})
        answers = page.context["answers"]
        said = {}
        for answer in answers:
            said[answer.words] = said.get(answer.words, 0) + 1
        assert [answer.text for answer in answers] == lines
        assert said == {
            "Invited.": 120,
            "Twice in your list, and dealt with once.": 40,
            "Not an email address. Correct it below.": 40,
        }
        assert page.context["form"].initial["addresses"].splitlines() == garbage
        assert (len(mail.outbox), Invitation.objects.exclude(sent_at=None).count()) == (120, 120)

    def test_while_the_mail_server_is_away_each_line_says_so(self, facilitator, settings):
        settings.MAILERS = {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": "127.0.0.1", "port": 1, "timeout": 2},
            }
        }
        page = facilitator.post(PAGE, {"addresses": "ada@own.example", "roles": [P]})
        assert table(page, "An answer for each line") == [
            [
                "ada@own.example",
                "Invited. The mail has not gone yet.",
                "Send again to ada@own.example",
            ]
        ]
        assert Invitation.objects.get().sent_at is None


# --- refusing


def test_more_than_two_hundred_are_refused_and_nothing_is_sent(facilitator):
    pasted = "\n".join(f"p{n}@own.example" for n in range(MOST_AT_ONCE + 1))
    page = facilitator.post(PAGE, {"addresses": pasted, "roles": [P]})
    assert errors(page) == {
        "addresses": [
            "There are 201 addresses here. Invite up to 200 at a time: nothing has been sent yet."
        ]
    }
    assert (Invitation.objects.count(), page.context["form"]["addresses"].value()) == (0, pasted)


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("", "Paste at least one address."),
        (" ;\n, ", "Paste at least one address."),
        ("x" * 40_001, "This is too long for us to read. Paste it in smaller parts."),
    ],
)
def test_what_cannot_be_a_list_is_refused(facilitator, pasted, said):
    page = facilitator.post(PAGE, {"addresses": pasted, "roles": [P]})
    assert errors(page) == {"addresses": [said]}


def test_a_list_without_a_role_invites_nobody_and_is_kept(facilitator):
    page = facilitator.post(PAGE, {"addresses": "ada@own.example"})
    assert errors(page) == {"roles": ["Choose at least one role."]}
    assert (Invitation.objects.count(), page.context["form"]["addresses"].value()) == (
        *(0, "ada@own.example"),
    )


def test_what_somebody_pasted_is_shown_as_text(facilitator):
    page = facilitator.post(PAGE, {"addresses": "<img src=x onerror=alert(1)>", "roles": [P]})
    body = page.content.decode()
    assert ("<img src=x" in body, "&lt;img src=x onerror=alert(1)&gt;" in body) == (False, True)
