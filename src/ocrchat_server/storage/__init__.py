"""Keep files that are not rows: uploads and what was read in them."""
