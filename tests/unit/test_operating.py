"""The operator's page tells what there is."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
import typer.main

from quoth.v1 import ErrorReason
from quoth_cli import app as command
from quoth_server.service.app import ExitCode
from quoth_server.service.calls import Call
from quoth_server.service.prometheus import Prometheus
from quoth_server.settings import Settings

ROOT = Path(__file__).parents[2]
PATH = ROOT / "docs" / "operating.md"
PAGE = PATH.read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The table below the row with the heading."""
    lines = PAGE.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {heading} |")) + 2
    table = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in line.strip("|").split("|")])
    return table


def test_every_flag_and_variable_is_one() -> None:
    names = {name.replace("_", "-") for name in Settings.model_fields}
    of_command = {
        option.removeprefix("--")
        for each in typer.main.get_command(command.application()).commands.values()  # type: ignore[attr-defined]
        for parameter in each.params
        for option in parameter.opts
    }
    elsewhere = {"help", "build", "rm"}  # the last two are Docker's
    flags = set(re.findall(r"--([a-z][a-z-]*)", PAGE))
    assert flags <= names | of_command | elsewhere
    variables = set(re.findall(r"QUOTH_([A-Z_]+)", PAGE)) - {""}
    assert variables <= {name.upper() for name in Settings.model_fields} | {"TOKEN"}


def test_network_and_end_of_a_run_are_reported() -> None:
    for name in (
        *("insecure", "tls_cert", "tls_key", "tls_client_ca", "token_file"),
        *("max_connection_age", "max_connection_streams", "metrics_port", "metrics_host"),
        *("tracing", "drain_delay", "shutdown_grace", "workers", "queue_per_worker"),
    ):
        assert f"`--{name.replace('_', '-')}" in PAGE, name


def test_every_exit_code_has_its_row() -> None:
    told = [int(code) for row in rows("exit code") for code in row[0].split(", ")]
    at_once = [128 + signal.SIGINT, 128 + signal.SIGTERM]
    assert told == [*sorted(ExitCode), *at_once]


def test_every_exit_code_is_in_the_help() -> None:
    told = re.findall(r"^  (\d)  \S", Settings.__doc__ or "", re.M)
    assert [int(code) for code in told] == sorted(ExitCode)


def test_every_metric_has_its_row() -> None:
    served = {
        sample.name
        for metric in Prometheus("1").registry.collect()
        for sample in metric.samples
        if sample.name.startswith("quoth_") and not sample.name.endswith("_created")
    }
    # Those with labels have no samples yet.
    labeled = {
        metric.name + ("_total" if metric.type == "counter" else "")
        for metric in Prometheus("1").registry.collect()
        if metric.name.startswith("quoth_")
    }
    families = {re.sub(r"_(bucket|count|sum)$", "", name) for name in served} | labeled
    told = set(re.findall(r"`(quoth_\w+)`", PAGE)) - {"quoth_server"}
    assert told == families


def test_every_reason_is_one_of_the_contract() -> None:
    reasons = {name.removeprefix("ERROR_REASON_") for name in ErrorReason.keys()}  # noqa: SIM118
    told = {name for row in rows("what you see") for name in re.findall(r"`([A-Z_]+)`", row[0])}
    assert told
    assert told <= reasons


def test_the_fields_of_a_log_line_are_reported() -> None:
    call = Call("r", caller="c", trace_id="t", article_id="a")
    for name in (*call.fields(), "method", "code", "ms"):
        assert re.search(rf"\b{name}\b", PAGE), name


@pytest.mark.parametrize("link", re.findall(r"\]\((?!https?:)([^)]+)\)", PAGE))
def test_every_link_leads_somewhere(link: str) -> None:
    path, _, anchor = link.partition("#")
    target = (PATH.parent / path).resolve()
    assert target.exists()
    if anchor:
        headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.M)
        assert anchor in {heading.lower().replace(" ", "-") for heading in headings}


def test_the_readme_leads_here() -> None:
    assert "(docs/operating.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
