from __future__ import annotations

from pathlib import Path

import pytest

from vcam.config import user_config_path
from vcam.errors import ConfigError
from vcam.service.lock import Lock
from vcam.service.lookup import find_instance
from vcam.service.runtime import Instance


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vcam.yaml"
    path.write_text("output: {device: Second Camera}\n")
    return path


def test_the_instance_is_that_of_the_file_s_device(file: Path) -> None:
    assert find_instance() == Instance("Virtual Camera")
    assert find_instance(file) == Instance("Second Camera")


def test_one_that_runs_is_found_by_its_file_whatever_the_file_says_by_now(file: Path) -> None:
    with Lock(Instance("Virtual Camera"), file):
        assert find_instance(file) == Instance("Virtual Camera")
        file.write_text("output: {device: [broken\n")
        assert find_instance(file) == Instance("Virtual Camera")


def test_one_that_runs_with_built_in_defaults_is_found_by_the_file_that_was_not_there() -> None:
    with Lock(Instance("Virtual Camera"), user_config_path()):
        user_config_path().parent.mkdir(parents=True)
        user_config_path().write_text("broken")
        assert find_instance() == Instance("Virtual Camera")


def test_a_broken_file_means_the_only_one_that_runs(file: Path) -> None:
    file.write_text("broken")
    with pytest.raises(ConfigError):
        find_instance(file)
    with Lock(Instance("/dev/video10")):
        assert find_instance(file) == Instance("/dev/video10")
        with Lock(Instance("/dev/video11")), pytest.raises(ConfigError):
            find_instance(file)
