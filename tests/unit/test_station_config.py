import pytest

from common.domain.language import OFFICE_LANGUAGES
from common.station.config import ConfigError, EngineConfig, StationKind, journal_key, read, secret

GOOD = """\
[station]
name = "tag-1"
kind = "tag"
office = "HQ"

[backend]
address = "http://127.0.0.1:8600"
key = "file:tag-1.key"

[devices.camera]
driver = "mjpeg"
address = "http://127.0.0.1:8601/stream"
"""


@pytest.fixture
def write(tmp_path):
    def write(text):
        file = tmp_path / "station.toml"
        file.write_text(text)
        return file

    return write


def test_reads_a_station(write, tmp_path):
    config = read(write(GOOD))
    assert (config.kind, config.languages) == (StationKind.TAG, OFFICE_LANGUAGES)
    assert config.devices["camera"].driver == "mjpeg"
    assert config.data == tmp_path / "data"
    assert config.size is None


def test_a_kiosk_may_have_a_loudspeaker(write):
    assert read(write(GOOD)).loudspeaker == ""
    loud = GOOD + '\n[sound]\nloudspeaker = "alsa:plughw:CARD=Hall"\n'
    assert read(write(loud)).loudspeaker == "alsa:plughw:CARD=Hall"
    assert read(write(loud)).hall_voice == EngineConfig()
    voiced = loud + 'prompts = "prompts"\ncommand = ["say"]\nvoices = { en = "anna" }\n'
    found = read(file := write(voiced)).hall_voice
    assert (found.command, found.voices) == (("say",), {"en": "anna"})
    assert found.prompts == file.parent / "prompts"


def test_a_kiosk_may_hang_the_other_way(write):
    text = GOOD.replace('office = "HQ"', 'office = "HQ"\nsize = [1920, 1080]')
    assert read(write(text)).size == (1920, 1080)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (GOOD.replace('kind = "tag"', 'kind = "toaster"'), "line 3: kind must be one of"),
        (GOOD.replace('name = "tag-1"\n', ""), "line 1: [station] needs name"),
        (GOOD.replace('driver = "mjpeg"', "driver = 3"), "line 11: [devices.camera] needs driver"),
        (GOOD.replace("[backend]", "[front]"), "there is no [backend]"),
        (GOOD.replace('office = "HQ"', "office = HQ"), "line 4"),
        (GOOD.replace('office = "HQ"', 'office = "HQ"\nlanguages = ["fr"]'), "line 5: languages"),
        (GOOD.replace('office = "HQ"', 'office = "HQ"\nsize = [1920]'), "line 5: size"),
        (GOOD.replace('office = "HQ"', 'office = "HQ"\nsize = [320, 200]'), "line 5: size"),
        (GOOD + "\n[sound]\n", "line 14: [sound] needs loudspeaker"),
    ],
)
def test_says_in_which_line_it_is_wrong(write, wrong, says):
    with pytest.raises(ConfigError) as told:
        read(write(wrong))
    assert says in str(told.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"nowhere\.toml"):
        read(tmp_path / "nowhere.toml")


def test_a_secret_comes_from_its_file_or_not_at_all(tmp_path):
    (tmp_path / "k.key").write_text("quiet\n")
    assert secret("file:k.key", tmp_path) == "quiet"
    for wrong in ("file:none.key", "quiet"):
        with pytest.raises(ConfigError):
            secret(wrong, tmp_path)


def test_the_journal_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    key = journal_key(tmp_path / "data")
    assert len(key) == 32
    assert journal_key(tmp_path / "data") == key
    assert (tmp_path / "data" / "journal.key").stat().st_mode & 0o077 == 0
