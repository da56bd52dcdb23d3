"""The form of a person's choices. What is allowed stands in `actions`; the form only carries it."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from jiulong.cases.notices.words import KINDS


class ChoiceForm(forms.Form):
    """Where, of what, and in which language."""

    mail = forms.EmailField(
        label=_("Mail"), required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )  # fmt: skip
    address = forms.CharField(
        label=_("Message channel"), required=False, max_length=300, strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    kinds = forms.MultipleChoiceField(
        label=_("Tell me outside of the app when"), required=False,
        choices=[(kind, label) for kind, (_light, label) in KINDS.items()],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )  # fmt: skip
