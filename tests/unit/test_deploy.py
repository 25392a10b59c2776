"""The files for operators are what their programs take, and fit this server."""

from __future__ import annotations

import configparser
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import promql_parser
import pytest
import yaml

import quoth_server
from quoth_server.service.assembly import SERVICE
from quoth_server.service.prometheus import Prometheus
from quoth_server.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
# The oldest release that is known to be in use, and the newest whose schema is installed.
KUBERNETES = ("1.31", kubernetes_validate.latest_version())


def settings(variables: dict[str, str], folder: Path) -> Settings:
    """The settings that the variables make, files taken to exist."""
    assert all(name.startswith("QUOTH_") for name in variables)
    given = {name.removeprefix("QUOTH_").lower(): value for name, value in variables.items()}
    assert set(given) <= set(Settings.model_fields)
    there = folder / "file"
    there.touch()
    return Settings(**{k: there if v.startswith("/") else v for k, v in given.items()})  # type: ignore[arg-type]


# ---- Kubernetes ------------------------------------------------------------------------


def resources() -> dict[str, Any]:
    documents = yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8"))
    return {document["kind"]: document for document in documents}


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("kind", ["Service", "Deployment", "PodDisruptionBudget"])
def test_kubernetes_takes_the_manifest(kind: str, version: str) -> None:
    kubernetes_validate.validate(resources()[kind], version, strict=True)


def test_a_wrong_manifest_would_be_noticed() -> None:
    wrong = resources()["Deployment"]
    wrong["spec"]["template"]["spec"]["containers"][0]["readinessProbe"]["grpc"]["prot"] = 1
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, KUBERNETES[-1], strict=True)


def pod() -> tuple[dict[str, Any], dict[str, Any]]:
    spec = resources()["Deployment"]["spec"]["template"]["spec"]
    return spec, spec["containers"][0]


def test_the_manifest_fits_the_server(tmp_path: Path) -> None:
    spec, container = pod()
    variables = {each["name"]: each["value"] for each in container["env"]}
    chosen = settings(variables, tmp_path)
    ports = {each["name"]: each["containerPort"] for each in container["ports"]}
    assert chosen.listen == f"0.0.0.0:{ports['grpc']}"
    assert chosen.metrics_port == ports["metrics"]
    assert image().http == ports["http"]
    assert str(chosen.workers) == container["resources"]["limits"]["cpu"]
    for probe in ("startupProbe", "readinessProbe"):
        assert container[probe]["grpc"] == {"port": ports["grpc"], "service": SERVICE}
    stop = chosen.drain_delay + chosen.shutdown_grace
    assert spec["terminationGracePeriodSeconds"] > stop
    assert container["image"] == f"quoth-server:{quoth_server.__version__}"
    mounts = {each["mountPath"] for each in container["volumeMounts"]}
    assert str(Path(variables["QUOTH_TOKEN_FILE"]).parent) in mounts


def test_the_service_has_an_address_for_each_server() -> None:
    found = resources()
    service, deployment = found["Service"]["spec"], found["Deployment"]["spec"]
    labels = deployment["template"]["metadata"]["labels"]
    assert service["clusterIP"] == "None"
    for selector in (
        service["selector"],
        deployment["selector"]["matchLabels"],
        found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
    ):
        assert selector.items() <= labels.items()


# ---- systemd ---------------------------------------------------------------------------


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit, with a program that this machine has."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not here")
    text = (DEPLOY / "quoth-server.service").read_text(encoding="utf-8")
    path = tmp_path / "quoth-server.service"
    path.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.M))
    return path


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)


@pytest.mark.slow
def test_systemd_takes_the_unit(unit: Path) -> None:
    done = analyze("verify", unit)
    assert (done.returncode, done.stderr) == (0, "")
    unit.write_text(unit.read_text().replace("KillMode=", "KillMod="))
    assert "KillMod" in analyze("verify", unit).stderr


@pytest.mark.slow
def test_systemd_finds_the_unit_hardened(unit: Path) -> None:
    done = analyze("security", "--offline=true", unit)
    level = re.search(r"exposure level .*: ([\d.]+)", done.stdout)
    if level is None:
        pytest.skip("systemd-analyze is too old to look at a file")
    assert float(level[1]) < 2.0  # of 10; 9.6 without any hardening


def test_the_unit_fits_the_server() -> None:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "quoth-server.service")
    service = parser["Service"]
    assert Path(service["ExecStart"]).name == "quoth-server"
    default = Settings.model_fields["shutdown_grace"].default
    assert float(service["TimeoutStopSec"]) > default
    assert service["RestartPreventExitStatus"] == "2"


# ---- Grafana ---------------------------------------------------------------------------


def dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DEPLOY / "grafana.json").read_text(encoding="utf-8"))
    return found


def expressions() -> list[str]:
    return [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]


def served() -> dict[str, set[str]]:
    """Every sample that the server gives, with its labels."""
    counting = Prometheus("1")
    counting.call_begun("M")
    counting.call_ended("M", "OK", 1.0)
    counting.refused("R")
    return {
        sample.name: set(sample.labels)
        for metric in counting.registry.collect()
        for sample in metric.samples
    }


def selectors(expression: Any) -> Iterator[promql_parser.VectorSelector]:
    """The metrics that a parsed expression reads."""
    match expression:
        case promql_parser.VectorSelector():
            yield expression
        case promql_parser.MatrixSelector():
            yield expression.vector_selector
        case promql_parser.Call():
            for argument in expression.args:
                yield from selectors(argument)
        case promql_parser.AggregateExpr() | promql_parser.ParenExpr():
            yield from selectors(expression.expr)
        case promql_parser.BinaryExpr():
            yield from selectors(expression.lhs)
            yield from selectors(expression.rhs)
        case promql_parser.NumberLiteral():
            return
        case _:
            raise AssertionError(f"unknown kind of expression: {expression!r}")


def parsed(expression: str) -> Any:
    # What Grafana puts in for its variables.
    return promql_parser.parse(
        expression.replace("$__rate_interval", "1m").replace("$job", "quoth")
    )


@pytest.mark.parametrize("expression", expressions())
def test_every_expression_reads_metrics_that_there_are(expression: str) -> None:
    samples = served()
    read = list(selectors(parsed(expression)))
    assert read
    for selector in read:
        assert selector.name in samples, selector.name
        labels = {matcher.name for matcher in selector.matchers.matchers}
        assert labels - {"job"} <= samples[selector.name]


def test_labels_of_legends_are_those_of_their_expressions() -> None:
    for panel in dashboard()["panels"]:
        for target in panel["targets"]:
            for label in re.findall(r"{{(\w+)}}", target["legendFormat"]):
                by = re.findall(r"by \(([^)]*)\)", target["expr"])
                plain = "by (" not in target["expr"] and label in ("instance", "job")
                assert plain or any(label in each.split(", ") for each in by)


def test_every_metric_of_the_server_is_on_the_dashboard() -> None:
    shown = {selector.name for text in expressions() for selector in selectors(parsed(text))}
    families = {
        re.sub(r"_(total|bucket|count|sum|created)$", "", name)
        for name in served()
        if name.startswith("quoth_")
    }
    assert families == {
        re.sub(r"_(total|bucket|count|sum)$", "", name)
        for name in shown
        if name.startswith("quoth_")
    }


def test_panels_do_not_overlap() -> None:
    places = [(p["gridPos"]["x"], p["gridPos"]["y"]) for p in dashboard()["panels"]]
    assert len(set(places)) == len(places)


# ---- the image -------------------------------------------------------------------------

DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")


def copied() -> list[str]:
    """What the image is made of."""
    return [
        source
        for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.M)
        for source in sources.split()
    ]


def test_the_image_is_made_of_what_there_is() -> None:
    assert copied()
    for source in copied():
        assert (ROOT / source).exists(), source
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    first, *rest = [line for line in lines if not line.startswith("#")]
    assert first == "*"
    assert {line[1:] for line in rest if line.startswith("!")} == set(copied())


def image() -> Settings:
    """The settings that the image comes with."""
    variables = dict(re.findall(r"\b(QUOTH_\w+)=(\S+)", DOCKERFILE))
    with tempfile.TemporaryDirectory() as folder:
        return settings(variables, Path(folder))


def test_the_image_can_be_reached_from_outside() -> None:
    chosen = image()
    assert chosen.listen == "0.0.0.0:50051"
    assert (chosen.http_host, chosen.http, chosen.insecure) == ("0.0.0.0", 8080, True)
    assert re.search(r"^USER \d+:\d+$", DOCKERFILE, re.M)
    assert set(re.findall(r"^EXPOSE (.+)$", DOCKERFILE, re.M)[0].split()) == {"50051", "8080"}


def test_the_extras_of_the_image_are_those_of_the_server() -> None:
    [extras] = re.findall(r"/src/server\[(.+?)\]", DOCKERFILE)
    project = tomllib.loads((ROOT / "server/pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(extras.split(",")) <= project["optional-dependencies"].keys()
    assert "http" in extras.split(",")


@pytest.mark.slow
def test_the_health_check_of_the_image_asks_the_port() -> None:
    """What it runs, against a port that answers 200 and then 503."""
    [command] = re.findall(r"^    CMD (\[.+\])$", DOCKERFILE, re.M)
    _, *arguments = json.loads(command)
    statuses = [200, 503]
    asked = []

    class Port(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(statuses.pop(0))
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Says nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Port) as server:
        variables = os.environ | {"QUOTH_HTTP": str(server.server_port)}
        codes = []
        for _ in range(2):
            checking = subprocess.Popen(
                [sys.executable, *arguments], env=variables, stderr=subprocess.DEVNULL
            )
            server.handle_request()
            codes.append(checking.wait(30))
    assert codes[0] == 0
    assert codes[1] != 0
    assert asked == ["/healthz"] * 2


def test_hadolint_finds_no_fault_with_the_image() -> None:
    hadolint = shutil.which("hadolint") or shutil.which(
        "hadolint", path=str(Path(sys.executable).parent)
    )
    if not hadolint:
        pytest.skip("hadolint is not here")
    done = subprocess.run(
        [hadolint, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_compose_fits_the_image(tmp_path: Path) -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    service = yaml.safe_load(text)["services"]["quoth"]
    assert service["image"] == f"quoth-server:{quoth_server.__version__}"
    assert f"-t {service['image']} ." in DOCKERFILE
    build = service["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).resolve() == DEPLOY / "Dockerfile"
    chosen = settings(service["environment"], tmp_path)
    assert chosen.workers == service["cpus"]
    assert float(service["stop_grace_period"].removesuffix("s")) > chosen.shutdown_grace
    for published in service["ports"]:  # nobody else can reach what shows no token
        assert published.startswith("127.0.0.1:")
        assert published.rpartition(":")[2] in ("50051", "8080")


# ---- the Prometheus Operator -----------------------------------------------------------


def test_the_service_monitor_finds_the_service() -> None:
    monitor = yaml.safe_load((DEPLOY / "servicemonitor.yaml").read_text(encoding="utf-8"))
    service = resources()["Service"]
    assert monitor["spec"]["selector"]["matchLabels"].items() <= (
        service["metadata"]["labels"].items()
    )
    ports = {port["name"]: port for port in service["spec"]["ports"]}
    targets = {port["name"] for port in pod()[1]["ports"]}
    for endpoint in monitor["spec"]["endpoints"]:
        assert ports[endpoint["port"]]["targetPort"] in targets
    assert {port["targetPort"] for port in ports.values()} == targets
