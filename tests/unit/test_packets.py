"""Packets: nobody reads them, nobody changes them, anybody can prove them."""

import os
import random
import tracemalloc

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import given, settings
from hypothesis import strategies as st

from common.wire.facts import new_id
from common.wire.packet_keys import PacketPrivateKey, PacketPublicKey
from common.wire.packet_sealing import (
    Sealing,
    open_chunks,
    pack,
    signed_bytes,
    unpack,
    verify,
)
from common.wire.packets import (
    CHUNK,
    LARGEST_PLAIN,
    PacketAbout,
    PacketError,
    PacketReceipt,
    PacketState,
    leaf,
    read_header,
    root,
    write_header,
)
from common.wire.signed import SignatureError, open_signed, sign
from tests.support.packet_people import AT, KEY, SIGNER, Sealed, Signer, sealed

MUTATIONS = int(os.environ.get("SMARTICS_PACKET_MUTATIONS", "5000"))


def opened(packet, key=KEY, signer=SIGNER):
    header = verify(
        packet.header, packet.signature, [leaf(c) for c in packet.chunks], signer.public
    )
    return b"".join(open_chunks(header, packet.chunks, key))


def open_file(file, signer=SIGNER, key=KEY):
    header, signature, chunks = unpack(file)
    found = verify(header, signature, [leaf(chunk) for chunk in chunks], signer.public)
    return b"".join(open_chunks(found, [bytes(chunk) for chunk in chunks], key))


@pytest.mark.parametrize("size", [1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * 2**20 + 17])
def test_what_was_sealed_is_what_opens(size):
    plain = os.urandom(size)
    packet = Sealed(plain, KEY.public(), SIGNER)
    assert opened(packet) == plain
    header = read_header(packet.header)
    assert [len(chunk) for chunk in packet.chunks] == [
        header.chunk_bytes(index) for index in range(header.chunks)
    ]
    assert open_file(b"".join(pack(packet.header, packet.signature, packet.chunks))) == plain


def mutated(draw, file):
    file = bytearray(file)
    how = draw.randrange(6)
    at = draw.randrange(len(file))
    if how == 0:
        file[at] ^= 1 << draw.randrange(8)
    elif how == 1:
        del file[at:]
    elif how == 2:
        file[at:at] = draw.randbytes(draw.randrange(1, 9))
    elif how == 3:
        del file[at : at + draw.randrange(1, 9)]
    elif how == 4:
        length = draw.randrange(1, 200)
        file[at : at + length] = draw.randbytes(length)
    else:
        other = draw.randrange(len(file))
        length = draw.randrange(1, 200)
        file[at : at + length] = file[other : other + length]
    return bytes(file)


def test_no_mutation_of_a_packet_is_accepted():
    seed = random.SystemRandom().randrange(2**32)
    draw, accepted, tried = random.Random(seed), 0, 0
    packet = sealed(900)
    file = b"".join(pack(packet.header, packet.signature, packet.chunks))
    while tried < MUTATIONS:
        changed = mutated(draw, file)
        if changed == file:
            continue
        tried += 1
        try:
            open_file(changed)
        except PacketError:
            continue
        accepted += 1
    assert accepted == 0, f"seed {seed}"


def words_of_the_header():
    header = read_header(sealed(10).header).model_dump(mode="json")
    return sorted(set(header) - {"format", "suite", "chunk", "fact_schema"})


@pytest.mark.parametrize("word", words_of_the_header())
def test_the_ciphertext_is_bound_to_every_word_of_its_header(word):
    # The station itself signs the changed header: only the sealing can refuse it now.
    packet, other = sealed(10), sealed(10, seq=2, prev="ab" * 32, office="KLN", station="field-2")
    value = getattr(read_header(other.header), word)
    changed = {
        "officers": ("somebody",),
        "order_id": new_id(),
        "receipt_number": "HQ-2026-F000009",
        "size": 11,
        "kid": "00" * 32,
        "signer": "A" * 43,
        "clocks": read_header(packet.header).clocks.model_copy(update={"monotonic_ms": 6}),
    }.get(word, value)
    header = write_header(read_header(packet.header).model_copy(update={word: changed}))
    assert header != packet.header
    packet.header, packet.signature = header, SIGNER.sign(signed_bytes(header))
    with pytest.raises(PacketError):
        opened(packet)


def test_the_same_ciphertext_signed_anew_by_another_station_does_not_open():
    packet, thief = sealed(), Signer()
    stolen = read_header(packet.header).model_copy(
        update={"station": "field-2", "signer": thief.id}
    )
    header = write_header(stolen)
    leaves = [leaf(chunk) for chunk in packet.chunks]
    found = verify(header, thief.sign(signed_bytes(header)), leaves, thief.public)
    assert found.station == "field-2"
    with pytest.raises(PacketError, match="does not open"):
        list(open_chunks(found, packet.chunks, KEY))


def test_only_its_own_station_s_signature_counts():
    packet = sealed()
    leaves = [leaf(chunk) for chunk in packet.chunks]
    with pytest.raises(PacketError, match="signature"):
        verify(packet.header, Signer().sign(signed_bytes(packet.header)), leaves, SIGNER.public)
    # A signature over the bare header could have been got for something else.
    with pytest.raises(PacketError, match="signature"):
        verify(packet.header, SIGNER.sign(packet.header), leaves, SIGNER.public)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_chunks_swapped_repeated_or_left_out_do_not_open(data):
    packet = SWAPPED
    order = data.draw(st.lists(st.integers(0, 2), max_size=4).filter(lambda o: o != [0, 1, 2]))
    chunks = [packet.chunks[index] for index in order]
    with pytest.raises(PacketError):
        list(open_chunks(read_header(packet.header), chunks, KEY))
    with pytest.raises(PacketError):
        verify(packet.header, packet.signature, [leaf(c) for c in chunks], SIGNER.public)


SWAPPED = sealed(2 * CHUNK + 5)


def test_a_header_in_another_spelling_is_refused():
    packet = sealed()
    for spelling in (packet.header + b" ", packet.header.replace(b'":"', b'": "', 1)):
        with pytest.raises(PacketError, match="canonical"):
            read_header(spelling)
    with pytest.raises(PacketError, match="shape"):
        read_header(b"{}")


def test_a_large_case_is_sealed_without_copies_of_it():
    plain = os.urandom(LARGEST_PLAIN)
    packet = sealed(10).about.model_copy(update={"size": len(plain)})
    tracemalloc.start()
    sealing = Sealing(packet, KEY.public())
    for _chunk in sealing.chunks(plain):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * CHUNK


def test_a_packet_larger_than_allowed_cannot_be_described():
    words = sealed(10).about.model_dump()
    with pytest.raises(ValueError, match="size"):
        PacketAbout.model_validate({**words, "size": LARGEST_PLAIN + 1})


def test_the_two_halves_of_a_key_come_back_from_their_text():
    key = PacketPrivateKey.make()
    again = PacketPrivateKey.from_text(key.text() + "\n")
    assert again == key
    assert again.public().kid == key.public().kid
    assert key.seed.hex() not in repr(key)
    for wrong in ("", key.text()[2:], key.text().split()[0], "zz " + key.text()):
        with pytest.raises(ValueError, match=r"digits|hex"):
            PacketPrivateKey.from_text(wrong)


def test_both_halves_are_needed():
    plain, info = b"roster", b"for one order"
    box = KEY.public().seal(plain, info)
    other = PacketPrivateKey.make()
    assert KEY.open(box, info) == plain
    for half in (
        PacketPrivateKey(other.seed, KEY.x25519),
        PacketPrivateKey(KEY.seed, other.x25519),
    ):
        with pytest.raises(PacketError):
            half.open(box, info)
    with pytest.raises(PacketError):
        KEY.open(box, b"for another order")


def test_a_public_key_travels_as_json_and_a_broken_one_is_named():
    public = KEY.public()
    again = PacketPublicKey.model_validate_json(public.model_dump_json())
    assert KEY.open(again.seal(b"x", b""), b"") == b"x"
    broken = PacketPublicKey.model_construct(mlkem768=b"\xff" * 1184, x25519=public.x25519)
    with pytest.raises(PacketError, match="public key"):
        broken.seal(b"x", b"")


def test_a_leaf_is_never_taken_for_a_node():
    a, b = leaf(b"a"), leaf(b"b")
    assert root([a, b]) != root([leaf(a + b)])
    assert root([a]) == a.hex()
    assert root([a, b, a]) != root([a, b])
    with pytest.raises(PacketError):
        root([])


def test_what_the_backend_signs_counts_for_one_purpose_only():
    key = ed25519.Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    receipt = PacketReceipt(
        packet_id=new_id(),
        station="field-1",
        seq=1,
        header_hash="00" * 32,
        state=PacketState.RECEIVED,
        at=AT,
    )
    signed = sign(key, "packet receipt", receipt)
    travelled = type(signed).model_validate_json(signed.model_dump_json())
    assert open_signed(travelled, public, "packet receipt", PacketReceipt) == receipt
    with pytest.raises(SignatureError):
        open_signed(travelled, public, "work order", PacketReceipt)
    other = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    with pytest.raises(SignatureError):
        open_signed(travelled, other, "packet receipt", PacketReceipt)
    for changed in (travelled.body + " ", travelled.body.replace('"seq":1', '"seq":2')):
        with pytest.raises(SignatureError):
            open_signed(
                travelled.model_copy(update={"body": changed}),
                public,
                "packet receipt",
                PacketReceipt,
            )


def test_a_packet_key_is_on_p256():
    assert isinstance(SIGNER.public.curve, ec.SECP256R1)
