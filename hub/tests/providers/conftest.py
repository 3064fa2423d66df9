"""A running hub with the demo, and somebody who may change its flags."""

import json
import os
import subprocess
import time
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[3]
BINARY = os.environ.get("PEEKABOO_BIN") or ROOT / "target/debug/peekaboo"
PATIENCE = 60
PROJECT = "/organizations/demo/projects/storefront"


class Hub:
    """What the hub wrote once it listened, and its admin API as the demo's user."""

    def __init__(self, ready):
        self.ready = ready
        self.sdk = ready["sdk"]
        self.client_key = ready["demo"]["clientKey"]
        self._admin = requests.Session()
        self._admin.headers["Sec-Fetch-Site"] = "same-origin"
        demo = ready["demo"]
        self._call("POST", "/session", {"email": demo["email"], "password": demo["password"]})
        made = self._call(
            "POST", f"{PROJECT}/environments/production/keys", {"kind": "server", "name": "providers"}
        )
        self.server_key = made["secret"]

    def patch(self, flag, patch):
        """Changes a flag's targeting in production."""
        return self._call("PATCH", f"{PROJECT}/flags/{flag}/environments/production", patch)

    def create_flag(self, flag):
        return self._call("POST", f"{PROJECT}/flags", flag)

    def _call(self, method, path, body):
        answer = self._admin.request(method, f"{self.ready['dashboard']}/api/v1{path}", json=body)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()


@pytest.fixture(scope="session")
def hub(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub")
    ready_file = folder / "ready.json"
    listeners = [f"--{name}-listen=127.0.0.1:0" for name in ("dashboard", "sdk", "metrics")]
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [BINARY, "serve", "--demo", f"--data-dir={folder}", f"--ready-file={ready_file}", *listeners],
        stdout=log,
        stderr=log,
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while not ready_file.exists():
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, "the hub is not ready in time"
            time.sleep(0.01)
        yield Hub(json.loads(ready_file.read_text()))
    finally:
        process.terminate()
        process.wait(PATIENCE)
