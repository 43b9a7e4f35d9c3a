"""Configuration files spoilt at random: each must be read, or refused in words, and quickly.

`python -m tests.fuzz_config --seed 1 --count 200000` is a long run; the suite makes a short one.
A file that fails is printed with the seed that makes it again: `--seed SEED --count 1`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML

from vcam.config import Config, ConfigFileError, parse_config
from vcam.config.document import UneditableError, assign
from vcam.config.load import decode
from vcam.config.presets import preset_names, preset_text
from vcam.config.yaml_nodes import UnreadableError

PATH = Path("/home/ann/vcam.yaml")
SLOWEST_SECONDS = 0.2
LONGEST_REFUSAL = 12_000

_ODD_CHARACTERS = (
    *":{}[]&*!|>'\"%@`#,-?~=<.$\\/ \t\n\r",
    "\u00a0", "\u200b", "\ufeff", "\x85", "\u2028", "\ud800", "\udfff", "\0", "\x1b", "\x07",
    "\x7f", "é", "ß", "漢", "😀", "\u202e",
)  # fmt: skip
_TAGS = (
    "int", "float", "bool", "null", "str", "map", "seq", "set", "omap", "pairs", "binary", "merge",
    "timestamp", "value", "yaml", "python/none", "python/object/apply:os.system", "",
)  # fmt: skip
_ODD_VALUES = (
    "", "~", "null", "true", "no", "0", "-0", "-1", "1e3", "1e999", "-1e999", ".inf", "-.inf",
    ".nan", "0x" + "f" * 300, "9" * 5000, "0o777", "0b101", "1_000", "1:30", "0.1e-400", "004721",
    "0x0a0a0a", "2020-13-45", "2026-11-28", "2026-11-28T12:00:00Z", "[]", "{}", "[[[]]]",
    "{a: {b: {}}}", "[1, a]", "{? a, b}", "&x", "*x", "&x *x", "*nobody", "<<", "=", "|", ">-",
    "|9\n x", "? a", "- a", "@a", "`a`", "%a", "#a", "a #b", "a: b", "a\tb", "'", '"', "'a", '"\\x',
    r'"\ud800"', r'"\U00110000"', r'"\e[2J"', r'"C:\Users\me"', "'C:\\Users'", "file:///a%20b.jpg",
    "https://a.b/c", "~nobody/a",
    "$5", "$NOT_SET", "${", "${A}", "rgb(256,0,0)", f"rgb({'9' * 500},0,0)", "hsl(1,2%,300%)",
    "rgb(1e3,0,0)", "#", '"#"', '"#12"', '"#gggggg"', "x" * 5000, '"' + "\\n" * 500 + '"', "...",
    "---", '"a\\0b"', "./" * 3000 + "a", "\u00a0blur", "NONE", "None", "blurr", "on", "!",
    "!!", "!<x>",
)  # fmt: skip


def _bases() -> list[str]:
    """Configurations to begin with: the presets, and every key with its default."""
    texts = [preset_text(name) for name in preset_names()]
    bare = [re.sub(r"(?m)^\s*#.*\n|[ \t]+# .*", "", text) for text in texts]
    whole = Config().model_dump_json(indent=1)
    block = StringIO()
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.dump(json.loads(whole), block)
    return [*texts, *bare * 3, whole, block.getvalue()]


def _some_sections(rng: random.Random, text: str) -> list[str]:
    sections = re.split(r"(?m)^(?=\w)", text)
    return rng.sample(sections, min(len(sections), rng.choice((1, 2, 3))))


Mutation = Callable[[random.Random, str], str]


def _at(rng: random.Random, text: str) -> int:
    return rng.randint(0, len(text))


def _insert_character(rng: random.Random, text: str) -> str:
    place = _at(rng, text)
    character: str = rng.choice(_ODD_CHARACTERS)
    return text[:place] + character * rng.choice((1, 1, 1, 2, 5)) + text[place:]


def _delete_part(rng: random.Random, text: str) -> str:
    place = _at(rng, text)
    return text[:place] + text[place + rng.choice((1, 1, 2, 5, 40)) :]


def _copy_part(rng: random.Random, text: str) -> str:
    source, target = _at(rng, text), _at(rng, text)
    return text[:target] + text[source : source + rng.randint(1, 80)] + text[target:]


def _swap_lines(rng: random.Random, text: str) -> str:
    lines = text.split("\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "\n".join(lines)


def _indent_line(rng: random.Random, text: str) -> str:
    lines = text.split("\n")
    number = rng.randrange(len(lines))
    lines[number] = rng.choice((" ", "  ", "\t", "\u00a0", "- ", "? ", "   ")) + lines[number]
    return "\n".join(lines)


def _replace_value(rng: random.Random, text: str) -> str:
    return _changed_line(rng, text, lambda key, value: f"{key}: {rng.choice(_ODD_VALUES)}")


def _tag_value(rng: random.Random, text: str) -> str:
    tag = rng.choice(("!!", "!", "!e!", "!<tag:yaml.org,2002:")) + rng.choice(_TAGS)
    return _changed_line(rng, text, lambda key, value: f"{key}: {tag} {value}")


def _anchor_value(rng: random.Random, text: str) -> str:
    mark = rng.choice(("&a ", "*a", "&a *a", "&a\n  <<: *a"))
    return _changed_line(rng, text, lambda key, value: f"{key}: {mark}{value}")


def _replace_key(rng: random.Random, text: str) -> str:
    odd = rng.choice(
        (*_ODD_VALUES, "stops[0]", "camera.type", "str", "Camera", "<<", "[a]", "{a: b}")
    )
    return _changed_line(rng, text, lambda key, value: f"{odd}: {value}")


def _changed_line(rng: random.Random, text: str, change: Callable[[str, str], str]) -> str:
    lines = text.split("\n")
    places = [n for n, line in enumerate(lines) if ":" in line.partition("#")[0]]
    if not places:
        return text + change("camera", "x")
    number = rng.choice(places)
    key, _, value = lines[number].partition(":")
    lines[number] = change(key, value.strip())
    return "\n".join(lines)


def _grow(rng: random.Random, text: str) -> str:
    piece = rng.choice(
        ("[", "{", "- ", "? ", "&a ", "*a ", ": ", "'", '"', "a: {", "\n", "k: 1\n", "!")
    )
    place = _at(rng, text)
    return text[:place] + piece * rng.choice((30, 300, 1000)) + text[place:]


def _many_keys(rng: random.Random, text: str) -> str:
    return text + "\n" + "".join(f"k{n}: {n}\n" for n in range(rng.choice((20, 200, 600))))


def _bomb(rng: random.Random, text: str) -> str:
    width, depth = rng.randint(2, 10), rng.randint(2, 12)
    lines = [f"b0: &b0 [{','.join('x' * width)}]"]
    lines += [f"b{n}: &b{n} [{','.join([f'*b{n - 1}'] * width)}]" for n in range(1, depth)]
    name = f"*b{depth - 1}"
    return rng.choice(("{1}\n{0}", "{1}\ncamera: {2}\n", "{1}\nmatte: {{softness: {2}}}\n")).format(
        text, "\n".join(lines), name
    )


def _directive(rng: random.Random, text: str) -> str:
    return (
        rng.choice(("%YAML 1.1\n---\n", "%TAG !e! tag:e,2000:\n---\n", "---\n", "%x\n---\n")) + text
    )


MUTATIONS: tuple[Mutation, ...] = (
    *(_insert_character, _delete_part, _copy_part, _replace_value, _tag_value) * 3,
    *(_swap_lines, _indent_line, _replace_key, _anchor_value) * 2,
    _grow, _many_keys, _bomb, _directive,
)  # fmt: skip


def spoilt_file(seed: int, bases: list[str]) -> bytes:
    """A configuration file with something wrong in it."""
    rng = random.Random(seed)
    text = rng.choice(bases)
    if rng.random() < 0.9:  # long ones take most of the time and show little more
        text = "".join(_some_sections(rng, text))
    for _ in range(rng.choice((1, 1, 1, 2, 3, 6))):
        text = rng.choice(MUTATIONS)(rng, text)
    encoding = rng.choice(("utf-8",) * 40 + ("utf-16", "latin-1"))
    content = text.encode(encoding, "surrogatepass" if encoding == "utf-8" else "replace")
    if content and rng.random() < 0.03:
        spoilt = bytearray(content)
        for _ in range(rng.randint(1, 5)):
            spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
        content = bytes(spoilt)
    return content


@dataclass
class Verdict:
    """What came of many files.

    Attributes:
        outcomes: How many were read and how many refused, by the beginning of the reason.
        failures: By seed, what was wrong.
        slowest: Seconds of processor time, and the seed.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[int, str] = field(default_factory=dict)
    slowest: tuple[float, int] = (0.0, 0)


def check_refusal(error: ConfigFileError) -> None:
    """See that it names file, line, key and cure, and that it can be shown and sent."""
    said = str(error)
    assert error.complaints
    assert said.replace("\n", "").isprintable(), "something is not escaped"
    assert len(said) < LONGEST_REFUSAL, f"{len(said)} characters"
    for complaint in error.complaints:
        assert complaint.place.startswith(str(PATH)), "the file is not named"
        assert complaint.found, "nothing is named"
        assert complaint.fix or " needs " in complaint.found or "must" in complaint.found, said
        has_line = complaint.place != str(PATH)
        assert has_line or "text file" in said or "no settings" in said, "no line"


def try_file(content: bytes) -> str:
    """Read one file, as a running vcam does.

    Returns:
        "read", or "refused".

    Raises:
        AssertionError: It was refused, but not in the words that are due.
        Exception: It ended in anything but a refusal.
    """
    try:
        config = parse_config(decode(content, PATH), PATH)
    except ConfigFileError as error:
        check_refusal(error)
        return "refused"
    config.model_dump_json()
    return "read"


def try_to_edit(content: bytes) -> None:
    """Set a value in it, as `vcam set` does."""
    with contextlib.suppress(UnicodeDecodeError, UnreadableError, UneditableError):
        assign(content.decode("utf-8-sig"), ("background", "type"), "blur")


def _timed(content: bytes) -> tuple[str, float]:
    """The outcome, and seconds of processor time."""
    began = time.thread_time()
    outcome = try_file(content)
    return outcome, time.thread_time() - began


def run(
    first_seed: int, count: int, progress: Callable[[int, Verdict], None] | None = None
) -> Verdict:
    """Try `count` files."""
    verdict, bases = Verdict(), _bases()
    for seed in range(first_seed, first_seed + count):
        content = spoilt_file(seed, bases)
        try:
            outcome, seconds = _timed(content)
            if seconds > SLOWEST_SECONDS:  # the garbage of the tests before may have been collected
                seconds = min(seconds, _timed(content)[1])
        except Exception as error:
            outcome, seconds = "failed", 0.0
            verdict.failures[seed] = f"{type(error).__name__}: {error}"[:300]
        verdict.outcomes[outcome] += 1
        verdict.slowest = max(verdict.slowest, (seconds, seed))
        if seconds > SLOWEST_SECONDS:
            verdict.failures.setdefault(seed, f"{seconds:.2f} s")
        if seed % 10 == 0:
            try:
                try_to_edit(content)
            except Exception as error:
                verdict.failures[seed] = f"edit: {type(error).__name__}: {error}"[:300]
        if progress is not None:
            progress(seed, verdict)
    return verdict


def main() -> None:
    """The long run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200_000)
    options = parser.parse_args()
    if options.count == 1:
        sys.stdout.buffer.write(spoilt_file(options.seed, _bases()) + b"\n")

    def show(seed: int, verdict: Verdict) -> None:
        if seed % 5000 == 0 or seed in verdict.failures:
            print(seed, dict(verdict.outcomes), verdict.slowest, verdict.failures.get(seed, ""))  # noqa: T201
            sys.stdout.flush()

    verdict = run(options.seed, options.count, show)
    print(dict(verdict.outcomes), f"slowest {verdict.slowest}", f"{len(verdict.failures)} failures")  # noqa: T201
    sys.exit(bool(verdict.failures))


if __name__ == "__main__":
    main()
