"""Measure how well each language is read, named and not named, beside tesseract with its language given.

    python benchmarks/languages.py PAGES... --out results.jsonl     reads what is not yet in the results
    python benchmarks/languages.py --table results.jsonl            prints docs/languages.md's table

Each folder has a `manifest.jsonl` with `id`, `file` (an image), `ground_truth_file` (its text), `language`
(BCP 47) and `script` (ISO 15924) on each line. Three readings a page: ours with the language given (where we
name it), ours with `auto`, and the `tesseract` program with the language's model (without one, English's).
Each is stored as it comes, so a run can be stopped and goes on; `--again given,auto` reads those anew.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from error_rate import character_error_rate
from ocrchat.engines.base import Engine
from ocrchat.engines.cpu import build
from ocrchat.errors import OcrchatError, UnknownOption
from ocrchat.language_codes import resolve
from ocrchat.languages import BY_CODE
from ocrchat.model import PageImage
from ocrchat.options import Options

READERS = ("given", "auto", "tesseract")
SAME_SCRIPT = {"Hani": "Hant", "Hang": "Kore", "Hans": "Hant"}
"""Scripts that count as one: which forms of Han a page is in is a question of its language."""
TESSERACTS_OWN = {"tt": "tat", "dz": "dzo", "az-Cyrl": "aze_cyrl", "ti": "tir", "to": "ton"}
"""Languages that we read with another's model, and Tesseract's own for them."""
WORSE, NEAR = 0.005, 0.01
"""By how much ours may be worse than tesseract, and `auto` than the language given."""

Row = Mapping[str, Any]
_engine: Engine | None = None


def pages_of(folders: Sequence[Path]) -> Iterator[Row]:
    """The manifests' lines, with whole paths and the code that we know the language by (None: not named)."""
    for folder in folders:
        for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
            item = json.loads(line)
            yield {
                "id": item["id"],
                "image": str(folder / item["file"]),
                "truth": str(folder / item["ground_truth_file"][0]),
                "language": item["language"],
                "script": item["script"],
                "code": code_of(item["language"], item["script"]),
            }


def code_of(language: str, script: str) -> str | None:
    """Our code for a language in a script; None where we don't name it."""
    try:
        code = resolve(language)[0]
    except UnknownOption:
        return None
    return code if _same_script(BY_CODE[code].script, script) else None


def read(page: Row, reader: str) -> Row:
    """One reading and how far it is from the truth; an error counts as nothing read."""
    found = {"text": "", "language": None, "script": None, "error": ""}
    try:
        found |= _by_tesseract(page) if reader == "tesseract" else _by_ours(page, reader)
    except (OcrchatError, subprocess.SubprocessError) as error:
        found["error"] = str(error)
    cer = character_error_rate(Path(page["truth"]).read_text("utf-8"), str(found["text"]))
    kept = {name: page[name] for name in ("id", "language", "script", "code")}
    told = {"taken_for": found["language"], "as": found["script"]}
    return {
        **kept,
        **told,
        "reader": reader,
        "cer": round(cer, 5),
        "error": found["error"],
        "text": found["text"],
    }


def _by_ours(page: Row, reader: str) -> dict[str, Any]:
    global _engine
    _engine = _engine or build(threads=1)
    with Image.open(page["image"]) as image:
        pixels = PageImage(np.asarray(image.convert("L")))
    languages = (page["code"],) if reader == "given" else ()
    (read,) = _engine.read([pixels], Options(languages=languages))
    return {"text": read.text, "language": read.language, "script": read.script}


def _by_tesseract(page: Row) -> dict[str, Any]:
    code = page["code"]
    model = TESSERACTS_OWN.get(code) or BY_CODE[code].tesseract if code else ""
    command = ["tesseract", page["image"], "-", "-l", model or "eng", "--psm", "3"]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(command, capture_output=True, check=True, timeout=300, env=environment)
    return {"text": done.stdout.decode("utf-8", "replace")}


def measure(tasks: Sequence[tuple[Row, str]], out: Path, processes: int) -> None:
    """Append a line a reading to the results."""
    with out.open("a", encoding="utf-8") as sink, ProcessPoolExecutor(processes) as pool:
        for count, row in enumerate(pool.map(read, *zip(*tasks, strict=True)) if tasks else (), 1):
            sink.write(json.dumps(row, ensure_ascii=False) + "\n")
            sink.flush()
            print(count, len(tasks), row["id"], row["reader"], row["cer"], row["error"], file=sys.stderr)


def table(rows: Sequence[Row]) -> str:
    """Markdown: a line a language with the mean CER of its pages, and what holds of all of them."""
    groups: dict[tuple[str, str], dict[str, list[Row]]] = {}
    for row in rows:
        groups.setdefault((row["script"], row["language"]), {}).setdefault(row["reader"], []).append(row)
    whole = {key: by for key, by in sorted(groups.items()) if _is_whole(by)}
    lines = ["| language | code | script | given | `auto` | tesseract | taken for |", "|---" * 7 + "|"]
    for (script, language), by in whole.items():
        code = by["auto"][0]["code"]
        taken = {row["taken_for"] for row in by["auto"]} - {code}
        wrong = {str(row["as"]) for row in by["auto"] if not _same_script(row["as"], script)}
        remark = ", ".join(f"`{each}`" for each in sorted({str(one) for one in taken if code} | wrong))
        figures = " | ".join(_figure(by.get(reader)) for reader in READERS)
        name = BY_CODE[code].name if code else ""
        lines.append(f"| {name} | {code or language} | {script} | {figures} | {remark} |")
    return "\n".join([*lines, "", *_summary(whole)])


def _summary(whole: Mapping[tuple[str, str], Mapping[str, Sequence[Row]]]) -> list[str]:
    named = {key: by for key, by in whole.items() if "given" in by}
    means = {r: statistics.fmean([_mean(by[r]) for by in named.values()] or [0.0]) for r in READERS}
    far = [key for key, by in named.items() if _mean(by["auto"]) > _mean(by["given"]) + NEAR]
    looked_at = [(key, row) for key, by in whole.items() for row in by["auto"]]
    wrong = [key for key, row in looked_at if not _same_script(row["as"], key[0])]
    told = [row["taken_for"] == row["code"] for by in named.values() for row in by["auto"]]
    lines = [
        f"{len(named)} languages; mean CER: " + ", ".join(f"{name} {means[name]:.4f}" for name in READERS)
    ]
    for reader in READERS[:2]:
        worse = [k for k, by in named.items() if _mean(by[reader]) > _mean(by["tesseract"]) + WORSE]
        lines.append(f"{reader}: worse than tesseract by more than {WORSE}: {_list(worse)}")
    return [
        *lines,
        f"auto: more than {NEAR} worse than given: {_list(far)}",
        f"auto: script wrong on {len(wrong)} of {len(looked_at)} pages: {_list(wrong)}",
        f"auto: language right on {sum(told)} of {len(told)} pages of languages that we name",
    ]


def _is_whole(by: Mapping[str, Sequence[Row]]) -> bool:
    """Whether all was read of a language: of one that we don't name `auto` is enough."""
    return "auto" in by and ({"given", "tesseract"} <= set(by) or not by["auto"][0]["code"])


def _list(keys: Sequence[tuple[str, str]]) -> str:
    return f"{len(keys)} ({', '.join('-'.join(reversed(key)) for key in keys)})" if keys else "none"


def _figure(rows: Sequence[Row] | None) -> str:
    return f"{_mean(rows):.4f}" if rows else "-"


def _mean(rows: Sequence[Row]) -> float:
    return statistics.fmean(min(1.0, row["cer"]) for row in rows)


def _same_script(one: str | None, other: str) -> bool:
    return SAME_SCRIPT.get(one or "", one) == SAME_SCRIPT.get(other, other)


def _rows(file: Path) -> list[Row]:
    """The results, of each page and reader the last."""
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return list({(row["id"], row["reader"]): row for row in map(json.loads, lines)}.values())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--out", type=Path, default=Path("languages.jsonl"))
    parser.add_argument("--again", default="", help="readers whose results are made anew, joined by commas")
    parser.add_argument("--readers", default=",".join(READERS), help="only these, joined by commas")
    parser.add_argument("--languages", default="", help="only these, as in the manifest, joined by commas")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--table", type=Path, nargs="+", help="print the table of these results")
    args = parser.parse_args()
    if args.table:
        print(table([row for file in args.table for row in _rows(file)]))
        return
    only, readers = set(filter(None, args.languages.split(","))), args.readers.split(",")
    known = {
        (row["id"], row["reader"]) for row in _rows(args.out) if row["reader"] not in args.again.split(",")
    }
    pages = [page for page in pages_of(args.folders) if not only or page["language"] in only]
    tasks = [(page, r) for page in pages for r in readers if r != "given" or page["code"]]
    measure([(page, r) for page, r in tasks if (page["id"], r) not in known], args.out, args.processes)


if __name__ == "__main__":
    main()
