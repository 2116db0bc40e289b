"""What one process is told from outside: the environment (`SWARM_*`) and, below it, one `swarm.toml`."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from services.runtime.namespace import PARTITIONS_MAX

HOME_NAME = ".swarm"


class Review(BaseModel):
    """How long a person may take, and may change their mind."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    undo_window_s: int = Field(default=30, ge=0, le=3600)
    expires_h: int = Field(default=72, ge=1, le=24 * 30)


class RunLimits(BaseModel):
    """When a stage is given up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_error_share: float = Field(default=0.2, ge=0.0, le=1.0)
    stall_s: int = Field(default=300, ge=1)


class Settings(BaseSettings):
    """Read once at the start of a process. A nested value is `SWARM_REVIEW__UNDO_WINDOW_S` in the environment.

    `redis_url` is empty for the embedded server. `identity_key` is 64 hex digits and only needed where SWARM_HOME is
    not shared; otherwise it is made once and kept there.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        env_prefix="SWARM_",
        env_nested_delimiter="__",
        extra="ignore",
        toml_file="swarm.toml",
    )

    home: Path = Field(default_factory=lambda: default_home(Path.cwd()))
    redis_url: SecretStr = SecretStr("")
    namespace: str = "main"
    partitions: int = Field(default=1, ge=1, le=PARTITIONS_MAX)
    durability: str = ""
    identity_key: SecretStr = SecretStr("")
    offer: Path | None = None
    model: Path | None = None
    company_directory: Path | None = None
    review: Review = Review()
    run: RunLimits = RunLimits()
    lease_ms: int = Field(default=15_000, ge=300)
    settle_s: float = Field(default=600.0, gt=0)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The command line first, then the environment, then the file."""
        _ = dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def default_home(start: Path) -> Path:
    """`.swarm` beside the nearest pyproject.toml of this project, else in the user's own folder."""
    for folder in (start, *start.parents):
        project = folder / "pyproject.toml"
        if project.exists() and 'name = "alpha-swarm"' in project.read_text(encoding="utf-8", errors="replace"):
            return folder / HOME_NAME
    return Path.home() / HOME_NAME
