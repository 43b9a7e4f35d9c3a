from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vcam.system.shell import Shell, program, quoted, shell, shell_among, unlocking

WORDS = [
    "plain",
    "a b",
    "Ümläut & Söhne",
    "it's",
    "a(b)",
    "100%",
    "a;b",
    "$HOME",
    "`x`",
    "C:\\x y\\",
]


@pytest.mark.parametrize("word", WORDS)
def test_a_posix_shell_gets_the_word_as_it_was(word: str) -> None:
    if sys.platform == "win32":
        pytest.skip("there is no sh")
    told = subprocess.run(
        ["sh", "-c", f"printf %s {quoted(word, Shell.POSIX)}"], capture_output=True
    )
    assert told.stdout.decode() == word


@pytest.mark.parametrize("word", [word for word in WORDS if "%" not in word])
def test_cmd_gets_the_word_as_it_was(word: str, tmp_path: Path) -> None:
    if sys.platform != "win32":
        pytest.skip("there is no cmd.exe")
    told = tmp_path / "told"
    code = "import sys; open(sys.argv[1], 'w', encoding='utf-8').write(sys.argv[2])"
    line = " ".join([quoted(sys.executable), "-c", f'"{code}"', quoted(told), quoted(word)])
    try:
        subprocess.run(f'cmd /s /c "{line}"', check=True)
    except OSError:  # Wine's "internal error" of a cmd.exe that cannot be started now and then
        subprocess.run(f'cmd /s /c "{line}"', check=True)
    assert told.read_text(encoding="utf-8") == word


@pytest.mark.parametrize(
    ("word", "cmd", "powershell"),
    [
        (r"C:\vcam\vcam.yaml", r"C:\vcam\vcam.yaml", r"C:\vcam\vcam.yaml"),
        (r"C:\a b\vcam.yaml", r'"C:\a b\vcam.yaml"', r"'C:\a b\vcam.yaml'"),
        (r"C:\O'Neill & Co", '"C:\\O\'Neill & Co"', "'C:\\O''Neill & Co'"),
        ("C:\\a b\\", '"C:\\a b\\\\"', "'C:\\a b\\'"),
        ("", '""', "''"),
    ],
)
def test_windows_shells_have_quotes_of_their_own(word: str, cmd: str, powershell: str) -> None:
    assert quoted(word, Shell.CMD) == cmd
    assert quoted(word, Shell.POWERSHELL) == powershell


def test_powershell_calls_a_quoted_program_by_an_ampersand() -> None:
    assert program(r"C:\a b\python.exe", Shell.POWERSHELL) == r"& 'C:\a b\python.exe'"
    assert program(r"C:\a b\python.exe", Shell.CMD) == r'"C:\a b\python.exe"'
    assert program("python", Shell.POWERSHELL) == "python"


@pytest.mark.parametrize(
    ("programs", "found"),
    [
        (["cmd.exe", "explorer.exe"], Shell.CMD),
        (["python.exe", "powershell.exe", "explorer.exe"], Shell.POWERSHELL),
        (["python.exe", "cmd.exe", "pwsh.exe", "windowsterminal.exe"], Shell.POWERSHELL),
        (["cmd.exe", "explorer.exe", "powershell.exe"], Shell.CMD),
        (["python.exe", "bash.exe"], Shell.POSIX),
        (["explorer.exe"], Shell.CMD),
        ([], Shell.CMD),
    ],
)
def test_the_shell_is_the_one_that_the_user_sees(programs: list[str], found: Shell) -> None:
    assert shell_among(programs) is found


def test_this_system_s_shell_is_known() -> None:
    assert (shell() is Shell.POSIX) == (os.name == "posix")
    assert unlocking("x").endswith(" x")
