"""Draw the schematic of the district that lies under our maps.

Everything is placed by hand: an outline, two rivers, and a centre for every street and town. The
outline is shared out among the centres (each place belongs to the nearest one). It shows where
things lie to each other; it is no boundary and says so. Writes GeoJSON (WGS-84 degrees).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

Place = tuple[float, float]
TARGET = Path(__file__).parent.parent / "src/jiulong/monitoring/static/monitoring/district.json"

#: Rough outline, hand-drawn clockwise from the north-west.
OUTLINE: list[Place] = [
    (117.505, 24.628),
    (117.538, 24.662),
    (117.585, 24.660),
    (117.622, 24.676),
    (117.664, 24.694),
    (117.704, 24.690),
    (117.718, 24.655),
    (117.710, 24.610),
    (117.694, 24.576),
    (117.690, 24.545),
    (117.693, 24.518),
    (117.688, 24.497),
    (117.662, 24.490),
    (117.632, 24.488),
    (117.603, 24.496),
    (117.575, 24.512),
    (117.548, 24.526),
    (117.520, 24.545),
    (117.500, 24.572),
    (117.495, 24.600),
]

#: code, Chinese name, English name, centre.
CENTRES: list[tuple[str, str, str, Place]] = [
    ("350602001", "东铺头街道", "Dongputou", (117.6615, 24.5110)),
    ("350602002", "西桥街道", "Xiqiao", (117.6445, 24.5090)),
    ("350602003", "新桥街道", "Xinqiao", (117.6590, 24.4975)),
    ("350602004", "巷口街道", "Xiangkou", (117.6720, 24.5250)),
    ("350602005", "南坑街道", "Nankeng", (117.6240, 24.5020)),
    ("350602006", "通北街道", "Tongbei", (117.6480, 24.5270)),
    ("350602007", "芝山街道", "Zhishan", (117.6180, 24.5280)),
    ("350602008", "石亭街道", "Shiting", (117.6190, 24.5760)),
    ("350602100", "浦南镇", "Punan", (117.6760, 24.6320)),
    ("350602101", "天宝镇", "Tianbao", (117.5560, 24.5680)),
    ("350602400", "芗城区奶牛场", "Dairy farm", (117.6060, 24.6330)),
    ("350602402", "天宝林场", "Tianbao forest farm", (117.5280, 24.6350)),
]

RIVERS: list[tuple[str, str, list[Place]]] = [
    (
        "九龙江西溪",
        "West River",
        [
            (117.482, 24.566),
            (117.508, 24.552),
            (117.536, 24.530),
            (117.566, 24.512),
            (117.596, 24.494),
            (117.622, 24.484),
            (117.648, 24.489),
            (117.676, 24.492),
            (117.704, 24.484),
            (117.735, 24.478),
        ],
    ),
    (
        "九龙江北溪",
        "North River",
        [
            (117.694, 24.712),
            (117.716, 24.684),
            (117.724, 24.650),
            (117.717, 24.612),
            (117.702, 24.580),
            (117.700, 24.548),
            (117.712, 24.520),
            (117.735, 24.498),
        ],
    ),
]


def nearer_half(polygon: list[Place], mine: Place, other: Place) -> list[Place]:
    """The part of `polygon` that is nearer to `mine` than to `other` (Sutherland–Hodgman)."""
    middle = ((mine[0] + other[0]) / 2, (mine[1] + other[1]) / 2)
    normal = (other[0] - mine[0], other[1] - mine[1])

    def side(place: Place) -> float:
        return (place[0] - middle[0]) * normal[0] + (place[1] - middle[1]) * normal[1]

    kept: list[Place] = []
    for here, there in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        a, b = side(here), side(there)
        if a <= 0:
            kept.append(here)
        if a * b < 0:
            share = a / (a - b)
            kept.append(
                (here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1]))
            )
    return kept


def smooth(line: list[Place], rounds: int = 3, *, closed: bool = False) -> list[Place]:
    """Chaikin's corner cutting: hand-drawn corners become curves."""
    for _ in range(rounds):
        pairs = zip(line, line[1:] + (line[:1] if closed else []), strict=False)
        cut = [
            (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
            for a, b in pairs
            for share in (0.25, 0.75)
        ]
        line = cut if closed else [line[0], *cut, line[-1]]
    return line


def coordinates(line: list[Place], *, closed: bool = False) -> list[list[float]]:
    ring = [*line, line[0]] if closed else line
    return [[round(x, 4), round(y, 4)] for x, y in ring]


def label_place(code: str, centre: Place) -> list[float]:
    """Above the centre, where the enterprises are, as far as the next place allows."""
    nearest = min(math.dist(centre, other) for name, _zh, _en, other in CENTRES if name != code)
    return [round(centre[0], 4), round(centre[1] + min(0.02, 0.4 * nearest), 4)]


def feature(
    kind: str, code: str, zh: str, en: str, geometry: Mapping[str, object]
) -> dict[str, object]:
    properties = {"kind": kind, "code": code, "zh": zh, "en": en}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def features() -> list[dict[str, object]]:
    outline = smooth(OUTLINE, closed=True)
    drawn = []
    for code, zh, en, centre in CENTRES:
        cell = outline
        for other_code, _zh, _en, other in CENTRES:
            if other_code != code:
                cell = nearer_half(cell, centre, other)
        ring = coordinates(cell, closed=True)
        drawn.append(feature("street", code, zh, en, {"type": "Polygon", "coordinates": [ring]}))
        point = {"type": "Point", "coordinates": label_place(code, centre)}
        drawn.append(feature("label", code, zh, en, point))
    for zh, en, line in RIVERS:
        path = {"type": "LineString", "coordinates": coordinates(smooth(line))}
        drawn.append(feature("river", "", zh, en, path))
    return drawn


def main() -> None:
    TARGET.write_text(
        json.dumps({"type": "FeatureCollection", "features": features()}, ensure_ascii=False)
        + "\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
