"""The options of `quoth-server` as a table, which a test compares with the page of the settings."""

from __future__ import annotations

from quoth_server.settings import Settings

__all__ = ["markdown_table"]


def markdown_table() -> str:
    """The options as the table that the page of the settings holds."""
    rows = ["| flag | variable | default | what |", "| --- | --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        extra = field.json_schema_extra
        stated = extra.get("default") if isinstance(extra, dict) else None
        rows.append(
            f"| `--{name.replace('_', '-')}` | `QUOTH_{name.upper()}` "
            f"| {stated or _shown(field.default)} | {' '.join((field.description or '').split())} |"
        )
    return "\n".join(rows)


def _shown(default: object) -> str:
    if default is None:
        return ""
    if isinstance(default, bool):
        return "on" if default else "off"
    return f"`{default:g}`" if isinstance(default, float) else f"`{default}`"
