"""The files for the bureau's administrator agree with the program: settings, commands, what services may do."""

import configparser
import os
import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest
import yaml

from assets import settings as module
from assets.cli import main
from assets.infrastructure import prepare_home
from assets.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"
FOLDER = DOCS / "deployment"
UNITS = sorted(FOLDER.glob("*.service"))
LONG_RUNNING = {"daemon", "console", "serve", "quack"}


def table():
    """The variables of the table in assets/settings.py."""
    return re.findall(r"^\| (JUESUAN_\w+) \|", module.__doc__, re.MULTILINE)


def env_file():
    """Of each variable of the settings file: its value, whether it is set, and the comment above it."""
    found, comment = {}, []
    for line in (FOLDER / "juesuan.env").read_text(encoding="utf-8").splitlines():
        if match := re.fullmatch(r"(#?)(JUESUAN_\w+)=(.*)", line):
            assert match[2] not in found, f"{match[2]} stands twice"
            found[match[2]] = (match[3], not match[1], "".join(comment))
            comment = []
        else:
            comment = [*comment, line] if line.startswith("# ") else []
    return found


def test_the_settings_file_the_table_and_the_code_name_the_same_variables():
    code = set(re.findall(r'"(JUESUAN_\w+)"', Path(module.__file__).read_text(encoding="utf-8")))
    assert list(dict.fromkeys(table())) == table()
    assert set(table()) == set(env_file()) == code


def test_every_variable_is_explained_in_chinese():
    for name, (_, _, comment) in env_file().items():
        assert len(re.findall(r"[\u4e00-\u9fff]", comment)) >= 6, name


def test_the_values_of_the_settings_file_are_the_defaults(monkeypatch):
    for name in list(os.environ):
        if name.startswith("JUESUAN_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("JUESUAN_HOME", "/var/lib/juesuan")
    defaults = Settings.from_environment()
    for name, (value, is_set, _) in env_file().items():
        assert is_set == (name == "JUESUAN_HOME")
        monkeypatch.setenv(name, value)
    assert Settings.from_environment() == defaults


def test_a_shell_reads_the_settings_file():
    read = f"set -a; . {shlex.quote(str(FOLDER / 'juesuan.env'))}; env"
    told = subprocess.run(
        ["sh", "-c", read], check=True, capture_output=True, text=True, env={"PATH": os.environ["PATH"]}
    )
    assert "JUESUAN_HOME=/var/lib/juesuan" in told.stdout


def invoked(words):
    """Check a command line against the commands and their options, without running it; the command's name."""
    command = main.commands[words[0]]
    command.make_context(words[0], [word for word in words[1:] if word != "DIR"], resilient_parsing=False)
    return command.name


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_units_start_what_there_is_and_may_do_little(path):
    unit = configparser.RawConfigParser(strict=False, comment_prefixes="#")
    unit.optionxform = str
    unit.read_string(path.read_text(encoding="utf-8"))
    service = dict(unit["Service"])

    program, *words = shlex.split(service["ExecStart"])
    assert program == "/opt/juesuan/bin/juesuan"
    is_lasting = invoked(words) in LONG_RUNNING
    assert (service.get("Restart") == "always") == is_lasting == unit.has_section("Install")
    assert service["EnvironmentFile"] == "/etc/juesuan/juesuan.env"
    assert service["User"] == "juesuan"
    assert service["ProtectSystem"] == "strict"
    for name in (
        "ProtectHome",
        "PrivateTmp",
        "PrivateDevices",
        "NoNewPrivileges",
        "LockPersonality",
        "RestrictSUIDSGID",
    ):
        assert service[name] == "true", name
    assert service["CapabilityBoundingSet"] == ""
    assert "MemoryMax" in service
    if "--host" in words:  # what has no login of its own is for this machine only
        assert words[words.index("--host") + 1] == "127.0.0.1"
        assert (service["IPAddressDeny"], service["IPAddressAllow"]) == ("any", "localhost")


def test_every_timer_has_its_service():
    timers = sorted(FOLDER.glob("*.timer"))
    assert timers
    assert {path.stem for path in timers} <= {path.stem for path in UNITS}


def test_containers_start_what_there_is_and_may_do_little():
    services = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))["services"]
    started = {invoked(service["command"]): service for service in services.values()}
    assert started.keys() == LONG_RUNNING | {"backup"}
    for name, service in started.items():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert ("healthcheck" in service and "mem_limit" in service) == (name in LONG_RUNNING)
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


def test_the_image_runs_as_nobody_in_particular():
    lines = (FOLDER / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert {line.split()[1] for line in lines if line.startswith("FROM")} == {"python:3.11-slim"}
    user = next(n for n, line in enumerate(lines) if line.startswith("USER"))
    assert lines[user] == "USER juesuan"
    assert not any(line.startswith("RUN") for line in lines[user:])
    assert any("--require-hashes" in line for line in lines)


@pytest.mark.parametrize("name", ["deployment.zh-CN.md", "growing.md"])
def test_commands_and_files_that_the_documents_name_are_there(name):
    text = (DOCS / name).read_text(encoding="utf-8")
    commands = [
        shlex.split(found) for found in re.findall(r"(?:^|[\s`])juesuan ((?:[a-z]+)(?![\w/])(?: [^`#\n|]*)?)", text)
    ]
    assert len(commands) > 2
    for words in commands:
        if words[0] in main.commands and isinstance(main.commands[words[0]], click.Group):
            assert words[1] in main.commands[words[0]].commands, words
        else:
            assert words[0] in main.commands, words
    for file in re.findall(r"docs/[\w./-]+\.\w+|docs/[\w/]+/Dockerfile", text):
        assert (DOCS.parent / file).exists(), file
    for variable in re.findall(r"JUESUAN_\w+", text):
        assert variable in table(), variable


def test_dagster_takes_its_settings_and_keeps_those_of_others(tmp_path):
    import dagster as dg

    home = prepare_home(Settings(home=tmp_path))
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert instance.get_settings("telemetry") == {"enabled": False}
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 1
        assert instance.get_tick_retention_settings(dg._core.definitions.run_request.InstigatorType.SENSOR)
    (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    assert "concurrency" in (prepare_home(Settings(home=tmp_path)) / "dagster.yaml").read_text(encoding="utf-8")
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n", encoding="utf-8")
    prepare_home(Settings(home=tmp_path))
    assert (home / "dagster.yaml").read_text(encoding="utf-8") == "telemetry: {enabled: false}\n"


def test_the_sample_of_a_proxy_says_itself_who_asks_and_from_where():
    sample = (FOLDER / "nginx.conf").read_text("utf-8")
    places = sample.split("location ")[1:]
    assert len(places) == 2
    for place in places:
        assert "proxy_set_header X-Forwarded-For $remote_addr;" in place
        assert "proxy_set_header X-Remote-User" in place
