"""Read pages that wait: claim, decode, recognize, commit."""
