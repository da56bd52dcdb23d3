"""Forms of the office: the list, adding one with its faults named, taking one out of use."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from jiulong.bulletins import actions, kinds, queries, rules, templating
from jiulong.bulletins.forms import FormForm
from jiulong.bulletins.models import Template
from jiulong.documents import DOCX
from jiulong.organisation.rules import require


def forms_page(request: HttpRequest) -> HttpResponse:
    """What each kind is printed on, the placeholders, and a way to bring an own form."""
    user = require(request.user, rules.FORMS)
    form = FormForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.add_form(
                actor=user, kind=given["kind"], name=given["name"] or given["file"].name,
                content=given["file"].read(templating.SIZE_MAX + 1), note=given["note"],
                now=timezone.now(),
            )  # fmt: skip
        except ValidationError as error:
            form.blame(error)
        else:
            messages.success(request, _t("The form is in use."))
            return redirect("bulletins:forms")
    names = {key: str(one.name) for key, one in kinds.kinds().items()}
    rows = [(one, names.get(one.kind, one.kind)) for one in queries.forms(user)]
    context = {
        "form": form, "rows": rows, "placeholders": sorted(templating.KNOWN),
        "parts": sorted(templating.PARTS),
    }  # fmt: skip
    return render(request, "bulletins/forms.html", context)


@require_safe
def form_file(request: HttpRequest, name: str) -> HttpResponse:
    """A form as .docx: of the box by name, of the office by number."""
    require(request.user, rules.FORMS)
    if name in {"official", "plain"}:
        content = templating.built_in(red=name == "official")
    else:
        row = Template.objects.filter(pk=name).first() if name.isdecimal() else None
        if row is None:
            raise Http404(name)
        content = bytes(row.content)
    response = HttpResponse(content, content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="form-{name}.docx"'
    return response


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Use a form no more."""
    require(request.user, rules.FORMS)
    row = queries.forms(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404(str(pk))
    actions.retire_form(actor=request.user, form=row, now=timezone.now())
    messages.success(request, _t("The form is out of use."))
    return redirect("bulletins:forms")
