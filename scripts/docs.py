"""Draw the diagrams and tables of the documentation from the code's own tables.

A document holds blocks between `<!-- drawn: NAME -->` and `<!-- end -->`; each is written by the
function of that name here. `--check` fails when a block is stale, or when a setting of the code is
missing from docs/operations.md.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"(<!-- drawn: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
SETTING = re.compile(r"\bJIULONG_[A-Z][A-Z_]+\b")


def floors() -> str:
    """The layers that import-linter keeps."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    lines = ["```mermaid", "flowchart TB"]
    for number, layer in enumerate(layers):
        rooms = " · ".join(part.strip().removeprefix("jiulong.") for part in layer.split("|"))
        lines.append(f'    floor{number}["{rooms}"]')
    lines += [f"    floor{number} --> floor{number + 1}" for number in range(len(layers) - 1)]
    return "\n".join([*lines, "```"])


def command_life() -> str:
    """The life of a command to a logger, from the dialogue's own table."""
    from hj212.dialogue import REQUEST

    arrows: dict[tuple[str, str], list[str]] = {}
    for (state, event), target in REQUEST.items():
        arrows.setdefault((str(state), str(target)), []).append(str(event))
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> queued"]
    lines += [
        f"    {state} --> {target}: {', '.join(events)}"
        for (state, target), events in arrows.items()
        if state != target
    ]
    return "\n".join([*lines, "```"])


def case_life() -> str:
    """The life of a case, from the engine's own table."""
    from jiulong.cases.lifecycle import BACK, LIFECYCLE

    return _states(
        {
            (state or "[*]", action): "[*]" if target == BACK else target
            for (state, action), target in LIFECYCLE.items()
            if target != BACK
        },
        note="    suspended --> filed: resume\n    suspended --> assigned: resume\n"
        "    suspended --> accepted: resume",
    )


def sample_life() -> str:
    """The life of a sample from its order to its disposal."""
    from jiulong.sampling.life import LIFE

    return _states({("[*]", "order"): "asked", **LIFE})


def project_life() -> str:
    """The life of a key project."""
    from jiulong.projects.stages import LIFE

    return _states({("[*]", "file"): "planned", **LIFE})


def task_life() -> str:
    """The life of a part of a case."""
    from jiulong.cases.lifecycle import TASK_LIFECYCLE

    return _states({("[*]", "lay out"): "waiting", **TASK_LIFECYCLE})


def _states(table: dict[tuple[str, str], str], note: str = "") -> str:
    """A diagram of a life cycle; several actions between two states share an arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (state, action), target in table.items():
        arrows.setdefault((state, target), []).append(action)
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [
        f"    {state} --> {target}: {', '.join(actions)}"
        for (state, target), actions in arrows.items()
        if state != target
    ]
    return "\n".join([*lines, *([note] if note else []), "```"])


def gap_life() -> str:
    """The life of a gap in the data."""
    from jiulong.gaps.asking import LIFE

    return _states(LIFE)


def case_rights() -> str:
    """Which verb each action on a case asks for, and of whose unit."""
    from jiulong.cases.rules import PERMITS

    lines = ["| action | who |", "|---|---|"]
    for action, permit in PERMITS.items():
        document = " ".join((permit.__doc__ or "").split()).split(". ")[0]
        lines.append(f"| `{action}` | {document.removesuffix('.')} |")
    return "\n".join(lines)


def commands() -> str:
    """Every `jiulong` command of ours, with its own help."""
    from django.core.management import get_commands, load_command_class
    from django.utils import translation

    lines = ["| command | what it does |", "|---|---|"]
    with translation.override("en"):
        for name, app in sorted(get_commands().items()):
            if app.startswith("jiulong."):
                text = " ".join(load_command_class(app, name).help.split()).split(". ")[0]
                lines.append(f"| `jiulong {name}` | {text.removesuffix('.')} |")
    return "\n".join(lines)


#: Pages of libraries, whose docstrings speak to programmers.
LIBRARY_PAGES = {
    "/account/login/": "Sign in",
    "/account/logout/": "Sign out",
    "/account/password/": "Change one's password",
    "/account/inactive/": "What an account that was switched off is told",
    "/account/again/": "Sign in once more before something delicate",
    "/account/factor/": "One's second factor: whether there is one, and its recovery codes",
    "/account/factor/again/": "Give the second factor once more before something delicate",
    "/account/factor/app/": "Set up an authenticator app",
    "/account/factor/app/off/": "Take the authenticator app away",
    "/account/factor/check/": "Give the second factor when signing in",
    "/account/factor/codes/": "How many recovery codes are left",
    "/account/factor/codes/file/": "The recovery codes as a file",
    "/account/factor/codes/new/": "New recovery codes in place of the old",
    "/account/sso/<str:provider_id>/": "Sign in at the district's own identity provider",
    "/account/sso/<str:provider_id>/back/": "Where that provider sends one back to",
    "/language/": "Chinese or English, kept in a cookie, back to where the viewer was",
}


def addresses() -> str:
    """Every address of the site's pages, with the first line of its view's docstring."""
    from django.urls import get_resolver

    lines = ["| address | what it shows |", "|---|---|"]
    for route, text in sorted(_routes(get_resolver().url_patterns, "/")):
        if not route.startswith("/api/"):
            lines.append(f"| `{route}` | {text} |")
    return "\n".join(lines)


def api() -> str:
    """Every read of the REST API, from its OpenAPI schema."""
    from django.utils import translation

    from jiulong.api.root import api as reads

    lines = ["| address | what it gives |", "|---|---|"]
    with translation.override("en"):
        for route, verbs in sorted(reads.get_openapi_schema()["paths"].items()):
            for verb, operation in verbs.items():
                text = operation.get("description") or operation["summary"]
                lines.append(f"| {verb.upper()} `{route}` | {text.splitlines()[0].rstrip('.')} |")
    return "\n".join(lines)


def _routes(patterns: Sequence[object], prefix: str) -> Iterator[tuple[str, str]]:
    from django.urls import URLPattern, URLResolver

    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            view = pattern.callback
            view = getattr(view, "view_class", view)
            route = prefix + str(pattern.pattern)
            document = (view.__doc__ or "").strip().splitlines()
            text = LIBRARY_PAGES.get(route) or (document[0].removesuffix(".") if document else "")
            yield route, text


def rules() -> str:
    """Every rule of the judge."""
    from django.utils import translation

    from jiulong.monitoring.judgements import rules as known
    from jiulong.monitoring.rulebook import by_gravity

    lines = ["| class | rule | family | finds |", "|---|---|---|---|"]
    for code, rule in by_gravity(known()):
        family = rule.family.value if rule.family else "–"
        with translation.override("en"):
            told = str(rule.meaning).removesuffix(".")
        lines.append(f"| {rule.kind} | `{code}` | {family} | {told} |")
    return "\n".join(lines)


def verdicts() -> str:
    """What the gateway may say of a frame."""
    from jiulong.gateway.journal import Verdict

    return "\n".join(f"- `{verdict.name.lower()}` ({verdict.value})" for verdict in Verdict)


def packs_reference() -> str:
    """Every key of a pack."""
    from jiulong.packs.reference import reference

    return reference()


def schemas() -> dict[Path, str]:
    """The JSON Schema of packs, where editors look for it."""
    from jiulong.packs import publishing

    return {ROOT / "docs" / "schema" / name: text for name, text in publishing.files().items()}


DRAWN: dict[str, Callable[[], str]] = {
    "floors": floors,
    "command-life": command_life,
    "case-life": case_life,
    "sample-life": sample_life,
    "gap-life": gap_life,
    "project-life": project_life,
    "case-rights": case_rights,
    "task-life": task_life,
    "commands": commands,
    "addresses": addresses,
    "api": api,
    "rules": rules,
    "packs-reference": packs_reference,
    "verdicts": verdicts,
}


def drawn(text: str) -> str:
    """`text` with every block drawn anew."""
    return BLOCK.sub(
        lambda match: f"{match.group(1)}{DRAWN[match.group('name')]()}\n{match.group(3)}", text
    )


def settings_in_code() -> set[str]:
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "scripts").glob("*.py")]
    return {name for path in files for name in SETTING.findall(path.read_text(encoding="utf-8"))}


def faults() -> Iterator[str]:
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for name in sorted(settings_in_code()):
        if f"`{name}`" not in operations:
            yield f"docs/operations.md: the setting {name} is missing"
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        if drawn(text) != text:
            yield f"{path.relative_to(ROOT)}: stale; run scripts/docs.py --write"
    for path, text in schemas().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield f"{path.relative_to(ROOT)}: stale; run scripts/docs.py --write"


def prepare() -> None:
    """Load the project; the documentation needs its tables, not its database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiulong.settings")
    import django

    django.setup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="draw every block anew")
    parser.add_argument("--check", action="store_true", help="fail if something is stale")
    options = parser.parse_args()
    prepare()
    if options.write:
        for path in DOCUMENTS:
            path.write_text(drawn(path.read_text(encoding="utf-8")), encoding="utf-8")
        for path, text in schemas().items():
            path.write_text(text, encoding="utf-8")
    if options.check:
        found = list(faults())
        print("\n".join(found) or "docs: true")
        sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
