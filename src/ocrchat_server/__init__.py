"""Serve ocrchat over HTTP: accounts, jobs, workers and the API."""
