"""Tests of the training; they need its requirements and a few of the fonts that fonts.tsv names."""
