"""`{% load gateway %}`: names of commands, results and reasons."""

from __future__ import annotations

from django import template

from jiulong.gateway.models import Command
from jiulong.gateway.words import command_name, own_word, reason_label, result_name

register = template.Library()

register.simple_tag(command_name)


register.simple_tag(reason_label)
register.simple_tag(own_word)


@register.simple_tag
def result_label(command: Command) -> str:
    """What a command's QnRtn or ExeRtn means, with the number."""
    executed = command.state != Command.State.REFUSED
    return f"{result_name(command.result, executed=executed)} ({command.result})"
