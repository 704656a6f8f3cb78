"""The schema's history. Migrations are numbered, only go forward once released, and never import models."""
