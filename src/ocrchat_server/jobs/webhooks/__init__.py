"""Tell clients of the end of their jobs: Standard Webhooks 1.0.0 (standardwebhooks.com)."""
