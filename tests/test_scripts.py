from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def named(script: str) -> Iterator[str]:
    """The paths of tests in a shell script, those in braces one by one."""
    for path in re.findall(r"\btests/[\w./{},-]*\w", (ROOT / script).read_text(encoding="utf-8")):
        before, brace, rest = path.partition("{")
        if not brace:
            yield path
            continue
        names, _, after = rest.partition("}")
        assert "{" not in after, "one pair of braces a path"
        yield from (f"{before}{name}{after}" for name in names.split(","))


@pytest.mark.parametrize("script", [".ci/run", "scripts/winlab", "scripts/arm"])
def test_the_tests_that_a_script_names_are_there(script: str) -> None:
    paths = list(named(script))
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
