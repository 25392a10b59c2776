"""The examples in Go and Java compile against the contract, and get the answer.

They use what Debian's packages hold (`golang-google-grpc-dev`, `protoc-gen-go-grpc`,
`libgrpc-java`, `protobuf-compiler-grpc-java-plugin`, `libnetty-java`, `libperfmark-java`), and skip
where these are missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import google.rpc
import pytest

from tests.integration.server import ROOT, Server

pytestmark = [pytest.mark.slow]

BODY = "“We won 🎉 – at last,” she said. “Ünder protest,” he said."
CONTRACT = [f"quoth/v1/{name}.proto" for name in ("article", "statement", "attribution_service")]
GO_PATH = Path("/usr/share/gocode")
JARS = Path("/usr/share/java")
JAR_NAMES = (
    *("grpc-api", "grpc-context", "grpc-core", "grpc-netty", "grpc-protobuf", "grpc-protobuf-lite"),
    *("grpc-stub", "protobuf", "guava", "jsr305", "geronimo-annotation-1.3-spec", "perfmark-api"),
)


def need(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"there is no {program} here")


def run(*command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        env=os.environ | variables,
    )


def done(*command: str | Path, **variables: str) -> str:
    ended = run(*command, **variables)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def check(program: tuple[str | Path, ...], server: Server, folder: Path) -> None:
    """The program prints what the fake engine answers, cut right, and explains an error."""
    (folder / "article.txt").write_text(BODY, encoding="utf-8")
    (folder / "empty.txt").touch()
    assert done(*program, folder / "article.txt", QUOTH_SERVER=server.address) == f"Echo: {BODY}\n"
    refused = run(*program, folder / "empty.txt", QUOTH_SERVER=server.address)
    assert refused.returncode == 1
    assert refused.stderr.startswith("  article.body: ")
    assert "EMPTY_BODY: " in refused.stderr


def test_the_go_example(server: Server, tmp_path: Path) -> None:
    need("go", "protoc", "protoc-gen-go", "protoc-gen-go-grpc")
    if not (GO_PATH / "src/google.golang.org/grpc").exists():
        pytest.skip("there is no grpc for Go here")
    source = tmp_path / "src"
    shutil.copytree(ROOT / "examples/go", source / "sample")
    generated = (f"--go_out={source}", f"--go-grpc_out={source}")
    done("protoc", f"--proto_path={ROOT / 'proto'}", *generated, *CONTRACT)
    program = tmp_path / "sample.bin"
    done(
        *("go", "build", "-o", program, source / "sample/main.go"),
        GO111MODULE="off",
        GOFLAGS="",
        GOPATH=f"{tmp_path}:{GO_PATH}",
    )
    check((program,), server, tmp_path)


def test_the_java_example(server: Server, tmp_path: Path) -> None:
    need("java", "javac", "protoc", "grpc_java_plugin")
    jars = [JARS / f"{name}.jar" for name in JAR_NAMES]
    jars += [jar for jar in JARS.glob("netty-*.jar") if jar.name[-5].isalpha()]
    missing = [jar.stem for jar in jars if not jar.exists()]
    if missing or len(jars) == len(JAR_NAMES):
        pytest.skip(f"there is no {missing or 'netty'} for Java here")
    source, classes = tmp_path / "src", tmp_path / "classes"
    source.mkdir()
    rpc = Path(next(iter(google.rpc.__path__))).parents[1]
    plugin = f"--plugin=protoc-gen-grpc-java={shutil.which('grpc_java_plugin')}"
    done(
        *("protoc", f"--proto_path={ROOT / 'proto'}", f"--proto_path={rpc}", plugin),
        *(f"--java_out={source}", f"--grpc-java_out={source}", *CONTRACT),
        *("google/rpc/status.proto", "google/rpc/error_details.proto"),
    )
    path = os.pathsep.join(map(str, [classes, *jars]))
    files = [*source.rglob("*.java"), ROOT / "examples/java/AttributeArticle.java"]
    done("javac", "-nowarn", "-encoding", "UTF-8", "-cp", path, "-d", classes, *files)
    check(("java", "-Dfile.encoding=UTF-8", "-cp", path, "AttributeArticle"), server, tmp_path)
