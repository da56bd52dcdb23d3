"""What the content security policy would block in a page."""

from __future__ import annotations

from tests.pages.html import Node, Page


def inline(page: Page) -> list[str]:
    """Inline styles, scripts and handlers, and addresses outside of the house."""
    return [found for node in page.walk() for found in _of(node)]


def _of(node: Node) -> list[str]:
    found = [
        f"<{node.tag} {name}>"
        for name in node.attributes
        if name == "style" or name.startswith("on")
    ]
    data = node.attributes.get("type") == "application/json"
    if node.tag == "style" or (node.tag == "script" and "src" not in node.attributes and not data):
        found.append(f"<{node.tag}>")
    return found
