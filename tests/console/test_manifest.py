"""The Teams app package."""

import json
import struct
import zlib
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest

from bot.extension import COMMAND, PARAMETER
from console.manifest import (
    SOURCE,
    ManifestFault,
    build_package,
    filled_manifest,
    icon_faults,
    manifest_faults,
)
from hub.access import RULES
from language.calendar import Calendar
from language.commands import Find
from language.phrases import parse
from pages import PROGRAMME

APP_ID = "7b7b1f2e-52c3-4d1b-9d1e-0c4f6a1e2d3c"


def test_the_package_holds_the_manifest_and_both_icons_at_its_root(tmp_path: Path):
    package = a_package(tmp_path / "new" / "learnweek.zip")

    with ZipFile(package) as files:
        assert files.namelist() == ["manifest.json", "color.png", "outline.png"]
        assert files.testzip() is None
        assert files.read("color.png") == (SOURCE / "color.png").read_bytes()


def test_the_same_settings_give_the_same_bytes(tmp_path: Path):
    first, second = a_package(tmp_path / "first.zip"), a_package(tmp_path / "second.zip")

    assert first.read_bytes() == second.read_bytes()


def test_the_manifest_carries_the_bot_and_its_addresses(tmp_path: Path):
    manifest = read_manifest(a_package(tmp_path / "learnweek.zip", version="2.0.1"))

    assert manifest["version"] == "2.0.1"
    assert manifest["id"] == manifest["bots"][0]["botId"] == APP_ID
    assert manifest["validDomains"] == ["week.example.org"]
    assert manifest["webApplicationInfo"] == {
        "id": APP_ID,
        "resource": f"api://week.example.org/botid-{APP_ID}",
    }
    assert manifest["developer"] == {
        "name": "Learnweek",
        "websiteUrl": "https://week.example.org/hub",
        "privacyUrl": "https://week.example.org/hub/privacy",
        "termsOfUseUrl": "https://week.example.org/hub/terms",
    }


def test_the_tabs_are_the_chat_the_programme_one_s_own_week_and_what_the_app_is():
    manifest = a_manifest()

    tabs = {tab["entityId"]: tab for tab in manifest["staticTabs"]}
    assert list(tabs) == ["conversations", PROGRAMME, "mine", "about"]
    assert {scope for tab in tabs.values() for scope in tab["scopes"]} == {"personal"}
    assert [tabs[name]["name"] for name in (PROGRAMME, "mine")] == ["Programme", "My week"]
    for tab, path in ((tabs[PROGRAMME], "/hub"), (tabs["mine"], "/hub/mine")):
        assert tab["websiteUrl"] == f"https://week.example.org{path}"
        assert tab["contentUrl"] == f"{tab['websiteUrl']}?in=teams&theme={{theme}}"
        assert ("GET", path) in RULES
        assert manifest["validDomains"] == [urlsplit(tab["contentUrl"]).hostname]
    assert manifest_faults(manifest) == []


def test_the_manifest_names_the_version_of_the_schema_it_is_held_against():
    schema = json.loads((SOURCE / "teams-manifest.schema.json").read_text("utf-8"))

    manifest = a_manifest()

    assert manifest["manifestVersion"] == schema["properties"]["manifestVersion"]["const"]
    assert f"/v{manifest['manifestVersion']}/" in manifest["$schema"]


def test_a_laptop_address_becomes_https_and_its_port_stays_out_of_the_domains():
    manifest = a_manifest(public_url="http://localhost:3978/")

    assert manifest["developer"]["websiteUrl"] == "https://localhost:3978/hub"
    assert manifest["validDomains"] == ["localhost"]
    assert manifest_faults(manifest) == []


def test_a_path_in_the_public_address_is_kept():
    manifest = a_manifest(public_url="https://example.org/apps/learnweek/")

    assert manifest["developer"]["privacyUrl"] == "https://example.org/apps/learnweek/hub/privacy"


def test_every_scope_of_the_bot_has_one_list_of_commands():
    bot = a_manifest()["bots"][0]

    listed = [scope for commands in bot["commandLists"] for scope in commands["scopes"]]

    assert bot["scopes"] == listed == ["personal", "team", "groupChat"]


def test_every_command_on_the_menu_is_one_that_we_understand():
    bot = a_manifest()["bots"][0]
    titles = {command["title"] for menu in bot["commandLists"] for command in menu["commands"]}

    monday = Calendar(today=date(2026, 5, 18))

    assert [title for title in titles if parse(title, monday) == Find(title, asked=False)] == []


def test_sessions_are_searched_and_their_links_unfurled_by_the_names_that_the_bot_answers_to():
    manifest = a_manifest()

    [extension] = manifest["composeExtensions"]
    [command] = extension["commands"]
    [handler] = extension["messageHandlers"]
    assert extension["botId"] == manifest["bots"][0]["botId"]
    assert command["id"] == COMMAND
    assert [parameter["name"] for parameter in command["parameters"]] == [PARAMETER]
    assert command["initialRun"] is True
    assert handler["type"] == "link"
    assert handler["value"]["domains"] == manifest["validDomains"] == ["week.example.org"]
    assert manifest_faults(manifest) == []


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"app_id": ""}, "MICROSOFT_APP_ID must be a GUID, and '' is not."),
        ({"app_id": APP_ID + "0"}, f"MICROSOFT_APP_ID must be a GUID, and '{APP_ID}0' is not."),
        ({"version": "1.0"}, "The version must be three numbers such as 1.0.0, and '1.0' is not."),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, settings: dict[str, str], fault: str):
    with pytest.raises(ManifestFault) as refused:
        a_package(tmp_path / "learnweek.zip", **settings)

    assert refused.value.faults == (fault,)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "public_url",
    [
        "",
        "week.example.org",
        "ftp://week.example.org",
        "https://",
        "https://week.example.org:port",
        "https://someone@week.example.org",
        "https://week.example.org/?from=here",
        "https://week example.org",
        'https://week".example.org',
        "https://[::1",
    ],
)
def test_a_public_address_that_is_none_is_refused(tmp_path: Path, public_url: str):
    with pytest.raises(ManifestFault, match="PUBLIC_URL must be a web address"):
        a_package(tmp_path / "learnweek.zip", public_url=public_url)


def test_every_fault_is_told_at_once(tmp_path: Path):
    with pytest.raises(ManifestFault) as refused:
        build_package(app_id="x", public_url="y", version="z", out=tmp_path / "learnweek.zip")

    assert len(refused.value.faults) == len(str(refused.value).splitlines()) == 3


def test_the_limits_of_the_schema_hold():
    manifest = a_manifest()
    manifest["name"]["short"] = "x" * 31
    manifest["bots"][0]["commandLists"][0]["commands"] *= 2
    manifest["surprise"] = True

    faults = manifest_faults(manifest)

    assert {fault.split(":")[0] for fault in faults} == {
        "manifest.json, $",
        "manifest.json, $.bots[0].commandLists[0].commands",
        "manifest.json, $.name.short",
    }
    assert len(faults) == 3


def test_icons_of_another_size_or_kind_are_refused():
    outline = (SOURCE / "outline.png").read_bytes()

    assert icon_faults({"color.png": outline, "outline.png": b"GIF89a"}) == [
        "color.png must be a PNG of 192 by 192 pixels.",
        "outline.png must be a PNG of 32 by 32 pixels.",
    ]


def test_the_colour_icon_fills_its_square_and_has_several_colours():
    size, pixels = read_png(SOURCE / "color.png")

    assert size == (192, 192)
    assert {pixel[3] for pixel in pixels} == {255}
    assert len({pixel[:3] for pixel in pixels}) > 3


def test_the_outline_icon_is_white_on_nothing():
    size, pixels = read_png(SOURCE / "outline.png")

    assert size == (32, 32)
    assert {pixel[:3] for pixel in pixels} == {b"\xff\xff\xff"}
    assert {0, 255} <= {pixel[3] for pixel in pixels}


def a_package(out: Path, **settings: str) -> Path:
    given = {"app_id": APP_ID, "public_url": "https://week.example.org", **settings}
    return build_package(**given, out=out)


def a_manifest(public_url: str = "https://week.example.org") -> dict[str, Any]:
    return filled_manifest(app_id=APP_ID, public_url=public_url, version="1.0.0")


def test_the_bot_may_send_a_file_into_somebodys_own_chat(tmp_path: Path):
    """Without it Teams shows no question whether a file may be stored."""
    manifest = read_manifest(a_package(tmp_path / "learnweek.zip"))

    assert manifest["bots"][0]["supportsFiles"] is True


def read_manifest(package: Path) -> dict[str, Any]:
    with ZipFile(package) as files:
        return json.loads(files.read("manifest.json"))


def read_png(path: Path) -> tuple[tuple[int, int], list[bytes]]:
    """Size and RGBA pixels of a PNG written by draw_icons.py: one data chunk, rows unfiltered."""
    data = path.read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    (length,) = struct.unpack(">I", data[33:37])
    rows = zlib.decompress(data[41 : 41 + length])
    stride = 1 + 4 * width
    lines = [rows[start : start + stride] for start in range(0, height * stride, stride)]
    assert {line[0] for line in lines} == {0}
    return (width, height), [line[i : i + 4] for line in lines for i in range(1, stride, 4)]
