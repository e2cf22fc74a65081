"""Show what an engine process holds after ten languages, and that it does not grow over 10,000 pages.

    python benchmarks/memory.py                       ten languages in turn, every eleventh page with `auto`
    python benchmarks/memory.py --pages 500 --languages en,ru

Pages are drawn as they are read: one to three lines each, words, sizes of letters and sizes of pages by
chance (the seed is told), so that hardly two ask for the same shapes. Printed is what is resident, in
megabytes, at each twentieth of the way, and at most. Ends with 1 where that is more than `--limit`, or at
the end more than `--growth` above what it was half way.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont, features

from ocrchat.engines.cpu import build
from ocrchat.languages import BY_CODE
from ocrchat.model import PageImage
from ocrchat.options import Options

WORDS: Mapping[str, str] = {
    "en": "All human beings are born free and equal in dignity and rights",
    "de": "Alle Menschen sind frei und gleich an Würde und Rechten geboren",
    "pl": "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności",
    "ru": "Все люди рождаются свободными и равными в своем достоинстве и правах",
    "el": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια",
    "ar": "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق",
    "hi": "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता प्राप्त है",
    "zh": "人人生而自由 在尊严和权利上 一律平等 他们赋有理性和良心",
    "ko": "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다",
    "th": "มนุษย์ทั้งหลาย เกิดมามีอิสระ และเสมอภาคกัน ในเกียรติศักดิ์ และสิทธิ",
}
"""Words of the first article of the Universal Declaration of Human Rights."""
FONTS = {
    "Arab": "NotoNaskhArabic-Regular.ttf NotoSansArabic-Regular.ttf",
    "Deva": "NotoSansDevanagari-Regular.ttf NotoSerifDevanagari-Regular.ttf",
    "Thai": "NotoSansThai-Regular.ttf NotoSerifThai-Regular.ttf",
    **dict.fromkeys(("Hans", "Kore"), "NotoSansCJK-Regular.ttc NotoSerifCJK-Regular.ttc"),
}
LATIN = "DejaVuSerif.ttf DejaVuSans.ttf"
MEGABYTE = 1 << 20


def drawn(code: str, chance: random.Random) -> PageImage:
    """A page of one to three lines of a language's words."""
    size, lines = chance.randrange(20, 40), chance.randrange(1, 4)
    face = ImageFont.truetype(_font(BY_CODE[code].script), size)
    image = Image.new("L", (chance.randrange(320, 680), 80 + lines * size * 2), chance.randrange(225, 256))
    draw, words = ImageDraw.Draw(image), WORDS[code].split()
    for row in range(lines):
        text = ""
        while face.getlength(text) < image.width - 80 - 8 * size:
            text += f"{chance.choice(words)} "
        draw.text((40, 40 + row * size * 2), text.strip(), chance.randrange(60), face)
    return PageImage(np.asarray(image))


@cache
def _font(script: str) -> str:
    for name in FONTS.get(script, LATIN).split():
        for file in Path("/usr/share/fonts").rglob(name):
            return str(file)
    raise SystemExit(
        f"no font for {script}: apt-get install fonts-noto-core fonts-noto-cjk fonts-dejavu-core"
    )


def resident() -> float:
    """Megabytes of this process in memory now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / MEGABYTE


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--languages", default=",".join(WORDS))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=1500, help="megabytes")
    parser.add_argument("--growth", type=float, default=50, help="megabytes")
    args = parser.parse_args()
    if not features.check("raqm"):
        raise SystemExit("this Pillow cannot draw Arabic and Hindi")
    engine, chance, codes = build(args.threads), random.Random(args.seed), args.languages.split(",")
    turns = [*((code,) for code in codes), ()]
    print(f"{len(codes)} languages, seed {args.seed}; built: {resident():.0f} MB", flush=True)
    started, on_the_way, nothing = time.process_time(), list[float](), 0
    for number in range(args.pages):
        languages = turns[number % len(turns)]
        code = languages[0] if languages else codes[number // len(turns) % len(codes)]
        (page,) = engine.read([drawn(code, chance)], Options(languages=languages))
        nothing += not page.text
        done = number + 1
        if done == len(turns) or done % max(1, args.pages // 20) == 0:
            seconds = time.process_time() - started
            print(f"{done} pages, {seconds:.0f} processor s: {resident():.0f} MB", flush=True)
            if done > len(turns):
                on_the_way.append(resident())
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE
    print(f"at most {most:.0f} MB; pages on which nothing was read: {nothing}")
    grown = on_the_way[-1] - on_the_way[len(on_the_way) // 2] if on_the_way else 0.0
    sys.exit(most > args.limit or grown > args.growth)


if __name__ == "__main__":
    main()
