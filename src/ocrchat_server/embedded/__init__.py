"""Run on one machine, with nothing installed, what `ocrchat up` needs: PostgreSQL and our own processes.

`Cluster` (postgres) keeps a private PostgreSQL in the data folder; `Supervisor` (supervisor) starts,
watches and stops processes given as `Child` values. Neither knows the rest of the server.
"""
