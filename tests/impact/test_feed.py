"""The data feed: what a key opens, what leaves, and what never does."""

import csv
import io
import logging
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from impact.feed_fields import BY_NAME, TABLES
from impact.feed_keys import digest_of
from impact.feed_rows import rows_of
from impact.feed_rows import told as told_in_feed
from impact.models import FeedKey, FeedScope
from programmes.models import AuditEvent
from tests import factories
from tests.answers import errors, follow, told
from tests.test_every_door import CANARY

PAGE = "/own/data/"
PK = UUID(int=8)
TOKEN = "crk_" + "a" * 43
PUBLISHED = (
    ("job satisfaction", 6, None),
    ("how effective you are as a team", 8, None),
    ("your ability to effect change within the local authority", 7, None),
    ("how valued you feel in your role", 7, None),
    ("the time that you or your team spend in direct work", 8, 3),
)


@pytest.fixture
def key(cast):
    return factories.FeedKeyFactory(authority=cast.authority, token=TOKEN)


def _get(path: str, token: str = TOKEN, **kwargs):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Client().get(f"/api/v1/{path}", headers=headers, **kwargs)


def _rows(name: str) -> list[dict]:
    return _get(name).json()["rows"]


def _lines(name: str) -> list[dict]:
    return list(csv.DictReader(io.StringIO(_get(f"{name}.csv").content.decode())))


def _a_place_full_of(words: str, programme):
    """A row in every table of the feed, with `words` in every text that people can write."""
    whole = {"illustrative": words}
    team = factories.TeamFactory(authority=programme.authority, name=words)
    member = factories.MembershipFactory(authority=programme.authority, user__name=words)
    strand = factories.MissionStrandFactory(programme=programme, title="Strand", about=words)
    change = factories.SmallChangeFactory(
        programme=programme,
        strand=strand,
        title="=Change",
        **dict.fromkeys(("purpose", "why", "success", "tracking", "result", "impact"), words),
        led_by=words,
        lead=member,
    )
    change.teams.add(team, through_defaults={"authority": team.authority})
    factories.UpdateFactory(change=change, text=words)
    factories.StepFactory(change=change, text=words, owner=member)
    factories.MetFactory(change=change, text=words)
    measure = factories.MeasureFactory(
        change=change, what="Minutes", unit="min", baseline=9, baseline_on=date(2026, 1, 5)
    )
    factories.ReadingFactory(measure=measure, on=date(2026, 2, 2), value="-7.5", note=words)
    ask = factories.AskFactory(
        change=change, what=words, why=words, member=None, name=words, email="c@x.example"
    )
    factories.AskAnswerFactory(ask=ask, who=words, words=words)
    insight = factories.InsightFactory(programme=programme, text=words)
    blueprint = factories.BlueprintFactory(programme=programme, focus=words)
    factories.CommitmentFactory(blueprint=blueprint, text=words)
    pillar = factories.PillarFactory(
        blueprint=blueprint, title="Pillar", so_that=words, sponsor=member
    )
    pillar.insights.add(insight, through_defaults={"authority": insight.authority})
    tried = {f"cycle__{name}": words for name in ("we_try", "we_expect", "how_we_know", "who")}
    experiment = factories.ExperimentFactory(pillar=pillar, title="Experiment", **tried)
    factories.ObservationFactory(cycle=experiment.cycles.get(), text=words)
    survey = factories.SurveyFactory(
        programme=programme, title="Survey", intro=words, state="closed", people_answered=8
    )
    own_words = factories.QuestionFactory(survey=survey, kind="text", text="In your words")
    for _ in range(12):
        factories.SurveyAnswerFactory(question=own_words, option=None, text=words)
    factories.SurveyFactory(programme=programme, title=f"Draft {words}", state="draft")
    factories.StoryFactory(change=change, text=words, teller=words, ring="public")
    return whole, change, measure, pillar, experiment, survey


def _evolve(programme):
    """As it was published: of four questions only how many said moderate or large is known."""
    survey = factories.SurveyFactory(
        programme=programme, title="Evolve", kind="impact", state="closed", people_answered=8
    )
    for text, far, large in PUBLISHED:
        question = factories.QuestionFactory(survey=survey, text=text, is_joined=large is None)
        near = 8 - far
        options = [0] * near + [2] * (far - (large or 0)) + [3] * (large or 0)
        for option in options:
            factories.SurveyAnswerFactory(question=question, option=option)
    return survey


# --- the door


def test_each_key_opens_its_tables_and_says_so(cast, key):
    """Every scope alone, and all at once."""
    for scopes in ([scope] for scope in FeedScope.values):
        cache.clear()
        FeedKey.objects.filter(pk=key.pk).update(scopes=scopes)
        wanted = {table.name: 200 if table.scope in scopes else 403 for table in TABLES}
        assert {name: _get(name).status_code for name in wanted} == wanted
        assert {name: _get(f"{name}.csv").status_code for name in wanted} == wanted
        listed = [table["name"] for table in _get("").json()["tables"]]
        assert listed == [name for name, status in wanted.items() if status == 200]
        assert _get("dictionary").status_code == _get("dictionary.csv").status_code == 200
    assert _get("changes").json() == {
        "error": "another scope",
        "words": "This key does not open this table. /api/v1/ says what it opens.",
    }
    key.refresh_from_db()
    assert key.last_used_on == timezone.localdate()


def test_what_is_no_good_key_is_refused_in_the_same_words_everywhere(cast, key):
    other = factories.FeedKeyFactory(authority=cast.authority, token="crk_" + "b" * 43)
    gone = factories.FeedKeyFactory(authority=cast.authority, token="crk_" + "c" * 43)
    now = timezone.now()
    FeedKey.objects.filter(pk=other.pk).update(
        made_at=now - timedelta(days=9), expires_at=now - timedelta(days=1)
    )
    FeedKey.objects.filter(pk=gone.pk).update(revoked_at=now)
    tries = {
        "no key": ("", 401),
        "not a key": ("crk_" + "d" * 43, 401),
        "run out": ("crk_" + "b" * 43, 401),
        "taken back": ("crk_" + "c" * 43, 401),
    }
    for error, (token, status) in tries.items():
        answer = _get("changes", token)
        assert (answer.status_code, answer.json()["error"]) == (status, error)
        assert answer["WWW-Authenticate"] == 'Bearer realm="Crescendo"'
        assert "Own Borough" not in answer.content.decode()
    in_address = Client().get(f"/api/v1/changes?key={TOKEN}")
    assert (in_address.status_code, in_address.json()["error"]) == (400, "key in the address")
    client = Client()
    client.force_login(cast.facilitator)
    assert client.get("/api/v1/changes").status_code == 401


def test_an_answer_is_read_only_and_leaves_nothing_behind(cast, key):
    headers = {"Authorization": f"bearer {TOKEN}", "Origin": "https://elsewhere.example"}
    client = Client(headers=headers)
    assert {client.post("/api/v1/changes").status_code} == {405}
    assert client.head("/api/v1/changes").status_code == 200
    answer = client.get("/api/v1/changes")
    assert answer["Cache-Control"] == "no-store, private"
    assert [name for name in answer.headers if name.startswith("Access-Control")] == []
    assert (answer.cookies.output(), AuditEvent.objects.exists()) == ("", False)


def test_guesses_are_slowed_and_a_good_key_is_not_shut_out(key):
    wrong = [_get("changes", "nonsense").status_code for _ in range(21)]
    assert wrong == [401] * 20 + [429]
    assert _get("changes", "nonsense")["Retry-After"] == "60"
    good = [_get("").status_code for _ in range(61)]
    assert good == [200] * 60 + [429]


def test_no_log_has_a_key(caplog):
    (formatter,) = {
        one.formatter for one in logging.getLogger().handlers if type(one) is logging.StreamHandler
    }
    record = logging.LogRecord(
        "x", 30, "", 1, f"/api/v1/changes?a=1&key=other-words and {TOKEN}", None, None
    )
    line = formatter.format(record)
    assert (TOKEN in line, "other-words" in line) == (False, False)


# --- what leaves


def test_no_words_and_no_names_leave_but_titles(cast, key):
    _a_place_full_of(CANARY, cast.programme)
    for table in TABLES:
        answer = _get(table.name)
        assert (len(answer.json()["rows"]) > 0, CANARY in answer.content.decode()) == (True, False)
        names = [field.name for field in table.fields]
        assert all(list(row) == names for row in answer.json()["rows"])
        whole = _get(f"{table.name}.csv").content.decode()
        assert (whole.split("\r\n")[0], CANARY in whole) == (",".join(names), False)
        assert len(_lines(table.name)) == len(answer.json()["rows"])


def test_another_authoritys_rows_are_not_there(cast, key):
    _a_place_full_of(CANARY, cast.other_programme)
    assert {table.name: _rows(table.name) for table in TABLES} == {
        table.name: [] for table in TABLES
    }


def test_what_the_tables_say(cast, key):
    _, change, _, pillar, experiment, _ = _a_place_full_of(CANARY, cast.programme)
    today = timezone.localdate().isoformat()
    (row,) = _rows("changes")
    assert row == {
        "id": str(change.pk),
        "title": "=Change",
        "strand_id": str(change.strand_id),
        "stage": change.stage,
        "status": change.status,
        "in_whose_gift": "ours",
        "teams": 1,
        "steps": 1,
        "steps_done": 0,
        "added_on": today,
        "moved_on": today,
        "is_illustrative": False,
    }
    assert _lines("changes")[0]["title"] == "'=Change"
    assert _lines("readings")[0]["value"] == "-7.5"
    (row,) = _rows("measures")
    assert {name: row[name] for name in ("change_id", "baseline", "latest", "readings")} == {
        "change_id": str(change.pk),
        "baseline": 9,
        "latest": -7.5,
        "readings": 1,
    }
    (row,) = _rows("asks")
    assert (row["change_id"], row["asks"], row["waiting"]) == (str(change.pk), 1, 1)
    assert [(row["kind"], row["id"], row["pillar_id"]) for row in _rows("blueprint")] == [
        ("pillar", str(pillar.pk), str(pillar.pk)),
        ("experiment", str(experiment.pk), str(pillar.pk)),
    ]
    assert [row["title"] for row in _rows("surveys")] == ["Survey"]
    (row,) = _rows("survey-results")
    assert (row["count"], row["not_shown"]) == (
        None,
        "What people wrote or counted is not in the feed",
    )


def test_what_was_taken_away_has_left_too(cast, key):
    _, change, measure, pillar, _, survey = _a_place_full_of(CANARY, cast.programme)
    for row in (change.strand, measure, pillar, survey, *change.asks.all()):
        row.removed_at = timezone.now()
        row.save(update_fields=["removed_at"])
    seen = {table.name: len(_rows(table.name)) for table in TABLES}
    assert seen == dict.fromkeys(BY_NAME, 0) | {"changes": 1}


def test_evolves_table_can_be_read(cast, key):
    """6, 8, 7, 7 and 8 of 8 said moderate or large; of the last, large 3 and moderate 5."""
    _evolve(cast.programme)
    rows = _lines("survey-results")
    far = {}
    for row in rows:
        if row["is_moderate_or_large"] == "true":
            far[row["place"]] = far.get(row["place"], 0) + int(row["count"])
    assert list(far.values()) == [6, 8, 7, 7, 8]
    assert {row["base"] for row in rows} == {"8"}
    last = [(row["answer"], row["count"]) for row in rows if row["place"] == rows[-1]["place"]]
    assert last[-2:] == [("To a moderate extent", "5"), ("To a large extent", "3")]
    assert [
        row["per_cent"] for row in rows if row["answer"] == "To a moderate or large extent"
    ] == [
        "75.0",
        "100.0",
        "87.5",
        "87.5",
    ]


def test_the_feed_shows_no_more_of_a_survey_than_its_results(cast, key):
    """Nothing of fewer than five, of two-way groups of fewer than ten, or before the close.

    Of a group nothing finer than its two halves.
    """
    survey = factories.SurveyFactory(
        programme=cast.programme, state="closed", people_answered=12, people_asked=20
    )
    many, few = (factories.QuestionFactory(survey=survey, text=text) for text in ("Many", "Few"))
    for question, count in ((many, 12), (few, 4)):
        for _ in range(count):
            factories.SurveyAnswerFactory(question=question, option=3)
    for by, answered in (("team", 7), ("both", 9)):
        group = factories.SplitGroupFactory(survey=survey, by=by, label=f"{by} group")
        factories.TallyFactory(
            question=many, group=group, answered=answered, counts=[1, answered - 1]
        )
    scale = factories.QuestionFactory(survey=survey, text="Scale", kind="scale")
    factories.SurveyAnswerFactory.create_batch(12, question=scale, option=4)
    by_team = survey.split_groups.get(by="team")
    factories.TallyFactory(question=scale, group=by_team, answered=7, counts=[2, 5])
    factories.SurveyFactory(programme=cast.programme, state="closed", people_answered=3)
    started = factories.SurveyFactory(programme=cast.programme, title="Open", state="open")
    begun = factories.QuestionFactory(survey=started, text="Begun")
    for number in range(6):
        factories.SurveyAnswerFactory(question=begun, nullifier=str(number))
    shown = [
        (row["question"], row["group"], row["answer"], row["count"], row["base"])
        for row in _rows("survey-results")
        if row["count"] != 0
    ]
    assert shown == [
        ("Many", "Everybody", "To a large extent", 12, 12),
        ("Many", "team group", "Not at all or to a small extent", 1, 7),
        ("Many", "team group", "To a moderate or large extent", 6, 7),
        ("Few", "Everybody", None, None, None),
        ("Scale", "Everybody", "5", 12, 12),
        ("Scale", "team group", "1 to 3", 2, 7),
        ("Scale", "team group", "4 or 5", 5, 7),
    ]
    assert [(row["state"], row["people_answered"]) for row in _rows("surveys")] == [
        ("closed", 12),
        ("closed", None),
        ("open", None),
    ]


def test_pages_lead_to_one_another(cast, key, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("impact.views.api._ROWS_ON_A_PAGE", 2)
    for number in range(3):
        factories.SmallChangeFactory(programme=cast.programme, title=f"Change {number}")
    first = _get("changes").json()
    assert (first["rows_in_all"], first["pages"], first["previous"]) == (3, 2, None)
    assert first["next"] == "http://testserver/api/v1/changes?page=2"
    second = _get("changes?page=2").json()
    said = [row["title"] for row in first["rows"] + second["rows"]]
    assert (said, second["next"]) == (["Change 0", "Change 1", "Change 2"], None)
    assert {_get(f"changes?page={page}").status_code for page in ("3", "0", "x")} == {404}


@pytest.mark.parametrize("number", [1, 3])
def test_tables_are_read_in_as_many_statements_however_long(
    cast, number, django_assert_num_queries
):
    blueprint = factories.BlueprintFactory(programme=cast.programme)
    survey = factories.SurveyFactory(programme=cast.programme, state="closed", people_answered=5)
    for place in range(number):
        change = factories.SmallChangeFactory(programme=cast.programme)
        factories.ReadingFactory(measure=factories.MeasureFactory(change=change))
        factories.AskFactory(change=change)
        pillar = factories.PillarFactory(blueprint=blueprint, position=place)
        factories.ExperimentFactory(pillar=pillar)
        factories.QuestionFactory(survey=survey)
    with django_assert_num_queries(13):
        for table in TABLES:
            for row in rows_of(table.name, cast.authority):
                assert list(told_in_feed(table.name, row)) == [one.name for one in table.fields]


# --- the page


def test_a_key_is_shown_once_and_works(cast, client_of):
    client = client_of(cast.facilitator)
    said = {"id": PK, "for_whom": "Performance team", "scopes": ["changes"], "lasts": "1 year"}
    tokens = [client.post(PAGE, said).context["shown"].token for _ in range(2)]
    made = FeedKey.objects.get()
    assert (made.pk, made.scopes, made.digest) == (PK, ["changes"], digest_of(tokens[1]))
    assert [_get("changes", token).status_code for token in tokens] == [401, 200]
    again = client.post(PAGE, said)
    assert (again.context["shown"].token, _get("changes", tokens[1]).status_code) == ("", 200)
    page = client.get(PAGE).content.decode()
    assert ("Performance team" in page, tokens[1] in page) == (True, False)
    (event,) = AuditEvent.objects.values("verb", "target_label", "details")
    until = timezone.localdate(made.expires_at).isoformat()
    assert event == {
        "verb": "feed key given",
        "target_label": "",
        "details": {"scopes": ["changes"], "until": until},
    }
    missing = client.post(PAGE, {"id": UUID(int=9), "for_whom": " ", "lasts": "1 year"})
    assert errors(missing) == {
        "for_whom": ["Say who will use it, so that everybody knows later."],
        "scopes": ["Choose at least one."],
    }


def test_what_is_taken_back_opens_nothing_at_once(cast, key, client_of):
    client = client_of(cast.facilitator)
    assert _get("").status_code == 200
    after = follow(client, client.post(f"{PAGE}keys/{key.pk}/take-back/"))
    assert told(after) == [f"It opens nothing any more: the key for {key.for_whom}"]
    assert _get("").status_code == 401
    assert f"{key.for_whom}: taken back today by Facilitator Example" in after.content.decode()
    foreign = factories.FeedKeyFactory(authority=cast.other)
    assert client.post(f"{PAGE}keys/{foreign.pk}/take-back/").status_code == 404
