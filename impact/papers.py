"""What authorities share, as one paper: notes numbered through, and words for its first page."""

from dataclasses import dataclass, replace

from django.utils.formats import date_format

from impact.across import Across, Group, Theme

TITLE = "Side by side"
HOW = (
    "Alphabetical, never ranked. Places, teams and times differ, and each number stands beside its"
    " own base."
)


@dataclass(frozen=True)
class AcrossPaper:
    title: str
    letterhead: str
    opening: str
    latest: str
    how: str
    themes: list[Theme]
    notes: list[tuple[int, str]]


def across_paper(across: Across) -> AcrossPaper:
    themes: list[Theme] = []
    notes: list[tuple[int, str]] = []
    for theme in across.themes:
        groups = []
        for group in theme.groups:
            lines = []
            for line in group.lines:
                if line.note:
                    line = replace(line, note=len(notes) + 1)
                    notes.append((line.note, f"{group.name}. {line.noted}"))
                lines.append(line)
            groups.append(Group(group.name, lines))
        themes.append(Theme(theme.key, theme.heading, groups))
    made_up = any(one.made_up for theme in themes for group in theme.groups for one in group.lines)
    latest = f"What was shared by {date_format(across.on, 'j F Y')}."
    return AcrossPaper(
        title=TITLE,
        letterhead="Crescendo",
        opening=f"What {_listed(across.authorities)} share of their impact reports. {HOW}",
        latest=f"{latest} Some of it is illustrative." if made_up else latest,
        how=HOW,
        themes=themes,
        notes=notes,
    )


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
