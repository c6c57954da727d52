#!/usr/bin/env python3
"""Compares the overlay of this project with GEOS (through shapely), in square degrees of the plane.

usage: compare.py CASES.json

CASES.json is a list of cases that the Rust test `geos` writes, each one object:
  name       what to say when it fails
  shapes     a list of MultiPolygon coordinates (longitude, latitude in degrees), or
  file       a GeoJSON file, read here anew, and `peers`, the property that names the claimants in the order of the numbers below
  pairs      [[i, j, area], ...]: every pair of shapes that overlaps, by our overlay
  cells      [[cover, area], ...]: optional, every set of covering shapes

Exits 0 if all agree, 1 with a line for each difference, 3 if shapely is missing. Areas agree when they differ by less than one part in a
million, or by less than 1e-9 square degree (some 10 m2) for what rounding to the grid may add along a border.
"""
import json
import sys

try:
    import shapely
except ImportError:
    sys.exit(3)

RELATIVE, ABSOLUTE = 1e-6, 1e-9


def differ(ours, theirs):
    return abs(ours - theirs) > max(ABSOLUTE, RELATIVE * max(abs(ours), abs(theirs)))


def load(case):
    if "shapes" in case:
        rings = [
            [shapely.Polygon(polygon[0], polygon[1:]) for polygon in polygons]
            for polygons in case["shapes"]
        ]
        return [shapely.union_all(polygons) for polygons in rings]
    with open(case["file"], encoding="utf-8") as source:
        features = json.load(source)["features"]
    by_name = {feature["properties"][case["property"]]: feature["geometry"] for feature in features}
    read = [shapely.from_geojson(json.dumps(by_name[peer])) for peer in case["peers"]]
    return [shapely.make_valid(whole) for whole in read]


def pair_areas(shapes):
    """Candidates by the boxes of the parts: many times faster than by whole multipolygons."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    one, other = shapely.STRtree(parts).query(parts)
    keep = owner[one] < owner[other]
    one, other = one[keep], other[keep]
    areas = {}
    for i, j, area in zip(owner[one], owner[other], shapely.area(shapely.intersection(parts[one], parts[other]))):
        if area > 0:
            areas[(int(i), int(j))] = areas.get((int(i), int(j)), 0.0) + float(area)
    return areas


def cell_area(shapes, cover):
    ground = shapes[cover[0]]
    for at, shape in enumerate(shapes):
        if at in cover:
            ground = ground.intersection(shape)
        else:
            ground = ground.difference(shape)
    return ground.area


def main():
    with open(sys.argv[1], encoding="utf-8") as source:
        cases = json.load(source)
    found, compared = [], 0
    for case in cases:
        shapes = load(case)
        ours = {(i, j): area for i, j, area in case["pairs"]}
        theirs = pair_areas(shapes)
        for pair in sorted(set(ours) | set(theirs)):
            compared += 1
            if differ(ours.get(pair, 0.0), theirs.get(pair, 0.0)):
                found.append(f"{case['name']}: pair {pair}: ours {ours.get(pair, 0.0)!r}, GEOS {theirs.get(pair, 0.0)!r}")
        for cover, area in case.get("cells", []):
            compared += 1
            other = cell_area(shapes, cover)
            if differ(area, other):
                found.append(f"{case['name']}: cell {cover}: ours {area!r}, GEOS {other!r}")
    print(f"{len(cases)} cases, {compared} areas compared with GEOS {shapely.geos_version_string}, {len(found)} differ")
    for line in found[:50]:
        print(line)
    sys.exit(1 if found else 0)


main()
