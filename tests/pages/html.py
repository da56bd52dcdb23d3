"""A page as tests read it: a small tree over html.parser, with the few selectors that tests use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any, Self

VOID = {"meta", "link", "input", "br", "hr", "img", "path", "circle", "rect", "col", "wbr"}
PART = re.compile(
    r"(?P<tag>^[a-z0-9]+)|#(?P<id>[\w-]+)|\.(?P<cls>[\w-]+)|\[(?P<attr>[\w-]+)(?:=(?P<value>[^\]]+))?\]"
)


class Node:
    def __init__(self, tag: str, attributes: dict[str, str], parent: Self | None) -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Node | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def walk(self) -> Iterator[Node]:
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    def all(self, selector: str) -> list[Node]:
        """Descendants that match "a.b #c [d]": compound selectors with the descendant relation."""
        *above, last = selector.split()
        return [node for node in self.walk() if node.matches(last) and node.under(above, self)]

    def one(self, selector: str) -> Node:
        found = self.all(selector)
        assert found, f"no {selector}"
        return found[0]

    def matches(self, compound: str) -> bool:
        for part in PART.finditer(compound):
            tag, id_, cls, attr, value = part.group("tag", "id", "cls", "attr", "value")
            if tag and self.tag != tag:
                return False
            if id_ and self.attributes.get("id") != id_:
                return False
            if cls and cls not in self.attributes.get("class", "").split():
                return False
            if attr and (attr not in self.attributes or (value and self.attributes[attr] != value)):
                return False
        return True

    def under(self, above: list[str], top: Node) -> bool:
        wanted, here = list(above), self.parent
        while wanted and here is not None and here is not top:
            if here.matches(wanted[-1]):
                wanted.pop()
            here = here.parent
        return not wanted

    @property
    def text(self) -> str:
        return " ".join(self.raw.split())

    @property
    def raw(self) -> str:
        return "".join(child if isinstance(child, str) else child.raw for child in self.children)

    @property
    def own_text(self) -> str:
        return " ".join("".join(child for child in self.children if isinstance(child, str)).split())


class Page(Node, HTMLParser):
    """The tree of a response's HTML; what is not closed or never opened is an error."""

    def __init__(self, response: Any) -> None:
        Node.__init__(self, "", {}, None)
        HTMLParser.__init__(self)
        self.response = response
        self.open: Node = self
        self.feed(response.content.decode())
        self.close()
        assert self.open is self, f"<{self.open.tag}> is never closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        node = Node(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.children.append(node)
        if tag not in VOID:
            self.open = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.children.append(
            Node(tag, {name: value or "" for name, value in attrs}, self.open)
        )

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open.tag == tag, f"</{tag}> closes <{self.open.tag}>"
        assert self.open.parent is not None
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.children.append(data)
