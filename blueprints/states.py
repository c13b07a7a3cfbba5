"""How experiments are counted in words, by where they are."""

from collections.abc import Iterable
from typing import Any

from blueprints.models import Experiment

# The mark's class, one, and several.
_STATES = (
    (Experiment.State.WAITING, "w", "waiting for a yes", "waiting for a yes"),
    (Experiment.State.TRYING, "t", "being tried", "being tried"),
    (Experiment.State.IDEA, "", "idea", "ideas"),
    (Experiment.State.DECIDED, "d", "decided", "decided"),
)


def states_in_words(experiments: Iterable[Any]) -> list[tuple[str, str]]:
    """Such as ("w", "2 waiting for a yes"); the first word is the mark's class.

    Of experiments, or of what a version holds of them: whatever has a `state`.
    """
    states = [one.state for one in experiments]
    counted = []
    for state, mark, one, several in _STATES:
        if count := states.count(state):
            counted.append((mark, f"{count} {one if count == 1 else several}"))
    return counted
