"""How the attribution model is trained, exported and measured; not part of the wheel."""
