from . import fuzz


def test_the_same_seed_gives_the_same_mutants() -> None:
    assert list(fuzz.mutants(60, seed=5)) == list(fuzz.mutants(60, seed=5))
    assert list(fuzz.mutants(60, seed=5)) != list(fuzz.mutants(60, seed=6))


def test_mutants_break_no_decoder_and_not_their_parent() -> None:
    fates, crashes = fuzz.run(60, seed=2)
    assert sum(fates.values()) == 60
    assert crashes == []
