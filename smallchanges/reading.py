"""Small changes as pages show them: the growth lines, and one filtered list for three views."""

from collections import defaultdict

from programmes.models import Programme
from smallchanges.models import MissionStrand, SmallChange, SmallChangeQuerySet

Lines = list[tuple[MissionStrand | None, list[SmallChange]]]


def lines_of(programme: Programme, changes: SmallChangeQuerySet | None = None) -> Lines:
    """Each standing strand with its changes, smallest stage first; two queries.

    Shows the living changes of the programme, or `changes` where a page has chosen among them.
    A last line, with None for its strand, holds the changes that have none; it is left out where
    there are no such changes.
    """
    if changes is None:
        changes = programme.small_changes.living()
    of_strand = defaultdict(list)
    for change in changes.in_stage_order():
        of_strand[change.strand_id].append(change)
    lines: Lines = [
        (strand, of_strand.pop(strand.pk, [])) for strand in programme.strands.standing()
    ]
    if rest := [change for changes in of_strand.values() for change in changes]:
        lines.append((None, rest))
    return lines
