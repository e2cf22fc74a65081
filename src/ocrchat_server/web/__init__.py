"""Show the pages that people see."""
