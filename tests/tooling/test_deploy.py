"""The samples in deploy/: units that systemd accepts, and a proxy that trusts nobody and logs no secret."""

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy/systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
PROXY = (ROOT / "deploy/nginx/samrom.conf").read_text()


def read(unit: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(unit)
    return parser


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_accepts_the_unit(unit, tmp_path):
    (tmp_path / "bin").symlink_to(Path(sys.executable).parent)
    here = tmp_path / unit.name
    for each in UNITS:  # a timer is judged together with its service
        (tmp_path / each.name).write_text(each.read_text().replace("/opt/samrom/.venv/bin", f"{tmp_path}/bin"))

    assert set(read(here).sections()) <= {"Unit", "Service", "Timer", "Install"}
    if shutil.which("systemd-analyze"):
        judged = subprocess.run(["systemd-analyze", "verify", here], check=False, capture_output=True, text=True)
        assert (judged.returncode, judged.stderr) == (0, "")


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_may_do_little(unit):
    service = read(unit)["Service"]

    assert service["User"] == "samrom"
    assert service["NoNewPrivileges"] == service["ProtectHome"] == service["PrivateTmp"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert service["UMask"] == "0077"


def test_the_service_starts_the_server_that_make_run_starts():
    command = read(ROOT / "deploy/systemd/samrom.service")["Service"]["ExecStart"]
    options = subprocess.run(
        [sys.executable, "-m", "granian", "--help"], check=True, capture_output=True, text=True
    ).stdout

    assert command.endswith(" wsgi:app")
    assert [flag for flag in re.findall(r"--[a-z-]+", command) if flag not in options] == []


def test_the_backup_timer_starts_a_backup():
    timer = read(ROOT / "deploy/systemd/samrom-backup.timer")["Timer"]
    command = read(ROOT / "deploy/systemd/samrom-backup.service")["Service"]["ExecStart"]

    assert timer["Persistent"] == "yes"
    assert command.endswith("flask --app wsgi backup")


def test_the_nightly_timer_starts_the_recheck():
    timer = read(ROOT / "deploy/systemd/samrom-recheck.timer")["Timer"]
    command = read(ROOT / "deploy/systemd/samrom-recheck.service")["Service"]["ExecStart"]

    assert timer["Persistent"] == "yes"
    assert command.endswith("flask --app wsgi recheck")


def test_nginx_accepts_the_proxy_sample(tmp_path):
    blocks = re.sub(r'"[^"]*"|\'[^\']*\'|#.*|\$\{\w+\}|\(\?<\w+>', "", PROXY)

    assert blocks.count("{") == blocks.count("}")
    if nginx := shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin"):
        site = PROXY.replace("/etc/ssl/samrom", str(tmp_path)).replace("/var/log/nginx", str(tmp_path))
        (tmp_path / "nginx.conf").write_text(
            f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}} http {{ {site} }}"
        )
        make_certificate(tmp_path)
        judged = subprocess.run(
            [nginx, "-t", "-c", tmp_path / "nginx.conf"], check=False, capture_output=True, text=True
        )
        assert judged.returncode == 0, judged.stderr


def make_certificate(folder: Path) -> None:
    request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=booking.example.org"]
    files = ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    subprocess.run(["openssl", *request, *files], check=True, capture_output=True)


@pytest.mark.parametrize("header", ["For", "Proto", "Host", "Port", "Prefix"])
def test_the_proxy_sets_every_forwarded_header_itself(header):
    said = re.findall(rf"proxy_set_header X-Forwarded-{header} (.+);", PROXY)

    assert len(said) == 1
    assert "$http_" not in said[0]
    assert "$proxy_add" not in said[0]


@pytest.mark.parametrize(
    "address",
    [
        "/feeds/secret.ics /feeds/secret.ics",
        "/feeds/secret.ics //feeds/secret.ics",
        "/feeds/secret.ics /%66eeds/secret.ics",
        "/invitations/secret /invitations/secret?lang=nn",
        "/passwords/secret /passwords/secret",
    ],
)
def test_the_log_of_the_proxy_masks_secret_addresses(address):
    mask = re.search(r'map "\$uri \$request_uri" \$masked_uri \{.*?~(\S+) /\$kind/-;', PROXY, re.DOTALL)

    assert mask
    assert re.search(mask[1].replace("?<", "?P<"), address)
    assert "$request " not in PROXY
    assert "$request_uri" not in PROXY.split("log_format", 1)[1].split("server {", 1)[0]
    assert "$http_referer" not in PROXY
