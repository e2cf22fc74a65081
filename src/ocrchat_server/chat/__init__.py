"""Conversations about documents that were read."""
