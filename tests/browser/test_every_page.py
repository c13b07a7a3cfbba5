"""Every page that a person can reach by links, looked at by axe and at three widths.

The pages are found by following links as a person would, so that a page which nothing leads to is
found out: what was reached is compared with the table of doors.
"""

import html
import re
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import Resolver404, resolve

from blueprints import actions
from blueprints.models import Blueprint
from blueprints.versions import fingerprint, parts_now
from programmes.models import LocalAuthority, Programme, User
from programmes.notices import stop_token
from smallchanges.models import Seed
from tests.doors import EXPECTED, OF_ALLAUTH
from tests.factories import NoticeChoiceFactory, QuestionFactory, UserFactory

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The same address, looked at in more than one way.
VIEWS_OF_ONE_PAGE = ("as", "change", "arrange")
# No page of these: a picture, files to keep, and two answers for machines.
NO_PAGES = {"programmes:logo", "workshops:workshop-calendar", "healthz", "readyz"}
NO_PAGES |= {"smallchanges:changes-csv", "smallchanges:changes-xlsx"}
NO_PAGES |= {"blueprints:blueprint-pdf", "blueprints:blueprint-docx"}
NO_PAGES |= {"surveys:paper-template"}
NO_PAGES |= {"blueprints:shared-pdf", "blueprints:shared-docx"}
# The data feed, and its door for whoever has no account.
NO_PAGES |= {name for name in EXPECTED if name.startswith("api:")}
# Of the impact report, and what is shared of it.
NO_PAGES |= {f"impact:report-{name}" for name in ("pdf", "docx", "version-pdf", "version-docx")}
NO_PAGES |= {"across:across-pdf", "across:across-docx"}
NO_PAGES |= {"personal:about-me"}  # a zip
# Led to by a mail or by another page's POST.
NOT_BY_LINK = {"places:invitation", "address-confirm", "smallchanges:ask-link"}
NOT_BY_LINK |= {"smallchanges:changes-move", "smallchanges:change-join"}
# By a poster, by a form that was sent, and from what waits, where the walk may meet what is
# answered: tests/browser/test_inbox.py looks at them.
NOT_BY_LINK |= {f"smallchanges:inbox-{name}" for name in ("offer", "said", "answer")}
NOT_BY_LINK |= {"blueprints:shared"}  # by a link for partners, of which the demo has none
# Of a draft of the report, of which the demo has none: tests/browser/test_report.py looks at them.
NOT_BY_LINK |= {"impact:report-publish", "impact:report-section-add", "impact:report-sentence-edit"}
# Of a survey that is open: tests/browser/test_survey_answers.py looks at them.
NOT_BY_LINK |= {f"surveys:{name}" for name in ("answer", "answer-open", "mailed", "survey-print")}
NOT_BY_LINK |= {"surveys:paper", "surveys:paper-file"}
# By the page's head and by the Impact page, which another part draws.
NOT_BY_LINK |= {"impact:data", "impact:search"}
NOT_BY_LINK |= {"workshops:pod-agenda"}  # tests/browser/test_pods.py looks at it
# Of an experiment that is tried, or decided: tests/browser/test_cycles.py looks at them.
NOT_BY_LINK |= {f"blueprints:experiment-{name}" for name in ("decide", "begin")}
# Of a round that is open: tests/browser/test_two_voices.py looks at them.
NOT_BY_LINK |= {f"blueprints:voices-{name}" for name in ("edit", "close", "place")}
# About rows that Tower Hamlets or the demo's Crescendo team has none of: a test of their own.
NOT_IN_THIS_WALK = {"blueprints:need-edit", "places:crescendo-team-remove", "places:mails-stop"}
NOT_IN_THIS_WALK |= {"smallchanges:seed-edit"}
# No version is there before people make one.
NOT_IN_THIS_WALK |= {f"blueprints:version{what}" for what in ("", "-changes", "-now")}
# Of a survey that is being written, or open: Tower Hamlets' have all closed.
NOT_IN_THIS_WALK |= {
    *(f"surveys:survey-{name}" for name in ("edit", "open", "closing-day", "ask", "poster")),
    *("surveys:survey-close", "surveys:question-add", "surveys:question-edit"),
}
# Of a room that is open or was: tests/browser/test_workshop.py looks at them.
IN_A_ROOM = {
    name
    for name in EXPECTED
    if name.startswith(("room:", "workshops:run-"))
    or name in ("workshops:harvest", "workshops:summary", "workshops:summary-send")
}
# Opened by whose row it is, whatever else their role lets them do.
OF_ONES_OWN = {"smallchanges:ask-edit", "smallchanges:ask-change-answer"}
# A pillar's practitioner lead decides its experiments.
OF_ONES_OWN |= {f"blueprints:experiment-{name}" for name in ("edit", "decide", "begin")}
# A story's teller, who is the practitioner in the demo; the facilitator there told none.
OF_ONES_OWN |= {"impact:story-cross", "impact:story-anew"}
NOT_BY_LINK |= {"impact:story-cross", "impact:story-anew"}
# Leaves the session.
LEAVE_ALONE = {"account_logout", "mfa_download_recovery_codes"}
# Of a screen, by its width.
HEIGHTS = {1280: 800, 390: 844, 320: 700}

# Who has most to look at comes first, so that the other test process takes the rest.
PEOPLE = {
    "facilitator": "facilitator@tower-hamlets.example",
    "practitioner": "practitioner@tower-hamlets.example",
    "manager": "manager@tower-hamlets.example",
    "crescendo": "team@crescendo.example",
}


def wrong_with(page, *, contrast: bool = True) -> list:
    """What axe finds at the page's width, as (rule, elements).

    Contrast takes longer than all other rules together, and the colours of an element are the same
    at every width: it is asked for once. Only what is wrong is gathered and handed over.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options = {
        "runOnly": RULES,
        "rules": {"color-contrast": {"enabled": contrast}},
        "preload": False,
        "reporter": "no-passes",
    }
    found = page.evaluate(
        "options => axe.run(options).then(found => found.violations.map(one =>"
        " [one.id, one.nodes.slice(0, 3).map(node => node.target)]))",
        options,
    )
    return [tuple(one) for one in found]


def scrolls_sideways(page) -> bool:
    """Whether it goes on doing so: a new width is on its way for some frames."""
    return page.evaluate(
        """width => new Promise(done => {
            const page = document.documentElement;
            let frames = 60;
            const look = () => {
                const scrolls = page.clientWidth > width || page.scrollWidth > page.clientWidth;
                if (scrolls && frames--) requestAnimationFrame(look);
                else done(scrolls);
            };
            requestAnimationFrame(look);
        })""",
        page.viewport_size["width"],
    )


def with_axe(visit):
    """A browser whose every page has axe from its beginning, which is ten times as quick."""
    one = visit()
    one.context.add_init_script(AXE_SCRIPT)
    return one


def look(visit, path: str, *, axe_at: tuple[int, ...] = (1280, 390)) -> list:
    """Everything that is wrong with one page, at these widths and at 320 pixels."""
    page, wrong = visit.page, []
    first, *narrower = (*axe_at, 320)
    visit.complaints.clear()
    page.set_viewport_size({"width": first, "height": HEIGHTS[first]})
    status = page.goto(visit.site + path).status
    # Before axe, whose own script the content policy complains of.
    wrong += visit.complaints
    if status != 200:
        wrong.append(status)
    for width in (first, *narrower):
        if width != first:
            page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        if width in axe_at:
            wrong += [(width, *one) for one in wrong_with(page, contrast=width > 390)]
        if scrolls_sideways(page):
            wrong.append((width, "scrolls sideways"))
        visit.keep(f"{path.strip('/').replace('/', '_') or 'root'}-{width}")
    return wrong


def _name(path: str) -> str:
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


def _kind_of_page(path: str) -> tuple:
    """What makes a page worth a look of its own: its view, and which of its faces it shows."""
    match, query = resolve(urlsplit(path).path), parse_qs(urlsplit(path).query)
    return (
        match.view_name,
        str(match.kwargs.get("kind", "")),
        *(query.get(word, [""])[0] for word in VIEWS_OF_ONE_PAGE),
    )


def _inside(path: str, slug: str) -> bool:
    """In the one authority that this walk is about, or outside all."""
    kwargs = resolve(urlsplit(path).path).kwargs
    return kwargs.get("authority_slug", slug) == slug


def _is_looked_at(who: str, name: str) -> bool:
    """Whether the browser opens a page as this person, or only its links are read.

    Facilitators have every permission: of a page that they have too, others see a part. The
    smallest part, a practitioner's, could lack what the rest hangs from.
    """
    facilitators_too = name in OF_ALLAUTH or "facilitator" in EXPECTED[name].enter
    return who in ("facilitator", "practitioner") or not facilitators_too


def _axe_at(who: str, name: str) -> tuple[int, ...]:
    """The widths for axe: a page that two people have is shown to it wide once, and narrow once."""
    if who == "practitioner":
        return (390,)
    both = name in OF_ALLAUTH or "practitioner" in EXPECTED[name].enter
    return (1280,) if who == "facilitator" and both else (1280, 390)


def walk(start: str, slug: str, read) -> dict[str, str]:
    """Follow links to one page of each kind: the address of each, and its view's name.

    `read` opens an address and gives its HTML.
    """
    waiting, seen, found = [start], set(), {}
    while waiting:
        path = waiting.pop(0)
        name = _name(path)
        if not name or name in NO_PAGES | LEAVE_ALONE or not _inside(path, slug):
            continue
        if (kind := _kind_of_page(path)) in seen:
            continue
        seen.add(kind)
        found[path] = name
        waiting += map(html.unescape, re.findall(r'<a\s[^>]*href="(/[^"#]*)', read(path, name)))
    return found


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_that_a_person_can_reach(visit, who):
    one, wrong = with_axe(visit), {}
    one.sign_in(PEOPLE[who])

    def read(path: str, name: str) -> str:
        if _is_looked_at(who, name):
            wrong[path] = look(one, path, axe_at=_axe_at(who, name))
            return one.page.content()
        answer = one.page.request.get(one.site + path)
        assert (path, answer.status) == (path, 200)
        return answer.text()

    start = "/portfolio/" if who == "crescendo" else "/tower-hamlets/"
    found = walk(start, "tower-hamlets", read)
    reached = set(found.values())
    meant = {name for name, door in EXPECTED.items() if who in door.enter and "GET" in door.methods}
    assert meant - reached - NO_PAGES - NOT_BY_LINK - NOT_IN_THIS_WALK - IN_A_ROOM == set()
    # Beside ours, allauth's: a page that the table does not let this person have is a mistake.
    assert {name for name in reached - meant - OF_ONES_OWN if name in EXPECTED} == set()
    assert {path: problems for path, problems in wrong.items() if problems} == {}


def _second_version(slug: str) -> UUID:
    """A draft that follows a version which was agreed."""
    blueprint = Blueprint.objects.get(programme__authority__slug=slug)
    facilitator, *signers = (
        User.objects.get(email=f"{who}@{slug}.example")
        for who in ("facilitator", "practitioner", "manager")
    )
    for why in ("", "We put it better."):
        version = actions.propose_version(
            blueprint=blueprint,
            pk=uuid4(),
            seen=fingerprint(parts_now(blueprint)),
            why=why,
            by=facilitator,
        )
        if not why:
            for voice, who in zip(("practitioner", "leader"), signers, strict=True):
                actions.sign_version(version=version, voice=voice, by=who)
            said = {"version": blueprint.version, "focus": "Time with families"}
            blueprint = actions.word_focus(blueprint=blueprint, by=facilitator, **said)
    return version.pk


def _survey_paths(slug: str) -> list[str]:
    """Running surveys: a draft with a question of its own, and an open survey."""
    programme = Programme.objects.get(authority__slug=slug)
    draft, opened = (
        QuestionFactory(survey__programme=programme, survey__state=state).survey
        for state in ("draft", "open")
    )
    question = draft.questions.get()
    return [
        *(f"/{slug}/surveys/{draft.pk}/{what}/" for what in ("edit", "open", "questions/add")),
        f"/{slug}/surveys/{draft.pk}/questions/{question.pk}/edit/",
        *(
            f"/{slug}/surveys/{opened.pk}/{what}/"
            for what in ("closing-day", "ask", "poster", "close")
        ),
    ]


def test_pages_about_rows_that_the_walk_does_not_meet(visit):
    colleague = UserFactory(name="Second Colleague", is_crescendo_team=True)
    one = with_axe(visit)
    page = one.sign_in(PEOPLE["crescendo"])
    one.go("/warrington/blueprint/edit/")
    need = page.locator("a[href*='/needs/'][href$='/edit/']").first.get_attribute("href")
    mails = NoticeChoiceFactory(authority=LocalAuthority.objects.get(slug="warrington"))
    version = _second_version("warrington")
    paths = [
        need,
        *(
            f"/warrington/blueprint/versions/{what}/"
            for what in (version, f"{version}/changes", "now")
        ),
        f"/portfolio/crescendo-team/{colleague.pk}/remove/",
        f"/mails/{stop_token(mails)}/",
        *_survey_paths("warrington"),
        f"/wandsworth/changes/{Seed.objects.get(authority__slug='wandsworth').change_id}/seed/edit/",
    ]
    assert {_name(path) for path in paths} == NOT_IN_THIS_WALK
    wrong = {path: look(one, path) for path in paths}
    assert {path: problems for path, problems in wrong.items() if problems} == {}


@pytest.mark.parametrize("slug", ["wandsworth", "warrington"])
def test_the_other_journeys(visit, slug):
    one = with_axe(visit)
    one.sign_in(f"facilitator@{slug}.example")
    pages = (
        *(
            "",
            "ambition/",
            "changes/",
            "changes/?as=board",
            "changes/?as=table",
            "changes/strands/",
            "permissions/",
            "wall/?period=all",
        ),
        *("blueprint/", "blueprint/insights/", "evidence/", "timeline/", "people/"),
    )
    wrong = {path: look(one, f"/{slug}/{path}", axe_at=(390,)) for path in pages}
    assert {path: problems for path, problems in wrong.items() if problems} == {}


def test_pages_before_signing_in(visit):
    one = with_axe(visit)
    pages = (
        *("/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/"),
        *("/help/", "/privacy/", "/accessibility/"),
    )
    wrong = {path: look(one, path) for path in pages}
    assert {path: problems for path, problems in wrong.items() if problems} == {}


def test_a_page_that_is_not_there(visit):
    one = visit()
    one.sign_in(PEOPLE["practitioner"])
    page = one.go("/nowhere/")
    assert page.get_by_role("heading", level=1).count() == 1
    assert (wrong_with(page), scrolls_sideways(page)) == ([], False)
