"""Speak HTTP: the contract, version by version."""
