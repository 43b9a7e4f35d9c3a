from __future__ import annotations

import pytest

from vcam.errors import BackgroundError, ServiceError, VcamError
from vcam.service.start_error import error_of, quoting


def test_vcam_s_own_words_become_the_error_they_were() -> None:
    error = error_of(
        6, "chatter\nvcam: older warning\nvcam: beach.jpg is broken\n      name another\n"
    )
    assert type(error) is BackgroundError
    assert error.problem == "beach.jpg is broken\nname another"
    assert type(error_of(1, "vcam: a fault of vcam itself")) is VcamError


@pytest.mark.parametrize(
    ("code", "how"),
    [(0, "exit code 0"), (77, "exit code 77"), (-11, "SIGSEGV"), (-99, "signal 99")],
)
def test_any_other_end_is_described(code: int, how: str) -> None:
    error = error_of(code, "free(): invalid pointer\n")
    assert type(error) is ServiceError
    assert how in error.problem
    assert error.problem.endswith("its last words:\nfree(): invalid pointer")


def test_only_the_last_lines_are_quoted() -> None:
    assert quoting("it ended", "") == ["it ended"]
    many = "\n".join(map(str, range(30)))
    assert quoting("it ended", many)[1:] == [str(n) for n in range(20, 30)]
