"""Gather the rules that touch one another: the frame of one table each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ocrchat.layout.rules import Rule, Rules


def frames_of(rules: Rules, letter: float) -> list[Rules]:
    """Groups of rules that touch one another, the largest first; each has both kinds."""
    near, groups = 0.6 * letter, []
    level, upright = list(rules.level), list(rules.upright)
    while level:
        stack: list[tuple[bool, Rule]] = [(True, level.pop())]
        taken_level: list[Rule] = []
        taken_upright: list[Rule] = []
        while stack:
            is_level, rule = stack.pop()
            (taken_level if is_level else taken_upright).append(rule)
            others = upright if is_level else level
            for other in [each for each in others if _touch(rule, each, near)]:
                others.remove(other)
                stack.append((not is_level, other))
        if taken_upright:
            groups.append(Rules(tuple(taken_level), tuple(taken_upright)))
    return sorted(groups, key=lambda group: -sum(rule.length for rule in group.level))


def _touch(one: Rule, other: Rule, near: float) -> bool:
    return one.start - near <= other.at <= one.end + near and other.start - near <= one.at <= other.end + near


def places_of(values: Iterable[float], near: float) -> list[float]:
    """Values closer than `near` as one, from the least."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= near:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def ends_of(rules: Sequence[Rule], across: Sequence[Rule], letter: float) -> list[float]:
    """Where rules reach beyond the outermost of those that they cross: a side that is not drawn."""
    first, last = min(rule.at for rule in across), max(rule.at for rule in across)
    start, end = min(rule.start for rule in rules), max(rule.end for rule in rules)
    reaching = 1.5 * letter
    return [start] * (start < first - reaching) + [end] * (end > last + reaching)
