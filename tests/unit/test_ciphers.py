"""Keys, MACs and paddings come out as the printed worked examples say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.smartcard.chip_errors import ChipError
from hardware.smartcard.protocols.ciphers import (
    Authenticator,
    Chain,
    Cipher,
    decrypt,
    derive_key,
    encrypt,
    encrypt_block,
    mac,
    pad,
    unpad,
)

H = bytes.fromhex


@pytest.mark.parametrize(
    ("secret", "counter", "cipher", "key"),
    [
        # ICAO Doc 9303-11, Appendix D.1
        ("239AB9CB282DAF66231DC5A4DF6BFBAE", 1, Cipher.TDES, "AB94FDECF2674FDFB9B391F85D7F76F2"),
        ("239AB9CB282DAF66231DC5A4DF6BFBAE", 2, Cipher.TDES, "7962D9ECE03D1ACD4C76089DCE131543"),
        # ICAO Doc 9303-11, Appendix G.1
        (
            "28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925",
            1,
            Cipher.AES128,
            "F5F0E35C0D7161EE6724EE513A0D9A7F",
        ),
        (
            "28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925",
            2,
            Cipher.AES128,
            "FE251C7858B356B24514B3BD5F4297D1",
        ),
        (
            "7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD",
            3,
            Cipher.AES128,
            "89DED1B26624EC1E634C1989302849DD",
        ),
        # Longer keys: the gmrtd project's own rows
        (
            "7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD12345678",
            3,
            Cipher.AES192,
            "4487BB60D75E55928AB2406733D060BB600C7FA4AEEAB92B",
        ),
        (
            "7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD12345678ABCDEF1234567890",
            3,
            Cipher.AES256,
            "AC92515EDD0F4714CBB46C683CC1A66DEBB68B3CC34F29904DB757AC88988D31",
        ),
    ],
)
def test_keys_are_derived(secret, counter, cipher, key):
    assert derive_key(cipher, H(secret), counter) == H(key)


def test_a_nonce_goes_between_the_secret_and_the_counter():
    assert derive_key(Cipher.AES128, b"ab", 1, b"cd") == derive_key(Cipher.AES128, b"abcd", 1)


def test_the_retail_mac_of_bac():
    # ICAO Doc 9303-11, Appendix D.3: M_IFD over E_IFD
    key = H("7962D9ECE03D1ACD4C76089DCE131543")
    told = H("72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2")
    assert mac(Cipher.TDES, key, pad(told, 8)) == H("5F1448EEA8AD90A7")


def test_cmac_is_cut_to_its_first_half():
    # NIST SP 800-38B, Appendix D.1, examples 1 and 2
    key = H("2B7E151628AED2A6ABF7158809CF4F3C")
    assert mac(Cipher.AES128, key, b"") == H("BB1D6929E9593728")
    assert mac(Cipher.AES128, key, H("6BC1BEE22E409F96E93D7E117393172A")) == H("070A16B46B4D4144")


def test_the_nonce_of_pace_is_decrypted():
    # ICAO Doc 9303-11, Appendix G.1
    key = H("89DED1B26624EC1E634C1989302849DD")
    nonce = H("3F00C4D39D153F2B2A214A078D899B22")
    assert decrypt(Cipher.AES128, key, H("95A3A016522EE98D01E76CB6B98B42C3")) == nonce
    assert encrypt_block(Cipher.AES128, key, nonce) == H("95A3A016522EE98D01E76CB6B98B42C3")


@pytest.mark.parametrize("cipher", Cipher)
@given(messages=st.lists(st.tuples(st.binary(max_size=70), st.binary(min_size=16, max_size=16))))
def test_a_chain_that_runs_on_says_what_fresh_contexts_say(cipher, messages):
    key = bytes(range(cipher.key_bytes))
    chain, seal = Chain(cipher, key), Authenticator(cipher, key)
    for message, vector in messages:
        iv, data = vector[: cipher.block], pad(message, cipher.block)
        hidden = encrypt(cipher, key, data, iv)
        assert chain.encrypt(data, iv) == hidden
        assert chain.decrypt(hidden, iv) == data == decrypt(cipher, key, hidden, iv)
        assert seal.mac(data) == mac(cipher, key, data)
        assert unpad(data) == message


@pytest.mark.parametrize("block", [8, 16])
def test_padding_fills_whole_blocks_and_always_adds(block):
    for size in range(2 * block + 1):
        padded = pad(bytes(size), block)
        assert len(padded) % block == 0
        assert len(padded) > size
        assert padded[size] == 0x80


@pytest.mark.parametrize("data", ["", "00", "80" + "00" * 16, "81", "7F00"])
def test_wrong_padding_is_malformed(data):
    with pytest.raises(ChipError, match="malformed"):
        unpad(H(data))


@pytest.mark.parametrize("size", [0, 1, 15, 17])
def test_half_blocks_are_malformed(size):
    key = bytes(16)
    with pytest.raises(ChipError, match="malformed"):
        decrypt(Cipher.AES128, key, bytes(size))
    with pytest.raises(ChipError, match="malformed"):
        Chain(Cipher.AES128, key).decrypt(bytes(size), bytes(16))
    with pytest.raises(ValueError, match="length"):
        mac(Cipher.TDES, bytes(24), bytes(8))
    with pytest.raises(ValueError, match="blocks"):
        mac(Cipher.TDES, key, bytes(7))
