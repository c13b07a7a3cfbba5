"""Rows for tests, with sensible defaults; everything of one authority unless told otherwise."""

import factory
from django.utils import timezone

from blueprints.models import (
    Blueprint,
    Commitment,
    Experiment,
    ExperimentMove,
    Insight,
    Need,
    Pillar,
)
from programmes.models import (
    Barrier,
    LocalAuthority,
    Membership,
    Milestone,
    Opposite,
    Principle,
    Programme,
    Role,
    Team,
    User,
    Value,
)
from smallchanges.models import Met, MissionStrand, SmallChange, Stakeholder, Step

PASSWORD = "a long password for tests"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person Number{n}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        kwargs.setdefault("password", PASSWORD)
        return model_class.objects.create_user(*args, **kwargs)


class LocalAuthorityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LocalAuthority

    name = factory.Sequence(lambda n: f"Borough {n}")
    slug = factory.Sequence(lambda n: f"borough-{n}")
    kind = LocalAuthority.Kind.LONDON_BOROUGH


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Team

    authority = factory.SubFactory(LocalAuthorityFactory)
    name = factory.Sequence(lambda n: f"Team {n}")


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    authority = factory.SubFactory(LocalAuthorityFactory)
    user = factory.SubFactory(UserFactory)
    roles = [Role.PRACTITIONER]


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    authority = factory.SubFactory(LocalAuthorityFactory)
    model = Programme.Model.TEAM_BASED
    service = "Family Support"
    starts_on = factory.LazyFunction(timezone.localdate)


class _OfProgramme(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    programme = factory.SubFactory(ProgrammeFactory)
    authority = factory.SelfAttribute("programme.authority")


class MilestoneFactory(_OfProgramme):
    class Meta:
        model = Milestone

    kind = Milestone.Kind.LAUNCH
    laid_out_on = factory.LazyFunction(timezone.localdate)


class ValueFactory(_OfProgramme):
    class Meta:
        model = Value

    text = factory.Sequence(lambda n: f"Value {n}")
    position = factory.Sequence(lambda n: n)


class OppositeFactory(_OfProgramme):
    class Meta:
        model = Opposite

    text = factory.Sequence(lambda n: f"Opposite {n}")
    position = factory.Sequence(lambda n: n)


class PrincipleFactory(_OfProgramme):
    class Meta:
        model = Principle

    text = factory.Sequence(lambda n: f"Principle {n}")
    position = factory.Sequence(lambda n: n)


class BarrierFactory(_OfProgramme):
    class Meta:
        model = Barrier

    text = factory.Sequence(lambda n: f"Barrier {n}")
    position = factory.Sequence(lambda n: n)


class MissionStrandFactory(_OfProgramme):
    class Meta:
        model = MissionStrand

    title = factory.Sequence(lambda n: f"Strand {n}")
    position = factory.Sequence(lambda n: n)


class SmallChangeFactory(_OfProgramme):
    class Meta:
        model = SmallChange

    title = factory.Sequence(lambda n: f"Small change {n}")
    position = factory.Sequence(lambda n: n)


class _OfChange(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    change = factory.SubFactory(SmallChangeFactory)
    authority = factory.SelfAttribute("change.authority")


class StepFactory(_OfChange):
    class Meta:
        model = Step

    text = factory.Sequence(lambda n: f"Step {n}")


class StakeholderFactory(_OfChange):
    class Meta:
        model = Stakeholder

    who = factory.Sequence(lambda n: f"Stakeholder {n}")


class MetFactory(_OfChange):
    class Meta:
        model = Met

    kind = Met.Kind.BARRIER
    text = factory.Sequence(lambda n: f"Met {n}")


class InsightFactory(_OfProgramme):
    class Meta:
        model = Insight

    text = factory.Sequence(lambda n: f"Insight {n}")
    kind = Insight.Kind.BARRIER


class BlueprintFactory(_OfProgramme):
    class Meta:
        model = Blueprint


class _OfBlueprint(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    blueprint = factory.SubFactory(BlueprintFactory)
    authority = factory.SelfAttribute("blueprint.authority")
    position = factory.Sequence(lambda n: n)


class CommitmentFactory(_OfBlueprint):
    class Meta:
        model = Commitment

    text = factory.Sequence(lambda n: f"Commitment {n}")


class NeedFactory(_OfBlueprint):
    class Meta:
        model = Need

    text = factory.Sequence(lambda n: f"Need {n}")


class PillarFactory(_OfBlueprint):
    class Meta:
        model = Pillar

    title = factory.Sequence(lambda n: f"Pillar {n}")


class ExperimentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Experiment

    pillar = factory.SubFactory(PillarFactory)
    authority = factory.SelfAttribute("pillar.authority")
    title = factory.Sequence(lambda n: f"Experiment {n}")
    position = factory.Sequence(lambda n: n)


class ExperimentMoveFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ExperimentMove

    experiment = factory.SubFactory(ExperimentFactory)
    authority = factory.SelfAttribute("experiment.authority")
    at = factory.LazyFunction(timezone.now)
    from_state = Experiment.State.IDEA
    to_state = Experiment.State.TRYING
