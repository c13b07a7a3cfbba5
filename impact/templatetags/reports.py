"""What pages say of reports. Loaded by those that need it."""

from django import template

from impact.basis import Basis

register = template.Library()


@register.simple_tag
def basis_way(basis: Basis, slug: str) -> tuple[str, str] | None:
    """Where what a sentence rests on can be looked at: the address, and words for it."""
    return basis.way(slug)
