"""Sweeps over the whole house: what must hold in every file, route and sentence."""
