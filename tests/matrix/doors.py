"""Every function of the features that acts for somebody, found by its shape."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import portal
from db.base import Base
from portal.permissions import Action, Actor
from tests.matrix.table import DOORS

NO_FEATURES = frozenset({"cli", "demo", "operations", "ui", "web", "worker", "__main__"})
"""They call the features; what is behind them is asked there."""


class Found(NamedTuple):
    """A public function `(session, actor, …)`; an inner one takes records that somebody has loaded already."""

    module: str
    name: str
    function: Any
    parameters: tuple[inspect.Parameter, ...]
    is_inner: bool


class Door(NamedTuple):
    """A line of the table beside the function it is about."""

    found: Found
    actions: tuple[Action, ...] = ()
    reads: str = ""


@cache
def functions() -> tuple[Found, ...]:
    return tuple(
        Found(name, key, function, rest, any(_is_record(parameter.annotation) for parameter in rest))
        for name, key, function, parameters in _walk()
        if _acts_for_somebody(parameters)
        for rest in [parameters[2:]]
    )


@cache
def asking_nobody() -> frozenset[tuple[str, str]]:
    """Module and name of what reads or writes for no actor at all: only a feature itself, or the clock, calls it."""
    return frozenset(
        (name, key)
        for name, key, _function, parameters in _walk()
        if parameters and parameters[0].name == "session" and not _acts_for_somebody(parameters)
    )


def _walk() -> Iterator[tuple[str, str, Any, tuple[inspect.Parameter, ...]]]:
    """Every public function of every feature, where it is written."""
    for info in pkgutil.walk_packages(portal.__path__, "portal."):
        name = info.name.removeprefix("portal.")
        if name.split(".")[0] in NO_FEATURES:
            continue
        module = importlib.import_module(info.name)
        for key, function in vars(module).items():
            if key.startswith("_") or not inspect.isfunction(function) or function.__module__ != info.name:
                continue
            yield name, key, function, tuple(inspect.signature(function, eval_str=True).parameters.values())


def _acts_for_somebody(parameters: tuple[inspect.Parameter, ...]) -> bool:
    """What `read` and `perform` of a page could call: a session, then an actor, by whatever name."""
    if len(parameters) < 2 or parameters[0].name != "session":
        return False
    return parameters[1].annotation is Actor or parameters[1].name.strip("_") == "actor"


def _is_record(annotation: Any) -> bool:
    return any(
        inspect.isclass(kind) and issubclass(kind, Base) for kind in (annotation, *getattr(annotation, "__args__", ()))
    )


def written() -> dict[tuple[str, str], str]:
    """The table: (module, function) → what stands behind it, `!` for an inner one."""
    found = {}
    for module, line in DOORS.items():
        for entry in line.split():
            if entry.endswith("!"):
                found[module, entry[:-1]] = "!"
            elif "~" in entry:
                name, _, reads = entry.partition("~")
                found[module, name] = "~" + reads.replace("_", " ")
            else:
                name, _, actions = entry.partition("=")
                found[module, name] = actions or name
    return found


def doors() -> list[Door]:
    """Those of the table, acts and reads, without the inner ones."""
    found = {(row.module, row.name): row for row in functions()}
    result = []
    for place, behind in written().items():
        if place not in found or behind == "!":
            continue
        if behind.startswith("~"):
            result.append(Door(found[place], reads=behind[1:]))
        else:
            result.append(Door(found[place], actions=tuple(Action(name) for name in behind.split(","))))
    return result
