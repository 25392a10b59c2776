"""What is wrong with a request, gathered field by field."""

from __future__ import annotations

from quoth_server.service import errors
from quoth_server.service.errors import Violation

__all__ = ["Violations"]


class Violations(list[Violation]):
    """The bad fields of a request; what may be wrong with any field is said here, once."""

    def add(self, field: str, description: str, reason: str, **figures: object) -> None:
        """A field is bad; see `Violation`."""
        told = {name: str(value) for name, value in figures.items()}
        self.append(Violation(field, description, reason, told))

    def raise_any(self) -> None:
        """Returns if nothing is wrong.

        Raises:
            ServiceError: naming every bad field.
        """
        if self:
            raise errors.invalid(self)

    def missing(self, field: str) -> None:
        """A field that a request must have is not set."""
        self.add(field, "it is required and not set", "MISSING_FIELD")

    def length(self, field: str, length: int, most: int) -> None:
        """Adds a text that has more code points than it may have."""
        if length > most:
            description = f"it has {length} characters but may have at most {most}; shorten it"
            self.add(field, description, "FIELD_TOO_LONG", characters=length, maxCharacters=most)

    def too_many(self, field: str, number: int, most: int, remedy: str) -> None:
        """A list has more values than it may have."""
        description = f"it has {number} values but may have at most {most}; {remedy}"
        self.add(field, description, "FIELD_TOO_LONG", values=number, maxValues=most)

    def unknown(self, field: str, value: int, known: str) -> None:
        """A value is none of the enum that is called so."""
        self.add(field, f"{value} is not a value of {known}", "INVALID_ENUM_VALUE", value=value)

    def confidence(self, field: str, value: float) -> None:
        """A confidence is given; adds it if it is none."""
        if not 0 <= value <= 1:  # NaN neither
            told = f"{value:g}"
            self.add(field, f"{told} is not from 0 to 1", "INVALID_CONFIDENCE", value=told)
