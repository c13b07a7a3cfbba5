"""The journeys that come with the project: what was published, and that the rest says so."""

import os
import subprocess
import sys

import pytest
from django.apps import apps
from django.conf import settings as application
from django.core.management import CommandError, call_command
from django.db import transaction

from blueprints.models import Blueprint, Commitment, Need
from impact.figures import results_in
from programmes.models import (
    Barrier,
    LocalAuthority,
    Opposite,
    Principle,
    Programme,
    TemperatureFinding,
    TenantModel,
    User,
    Value,
    WayOfWorking,
)
from smallchanges.models import Met, MissionStrand, SmallChange, Step
from surveys.models import SurveyAnswer
from surveys.wording import per_cent
from tests.crescendo.loading import (
    PUBLISHED,
    TOWER_HAMLETS,
    count_of,
    dump,
    pillars_of,
    strands_of,
)


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker):
    """Loaded once: these tests only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_journey", *PUBLISHED, verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def published(_loaded, db):
    pass


def test_tower_hamlets(published):
    slug = "tower-hamlets"
    kinds = (Value, Opposite, Principle, Barrier, MissionStrand, SmallChange, Commitment)
    assert {kind.__name__: count_of(kind, slug) for kind in kinds} == {
        "Value": 5,
        "Opposite": 6,
        "Principle": 4,
        "Barrier": 7,
        "MissionStrand": 5,
        "SmallChange": 7,
        "Commitment": 2,
    }
    assert strands_of(slug) == TOWER_HAMLETS
    assert list(pillars_of(slug).values()) == [5, 3, 2]
    programme = Programme.objects.get(authority__slug=slug)
    assert (programme.model, programme.pod_every_weeks) == ("team-based", 4)
    assert (programme.starts_on, programme.changes_prioritised) == (None, 8)
    assert count_of(TemperatureFinding, slug) == 7
    assert [step.text for step in Step.objects.filter(authority__slug=slug)] == [
        "write a minute-taking template and guide",
        "test them with volunteers from several agencies",
    ]
    assert [(met.kind, met.change.gift) for met in Met.objects.filter(authority__slug=slug)] == [
        ("barrier met", "needs sponsorship")
    ]


def test_warrington(published):
    slug = "warrington"
    assert strands_of(slug) == {
        "Improving staff retention": ["New induction process for staff"],
        "Having effective recording practices": [
            "Changing the invite process for Children Looked After reviews"
        ],
        "Speeding up decision-making and authorisation": [
            "Social workers have access to and ownership of food vouchers"
        ],
    }
    assert [change.impact[:20] for change in SmallChange.objects.filter(authority__slug=slug)] == [
        "Staff know the value",
        "An updated form insi",
        "Families get essenti",
    ]
    assert (count_of(WayOfWorking, slug), count_of(Need, slug)) == (2, 2)
    assert Blueprint.objects.get(authority__slug=slug).focus == (
        "embedding a culture of experimentation and learning through small changes"
    )


def test_wandsworth(published):
    slug = "wandsworth"
    assert pillars_of(slug) == {
        "Changing our approach to meetings": 0,
        "Innovative approaches to recording": 0,
    }
    assert [(one.title, one.status) for one in SmallChange.objects.filter(strand=None)] == [
        ("Protected slots in practitioners' calendars", "chosen"),
        ("Turn down meeting invitations where attending has no clear purpose", "chosen"),
    ]
    programme = Programme.objects.get(authority__slug=slug)
    # The month was published; the day of the start, and all other dates, follow from the model.
    assert (str(programme.starts_on), programme.illustrative) == ("2021-11-01", "day of the start")
    assert set(programme.milestones.values_list("illustrative", flat=True)) == {"date"}


def test_the_published_figures_of_evolve(published):
    """They come out of single answers, of which eight are kept to each question."""
    place = LocalAuthority.objects.get(slug="wandsworth")
    (results,) = results_in(place)
    assert (results.answered, results.asked, results.survey.source) == (
        8,
        None,
        "the impact report 2022",
    )
    said = [
        (one.question.core, one.moderate_or_large, per_cent(one.moderate_or_large, one.answered))
        for one in results.questions
    ]
    assert said == [
        ("impact-satisfaction", 6, "75%"),
        ("impact-team", 8, "100%"),
        ("impact-change", 7, "87.5%"),
        ("impact-valued", 7, "87.5%"),
        ("impact-time", 8, "100%"),
    ]
    assert [(one.large, one.moderate) for one in results.questions] == [(None, None)] * 4 + [(3, 5)]
    assert SurveyAnswer.objects.filter(authority=place).count() == 40


# Rows that join two others, and those of people, whose accounts are made up one and all.
_NOT_SHOWN = {
    *("BarrierTeam", "StrandBarrier", "ChangeTeam", "Evidence", "PillarInsight", "PillarAim"),
    *("Membership", "MembershipTeam", "InvitationTeam"),
    "Activity",  # the words of a ready-made session
    # Mails that wait, and their links: no page shows them.
    *("MailedLink", "Notice", "NoticeChoice"),
    *("ReportSection", "ReportSentence"),  # of a report, which says so for all of its words
    *("Voice", "Asked"),  # that somebody answered a survey
    "PodAgenda",  # of which team, and what people did to it
}


def _rows() -> dict[tuple[str, str], dict]:
    """What each row says, by its kind and id, without what nobody reads."""
    kinds = [
        kind
        for kind in apps.get_models()
        if issubclass(kind, TenantModel) and kind.__name__ not in _NOT_SHOWN
    ]
    return {
        (kind.__name__, str(row["id"])): row
        for kind in kinds
        for row in kind._base_manager.values()
    }


def test_everything_that_was_not_published_says_so(published):
    facts = _rows()
    call_command("load_demo", verbosity=0)
    silent = []
    for key, row in _rows().items():
        was = facts.get(key, {})
        changed = {name for name, value in row.items() if was.get(name) != value}
        if changed - {"version", "illustrative"} and not row["illustrative"]:
            silent.append((key[0], row))
    assert silent == []


# --- never in production


@pytest.mark.django_db
def test_it_refuses_under_production(settings):
    settings.MODE, before = "production", dump()
    with pytest.raises(CommandError) as caught:
        call_command("load_demo", verbosity=0)
    assert str(caught.value) == (
        "The demo's accounts have a password that everybody knows: they are for the demo alone."
        " This is production."
    )
    assert (dump(), User.objects.count()) == (before, 0)


def test_it_refuses_in_a_process_of_production():
    said = subprocess.run(
        [sys.executable, "manage.py", "load_demo"],
        cwd=application.BASE_DIR,
        env={
            **os.environ,
            "CRESCENDO_MODE": "production",
            "DJANGO_SETTINGS_MODULE": "crescendo.settings",
            "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
            "SECRET_KEY": "x" * 64,
            "ALLOWED_HOSTS": "crescendo.example",
            "SITE_URL": "https://crescendo.example",
            "SMTP_HOST": "localhost",
            "DEFAULT_FROM_EMAIL": "hello@crescendo.example",
        },
        capture_output=True,
        text=True,
    )
    assert (said.returncode, said.stderr.splitlines()[-1]) == (
        1,
        "CommandError: The demo's accounts have a password that everybody knows: they are for the"
        " demo alone. This is production.",
    )
