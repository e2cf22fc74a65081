"""CSV and JSON, read again by other programs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from ocrchat.errors import UnknownOption
from ocrchat.exports import reading_of
from ocrchat.exports.csv import guarded
from ocrchat.exports.csv import write as write_csv
from ocrchat.model import Box, Document, Line, Note, Word
from tests.ocrchat.exports.documents import block, document, page, sample, table, table_block, written

SCHEMA = Path(__file__).parents[3] / "docs" / "document.schema.json"


def _rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_json_keeps_the_published_schema() -> None:
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(written("json", sample())), schema)
    jsonschema.validate(json.loads(written("json", Document(()))), schema)


def test_the_schema_has_each_key_that_a_document_may_have() -> None:
    box = Box(1, 2, 3, 4)
    word = Word("w", box, 0.5, bold=True, italic=True, link="https://example.org/")
    line = Line("w", box, 0.5, (word,), is_ended=True)
    cells = table("a | b")
    of_table = replace(table_block(cells), lines=(line,))
    broken = replace(page(index=1), error="damaged", notes=(Note("n", "m", 1, box),))
    whole = replace(document(page(of_table, tables=(cells,)), broken), notes=(Note("n", "m", 1, box),))
    plain = json.loads(written("json", whole))
    schema = json.loads(SCHEMA.read_text())
    jsonschema.validate(plain, schema)
    assert _keys_of(plain) == _properties_of(schema)


def _keys_of(plain: object) -> set[str]:
    if isinstance(plain, dict):
        return set(plain) | {key for each in plain.values() for key in _keys_of(each)}
    return {key for each in plain for key in _keys_of(each)} if isinstance(plain, list) else set()


def _properties_of(schema: object) -> set[str]:
    if isinstance(schema, dict):
        below = {name for each in schema.values() for name in _properties_of(each)}
        return set(schema.get("properties", ())) | below
    return {name for each in schema for name in _properties_of(each)} if isinstance(schema, list) else set()


def test_csv_begins_with_a_mark_and_ends_its_lines_as_the_rfc_has_it() -> None:
    data = written("csv", sample())
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    assert _rows(data) == [["Item", "Price", "Note"], ["Pens", "1.234,56", ""], ["Sum", "", "ok"]]


def test_several_tables_follow_one_another_each_under_its_name() -> None:
    one, two = table("a | b"), table("c | d")
    many = document(page(table_block(one), tables=(one,)), page(table_block(two), index=1, tables=(two,)))
    expected = [["Table 1, page 1"], ["a", "b"], [], ["Table 2, page 2"], ["c", "d"]]
    assert _rows(written("csv", many)) == expected


def test_one_table_can_be_picked() -> None:
    one, two = table("a | b"), table("c | d")
    many = reading_of(document(page(table_block(one), table_block(two, 1), tables=(one, two))))
    file = io.BytesIO()
    write_csv(many, file, table=2)
    assert _rows(file.getvalue()) == [["c", "d"]]
    with pytest.raises(UnknownOption, match="1 to 2"):
        write_csv(many, io.BytesIO(), table=3)


def test_without_tables_csv_has_the_lines() -> None:
    data = written("csv", document(page(block("one", 'say "two", three'))))
    assert _rows(data) == [["page", "block", "text"], ["1", "1", "one"], ["1", "1", 'say "two", three']]


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "＝1"])
def test_what_a_spreadsheet_would_run_is_prefixed(cell: str) -> None:
    rows = table("x")
    guarded = document(page(block(cell)))
    assert _rows(written("csv", guarded))[1][2].startswith("'")
    assert rows.header_rows == 0


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("x;=1+1", "x;'=1+1"),
        ("x\n=1+1", "x\n'=1+1"),
        ('x;"@A1"', 'x;\'"@A1"'),
        ("x\t+cmd", "x\t'+cmd"),
        ("a;b", "a;b"),
        ("from; - 5 to;+7", "from; - 5 to;+7"),
    ],
)
def test_a_cell_that_excel_divides_at_semicolons_hides_no_formula(cell: str, safe: str) -> None:
    assert guarded(cell) == safe


@pytest.mark.parametrize("cell", ["-12,50", "+3", "-7 %", "a=b"])
def test_a_signed_number_stays_a_number(cell: str) -> None:
    assert _rows(written("csv", document(page(block(cell)))))[1][2] == cell
