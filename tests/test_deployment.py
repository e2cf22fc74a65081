"""What describes the service to Docker and Kubernetes names only what there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ocrchat_server.config.commands import commands
from ocrchat_server.config.environment import SETTINGS

ROOT = Path(__file__).parent.parent
CHART = ROOT / "deploy" / "helm" / "ocrchat"
FILES = [ROOT / "Dockerfile", ROOT / "compose.yaml", *sorted(CHART.rglob("*.yaml"))]


def _compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return read


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_setting_that_is_named_exists(path: Path) -> None:
    known = {setting.name for setting in SETTINGS}
    assert set(re.findall(r"\b(?:OCRCHAT_[A-Z_]+|DATABASE_URL)\b", path.read_text())) <= known


def test_every_role_is_a_command() -> None:
    roles = {each.callback.__name__ for each in commands.registered_commands if each.callback}
    for name, service in _compose()["services"].items():
        if name != "database":
            assert service["command"][0] in roles
    for template in CHART.glob("templates/*.yaml"):
        for role in re.findall(r"args: \[(\w+)\]", template.read_text()):
            assert role in roles


def test_no_container_runs_as_root_or_writes_to_its_image() -> None:
    assert "\nUSER 10001:10001\n" in (ROOT / "Dockerfile").read_text()
    for name, service in _compose()["services"].items():
        if name != "database":
            assert service["read_only"]
            assert service["cap_drop"] == ["ALL"]
            assert "privileged" not in service
    pod = (CHART / "templates" / "_parts.tpl").read_text()
    for line in (
        "runAsNonRoot: true",
        "readOnlyRootFilesystem: true",
        "allowPrivilegeEscalation: false",
        "seccompProfile: {type: RuntimeDefault}",
        "enableServiceLinks: false",
    ):
        assert line in pod


def test_a_worker_is_given_time_to_finish_its_page() -> None:
    page_seconds = next(float(each.default) for each in SETTINGS if each.name == "OCRCHAT_PAGE_SECONDS")
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    assert values["worker"]["terminationGracePeriodSeconds"] > page_seconds
    assert int(_compose()["services"]["worker"]["stop_grace_period"].removesuffix("s")) > page_seconds
