"""Faults put into the threads' code one by one: do the tests notice each of them?

    python -m tests.mutants                  all modules, an hour or so
    python -m tests.mutants sender slot      these
    python -m tests.mutants --sample 60      so many of each, chosen by --seed
    python -m tests.mutants --own            with the tests alone that are the module's own
    python -m tests.mutants sender --line 97 those of a line, with what the tests said

A fault is a comparison, a condition, a sum or a number that is another one, a statement or a lock
that is left out, a value that is not returned. Lines that only log are left alone. The tests run in
a fork that has the libraries already, first those of the module, then those that use it.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib.abc
import importlib.util
import os
import random
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
_REALTIME = "tests/realtime/"
_STEPS = [f"{_REALTIME}test_bridge_{name}.py" for name in ("steps", "states", "ending")]
_SINK = [f"{_REALTIME}test_sink_connection.py"]
_BRIDGE = [f"{_REALTIME}test_bridge{name}.py" for name in ("", "_changes", "_looks", "_standby")]
_CAPTURE = [f"{_REALTIME}test_capture{name}.py" for name in ("", "_loss", "_hold")]
_RENDERER = [f"{_REALTIME}test_renderer{name}.py" for name in ("", "_stages")]
TESTS: dict[str, tuple[list[str], list[str]]] = {
    "realtime/slot": ([f"{_REALTIME}test_slot.py"], [f"{_REALTIME}test_sender.py"]),
    "realtime/sender": ([f"{_REALTIME}test_sender.py"], []),
    "realtime/capture": (_CAPTURE, []),
    "realtime/renderer": (_RENDERER, _BRIDGE[1:2]),
    "realtime/tap": ([f"{_REALTIME}test_tap.py"], _BRIDGE[2:3]),
    "realtime/sink_connection": (_SINK, _BRIDGE[:1]),
    "realtime/keep_alive": (_STEPS[:1] + _SINK, _BRIDGE[3:]),
    "realtime/bridge": (_STEPS + _SINK, _BRIDGE),
    "service/live": (["tests/service/test_live.py"], []),
}
"""For each module the tests that are its own, and those that are tried if they notice nothing."""

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_SUMS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A module with one fault."""

    module: str
    line: int
    fault: str
    tree: ast.Module

    def __str__(self) -> str:
        return f"{self.module}.py:{self.line}: {self.fault}"


def mutants(module: str) -> Iterator[Mutant]:
    """All faults of a module, such as "realtime/slot"."""
    path = ROOT / "vcam" / f"{module}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for number, node in enumerate(ast.walk(tree)):
        for variant in range(len(_faults(copy.deepcopy(node)))):
            changed = copy.deepcopy(tree)
            target = next(n for count, n in enumerate(ast.walk(changed)) if count == number)
            line = getattr(target, "lineno", 0)
            fault = _faults(target)[variant]
            before = ast.unparse(target).splitlines()[0]
            replacement = fault()
            if replacement is not None:
                _put(changed, target, replacement)
            after = ast.unparse(replacement or target).splitlines()[0]
            told = f"{before}  ->  {after}"
            yield Mutant(module, line, told, ast.fix_missing_locations(changed))


class _Change:
    """Changes a node in its place."""

    def __init__(self, node: ast.AST, **fields: object) -> None:
        self._node, self._fields = node, fields

    def __call__(self) -> ast.AST | None:
        for name, value in self._fields.items():
            setattr(self._node, name, value)
        return None


class _Replace:
    """Gives what comes in a node's place."""

    def __init__(self, replacement: ast.AST) -> None:
        self._replacement = replacement

    def __call__(self) -> ast.AST | None:
        return self._replacement


def _faults(node: ast.AST) -> list[_Change | _Replace]:
    """What can be done to this very node."""
    found: list[_Change | _Replace] = []
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARISONS:
        found.append(_Change(node, ops=[_COMPARISONS[type(node.ops[0])](), *node.ops[1:]]))
    if isinstance(node, ast.BoolOp):
        found.append(_Change(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And()))
    if isinstance(node, ast.BinOp) and type(node.op) in _SUMS:
        found.append(_Change(node, op=_SUMS[type(node.op)]()))
    if isinstance(node, (ast.If, ast.While, ast.IfExp)) and not _is_type_checking(node.test):
        found.append(_Change(node, test=ast.UnaryOp(ast.Not(), node.test)))
    if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)):
        other = not node.value if isinstance(node.value, bool) else node.value + 1
        found.append(_Change(node, value=other))
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        found.append(_Change(node, value=ast.Constant(None)))
    if _can_be_left_out(node):
        found.append(_Replace(ast.copy_location(ast.Pass(), node)))
    if isinstance(node, ast.With) and not any(item.optional_vars for item in node.items):
        found.append(_Replace(ast.copy_location(ast.If(ast.Constant(1), node.body, []), node)))
    return found


def _can_be_left_out(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call) and not ast.unparse(node).startswith("logger.")
    if isinstance(node, ast.Assign):  # without a local one the rest could not even run
        return all(isinstance(each, (ast.Attribute, ast.Tuple)) for each in node.targets)
    return isinstance(node, (ast.AugAssign, ast.Raise))


def _is_type_checking(test: ast.expr) -> bool:
    return ast.unparse(test) == "TYPE_CHECKING"


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _put(tree: ast.Module, target: ast.AST, replacement: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is target:
                setattr(parent, name, replacement)
            elif isinstance(value, list) and target in value:
                value[value.index(target)] = replacement


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Has a module imported with its fault."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = "vcam." + mutant.module.replace("/", ".")
        self._tree = mutant.tree

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_loader(fullname, self)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._tree, f"<mutant of {self._name}>", "exec"), module.__dict__)


def noticed(mutant: Mutant | None, tests: Sequence[str], limit: float, loud: bool = False) -> bool:
    """Whether a test fails, or takes longer than `limit` seconds."""
    if sys.platform == "win32":
        sys.exit("it forks, which Windows cannot")
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        if not loud:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
        if mutant is not None:
            sys.meta_path.insert(0, _Finder(mutant))
        options = ["-x", "-q", "-p", "no:cacheprovider", "-W", "ignore:Module already imported"]
        os._exit(int(pytest.main([*options, *tests])))
    end = time.monotonic() + limit
    while time.monotonic() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status != 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def _preload() -> None:
    """Import what takes long and is none of the modules."""
    import hypothesis  # noqa: F401

    import vcam.pipeline.build
    import vcam.pipeline.file  # noqa: F401


def _limit(tests: Sequence[str]) -> float:
    """Seconds that the tests may take with a fault, from what they take without one."""
    begin = time.monotonic()
    if noticed(None, tests, 600.0, loud=True):
        sys.exit("the tests fail without a fault")
    return 5 + 3 * (time.monotonic() - begin)


def survivors(chosen: Sequence[Mutant], stages: Sequence[list[str]], loud: bool) -> list[Mutant]:
    """Those that no test notices."""
    limited = [(tests, _limit(tests)) for tests in stages if tests]
    found = []
    for mutant in chosen:
        if not any(noticed(mutant, tests, limit, loud) for tests, limit in limited):
            found.append(mutant)
            sys.stdout.write(f"  survives: {mutant}\n")
            sys.stdout.flush()
    return found


def main() -> None:
    """Run, and print what survives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="such as sender; all where none is named")
    parser.add_argument("--sample", type=int, default=0, help="at most so many of a module")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--own", action="store_true", help="with the module's own tests alone")
    parser.add_argument("--line", type=int, default=0, help="only those of this line, aloud")
    asked = parser.parse_args()
    os.chdir(ROOT)
    _preload()
    total = alive = 0
    for module in TESTS:
        if asked.modules and Path(module).name not in asked.modules:
            continue
        chosen = [each for each in mutants(module) if asked.line in (0, each.line)]
        if 0 < asked.sample < len(chosen):
            chosen = random.Random(asked.seed).sample(chosen, asked.sample)
        stages = TESTS[module][: 1 if asked.own else 2]
        left = survivors(chosen, stages, loud=bool(asked.line))
        total, alive = total + len(chosen), alive + len(left)
        sys.stdout.write(f"{module}: {len(chosen) - len(left)} of {len(chosen)} noticed\n")
        sys.stdout.flush()
    share = 100 * (total - alive) / max(total, 1)
    sys.stdout.write(f"all: {total - alive} of {total} noticed, {share:.0f} %\n")


if __name__ == "__main__":
    main()
