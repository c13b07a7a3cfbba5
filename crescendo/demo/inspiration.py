"""What the demo's authorities share with one another. All of it is made up, and says so."""

from uuid import NAMESPACE_URL, uuid5

from crescendo.loading.desk import MADE_UP
from programmes.models import LocalAuthority
from smallchanges import actions
from smallchanges.models import Consent, SmallChange
from smallchanges.sharing import people_of

# By place: the title of a change, and the words that others read of it.
_SHARED = {
    "tower-hamlets": {
        "title": "Define partner agency roles and share notetaking",
        "sentence": "Partners take turns at the minutes of core group meetings, so the social "
        "worker can listen to the family.",
        "what_we_did": "We wrote a template of one page and a short guide for whoever takes the "
        "minutes.\nThree volunteers from school, health and housing tried it first.\nNow the next "
        "person is named before a meeting ends.",
        "what_it_needed": "The yes of the team managers, and two hours of a working group.\nOne "
        "partner who goes first.",
        "what_we_met": "Some partners thought that minutes were a social worker’s job. It helped "
        "to ask in person, and to show how short the template is.",
        "what_came_of_it": "Other professionals take the minutes, and say that they feel more "
        "part of the plan for the child.",
        "our_setting": "London borough, a statutory family support service. Tried by two teams.",
    },
    "wandsworth": {
        "title": "Protected slots in practitioners' calendars",
        "sentence": "Each practitioner keeps two slots a week that nobody may book, for time with "
        "young people.",
        "what_we_did": "We chose the slots together and gave them one name in every calendar.\n"
        "Managers plan around them.",
        "what_it_needed": "One conversation with the managers who send most invitations.",
        "what_we_met": "The first month people gave their slots away. Then we began to tell one "
        "another when we did.",
        "what_came_of_it": "Practitioners plan their week around young people, and meetings "
        "around that.",
        "our_setting": "London borough, an early-help service for young people up to 25. One team.",
    },
}
_SEED = uuid5(NAMESPACE_URL, "crescendo.example/seed/wandsworth")


def load() -> None:
    """Each place shares one change, and Wandsworth has taken the first as a seed; only once."""
    titles = [words["title"] for words in _SHARED.values()]
    found = SmallChange.objects.filter(authority__slug__in=_SHARED, title__in=titles)
    of_place = {one.authority.slug: one for one in found.select_related("authority")}
    shared = set(found.filter(shares__isnull=False).values_list("pk", flat=True))
    for slug, words in _SHARED.items():
        if slug in of_place and of_place[slug].pk not in shared:
            _share(of_place[slug], words)
    if "tower-hamlets" in of_place and not SmallChange.objects.filter(pk=_SEED).exists():
        _sow(of_place["tower-hamlets"])


def _share(change: SmallChange, words: dict[str, str]) -> None:
    people = list(people_of(change))
    if not people:
        return
    share = actions.write_share(change=change, version=0, by=None, illustrative=MADE_UP, **words)
    actions.ask_about_share(share=share, by=None)
    for membership in people:
        consent = actions.answer_share(
            share=share, membership=membership, says=Consent.Says.YES, why="", by=None
        )
        consent.illustrative = MADE_UP
        consent.save(update_fields=["illustrative"])
    actions.open_share(share=share, by=None)


def _sow(source: SmallChange) -> None:
    taker = LocalAuthority.objects.filter(slug="wandsworth").first()
    programme = taker.current_programme() if taker else None
    share = next((one for one in source.shares.all() if one.is_open), None)
    if programme is None or share is None:
        return
    strand = programme.strands.standing().filter(title="Meetings with a purpose").first()
    seed = actions.take_seed(
        share=share.pk,
        programme=programme,
        pk=_SEED,
        title="Take turns at the notes of meetings about a young person",
        purpose="So that whoever knows the young person best can be with them in the meeting.",
        strand=strand,
        tells=True,
        whose_yes="The schools’ safeguarding leads",
        starting_point="Our practitioner chairs, writes and follows up, all at once.",
        what_differs="Young people up to 25 are in the room themselves, and read what is written.",
        what_we_keep="The template of one page, and naming the next person before the end.",
        what_we_change="The young person chooses who writes.",
        illustrative=MADE_UP,
        by=None,
    )
    actions.edit_seed(
        seed=seed,
        version=seed.version,
        told="Young people like to choose who writes. We’re asking two schools to try it.",
        by=None,
    )
