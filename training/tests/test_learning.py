"""The net learns, stops, goes on, grows and is exported."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from training.charset import Charset
from training.checkpoint import State, averaged, begun, resumed
from training.evaluate import figures, net_reader
from training.export import CHARSET, HALF, INT8, ONNX, export, openvino_reader
from training.grow import grown
from training.lines import Line, Press
from training.material import Material
from training.net import Net, Shape, gigaflops
from training.release import release
from training.train import CHECKPOINT, Plan, longest_line, rate_at, train


def test_the_loss_falls_on_six_lines(learnt: tuple[State, list[float]]) -> None:
    _, losses = learnt
    assert sum(losses[-10:]) < 0.1 * sum(losses[:10])


def test_the_net_reads_what_it_has_learnt(learnt: tuple[State, list[float]], six_lines: list[Line]) -> None:
    state, _ = learnt
    assert figures(net_reader(averaged(state), state.charset), six_lines).cer == 0


def test_an_exported_net_reads_the_lines_back(
    learnt: tuple[State, list[float]], six_lines: list[Line], tmp_path: Path
) -> None:
    state, _ = learnt
    export(averaged(state), state.charset, tmp_path, six_lines)
    charset = Charset.load(tmp_path / CHARSET)
    for model in (ONNX, HALF, INT8):
        reader = openvino_reader(tmp_path / model, charset)
        assert [reader(line.picture) for line in six_lines] == [line.text for line in six_lines]


def test_a_release_says_what_it_is(
    learnt: tuple[State, list[float]], six_lines: list[Line], press: Press, tmp_path: Path
) -> None:
    state, _ = learnt
    measures = {"six": six_lines}
    found = {"six": figures(net_reader(averaged(state), state.charset), six_lines)}
    (tmp_path / "latin").mkdir()
    release(state, found, Material(press, measures, press.families), tmp_path / "latin")
    assert [path.name for path in tmp_path.iterdir()] == ["latin"]
    card = json.loads((tmp_path / "latin" / "card.json").read_text(encoding="utf-8"))
    record = json.loads((tmp_path / "latin" / "record.json").read_text(encoding="utf-8"))
    assert (card["height"], card["step"], card["channels"]) == (40, 4, 1)
    assert record["figures"]["net.onnx"]["six"]["cer"] == 0
    assert record["trained_lines"] == state.lines
    for name, digest in record["sha256"].items():
        assert hashlib.sha256((tmp_path / "latin" / name).read_bytes()).hexdigest() == digest


def test_training_goes_on_from_its_checkpoint(share: Path, tmp_path: Path) -> None:
    plan = Plan(tmp_path / "run", lines=60, share=share, columns=2_000, measured_by=4)
    train(plan)
    first = resumed(plan.run / CHECKPOINT)
    train(replace(plan, lines=120))
    then = resumed(plan.run / CHECKPOINT)
    assert first is not None
    assert then is not None
    assert 60 <= first.lines < 120 <= then.lines
    assert first.sheet < then.sheet
    assert then.steps > first.steps
    rows = [json.loads(row) for row in (plan.run / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["lines"] for row in rows if "total" in row] == [first.lines, then.lines]


def test_a_machine_without_fonts_is_told_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"fonts\.tsv"):
        train(Plan(tmp_path / "run", lines=60, share=tmp_path))


def test_a_net_grown_by_blocks_answers_as_before() -> None:
    torch.manual_seed(3)
    charset = Charset(" abc")
    small = Net(Shape(classes=5, stem=(4, 8, 16), width=16, hidden=16, blocks=1))
    large = Net(Shape(classes=5, stem=(4, 8, 16), width=16, hidden=16, blocks=3))
    large.load_state_dict(grown(small.state_dict(), charset, large, charset))
    picture = torch.rand(1, 1, 40, 64)
    torch.testing.assert_close(large.eval()(picture), small.eval()(picture))


def test_a_character_keeps_its_row_when_the_charset_grows() -> None:
    torch.manual_seed(3)
    shape = Shape(classes=4, stem=(4, 8, 16), width=16, hidden=16, blocks=1)
    small, large = Net(shape), Net(replace(shape, classes=5))
    weights = grown(small.state_dict(), Charset(" ab"), large, Charset(" bxa"))
    assert torch.equal(weights["head.weight"][4], small.head.weight[2])
    assert torch.equal(weights["head.weight"][2], small.head.weight[3])


def test_a_net_of_other_widths_cannot_grow() -> None:
    charset = Charset(" ab")
    small = Net(Shape(classes=4, stem=(4, 8, 16), width=16, hidden=16, blocks=1))
    wide = Net(Shape(classes=4, stem=(4, 8, 16), width=32, hidden=16, blocks=1))
    with pytest.raises(ValueError, match="cannot grow"):
        grown(small.state_dict(), charset, wide, charset)


def test_the_net_stays_within_two_gigaflops() -> None:
    assert gigaflops(begun().net.shape) < 2


def test_lines_are_short_at_first() -> None:
    assert longest_line(0, 64) < longest_line(20_000, 64) < longest_line(60_000, 64) == 64


def test_the_rate_warms_up_and_ends_at_nothing() -> None:
    plan = Plan(Path(), lines=1000, rate=1.0)
    assert rate_at(0, 0, plan) < rate_at(100, 299, plan) == 1
    assert rate_at(750, 5000, plan) == pytest.approx(0.5)
    assert rate_at(1000, 5000, plan) == 0
