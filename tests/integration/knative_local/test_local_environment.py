"""What a Service's process is given: only what its manifest says, with this machine's values put over it."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml

from tests.integration.knative_local.stage import Manifest, Stage, broker, config_map, secret, service

pytestmark = pytest.mark.anyio

PLATFORM = {"PORT", "PATH", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "LC_CTYPE"}  # Python sets the last itself


async def environment(stage: Stage, *documents: Manifest, **options: Any) -> dict[str, str]:
    """Return the environment of the Service `app`, and read its files before they go."""
    async with stage.run(*documents, publish={"app": 0}, **options) as runtime, aiohttp.ClientSession() as http:
        async with http.get(runtime.service_url("app") + "/environment") as response:
            found: dict[str, str] = json.loads(await response.text())
        for name, value in list(found.items()):
            if name.endswith("_FILE"):
                found[f"{name} mode"] = oct(stat.S_IMODE(Path(value).stat().st_mode))
                found[f"{name} content"] = Path(value).read_text()
        return found


async def test_the_environment_is_only_the_manifests(memory_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "of the developer")
    found = await environment(memory_stage, service("app", env={"GREETING": "hello"}))
    assert set(found) - PLATFORM == {"GREETING"}
    assert found["GREETING"] == "hello"
    assert found["K_SERVICE"] == "app"
    assert found["PATH"] == os.environ["PATH"]


async def test_config_maps_and_secrets_become_variables_and_env_wins_over_env_from(memory_stage: Stage) -> None:
    app = service(
        "app",
        envFrom=[{"configMapRef": {"name": "settings"}}, {"prefix": "S_", "secretRef": {"name": "keys"}}],
    )
    box = app["spec"]["template"]["spec"]["containers"][0]
    box["env"] = [
        {"name": "LEVEL", "value": "DEBUG"},
        {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "token"}}},
        {"name": "NAME", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "NAME"}}},
        {"name": "MAYBE", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "nothing", "optional": True}}},
    ]
    encoded = {**secret("keys", other="x"), "data": {"token": "czNjcmV0"}}
    documents = (config_map("settings", LEVEL="INFO", NAME="learn", MODE="a"), encoded, app)
    found = await environment(memory_stage, *documents)
    assert {name: found[name] for name in set(found) - PLATFORM} == {
        "LEVEL": "DEBUG",
        "NAME": "learn",
        "MODE": "a",
        "S_token": "s3cret",
        "S_other": "x",
        "TOKEN": "s3cret",
    }


async def test_this_machines_config_replaces_values_key_by_key_and_may_bring_secrets(memory_stage: Stage) -> None:
    own = memory_stage.folder / "config"
    own.mkdir()
    overrides = (config_map("settings", MODE="dev"), secret("keys", token="of this machine"))
    (own / "own.yaml").write_text(yaml.safe_dump_all(overrides))
    app = service("app", envFrom=[{"configMapRef": {"name": "settings"}}, {"secretRef": {"name": "keys"}}])
    found = await environment(memory_stage, config_map("settings", MODE="prod", LEVEL="INFO"), app, config=own)
    assert (found["MODE"], found["LEVEL"], found["token"]) == ("dev", "INFO", "of this machine")


async def test_mounted_secrets_are_files_only_their_owner_reads_and_values_point_to_them(memory_stage: Stage) -> None:
    app = service(
        "app",
        env={"URL_FILE": "/etc/app/database/URL", "LEVEL_FILE": "/etc/app/settings/LEVEL", "OTHER": "/etc/app/data"},
        spec={
            "volumes": [
                {"name": "database", "secret": {"secretName": "database"}},
                {"name": "settings", "configMap": {"name": "settings"}},
                {"name": "scratch", "emptyDir": {"medium": "Memory"}},
            ]
        },
        volumeMounts=[
            {"name": "database", "mountPath": "/etc/app/database", "readOnly": True},
            {"name": "settings", "mountPath": "/etc/app/settings"},
            {"name": "scratch", "mountPath": "/etc/app/dat"},
        ],
    )
    app["spec"]["template"]["spec"]["containers"][0]["env"].append({"name": "SCRATCH", "value": "/etc/app/dat"})
    documents = (secret("database", URL="postgresql://here"), config_map("settings", LEVEL="INFO"), app)
    found = await environment(memory_stage, *documents)
    assert found["URL_FILE"].startswith(str(memory_stage.folder / "state"))
    assert (found["URL_FILE content"], found["URL_FILE mode"]) == ("postgresql://here", "0o600")
    assert found["LEVEL_FILE content"] == "INFO"
    assert Path(found["SCRATCH"]).is_dir()
    assert found["OTHER"] == "/etc/app/data", "only whole parts of a path are replaced"


async def test_files_are_found_from_every_folder_though_the_state_is_given_relative_to_one(
    memory_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(memory_stage.folder)
    memory_stage.folder = Path()
    app = service(
        "app",
        env={"URL_FILE": "/etc/app/URL"},
        spec={"volumes": [{"name": "v", "secret": {"secretName": "database"}}]},
        volumeMounts=[{"name": "v", "mountPath": "/etc/app"}],
    )
    found = await environment(memory_stage, secret("database", URL="x"), app)
    assert Path(found["URL_FILE"]).is_absolute()


async def test_the_brokers_address_on_a_cluster_means_the_one_here(memory_stage: Stage) -> None:
    address = "http://kafka-broker-ingress.knative-eventing.svc.cluster.local/shop/default"
    documents = (broker(), service("app", env={"BROKER_URL": address}))
    async with memory_stage.run(*documents, publish={"app": 0}) as runtime, aiohttp.ClientSession() as http:
        async with http.get(runtime.service_url("app") + "/environment") as response:
            found = json.loads(await response.text())
        assert found["BROKER_URL"] == f"{runtime.url}/shop/default"


async def test_a_module_runs_in_the_root_and_one_of_a_package_of_its_own_in_its_folder(memory_stage: Stage) -> None:
    root = memory_stage.folder / "repository"
    program = (Path(__file__).parent / "services" / "scripted.py").read_text()
    for package in (root / "functions" / "here", root / "far-off" / "far_off"):
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "__main__.py").write_text(f"import os; os.environ['RAN_IN'] = os.getcwd()\n{program}")
    for module, folder in (("functions.here", root), ("far_off", root / "far-off")):
        found = await environment(memory_stage, service("app", args=["-m", module]), root=root)
        assert found["RAN_IN"] == str(folder)
