"""The archive of one authority: nobody else's words in it, and what comes back is the same."""

import hashlib
import io
import json
import zipfile
from collections import Counter

import pytest

from impact.actions.erasure import erase_authority
from impact.archive import write_archive
from impact.archive_file import Refused
from impact.archive_in import bring_in
from programmes.models import LocalAuthority
from tests import factories
from tests.doors import examples

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
    examples(cast.programme, cast.facilitator, "own words")
    examples(cast.other_programme, cast.outsider, CANARY)
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

    erase_authority(authority=full.authority, by=None)
    brought = bring_in(io.BytesIO(before))
    assert brought.rows == sum(counts.values())
    again = contents(archive_of(brought.authority))
    different = {name for name in files if files[name] != again[name]}
    assert different == set()


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
    """Answers of an open survey, answers too few to be shown, and members' own weeks."""

    def asked(state: str, kind: str, answers: int, **given):
        survey = factories.SurveyFactory(programme=cast.programme, state=state)
        question = factories.QuestionFactory(survey=survey, kind=kind)
        factories.SurveyAnswerFactory.create_batch(answers, question=question, **given)
        return str(question.pk)

    asked("closed", "extent", 4)
    shown = asked("closed", "extent", 5)
    asked("closed", "text", 9, option=None, text="We walked")
    written = asked("closed", "text", 10, option=None, text="We talked")
    asked("open", "text", 10, option=None, text="Not yet", nullifier=None)
    factories.TimeBackFactory(change__programme=cast.programme, gives_back="1 to 3")
    files = contents(archive_of(cast.authority))
    answers = json.loads(files["data/surveys.SurveyAnswer.json"])
    assert Counter(row["question"] for row in answers) == {shown: 5, written: 10}
    assert not any(b"1 to 3" in content for content in files.values())
    assert "data/smallchanges.TimeBack.json" not in files
