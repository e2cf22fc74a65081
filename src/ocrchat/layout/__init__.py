"""Pure functions over the places of lines: rows, reading order, blocks, Markdown."""
