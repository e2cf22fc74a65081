"""Weights and sessions of the models that run on this machine."""
