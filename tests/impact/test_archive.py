"""The archive of one authority: nobody else's words in it, and what comes back is the same."""

import hashlib
import io
import json
import zipfile
from collections import Counter

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from impact.actions.erasure import erase_authority
from impact.archive import write_archive
from impact.archive_file import Refused
from impact.archive_in import bring_in
from programmes.models import LocalAuthority
from surveys.models import Question
from tests import factories
from tests.doors import examples
from tests.impact.kept import settle, what_came_of_it

CANARY = "canary-77c1"


def archive_of(authority) -> bytes:
    out = io.BytesIO()
    write_archive(authority, out)
    return out.getvalue()


def contents(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


@pytest.fixture
def full(cast):
    """Two authorities full of rows; every word of the other is a canary."""
    cast.other.name = f"{CANARY} Borough"
    cast.other.save()
    for programme, person, words in (
        (cast.programme, cast.facilitator, "own words"),
        (cast.other_programme, cast.outsider, CANARY),
    ):
        examples(programme, person, words)
        what_came_of_it(programme, words)
    return cast


def test_an_authority_comes_back_as_it_was(full):
    before = archive_of(full.authority)
    files = contents(before)
    counts = json.loads(files["manifest.json"])["rows"]
    assert archive_of(full.authority) == before
    assert sum(count > 0 for count in counts.values()) > 40
    found = [name for name, content in files.items() if CANARY.encode() in content]
    assert found == []
    other = archive_of(full.other)
    assert sum(CANARY.encode() in content for content in contents(other).values()) > 40
    reports = {report.number: report for report in full.authority.reports.ever_published()}
    assert [reports[number].state for number in (1, 3)] == ["published", "withdrawn"]
    states = full.authority.versions.order_by("number").values_list("state", flat=True)
    assert list(states) == ["superseded", "agreed", "draft"]
    empty = {label for label, count in counts.items() if not count}
    assert not {label for label in empty if label.startswith(("surveys.", "impact."))}

    # Pages are for people: no lists as programs have them, and a story is told by role.
    assert b"{" not in b"".join(files[name] for name in files if name.startswith("pages/"))
    assert b"<dt>Told by</dt>" not in files["pages/stories.html"]

    erase_authority(authority=full.authority, by=None)
    settle()
    brought = bring_in(io.BytesIO(before))
    assert brought.rows == sum(counts.values())
    again = contents(archive_of(brought.authority))
    different = {name for name in files if files[name] != again[name]}
    assert different == set()
    # What was held to its words is held again.
    (report,) = brought.authority.reports.published()
    report.title = "Another"
    with pytest.raises(IntegrityError, match="report_words_stay"), transaction.atomic():
        report.save()
    with pytest.raises(IntegrityError, match="version_words_stay"), transaction.atomic():
        brought.authority.versions.filter(state="agreed").update(why="Another")


def _changed(archive: bytes, name: str, content: bytes, *, honest: bool = False) -> bytes:
    """The archive with one file changed, and with a manifest that says so where it is honest."""
    files = contents(archive) | {name: content}
    if honest:
        manifest = json.loads(files["manifest.json"])
        manifest["files"][name] = {
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        files["manifest.json"] = json.dumps(manifest).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for one, written in files.items():
            bundle.writestr(one, written)
    return out.getvalue()


def test_what_does_not_fit_is_refused_in_words_and_nothing_comes_in(cast):
    factories.TeamFactory(authority=cast.authority, name="North")
    good = archive_of(cast.authority)
    teams = "data/programmes.Team.json"
    rows = json.loads(contents(good)[teams])

    def refused(archive: bytes, slug: str = "") -> str:
        with pytest.raises(Refused) as refusal:
            bring_in(io.BytesIO(archive), slug=slug)
        return str(refusal.value)

    assert refused(good).startswith("What is in it is in this database already")
    assert refused(good, "copy").startswith("What is in it is in this database already")
    erase_authority(authority=cast.authority, by=None)
    before = LocalAuthority.objects.count()
    assert refused(b"no zip") == "This isn’t a zip file, or it’s damaged."
    assert refused(_changed(good, teams, b"[]")) == (
        f"{teams} was changed: its checksum isn’t the manifest’s."
    )
    assert "leads out of the archive" in refused(_changed(good, "../etc/passwd", b"x"))
    assert "don’t agree about more.txt" in refused(_changed(good, "more.txt", b"x"))
    assert refused(_changed(good, teams, b"{no", honest=True)) == (
        f"{teams} isn’t JSON that can be read."
    )
    deep = b"[" * 100_000
    assert refused(_changed(good, teams, deep, honest=True)).endswith(
        "isn’t JSON that can be read."
    )
    nameless = json.dumps([rows[0] | {"name": ""}]).encode()
    assert "team_has_a_name" in refused(_changed(good, teams, nameless, honest=True))
    odd = json.dumps([rows[0] | {"is_secret": True}]).encode()
    assert "is_secret" in refused(_changed(good, teams, odd, honest=True))
    taken = json.dumps([rows[0] | {"created_at": "now\x00"}]).encode()
    assert "doesn’t fit" in refused(_changed(good, teams, taken, honest=True))
    newer = json.loads(contents(good)["manifest.json"]) | {"version": 2}
    assert "reads version 1" in refused(_changed(good, "manifest.json", json.dumps(newer).encode()))
    assert refused(good, "portfolio").startswith("The authority can’t be made")
    assert refused(good, cast.other.slug) == (
        f"There is an authority at /{cast.other.slug}/ already. Choose another with --as."
    )
    # A bomb: one file of zeros that says what it unpacks to.
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as bundle:
        for number in range(1001):
            bundle.writestr(f"{number}", b"")
    assert refused(bomb.getvalue()).startswith("This is larger than any archive")
    assert LocalAuthority.objects.count() == before

    brought = bring_in(io.BytesIO(good), slug="elsewhere")
    assert (brought.authority.slug, brought.people_made) == ("elsewhere", 3)
    assert [team.name for team in brought.authority.teams.all()] == ["North"]


def test_no_file_tells_what_no_page_may(cast):
    """Answers of an open survey, who has answered or was reminded of it, answers too few to be
    shown, how few answered, members' own weeks, keys, and in reports stories that came back.
    """
    people = {}

    def asked(state: str, kind: str, answers: int, **given):
        survey = factories.SurveyFactory(programme=cast.programme, state=state)
        if state == "closed":
            survey.people_answered = answers
            survey.save()
        people[str(survey.pk)] = answers if state == "closed" and answers >= 5 else None
        question = factories.QuestionFactory(survey=survey, kind=kind)
        factories.SurveyAnswerFactory.create_batch(answers, question=question, **given)
        return str(question.pk)

    asked("closed", "extent", 4)
    shown = asked("closed", "extent", 5)
    asked("closed", "text", 9, option=None, text="We walked")
    written = asked("closed", "text", 10, option=None, text="We talked")
    opened = asked("open", "text", 10, option=None, text="Not yet", nullifier=None)
    factories.TimeBackFactory(change__programme=cast.programme, gives_back="1 to 3")
    survey = Question.objects.get(pk=opened).survey
    factories.VoiceFactory(survey=survey, name="a-voice")
    factories.AskedFactory(survey=survey, has_answered=True)
    mails = factories.NoticeChoiceFactory(authority=cast.authority)
    for key in (f"survey {survey.pk} reminded 1", "something else"):
        factories.NoticeFactory(choice=mails, key=key, sent_at=timezone.now())
    factories.FeedKeyFactory(authority=cast.authority, for_whom="A key for us")
    story = factories.StoryFactory(change__programme=cast.programme, ring="public")
    told, came_back = (
        factories.ReportSentenceFactory(
            section=section, kind="story", key=f"story:{pk}", text="We walked"
        )
        for section in [factories.ReportSectionFactory(report__programme=cast.programme)]
        for pk in (story.pk, survey.pk)
    )
    files = contents(archive_of(cast.authority))

    def rows(label: str) -> list[dict]:
        return json.loads(files[f"data/{label}.json"])

    assert {row["id"]: row["people_answered"] or None for row in rows("surveys.Survey")} == people
    assert [row["key"] for row in rows("programmes.Notice")] == ["something else"]
    assert [row["id"] for row in rows("impact.ReportSentence")] == [str(told.pk)]
    said = b"".join(files.values())
    untold = ("a-voice", "A key for us", "1 to 3", "Not yet", str(came_back.pk), "reminded 1")
    assert [words for words in untold if words.encode() in said] == []
    answers = json.loads(files["data/surveys.SurveyAnswer.json"])
    assert Counter(row["question"] for row in answers) == {shown: 5, written: 10}
    left_out = ("smallchanges.TimeBack", "surveys.Voice", "surveys.Asked", "impact.FeedKey")
    assert [label for label in left_out if f"data/{label}.json" in files] == []
