"""A paper as a Word file that a council can go on writing in: real styles and headings, no lock."""

import io
from datetime import date, datetime, time
from typing import Any, Protocol

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from blueprints.leaving import Paper, PaperExperiment, PaperLine, PaperPillar

_INK, _PLUM, _QUIET = RGBColor(0x2B, 0x18, 0x30), RGBColor(0x6B, 0x1F, 0x52), RGBColor(89, 74, 93)
_TEXT, _HEADINGS = "Atkinson Hyperlegible Next", "Bricolage Grotesque"
# What a computer without our fonts takes instead; every council's has it.
_INSTEAD = "Arial"
# A style's name, its font, its size, its colour, and the room before and after it, in points.
_STYLES = (
    ("Normal", _TEXT, 11, _INK, 0, 6),
    ("Title", _HEADINGS, 28, _INK, 0, 4),
    ("Subtitle", _TEXT, 11, _QUIET, 0, 12),
    ("Heading 1", _HEADINGS, 18, _PLUM, 20, 6),
    ("Heading 2", _HEADINGS, 15, _INK, 16, 4),
    ("Heading 3", _HEADINGS, 12, _INK, 12, 2),
    ("List Bullet", _TEXT, 11, _INK, 0, 4),
    ("Small", _TEXT, 10, _QUIET, 0, 4),
)


def as_docx(paper: Paper) -> bytes:
    document = Document()
    set_up(document, paper)
    writer = Writer(document)
    writer.add("Small", paper.authority)
    writer.add("Title", paper.title)
    writer.add("Subtitle", paper.opening)
    writer.made_up(paper.made_up)
    writer.add("Normal", paper.focus.text, label="Our focus")
    writer.made_up(paper.focus.made_up)
    _list(writer, "What we stand for", paper.commitments)
    writer.may_break()
    if paper.pillars:
        writer.add("Heading 1", "Pillars and experiments")
    for pillar in paper.pillars:
        _pillar(writer, pillar)
    _list(writer, "What it needs to work", paper.needs)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class Writer:
    """Adds paragraphs at the end. The package's own way looks for that end each time, and for the
    style: with a thousand experiments it takes seconds.
    """

    def __init__(self, document: DocumentType):
        self.parent: Any = document._body
        self.end = document.element.body.sectPr
        self.ids = {style.name: style.style_id for style in document.styles}
        self.last: Paragraph | None = None

    def add(self, style: str, words: str, *, label: str = "") -> None:
        """Nothing where there are no words. Line breaks become breaks within the paragraph."""
        if not words:
            return
        element: Any = OxmlElement("w:p")
        element.style = self.ids[style]
        self.end.addprevious(element)
        paragraph = Paragraph(element, self.parent)
        if label:
            paragraph.add_run(f"{label}: ").bold = True
        paragraph.add_run(words)
        if self.last is not None:
            self.last.paragraph_format.keep_with_next = True
        self.last = paragraph

    def may_break(self) -> None:
        """The page may end after what was added last; else what comes next stays with it."""
        self.last = None

    def made_up(self, words: str) -> None:
        self.add("Small", words and f"Illustrative: {words}")


def _pillar(writer: Writer, pillar: PaperPillar) -> None:
    writer.add("Heading 2", f"Pillar {pillar.number}: {pillar.title}")
    writer.add("Normal", pillar.so_that)
    writer.add("Small", pillar.states)
    writer.add("Small", pillar.voice)
    writer.add("Normal", pillar.sponsor, label="Sponsor")
    writer.add("Normal", pillar.lead, label="Practitioner lead")
    writer.made_up(pillar.made_up)
    if not pillar.experiments:
        writer.add("Small", "No experiment here yet.")
        writer.may_break()
    for experiment in pillar.experiments:
        _experiment(writer, experiment)
        writer.may_break()


def _experiment(writer: Writer, experiment: PaperExperiment) -> None:
    writer.add("Heading 3", experiment.title)
    learned = experiment.last_learned and f"Last learned on {experiment.last_learned}"
    where = " · ".join(filter(None, (experiment.state, experiment.when, learned)))
    writer.add("Normal", where, label="Where it is")
    writer.add("Normal", experiment.we_try, label="We try")
    for label, words in (
        ("We expect", experiment.we_expect),
        ("How we’ll know", experiment.how_we_know),
    ):
        if words:
            # Were it all kept together, LibreOffice would leave headings alone on a page.
            writer.may_break()
            writer.add("Normal", words, label=label)
    writer.made_up(experiment.made_up)


def _list(writer: Writer, heading: str, rows: list[PaperLine]) -> None:
    if rows:
        writer.add("Heading 1", heading)
    for row in rows:
        made_up = f" (illustrative: {row.made_up})" if row.made_up else ""
        writer.add("List Bullet", row.text + made_up)
        writer.may_break()


class Named(Protocol):
    """What every paper says of itself."""

    @property
    def title(self) -> str: ...

    @property
    def authority(self) -> str: ...

    @property
    def on(self) -> date: ...

    @property
    def latest(self) -> str: ...


def set_up(document: DocumentType, paper: Named) -> None:
    """A4 in our styles, with the footer and what the file says of itself."""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(16)
    page.header_distance = page.footer_distance = Mm(8)
    own: Any = document.styles.add_style("Small", WD_STYLE_TYPE.PARAGRAPH)
    own.base_style, own.quick_style = document.styles["Normal"], True
    for name, font, size, colour, before, after in _STYLES:
        _style(document.styles[name], font, size, colour, before, after)
    _language(document)
    _fallbacks(document)
    _footer(page.footer.paragraphs[0], paper.latest)
    links: Any = document.part.package.rels
    for key in [key for key, link in links.items() if link.reltype.endswith("/thumbnail")]:
        del links[key]  # a picture of the template
    made = datetime.combine(paper.on, time.min)
    facts = document.core_properties
    facts.title, facts.author, facts.language = paper.title, paper.authority, "en-GB"
    facts.last_modified_by, facts.comments, facts.subject = paper.authority, "", ""
    facts.created = facts.modified = made
    facts.keywords = facts.category = ""


def _style(style, font: str, size: int, colour: RGBColor, before: int, after: int) -> None:
    style.font.name, style.font.size, style.font.color.rgb = font, Pt(size), colour
    fonts = style.element.rPr.rFonts
    for kind in ("eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), font)
    # The theme's fonts would win over these.
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    if style.name == "Title":
        style.font.bold = True
    if style.name == "Title" and (line := style.element.pPr.find(qn("w:pBdr"))) is not None:
        style.element.pPr.remove(line)
    if style.name == "Subtitle":
        style.font.italic = style.font.bold = False
        style.element.rPr.remove(style.element.rPr.find(qn("w:spacing")))


def _language(document: DocumentType) -> None:
    """British English, for whoever spells or reads it aloud."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        language.set(qn("w:val"), "en-GB")


def _fallbacks(document: DocumentType) -> None:
    """Tell Word what to take where a computer has none of our fonts."""
    (table,) = (
        part
        for part in document.part.package.iter_parts()
        if str(part.partname) == "/word/fontTable.xml"
    )
    fonts = parse_xml(table.blob)
    for name in (_TEXT, _HEADINGS):
        fonts.append(
            parse_xml(
                f'<w:font {nsdecls("w")} w:name="{name}"><w:altName w:val="{_INSTEAD}"/>'
                '<w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch w:val="variable"/>'
                "</w:font>"
            )
        )
    table._blob = serialize_part_xml(fonts)


def _footer(paragraph, latest: str) -> None:
    """What it says of its day, and "2 of 4" in fields that Word keeps counting."""
    paragraph.style = "Small"
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(178), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{latest}\t")
    _field(paragraph, "PAGE")
    paragraph.add_run(" of ")
    _field(paragraph, "NUMPAGES")


def _field(paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)
