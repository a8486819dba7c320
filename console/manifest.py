"""Builds the Teams app package: the manifest, filled in and checked, and its icons."""

import json
import re
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from jsonschema import Draft4Validator

SOURCE = Path(__file__).parent.parent / "manifest"
ICON_SIZES = {"color.png": 192, "outline.png": 32}
GUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*")
VERSION = re.compile(r"\d+\.\d+\.\d+")


class ManifestFault(Exception):
    """Teams would not take the package: one sentence per fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


VERSION_NOW = "1.1.0"
"""Teams takes a package in place of another only if its number is higher: raise it with the template."""


def build_package(*, app_id: str, public_url: str, out: Path, version: str = VERSION_NOW) -> Path:
    """Write the app package and return where it is.

    The same settings give the same bytes. With a fault, nothing is written.
    """
    _refuse(setting_faults(app_id=app_id, public_url=public_url, version=version))
    manifest = filled_manifest(app_id=app_id, public_url=public_url, version=version)
    icons = {name: (SOURCE / name).read_bytes() for name in ICON_SIZES}
    _refuse([*manifest_faults(manifest), *icon_faults(icons)])

    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    out.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(out, "w") as package:
        for name, data in {"manifest.json": text.encode(), **icons}.items():
            package.writestr(_entry(name), data)
    return out


def setting_faults(*, app_id: str, public_url: str, version: str) -> list[str]:
    """Say what is wrong with the values that fill the template."""
    faults: list[str] = []
    if not GUID.fullmatch(app_id):
        faults.append(f"MICROSOFT_APP_ID must be a GUID, and {app_id!r} is not.")
    if not _is_web_address(public_url):
        faults.append(
            "PUBLIC_URL must be a web address such as https://learnweek.example.org,"
            f" and {public_url!r} is not."
        )
    if not VERSION.fullmatch(version):
        faults.append(f"The version must be three numbers such as 1.0.0, and {version!r} is not.")
    return faults


def filled_manifest(*, app_id: str, public_url: str, version: str) -> dict[str, Any]:
    """Fill the template. Teams wants https, so a laptop's http address is written as https."""
    address = urlsplit(public_url)
    values = {
        "APP_ID": app_id,
        "BASE_URL": f"https://{address.netloc}{address.path.rstrip('/')}",
        "HOST": address.hostname or "",
        "VERSION": version,
    }
    template = (SOURCE / "manifest.template.json").read_text("utf-8")
    return json.loads(
        re.sub(r"\$\{\{(\w+)\}\}", lambda found: json.dumps(values[found[1]])[1:-1], template)
    )


def manifest_faults(manifest: Mapping[str, Any]) -> list[str]:
    """Hold a manifest against Microsoft's schema.

    The schema itself is not checked: one of its patterns is not one of Python's.
    """
    schema = json.loads((SOURCE / "teams-manifest.schema.json").read_text("utf-8"))
    errors = Draft4Validator(schema).iter_errors(dict(manifest))
    return sorted(f"manifest.json, {error.json_path}: {error.message}." for error in errors)


def icon_faults(icons: Mapping[str, bytes]) -> list[str]:
    """Say which icons are not square PNGs of the size that Teams asks for."""
    return [
        f"{name} must be a PNG of {size} by {size} pixels."
        for name, size in ICON_SIZES.items()
        if icons[name][:8] != b"\x89PNG\r\n\x1a\n"
        or icons[name][16:24] != struct.pack(">II", size, size)
    ]


def _is_web_address(url: str) -> bool:
    try:
        address = urlsplit(url)
        port_is_fine = address.port != 0
    except ValueError:
        return False
    return (
        address.scheme in ("http", "https")
        and HOST.fullmatch(address.hostname or "") is not None
        and port_is_fine
        and "@" not in address.netloc
        and not address.query
        and not address.fragment
    )


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        raise ManifestFault(faults)


def _entry(name: str) -> ZipInfo:
    """A place in the zip that says nothing of when and where it was made."""
    entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry
