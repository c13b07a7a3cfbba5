"""The blueprint outside the house: what is in its files and on the page for partners, and what is
in none of them.
"""

import io
import re
import zipfile
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from blueprints import leaving, pdf, word
from blueprints.leaving import Reader, paper_of
from blueprints.models import Decision, Experiment, PillarInsight
from blueprints.partners import address_of
from programmes.models import Role
from tests import factories

THEN = datetime(2026, 1, 5, 9, tzinfo=UTC)
# In words that stay in the house; and in those that leave it, with a number each.
SECRET, TOLD = "canary", "told"
HOSTILE = (
    "#set page(width: 2cm) $x^2$ *bold* _so_ \\ `raw` <label> @ref //gone /*gone*/ [b] #panic()"
    " <script>alert(1)</script> & ]]> 😀 漢 שלום łódź e\u0301 \x01\x0b\ufffe\ud800\u202e "
    + "W"
    * 300
)


def _words_of(models) -> set[str]:
    return {
        f"{model._meta.model_name}.{field.name}"
        for model in models
        for field in model._meta.concrete_fields
        if field.get_internal_type() in ("CharField", "TextField", "JSONField")
    }


def test_of_every_field_of_words_somebody_chose_whether_it_leaves():
    """Whoever adds one puts it on one list or the other, with a reason."""
    known = _words_of(apps.get_app_config("blueprints").get_models())
    # What was made up is told wherever its row is.
    known = {name for name in known if not name.endswith(".illustrative")}
    chosen = {name for name in leaving.LEAVES if not name.endswith(".illustrative")}
    assert (chosen & leaving.STAYS.keys(), known - chosen - leaving.STAYS.keys()) == (set(), set())


@pytest.fixture
def world(cast, blueprint):
    """A blueprint with a word in every field, and everything around it that may not leave."""

    def told(kind, **values):
        return kind(blueprint=blueprint, **values)

    blueprint.focus = f"{TOLD}1"
    blueprint.save()
    told(factories.CommitmentFactory, text=f"{TOLD}2")
    told(factories.NeedFactory, text=f"{TOLD}3")
    sponsor, lead = (
        factories.MembershipFactory(
            authority=cast.authority,
            roles=[role],
            user__name=f"{SECRET} {role}",
            user__email=f"{SECRET}-{role}@own.example",
        )
        for role in (Role.MANAGER, Role.PRACTITIONER)
    )
    pillar = told(
        factories.PillarFactory,
        title=f"{TOLD}4",
        so_that=f"{TOLD}5",
        sponsor=sponsor,
        practitioner_lead=lead,
    )
    experiment = factories.ExperimentFactory(
        pillar=pillar,
        title=f"{TOLD}6",
        state=Experiment.State.DECIDED,
        decision=Decision.ADAPT,
        cycle__we_try=f"{TOLD}7",
        cycle__we_expect=f"{TOLD}8",
        cycle__how_we_know=f"{TOLD}9",
        cycle__who=SECRET,
        cycle__surprised_us=SECRET,
        cycle__from_on=date(2026, 3, 1),
        cycle__to_on=date(2026, 6, 1),
    )
    factories.ObservationFactory(cycle=experiment.cycle, text=SECRET, at=THEN, by=lead.user)
    for removed in (
        told(factories.CommitmentFactory, text=SECRET, removed_at=THEN),
        told(factories.NeedFactory, text=SECRET, removed_at=THEN),
        told(factories.PillarFactory, title=SECRET, removed_at=THEN),
    ):
        assert removed.removed_at
    factories.ExperimentFactory(pillar=pillar, title=SECRET, removed_at=THEN)
    _around(cast, pillar, experiment, sponsor)
    factories.PartnerLinkFactory(authority=cast.authority, for_whom=SECRET)
    return experiment


def _around(cast, pillar, experiment, sponsor) -> None:
    programme = cast.programme
    strand = factories.MissionStrandFactory(programme=programme, title=SECRET, about=SECRET)
    barrier = factories.BarrierFactory(programme=programme, text=SECRET)
    team = factories.TeamFactory(authority=cast.authority, name=SECRET)
    change = factories.SmallChangeFactory(programme=programme, strand=strand, title=SECRET)
    insight = factories.InsightFactory(programme=programme, text=SECRET)
    strand.barriers.add(barrier, through_defaults={"authority": cast.authority})
    change.teams.add(team, through_defaults={"authority": cast.authority})
    PillarInsight.objects.create(authority=cast.authority, pillar=pillar, insight=insight)
    factories.EvidenceFactory(insight=insight, change=change)
    ask = factories.AskFactory(change=change, what=SECRET, why=SECRET, name=SECRET)
    move = factories.ExperimentMoveFactory(experiment=experiment, why=SECRET, by=sponsor.user)
    own = {"experiment": experiment, "authority": cast.authority}
    by = {"by": sponsor.user, "words": SECRET}
    factories.AnswerFactory(**own, kind="yes if", cycle=move.cycle, **by)
    factories.PromiseFactory(**own, what=SECRET, kept=False, told_at=THEN, why=SECRET)
    factories.ReviewFactory(pillar=pillar, decided=SECRET, **by)
    factories.RuleFactory(authority=cast.authority, text=SECRET, said_by=SECRET)
    factories.EvidenceFactory(insight=insight, change=None, barrier=None, ask=ask)


def _pdf_words(data: bytes) -> str:
    reader = PdfReader(io.BytesIO(data))
    outline = " ".join(str(one) for one in reader.outline)
    return " ".join(
        [*(page.extract_text() for page in reader.pages), str(reader.metadata), outline]
    )


def _docx_words(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return " ".join(parts.read(name).decode(errors="replace") for name in parts.namelist())


READ = {"pdf": _pdf_words, "docx": _docx_words, "": lambda data: data.decode()}


def _opened(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    (ending,) = re.findall(r"(?:\.(pdf|docx))?(?:\?.*)?$", address)[:1]
    return READ[ending](answer.content)


def test_partners_read_what_may_leave_and_not_a_word_more(client, practitioner, cast, world):
    shared = address_of(cast.authority.partner_links.get())
    for reader, address in (
        (client, shared),
        (client, f"{shared}blueprint.pdf"),
        (client, f"{shared}blueprint.docx"),
        (practitioner, "/own/blueprint.pdf?for=partners"),
        (practitioner, "/own/blueprint.docx?for=partners"),
    ):
        words = " ".join(_opened(reader, address).split())
        assert (address, SECRET in words.lower()) == (address, False)
        missing = [n for n in range(1, 10) if f"{TOLD}{n}" not in words]
        assert (address, missing) == (address, [])
        for said in (
            "Decided to adapt: change it and try again",
            "From 1 March 2026 to 1 June 2026",
            "5 January 2026",
            "Grown from 1 barrier and 1 small change",
        ):
            assert (address, said in words) == (address, True)


def test_a_meeting_also_reads_who_stands_for_a_pillar(practitioner, world):
    for ending in ("pdf", "docx"):
        words = _opened(practitioner, f"/own/blueprint.{ending}")
        names = re.findall(rf"{SECRET} [a-z]+|{SECRET}[^ ]", words)
        assert (ending, names) == (ending, [f"{SECRET} manager", f"{SECRET} practitioner"])


def test_a_person_without_a_name_is_not_told_by_their_address(cast, blueprint):
    member = factories.MembershipFactory(
        authority=cast.authority, roles=[Role.MANAGER], user__name=""
    )
    factories.PillarFactory(blueprint=blueprint, sponsor=member)
    (pillar,) = paper_of(cast.authority, Reader.MEETING).pillars
    assert (pillar.sponsor, pillar.voice, pillar.experiments) == ("", "", [])


def test_there_is_no_file_of_nothing_nor_for_nobody_nor_of_an_unknown_version(
    practitioner, blueprint
):
    for asked in ("", "?for=everybody", "?version=2"):
        for ending in ("pdf", "docx"):
            address = f"/own/blueprint.{ending}{asked}"
            assert (address, practitioner.get(address).status_code) == (address, 404)
        factories.CommitmentFactory(blueprint=blueprint)


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_does_not_grow(practitioner, cast, blueprint, django_assert_num_queries, count):
    for _ in range(count):
        pillar = factories.PillarFactory(blueprint=blueprint)
        factories.ExperimentFactory.create_batch(count, pillar=pillar)
        strand = factories.MissionStrandFactory(programme=cast.programme)
        change = factories.SmallChangeFactory(programme=cast.programme, strand=strand)
        insight = factories.InsightFactory(programme=cast.programme)
        factories.EvidenceFactory(insight=insight, change=change)
        PillarInsight.objects.create(authority=cast.authority, pillar=pillar, insight=insight)
    for ending in ("pdf", "docx"):
        with django_assert_num_queries(17):
            practitioner.get(f"/own/blueprint.{ending}")


# --- the files themselves


@pytest.fixture
def hostile(cast, blueprint):
    """Whatever people type; a NUL and halves of pairs no database keeps."""
    words = HOSTILE.replace("\ud800", "")
    blueprint.focus = words[:300]
    blueprint.save()
    factories.CommitmentFactory(blueprint=blueprint, text=words[:300])
    pillar = factories.PillarFactory(blueprint=blueprint, title=words[:160], so_that=words[:300])
    cycle = {f"cycle__{name}": words for name in ("we_try", "we_expect", "how_we_know")}
    factories.ExperimentFactory(pillar=pillar, title=words[:160], **cycle)
    return paper_of(cast.authority, Reader.MEETING)


def test_a_pdf_takes_words_as_words_and_is_made_for_everybody_to_read(hostile):
    made = pdf.as_pdf(hostile)
    assert made == pdf.as_pdf(hostile)
    reader = PdfReader(io.BytesIO(made))
    root = reader.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "en-GB")
    assert "/StructTreeRoot" in root
    assert b'pdfuaid:part="1"' in made or b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert reader.metadata.title == "Our local blueprint: London Borough of Own Borough"
    words = "".join(page.extract_text() for page in reader.pages).replace("\u200b", "")
    for said in (
        "#set page(width: 2cm) $x^2$ *bold* _so_ \\ `raw`",
        "//gone /*gone*/ [b] #panic()",
    ):
        assert said in words.replace("\n", " ")
    assert (words.count("😀"), words.count("漢"), "□" in words, "łódź" in words) == (
        *(0, 0),
        *(True, True),
    )
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[-1]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {"BricolageGrotesque-Bold", "AtkinsonHyperlegibleNext-Regular"} <= fonts


def test_a_word_file_has_styles_headings_and_a_language(hostile):
    document = Document(io.BytesIO(word.as_docx(hostile)))
    outline = [one.style.name for one in document.paragraphs if one.style.name.startswith("Head")]
    assert outline == ["Heading 1", "Heading 1", "Heading 2", "Heading 3"]
    assert [one.style.name for one in document.paragraphs[:3]] == ["Small", "Title", "Subtitle"]
    assert "List Bullet" in {one.style.name for one in document.paragraphs}
    facts = document.core_properties
    said = (facts.title, facts.author, facts.language)
    assert said == ("Our local blueprint", "London Borough of Own Borough", "en-GB")
    (language,) = document.styles.element.iter(qn("w:lang"))
    assert language.get(qn("w:val")) == "en-GB"
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    words = "\n".join(one.text for one in document.paragraphs)
    assert leaving.plain(HOSTILE) in words


def test_no_file_can_hold_what_no_file_holds():
    assert leaving.plain("a\x00\x08\x0b\x1f\x7f\x85\ud800\ufffe\uffff\u202e\r\nb\rc\t") == "a\nb\nc"
