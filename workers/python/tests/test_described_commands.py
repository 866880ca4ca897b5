"""What a folder must say of its command, and when it is another one."""

from pathlib import Path

import pytest

from honua_worker.commands import installed_commands, read_command


def described(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "command.toml").write_text(text)
    return folder


def test_a_description_is_read_with_its_defaults(tmp_path: Path) -> None:
    text = 'argv = ["bash", "run.sh"]\nsecrets = ["TOKEN"]\ngpus = 1\n[variables]\nLEVEL = 3\n'
    command = read_command(described(tmp_path / "render", text))
    assert (command.name, command.argv, command.gpus) == ("command:render", ("bash", "run.sh"), 1)
    assert (command.variables, command.secrets, command.timeout_seconds) == ({"LEVEL": "3"}, ("TOKEN",), 1800)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("argv = []", "argv must be a list"),
        ('argv = "bash"', "argv must be a list"),
        ('argv = ["a"]\ncolour = "red"', "colour is unknown"),
        ('argv = ["a"]\nsecrets = ["AWS_KEY"]', "AWS_KEY cannot be a variable"),
        ('argv = ["a"]\n[variables]\nHONUA_INPUTS = "x"', "HONUA_INPUTS cannot be a variable"),
        ('argv = ["a"]\n[variables]\n"a b" = "x"', "a b cannot be a variable"),
    ],
)
def test_one_that_is_not_valid_says_why(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ValueError, match=f"odd: .*{told}"):
        read_command(described(tmp_path / "odd", text))


def test_it_is_another_one_with_any_file_of_its_folder(tmp_path: Path) -> None:
    folder = described(tmp_path / "one", 'argv = ["run.sh"]')
    seen = {read_command(folder).sha256()}
    for name, text in [("run.sh", "echo 1"), ("run.sh", "echo 2"), ("data/more.txt", ""), ("data/less.txt", "")]:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
        seen.add(read_command(folder).sha256())
    (folder / "run.sh").chmod(0o755)
    seen.add(read_command(folder).sha256())
    assert len(seen) == 6
    assert list(installed_commands(tmp_path)) == ["command:one"]
    assert installed_commands(tmp_path / "nowhere") == {}


def test_one_whose_program_is_not_there_is_not_available(tmp_path: Path) -> None:
    command = read_command(described(tmp_path / "one", 'argv = ["no-such-program-here"]'))
    assert command.why_unavailable() == "Not installed: no-such-program-here."
