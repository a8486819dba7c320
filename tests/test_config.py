"""That settings are read as people write them, and that a wrong one is named in a sentence."""

from datetime import time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr, ValidationError

import config
from config import CONNECTOR_HOSTS, FILE_HOSTS, Settings, WrongSettings
from learning.retention import USUAL, Data

COMPLETE = {
    "MICROSOFT_APP_ID": "00000000-0000-0000-0000-000000000001",
    "MICROSOFT_APP_PASSWORD": "swordfish",
    "MICROSOFT_APP_TENANT_ID": "00000000-0000-0000-0000-000000000002",
    "SECRET_KEY": "keep-this-to-yourself",
}
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but those of the test: neither in the environment nor in a file."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch):
    def load_with(**environment: str) -> Settings:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return config.load()

    return load_with


def test_nothing_needs_to_be_set():
    settings = config.load()

    assert settings.is_laptop
    assert settings.model_dump() == {
        "microsoft_app_id": "",
        "microsoft_app_password": SecretStr(""),
        "microsoft_app_type": "SingleTenant",
        "microsoft_app_tenant_id": "",
        "microsoft_app_certificate": "",
        "microsoft_app_certificate_key": "",
        "bot_openid_metadata_url": (
            "https://login.botframework.com/v1/.well-known/openidconfiguration"
        ),
        "bot_service_hosts": CONNECTOR_HOSTS,
        "file_hosts": FILE_HOSTS,
        "entra_authority": "https://login.microsoftonline.com",
        "graph_base_url": "https://graph.microsoft.com/v1.0",
        "graph_organiser": "",
        "organisers_group": "",
        "organisers": (),
        "learning_contact": "",
        "sharepoint_site_id": "",
        "sharepoint_list_id": "",
        "engage_base_url": "https://www.yammer.com/api/v1",
        "engage_community_id": "",
        "engage_client_id": "",
        "zoom_base_url": "https://api.zoom.us/v2",
        "zoom_token_url": "https://zoom.us/oauth/token",
        "zoom_account_id": "",
        "zoom_client_id": "",
        "zoom_client_secret": SecretStr(""),
        "zoom_host": "me",
        "database_url": "sqlite+aiosqlite:///var/learnweek.db",
        "secret_key": SecretStr(""),
        "host": "127.0.0.1",
        "port": 3978,
        "public_url": "http://localhost:3978",
        "timezone": "Europe/London",
        "highlights_at": time(8, 30),
        "nudges": (DAY, HOUR, 10 * MINUTE),
        "quiet_hours": (time(20, 0), time(7, 30)),
        "send_rate": 40,
        "attended_share": 0.5,
        "front_line_departments": (),
        "remote_offices": (),
        "retention": USUAL,
        "log_format": "console",
        "log_level": "INFO",
    }


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("NUDGES", "2d, 3h ,15m", (2 * DAY, 3 * HOUR, 15 * MINUTE)),
        ("NUDGES", "90 m", (90 * MINUTE,)),
        ("NUDGES", "off", ()),
        ("NUDGES", " OFF ", ()),
        ("NUDGES", "", (DAY, HOUR, 10 * MINUTE)),
        ("QUIET_HOURS", "22:00-6:15", (time(22), time(6, 15))),
        ("QUIET_HOURS", "12:00 - 13:00", (time(12), time(13))),
        ("QUIET_HOURS", "off", (time(0), time(0))),
        ("HIGHLIGHTS_AT", "7:05", time(7, 5)),
        ("HIGHLIGHTS_AT", "00:30", time(0, 30)),
        ("TIMEZONE", "America/New_York", "America/New_York"),
        ("ORGANISERS", "a, b;c  d", ("a", "b", "c", "d")),
        ("ORGANISERS", "a", ("a",)),
        ("ORGANISERS", " , ", ()),
        (
            "FRONT_LINE_DEPARTMENTS",
            " Adult  Social Care;Parks, Leisure and Libraries ; ;",
            ("Adult Social Care", "Parks, Leisure and Libraries"),
        ),
        ("REMOTE_OFFICES", "Home", ("Home",)),
        ("REMOTE_OFFICES", "", ()),
        ("LEARNING_CONTACT", " learning@example.org ", "learning@example.org"),
        ("LEARNING_CONTACT", "https://example.org/ask", "https://example.org/ask"),
        (
            "BOT_SERVICE_HOSTS",
            "a.example.org,*.b.example.org",
            ("a.example.org", "*.b.example.org"),
        ),
        ("BOT_SERVICE_HOSTS", " ", CONNECTOR_HOSTS),
        ("GRAPH_BASE_URL", "https://graph.example.org/v1.0/", "https://graph.example.org/v1.0"),
        ("PUBLIC_URL", "https://learn.example.org/", "https://learn.example.org"),
        ("DATABASE_URL", "postgresql://user@host/name", "postgresql://user@host/name"),
        ("DATABASE_URL", "postgres://user@host/name", "postgres://user@host/name"),
        ("DATABASE_URL", "sqlite:///other.db", "sqlite:///other.db"),
        ("PORT", "8080", 8080),
        ("PORT", "0", 0),
        ("SEND_RATE", "0.5", 0.5),
        ("SEND_RATE", "50", 50),
        ("LOG_FORMAT", "json", "json"),
        ("LOG_LEVEL", "DEBUG", "DEBUG"),
        ("MICROSOFT_APP_TYPE", "MultiTenant", "MultiTenant"),
        ("FILE_HOSTS", "files.example.org", ("files.example.org",)),
        ("FILE_HOSTS", " ", FILE_HOSTS),
        ("RETENTION", " ", USUAL),
        ("RETENTION", "bookings=5y", {**USUAL, Data.BOOKINGS: 5 * 365 * DAY}),
        ("RETENTION", "Talk = 2w, words=1y,", {**USUAL, Data.TALK: 14 * DAY}),
        ("RETENTION", "journal=90d", {**USUAL, Data.JOURNAL: 90 * DAY}),
    ],
)
def test_a_setting_is_read_as_it_is_written(load: Any, name: str, written: str, value: object):
    assert getattr(load(**{name: written}), name.lower()) == value


@pytest.mark.parametrize(
    ("name", "written", "reason"),
    [
        ("NUDGES", "soon", "write spans such as 1d,1h,10m"),
        ("NUDGES", "1d,0h", "write spans such as 1d,1h,10m"),
        ("NUDGES", "1w", "write spans such as 1d,1h,10m"),
        ("NUDGES", "-1h", "write spans such as 1d,1h,10m"),
        ("NUDGES", "99999999999d", "write spans such as 1d,1h,10m"),
        ("LEARNING_CONTACT", "the learning team", "write an e-mail address"),
        ("LEARNING_CONTACT", "http://example.org", "write an e-mail address"),
        ("QUIET_HOURS", "20:00", "write two times with a dash between, such as 20:00-07:30"),
        ("QUIET_HOURS", "20:00-", "write times as 08:30"),
        ("QUIET_HOURS", "8pm-7am", "write times as 08:30"),
        ("QUIET_HOURS", "20:00-24:00", "write times as 08:30"),
        ("HIGHLIGHTS_AT", "half past eight", "write times as 08:30"),
        ("HIGHLIGHTS_AT", "08:60", "write times as 08:30"),
        ("HIGHLIGHTS_AT", "0830", "write times as 08:30"),
        ("HIGHLIGHTS_AT", "01:30", "between 01:00 and 02:00 the clocks change"),
        ("HIGHLIGHTS_AT", "18:00", "highlights are not sent after 18:00"),
        ("TIMEZONE", "London", "no such time zone; write it as Europe/London"),
        ("TIMEZONE", "Europe", "no such time zone; write it as Europe/London"),
        ("TIMEZONE", "../etc/passwd", "no such time zone; write it as Europe/London"),
        ("DATABASE_URL", "mysql://root@host/name", "write sqlite:///path or postgresql://"),
        ("DATABASE_URL", "learnweek.db", "write sqlite:///path or postgresql://"),
        ("ENTRA_AUTHORITY", "login.example.org", "write an address that begins with https://"),
        ("GRAPH_BASE_URL", "ftp://example.org", "write an address that begins with https://"),
        ("ENGAGE_BASE_URL", "example.org", "write an address that begins with https://"),
        ("ZOOM_BASE_URL", "example.org", "write an address that begins with https://"),
        ("ZOOM_TOKEN_URL", "example.org", "write an address that begins with https://"),
        ("PUBLIC_URL", "https://", "write an address that begins with https://"),
        ("BOT_OPENID_METADATA_URL", "x", "write an address that begins with https://"),
        ("PORT", "many", "valid integer"),
        ("PORT", "65536", "less than or equal to 65535"),
        ("PORT", "-1", "greater than or equal to 0"),
        ("SEND_RATE", "0", "greater than 0"),
        ("SEND_RATE", "51", "less than or equal to 50"),
        ("LOG_FORMAT", "xml", "'console' or 'json'"),
        ("LOG_LEVEL", "LOUD", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("MICROSOFT_APP_TYPE", "Mine", "'SingleTenant', 'MultiTenant'"),
        ("RETENTION", "3y", "write it as bookings=3y,feedback=2y"),
        ("RETENTION", "bookings=3m", "write it as bookings=3y,feedback=2y"),
        ("RETENTION", "swordfish=3y", "there are only bookings, feedback, ideas"),
        ("RETENTION", "bookings=29d", "bookings are kept for 30 days at least"),
        ("RETENTION", "words=4y", "words are kept for 3 years at most"),
        ("RETENTION", "people=101y", "people are kept for 100 years at most"),
    ],
)
def test_a_wrong_setting_is_named_in_a_sentence_that_says_what_to_write(
    load: Any, name: str, written: str, reason: str
):
    with pytest.raises(WrongSettings) as wrong:
        load(**{name: written})

    [sentence] = str(wrong.value).splitlines()
    assert sentence.startswith(f"{name}: ")
    assert reason in sentence
    assert sentence.endswith(".")


def test_every_wrong_setting_is_named_at_once(load: Any):
    with pytest.raises(WrongSettings) as wrong:
        load(PORT="x", TIMEZONE="Mars", NUDGES="x")

    names = [sentence.split(":")[0] for sentence in str(wrong.value).splitlines()]
    assert names == ["PORT", "TIMEZONE", "NUDGES"]


# --- laptop mode and a real one ------------------------------------------------------------------


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "example.org"])  # noqa: S104 -- that is the point
def test_a_laptop_listens_on_loopback_whatever_the_host_setting_says(load: Any, host: str):
    assert load(HOST=host).listens_on == "127.0.0.1"


def test_with_an_app_id_the_host_setting_holds(load: Any):
    settings = load(**COMPLETE, HOST="192.0.2.7")

    assert not settings.is_laptop
    assert settings.listens_on == "192.0.2.7"


@pytest.mark.parametrize(
    ("environment", "missing"),
    [
        (
            {},
            "MICROSOFT_APP_TENANT_ID, MICROSOFT_APP_PASSWORD (or MICROSOFT_APP_CERTIFICATE), "
            "SECRET_KEY (any long random text)",
        ),
        (
            {"MICROSOFT_APP_TENANT_ID": "t", "MICROSOFT_APP_CERTIFICATE": "bot.pem"},
            "SECRET_KEY (any long random text)",
        ),
        (
            {"MICROSOFT_APP_TYPE": "MultiTenant", "SECRET_KEY": "k"},
            "MICROSOFT_APP_PASSWORD (or MICROSOFT_APP_CERTIFICATE)",
        ),
        (
            {"MICROSOFT_APP_PASSWORD": "p", "SECRET_KEY": "k"},
            "MICROSOFT_APP_TENANT_ID",
        ),
    ],
)
def test_with_an_app_id_all_that_goes_with_it_is_asked_for(
    load: Any, environment: dict[str, str], missing: str
):
    with pytest.raises(WrongSettings) as wrong:
        load(MICROSOFT_APP_ID="id", **environment)

    assert str(wrong.value) == f"with MICROSOFT_APP_ID set, also set {missing}."


# --- secrets -------------------------------------------------------------------------------------


def test_no_secret_is_in_what_settings_print_of_themselves(load: Any):
    settings = load(
        **COMPLETE,
        ZOOM_CLIENT_SECRET="zoom-zoom",
        DATABASE_URL="postgresql://learnweek:sesame@db.example.org/learnweek",
    )

    printed = f"{settings!r} {settings} {settings.model_dump()}".replace(settings.database_url, "")
    assert [s for s in ("swordfish", "keep-this", "zoom-zoom") if s in printed] == []
    assert "sesame" not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    "environment",
    [
        {"PORT": "swordfish"},
        {"TIMEZONE": "swordfish"},
        {"DATABASE_URL": "oracle://learnweek:swordfish@db.example.org"},
        {"PUBLIC_URL": "learnweek:swordfish@example.org"},
        {"LOG_LEVEL": "swordfish"},
        {"NUDGES": "swordfish"},
        {"QUIET_HOURS": "swordfish"},
        {"RETENTION": "swordfish=3y"},
        {**COMPLETE, "SECRET_KEY": ""},
        {**COMPLETE, "MICROSOFT_APP_TENANT_ID": ""},
        {**COMPLETE, "PORT": "x"},
    ],
)
def test_no_value_is_quoted_when_a_setting_is_wrong(load: Any, environment: dict[str, str]):
    with pytest.raises(WrongSettings) as wrong:
        load(**environment)

    assert "swordfish" not in str(wrong.value)
    assert "keep-this" not in str(wrong.value)
    assert wrong.value.__cause__ is None


# --- where settings come from --------------------------------------------------------------------


def test_settings_are_read_from_a_file_in_any_case_and_the_environment_comes_first(load: Any):
    Path(".env").write_text("TIMEZONE=Europe/Paris\nport = 8080\nLOG_LEVEL=DEBUG\nOTHER=1\n")

    settings = load(LOG_LEVEL="ERROR")

    assert (settings.timezone, settings.port, settings.log_level) == ("Europe/Paris", 8080, "ERROR")


def test_a_file_saved_by_notepad_is_read_from_its_first_line():
    Path(".env").write_bytes(b"\xef\xbb\xbfPORT=8080\r\nLOG_LEVEL=DEBUG\r\n")

    assert (config.load().port, config.load().log_level) == (8080, "DEBUG")


def test_settings_cannot_be_changed_once_they_are_read():
    settings = config.load()

    with pytest.raises(ValidationError):
        settings.port = 1  # pyright: ignore[reportAttributeAccessIssue] -- that is the point


def test_the_zone_is_that_of_the_organisation(load: Any):
    assert load(TIMEZONE="Europe/Paris").zone == ZoneInfo("Europe/Paris")
