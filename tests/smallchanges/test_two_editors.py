"""Two people edit one plan at once: the second sees both texts, and nobody is written over."""

import random

import pytest

from programmes.editing import Stale
from smallchanges import actions
from smallchanges.models import Step
from tests import factories

INTERLEAVINGS = 500


class Editor:
    """Opens a step, writes a word of their own behind it, and saves from what they saw."""

    def __init__(self, name: str, step: Step, user):
        self.name, self.step, self.user = name, step, user
        self.written = 0
        self.seen = None

    def open(self) -> None:
        self.seen = Step.objects.values("version", "text").get(pk=self.step.pk)

    def save(self) -> str:
        """The word, where it was taken; empty where somebody was quicker, and they look again."""
        self.written += 1
        word = f"{self.name}{self.written}"
        try:
            actions.edit_step(
                step=self.step,
                version=self.seen["version"],
                text=f"{self.seen['text']} {word}",
                owner=None,
                due_on=None,
                by=self.user,
            )
        except Stale as stale:
            self.seen = {"version": stale.row.version, "text": stale.row.text}
            return ""
        return word


@pytest.mark.django_db
def test_no_interleaving_writes_over_anybody(cast):
    """Every acknowledged word is in the end there, once, in the order of saving."""
    order = random.Random(4)
    lost, refusals = 0, 0
    change = factories.SmallChangeFactory(programme=cast.programme)
    step = factories.StepFactory(change=change)
    for _ in range(INTERLEAVINGS):
        Step.objects.filter(pk=step.pk).update(text="Ask", version=1)
        editors = [Editor("a", step, cast.manager), Editor("b", step, cast.practitioner)]
        for one in editors:
            one.open()
        taken = ["Ask"]
        for one in order.choices(editors, k=4):
            if order.random() < 0.3:
                one.open()
            elif word := one.save():
                taken.append(word)
                one.seen = {"version": one.seen["version"] + 1, "text": " ".join(taken)}
            else:
                refusals += 1
        told = Step.objects.values_list("text", flat=True).get(pk=step.pk)
        lost += told.split() != taken
    assert lost == 0
    assert refusals > INTERLEAVINGS / 4  # else nobody was ever in anybody's way
