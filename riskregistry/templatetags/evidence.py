"""What templates ask about files."""

from django import template

from riskregistry.evidence import PICTURES

register = template.Library()


@register.filter
def is_picture(name: str) -> bool:
    """Whether a file of this name can be shown small."""
    return name.lower().endswith(PICTURES)
