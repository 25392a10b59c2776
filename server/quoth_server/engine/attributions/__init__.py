"""Step 4: finds attributions with the learned model."""

from quoth_server.engine.attributions.model import AttributionModel, Findings

__all__ = ["AttributionModel", "Findings"]
