"""The settings: read once from the environment or `.env`, checked, and frozen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from learning import retention as keeping
from learning.notices import LATEST_HIGHLIGHTS

CONNECTOR_HOSTS = (
    "smba.trafficmanager.net",
    "*.smba.trafficmanager.net",
    "*.botframework.com",
    "smba.infra.gcc.teams.microsoft.com",
    "smba.infra.gov.teams.microsoft.us",
    "smba.infra.dod.teams.microsoft.us",
)

Words = Annotated[tuple[str, ...], NoDecode]
Spans = Annotated[tuple[timedelta, ...], NoDecode]
Quiet = Annotated[tuple[time, time], NoDecode]
Kept = Annotated[Mapping[keeping.Data, timedelta], NoDecode]

FILE_HOSTS = ("*.sharepoint.com", "*.sharepoint.us", "*.sharepoint-mil.us", "*.sharepoint.cn")

UNITS = {"d": "days", "h": "hours", "m": "minutes"}


class WrongSettings(Exception):
    """A sentence for each setting that cannot be used; secrets are never quoted."""


class Settings(BaseSettings):
    """Named as in the environment, in small letters. Times are local to `timezone`."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    microsoft_app_id: str = ""
    microsoft_app_password: SecretStr = SecretStr("")
    microsoft_app_type: Literal["SingleTenant", "MultiTenant", "UserAssignedMSI"] = "SingleTenant"
    microsoft_app_tenant_id: str = ""
    microsoft_app_certificate: str = ""
    microsoft_app_certificate_key: str = ""
    bot_openid_metadata_url: str = (
        "https://login.botframework.com/v1/.well-known/openidconfiguration"
    )
    bot_service_hosts: Words = CONNECTOR_HOSTS
    file_hosts: Words = FILE_HOSTS
    entra_authority: str = "https://login.microsoftonline.com"
    graph_base_url: str = "https://graph.microsoft.com/v1.0"
    graph_organiser: str = ""
    organisers_group: str = ""
    organisers: Words = ()
    learning_contact: str = ""
    sharepoint_site_id: str = ""
    sharepoint_list_id: str = ""
    engage_base_url: str = "https://www.yammer.com/api/v1"
    engage_community_id: str = ""
    engage_client_id: str = ""
    zoom_base_url: str = "https://api.zoom.us/v2"
    zoom_token_url: str = "https://zoom.us/oauth/token"  # noqa: S105 -- an address
    zoom_account_id: str = ""
    zoom_client_id: str = ""
    zoom_client_secret: SecretStr = SecretStr("")
    zoom_host: str = "me"
    # It may hold a password.
    database_url: str = Field(default="sqlite+aiosqlite:///var/learnweek.db", repr=False)
    secret_key: SecretStr = SecretStr("")
    host: str = "127.0.0.1"
    port: int = Field(default=3978, ge=0, le=65535)
    public_url: str = "http://localhost:3978"
    timezone: str = "Europe/London"
    highlights_at: time = time(8, 30)
    nudges: Spans = (timedelta(days=1), timedelta(hours=1), timedelta(minutes=10))
    quiet_hours: Quiet = (time(20, 0), time(7, 30))
    send_rate: float = Field(default=40, gt=0, le=50)
    attended_share: float = Field(default=0.5, gt=0, le=1)
    front_line_departments: Words = ()
    remote_offices: Words = ()
    retention: Kept = keeping.USUAL
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def is_laptop(self) -> bool:
        """Without an app id nothing outside this machine is spoken to."""
        return not self.microsoft_app_id

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def listens_on(self) -> str:
        return "127.0.0.1" if self.is_laptop else self.host

    @field_validator("organisers", "bot_service_hosts", "file_hosts", mode="before")
    @classmethod
    def _words(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(w for w in re.split(r"[,;\s]+", value) if w)
        return value

    @field_validator("front_line_departments", "remote_offices", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        """Names have spaces and commas in them, so they stand apart by semicolons."""
        if isinstance(value, str):
            return tuple(" ".join(name.split()) for name in value.split(";") if name.strip())
        return value

    @field_validator("bot_service_hosts")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return value or CONNECTOR_HOSTS

    @field_validator("file_hosts")
    @classmethod
    def _file_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return value or FILE_HOSTS

    @field_validator("retention", mode="before")
    @classmethod
    def _kept(cls, value: Any) -> Any:
        kept = keeping.periods(value) if isinstance(value, str) else value
        if fault := keeping.too_short_or_long(kept):
            raise ValueError(fault)
        return kept

    @field_validator("learning_contact")
    @classmethod
    def _contact(cls, value: str) -> str:
        if value and not re.fullmatch(r"https://\S+|[^@\s]+@[^@\s]+\.[^@\s]+", value.strip()):
            raise ValueError("write an e-mail address, or an address that begins with https://")
        return value.strip()

    @field_validator("nudges", mode="before")
    @classmethod
    def _spans(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value.strip().casefold() == "off":
            return ()
        return tuple(_span(part.strip()) for part in value.split(",") if part.strip())

    @field_validator("highlights_at", mode="before")
    @classmethod
    def _clock(cls, value: Any) -> Any:
        return _time(value) if isinstance(value, str) else value

    @field_validator("quiet_hours", mode="before")
    @classmethod
    def _quiet(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        start, dash, end = value.partition("-")
        if value.strip().casefold() == "off":
            return (time(0), time(0))
        if not dash:
            raise ValueError("write two times with a dash between, such as 20:00-07:30")
        return (_time(start), _time(end))

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("no such time zone; write it as Europe/London") from None
        return value

    @field_validator("highlights_at")
    @classmethod
    def _by_day(cls, value: time) -> time:
        if time(1) <= value < time(2):
            raise ValueError("between 01:00 and 02:00 the clocks change; choose another time")
        if value >= LATEST_HIGHLIGHTS:
            raise ValueError(
                f"highlights are not sent after {LATEST_HIGHLIGHTS:%H:%M}; choose an earlier time"
            )
        return value

    @field_validator(
        "entra_authority",
        "graph_base_url",
        "engage_base_url",
        "zoom_base_url",
        "zoom_token_url",
        "public_url",
        "bot_openid_metadata_url",
    )
    @classmethod
    def _address(cls, value: str) -> str:
        if not re.match(r"https?://[^/\s]", value):
            raise ValueError("write an address that begins with https://")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not re.match(r"^(sqlite|postgres(ql)?)(\+\w+)?://", value):
            raise ValueError("write sqlite:///path or postgresql://user@host/name")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Settings:
        if self.is_laptop:
            return self
        if self.microsoft_app_type == "UserAssignedMSI":
            raise ValueError(
                "MICROSOFT_APP_TYPE: a managed identity cannot be used; use a password or certificate"
            )
        missing: list[str] = []
        if not self.microsoft_app_tenant_id and self.microsoft_app_type == "SingleTenant":
            missing.append("MICROSOFT_APP_TENANT_ID")
        if (
            not self.microsoft_app_password.get_secret_value()
            and not self.microsoft_app_certificate
        ):
            missing.append("MICROSOFT_APP_PASSWORD (or MICROSOFT_APP_CERTIFICATE)")
        if not self.secret_key.get_secret_value():
            missing.append("SECRET_KEY (any long random text)")
        if missing:
            raise ValueError(f"with MICROSOFT_APP_ID set, also set {', '.join(missing)}")
        return self


def load(**given: Any) -> Settings:
    """Read the settings. Raises WrongSettings with one sentence for each that cannot be used."""
    try:
        return Settings(**given)
    except ValidationError as error:
        raise WrongSettings("\n".join(_sentences(error.errors()))) from None


def _sentences(faults: Sequence[Any]) -> list[str]:
    sentences: list[str] = []
    for fault in faults:
        name = "_".join(str(part) for part in fault["loc"][:1]).upper()
        reason = str(fault["msg"]).removeprefix("Value error, ")
        sentences.append(f"{name}: {reason}." if name else f"{reason}.")
    return sentences


def _span(text: str) -> timedelta:
    found = re.fullmatch(r"(\d{1,5})\s*([dhm])", text)
    if not found or not int(found[1]):
        raise ValueError("write spans such as 1d,1h,10m")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def _time(text: str) -> time:
    found = re.fullmatch(r"\s*(\d{1,2}):(\d{2})\s*", text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError("write times as 08:30")
    return time(int(found[1]), int(found[2]))
