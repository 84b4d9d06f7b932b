"""
Which error codes the source can give, read from its syntax alone.

A code is the first argument of an error class, the code of an audit's `Problem` or `Flaw` or of a view's `Fault`, or
the argument that a small function hands on to one of these.
A code that is copied from another error (`error.code`) was counted where that error is made.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

ROOT = Path(__file__).parents[2]
PACKAGES = ("ledger", "projections", "api")

SINKS = {
    "Invalid": 0,
    "Refused": 0,
    "Conflict": 0,
    "NotNow": 0,
    "TamperDetected": 0,
    "BlockFault": 0,
    "Fault": 1,
    "Flaw": 0,
    "Problem": 2,
}
"""Where the code stands among the arguments of the calls that carry one."""


@dataclass(frozen=True)
class Sink:
    """A function or class that takes a code: at which place, and what it is without one."""

    index: int
    parameter: str
    default: str | None = None


Function: TypeAlias = ast.FunctionDef | None


@dataclass(frozen=True)
class Module:
    """One source file: its calls, each with the name that is called and the innermost function around it."""

    path: str
    calls: tuple[tuple[str, ast.Call, Function], ...]


@cache
def modules() -> tuple[Module, ...]:
    """All source files of the three packages, by path; read once."""
    files = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
    return tuple(
        Module(str(f.relative_to(ROOT)), tuple(_named_calls(ast.parse(f.read_text(encoding="utf-8")), None)))
        for f in files
    )


@cache
def codes() -> dict[str, list[str]]:
    """Every code with the places (`file:line`) that give it."""
    sources = modules()
    sinks = _sinks(sources)
    found: dict[str, list[str]] = {}
    for module in sources:
        for call, sink, _ in _calls(module, sinks):
            for code in _constants(_argument(call, sink)):
                found.setdefault(code, []).append(f"{module.path}:{call.lineno}")
    for (_, name), sink in sinks.items():
        if sink.default is not None:
            found.setdefault(sink.default, []).append(f"{name}(), when it is called without a code")
    return found


def unreadable() -> list[str]:
    """Places whose code is neither a text, nor handed in, nor copied from another error."""
    sources = modules()
    sinks = _sinks(sources)
    places = []
    for module in sources:
        for call, sink, function in _calls(module, sinks):
            argument = _argument(call, sink)
            handed_in = isinstance(argument, ast.Name) and function is not None and argument.id in _parameters(function)
            copied = _is_copied(argument, function)
            unpacked = any(isinstance(a, ast.Starred) for a in call.args) or any(k.arg is None for k in call.keywords)
            if not (_constants(argument) or handed_in or copied or unpacked or argument is None):
                places.append(f"{module.path}:{call.lineno}")
    return places


@cache
def _sinks(sources: tuple[Module, ...]) -> dict[tuple[str, str], Sink]:
    """By module and name (module "" for the known classes and for public names), until nothing new is found."""
    sinks = {("", name): Sink(index, "code") for name, index in SINKS.items()}
    while True:
        before = len(sinks)
        for module in sources:
            for call, sink, function in _calls(module, sinks):
                argument = _argument(call, sink)
                if function is None or not isinstance(argument, ast.Name):
                    continue
                if argument.id in _parameters(function) and function.name != "__init__":
                    sinks.setdefault(*_as_sink(module, function, argument.id))
        if len(sinks) == before:
            return sinks


def _as_sink(module: Module, function: ast.FunctionDef, parameter: str) -> tuple[tuple[str, str], Sink]:
    names = _parameters(function)
    positional = [*function.args.posonlyargs, *function.args.args]
    defaults = dict(zip([a.arg for a in reversed(positional)], reversed(function.args.defaults), strict=False))
    defaults |= {
        a.arg: d for a, d in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True) if d is not None
    }
    default = defaults.get(parameter)
    text = default.value if isinstance(default, ast.Constant) and isinstance(default.value, str) else None
    index = names.index(parameter) - (names[0] in ("self", "cls"))
    return (module.path if function.name.startswith("_") else "", function.name), Sink(index, parameter, text)


def _calls(module: Module, sinks: dict[tuple[str, str], Sink]) -> Iterator[tuple[ast.Call, Sink, Function]]:
    """Each call of a sink, with the innermost function around it."""
    for name, call, function in module.calls:
        sink = sinks.get((module.path, name)) or sinks.get(("", name))
        if sink is not None:
            yield call, sink, function


def _named_calls(node: ast.AST, function: Function) -> Iterator[tuple[str, ast.Call, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and (name := _name(child.func)):
            yield name, child, function
        yield from _named_calls(child, child if isinstance(child, ast.FunctionDef) else function)


def _name(function: ast.expr) -> str | None:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else None


def _argument(call: ast.Call, sink: Sink) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == sink.parameter:
            return keyword.value
    return call.args[sink.index] if len(call.args) > sink.index else None


def _is_copied(argument: ast.expr | None, function: ast.FunctionDef | None) -> bool:
    """Whether it comes from another error, a matched pattern or a stored row, where it was counted before."""
    match argument:
        case ast.Attribute(attr="code") | ast.Subscript():
            return True
        case ast.Name(id=name):
            patterns = ast.walk(function) if function is not None else ()
            return any(isinstance(node, ast.MatchAs) and node.name == name for node in patterns)
        case _:
            return False


def _parameters(function: ast.FunctionDef) -> list[str]:
    return [a.arg for a in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def _constants(argument: ast.expr | None) -> list[str]:
    """The texts of an argument; both of a choice."""
    match argument:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=first, orelse=second):
            return [*_constants(first), *_constants(second)]
        case _:
            return []
