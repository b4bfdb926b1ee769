"""Every bad configuration is refused in sentences that name the key, say what was found and what is allowed."""

import inspect
import re

import pytest
from bad_configurations import (
    BY_HAND,
    DEFAULT,
    FILES,
    MEMORY,
    allowed,
    changed,
    generated,
    named,
    refusal,
    refusal_of_file,
)

from spinnet import config, config_entries
from spinnet.config import ConfigError, check, check_file
from spinnet.config_file import ENDINGS, check_own_files
from spinnet.encoder import config as encoder
from spinnet.memory import check_memory, needs
from spinnet.operators import config as operators
from spinnet.own.read_arrays import READERS
from spinnet.own.read_images import SUFFIXES
from spinnet.rg import config as rg

LONGEST = 260  # characters of a sentence
INSIDE = [
    name
    for module in (config, config_entries, encoder, operators, rg)
    for name, cls in inspect.getmembers(module, inspect.isclass)
    if cls.__module__ == module.__name__ and len(re.findall("[A-Z]", name)) > 1
]  # names of classes that are no words


def assert_sentences(text):
    """One sentence a line, for somebody who knows the configuration and not the program."""
    for line in text.splitlines():
        assert line.startswith("configuration: "), line
        assert len(line) <= LONGEST, line
        assert line.isprintable(), line
    for word in ("Traceback", "pydantic", "instance of", "validation error", "dictionary", *INSIDE):
        assert word not in text


@pytest.mark.parametrize(("changes", "sentence"), BY_HAND, ids=[s[:60] for _, s in BY_HAND])
def test_bad_configurations_are_refused(changes, sentence):
    text = refusal(changed(changes))
    assert sentence in text
    assert_sentences(text)


def test_every_setting_is_checked():
    """A wrong type, a misspelt or unknown key, a number out of range at every key: refused, and the key is named."""
    for key, mutation, settings in generated():
        text = refusal(settings)
        if allowed(key, mutation):
            assert text == "", f"{key}, {mutation}: {text}"
        else:
            assert named(key, mutation) in text, f"{key}, {mutation}: {text!r}"
            assert_sentences(text)


def test_what_is_allowed_after_all_is_little():
    """The rules of what is accepted hide nothing: so few of the generated configurations are right."""
    kinds = [mutation for key, mutation, _ in generated() if allowed(key, mutation)]
    assert {kind: kinds.count(kind) for kind in kinds} == {"zero": 3, "null": 46, "twice": 8}


@pytest.mark.parametrize("name", FILES)
def test_bad_files_are_refused(name, tmp_path):
    text = refusal_of_file(name, tmp_path)
    assert FILES[name][1] in text
    assert_sentences(text.replace(str(tmp_path), ""))


def test_what_is_no_file_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "missing.yaml"):
        with pytest.raises(ConfigError, match="is not a file"):
            check_file(path)


@pytest.mark.parametrize("file", ["missing.npy", "folder", "folder/*", "notes.txt", "brace{}*.npy"])
def test_own_files_that_cannot_be_read_are_refused(file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder/inner").mkdir(parents=True)
    for name in ("notes.txt", "brace{}.npy", "right.NPY"):
        (tmp_path / name).touch()
    check_own_files(check(changed({"ensembles.mine": {"file": "r*", "temperature": 2.5}})).ensembles)
    bad = config_entries.OwnEnsemble.model_construct(file=file, temperature=2.5)
    with pytest.raises(ConfigError, match=r"^configuration: ensembles\.mine\.file: (no file|found)") as error:
        check_own_files({"mine": bad})
    assert_sentences(str(error.value))


def test_kinds_of_own_files_are_those_of_the_readers():
    assert set(ENDINGS) == {*SUFFIXES, *READERS}


def test_nested_aliases_are_read_once_and_shown_in_short(tmp_path):
    """Ten levels of ten aliases each stand for 10^10 values, which nothing writes out."""
    levels = ["a0: &a0 [x]", *(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10))]
    path = tmp_path / "aliases.yaml"
    path.write_text("\n".join([*levels, "seed: *a9", "temperatures: *a9"]))
    check_file(path)
    value = []
    for _ in range(10):
        value = [value] * 10
    assert_sentences(refusal(changed({"seed": value, "temperatures": value})))


def test_nothing_in_a_file_is_executed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert refusal_of_file("object.yaml", tmp_path)
    assert not (tmp_path / "hacked").exists()


def test_right_numbers_in_yaml_are_read():
    assert check(changed({"training.learning_rate": "1e-3"})).training.learning_rate == 1e-3
    assert check(changed({"seed": 2**63 - 1})).seed == 2**63 - 1


def test_memory_is_that_of_the_machine_unless_it_is_set():
    """The same configuration fits or not, by the machine or by memory_gb, which goes first."""
    largest = max(need.memory for need in needs(check(DEFAULT)))
    check_memory(check(DEFAULT), largest)
    with pytest.raises(ConfigError, match=r"allowed are \S+ GB, the memory of this machine"):
        check_memory(check(DEFAULT), largest - 1)
    check_memory(check(changed({"memory_gb": 2 * largest / 1e9})), 1)
    with pytest.raises(ConfigError, match="as memory_gb says"):
        check_memory(check(changed({"memory_gb": 0.5 * largest / 1e9})), MEMORY)


def test_memory_of_an_ensemble_is_counted():
    """76 chains of 1000 lattices of 16 x 16 spins, a byte each: twice, while temperatures are joined."""
    (ensemble,) = [n for n in needs(check(DEFAULT)) if n.job == "the ensemble 'ising'"]
    assert ensemble.memory == pytest.approx(2 * 76 * 1000 * 256, rel=0.1)
