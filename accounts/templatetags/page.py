"""Lets the frame of a page say its title twice: in the window and as the heading."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockContext
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def repeat_block(context: Context, name: str) -> SafeString:
    """What the page put into the block `name`, once more: Django fills a block only once by itself."""
    blocks: BlockContext = context.render_context[BLOCK_CONTEXT_KEY]
    return blocks.get_block(name).render(context)
