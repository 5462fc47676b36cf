"""The commands of docs/installation.md, with a lock of one small wheel: the network is used by the first one alone."""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from meta_tests.support.ci_systems import without_ci
from meta_tests.support.project_runs import ROOT

WHEEL = "tinything-1.0-py3-none-any.whl"
DEADLINE = 120.0
"""Seconds within which a virtual environment is made."""


def write_wheel(folder: Path) -> str:
    """A wheel with one module, in `folder`; its SHA-256."""
    folder.mkdir()
    metadata = "Metadata-Version: 2.1\nName: tinything\nVersion: 1.0\n"
    wheel = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = {
        "tinything.py": "",
        "tinything-1.0.dist-info/METADATA": metadata,
        "tinything-1.0.dist-info/WHEEL": wheel,
    }
    record = "".join(f"{name},sha256={_digest(text)},{len(text)}\n" for name, text in files.items())
    with zipfile.ZipFile(folder / WHEEL, "w") as archive:
        for name, text in {**files, "tinything-1.0.dist-info/RECORD": record}.items():
            archive.writestr(name, text)
    return hashlib.sha256((folder / WHEEL).read_bytes()).hexdigest()


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def run(command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a documented command in a shell."""
    return subprocess.run(
        ["bash", "-c", command.replace("python3", sys.executable)],
        cwd=folder,
        env={**without_ci(), "PIP_CONFIG_FILE": os.devnull, **variables},
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )


def test_the_wheelhouse_of_the_documentation(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "installation.md").read_text(encoding="utf-8")
    download, install = re.findall(r"^\$ (.+)$", page, re.MULTILINE)
    digest = write_wheel(tmp_path / "index")
    clone = tmp_path / "clone"
    clone.mkdir()
    shutil.copy(ROOT / "Makefile", clone)
    lock = f"tinything==1.0 --hash=sha256:{digest}\n"
    (clone / "requirements.txt").write_text(lock, encoding="utf-8")

    downloaded = run(download, clone, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(tmp_path / "index"))
    shutil.rmtree(tmp_path / "index")
    target = f"PYTHON={sys.executable} .venv/.installed"
    installed = run(install.replace("conformance", target), clone)

    assert downloaded.returncode == 0, downloaded.stderr
    assert [each.name for each in (clone / "wheelhouse").iterdir()] == [WHEEL]
    assert installed.returncode == 0, installed.stderr
    assert run(".venv/bin/python -c 'import tinything'", clone).returncode == 0


def test_a_changed_wheel_is_rejected(tmp_path: Path) -> None:
    write_wheel(tmp_path / "wheelhouse")
    (tmp_path / "requirements.txt").write_text(f"tinything==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    shutil.copy(ROOT / "Makefile", tmp_path)
    variables = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "wheelhouse"}
    rejected = run(f"make PYTHON={sys.executable} .venv/.installed", tmp_path, **variables)
    assert rejected.returncode != 0
    assert "DO NOT MATCH THE HASHES" in rejected.stderr
    assert not (tmp_path / ".venv" / ".installed").exists()
