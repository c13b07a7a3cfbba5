"""The facilitators' own log: what happened, what they learned, what they do next."""

from django.db import models
from django.utils import timezone

from programmes.models import LocalAuthority, Removable, SameAuthority, TenantModel, User
from programmes.models.tenancy import RemovableQuerySet, removal_constraint
from workshops.models import Workshop


class LearningNoteQuerySet(RemovableQuerySet):
    def for_list(self):
        """Standing ones, the newest first, with `workshop` and `by` fetched."""
        return self.standing().select_related("workshop", "by")

    def found_by(self, *, words: str = "", kind: str = ""):
        """Those that a search asks for; empty conditions ask for all."""
        found = self.filter(workshop__kind=kind) if kind else self
        if not words:
            return found
        said = ((f"{name}__icontains", words) for name in LearningNote.LINES)
        return found.filter(models.Q(*said, _connector=models.Q.OR))


class LearningNote(TenantModel, Removable):
    """What one facilitator keeps for all who facilitate, mostly of a session."""

    # What is written, line by line.
    LINES = ("what_happened", "what_we_learned", "what_next")

    authority = models.ForeignKey(
        LocalAuthority, on_delete=models.CASCADE, related_name="learning_notes"
    )
    workshop = models.ForeignKey(
        Workshop, null=True, blank=True, on_delete=models.SET_NULL, related_name="learning_notes"
    )
    on = models.DateField(default=timezone.localdate)
    what_happened = models.TextField(max_length=1000, blank=True)
    what_we_learned = models.TextField(max_length=1000)
    what_next = models.TextField(max_length=1000, blank=True)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = LearningNoteQuerySet.as_manager()

    # How a session went may name whom it went so with.
    may_name_a_person = True

    class Meta:
        ordering = ["-on", "-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(what_we_learned=""), name="learning_note_says_what_we_learned"
            ),
            removal_constraint("learning_note"),
            SameAuthority(field="workshop", name="learning_note_same_authority_workshop"),
        ]

    def __str__(self):
        return f"Of {self.on:%-d %B %Y}"
