"""The rules of the catalogue, one file for each family; catalogue.py lists them all."""
