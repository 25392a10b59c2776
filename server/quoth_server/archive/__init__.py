"""An archive of statements: opened, indexed, searched and asked whether somebody said something."""
