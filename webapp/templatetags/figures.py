"""Numbers as the page writes them."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def grouped(value: int) -> str:
    """12345 as "12,345"."""
    return f"{value:,}"


@register.filter
def percent(value: float) -> str:
    """0.9812 as "98.12%"."""
    return f"{value:.2%}"
