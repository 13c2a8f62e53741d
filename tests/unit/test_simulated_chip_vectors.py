"""The simulated chip against the worked examples of ICAO Doc 9303-11, byte for byte.

The chip's random numbers are those of the examples; all else is what it answers.
"""

import pytest

from hardware.simulation.chip import SimulatedChip, blank_chip
from hardware.simulation.chip.groups import standardised
from hardware.simulation.chip.pace import pseudo_random
from hardware.simulation.chip.symmetric import BlockCipher, Suite, derive

SERIAL = "0A0B0C0D01020304"


class Scripted:
    """Gives the numbers of an example in their order."""

    def __init__(self, *numbers: str) -> None:
        self._numbers = [bytes.fromhex(number) for number in numbers]

    def octets(self, count: int) -> bytes:
        taken = self._numbers.pop(0)
        assert len(taken) == count
        return taken

    def scalar(self, order: int) -> int:
        number = int.from_bytes(self._numbers.pop(0), "big")
        assert 0 < number < order
        return number


def card(random: Scripted, information: str, card_access: str = "", **files: str) -> SimulatedChip:
    memory = blank_chip(SERIAL)
    memory["locked"] = True
    memory["passwords"] = {"mrz": information}
    memory["master_files"] = {"011C": card_access}
    memory["files"] = files
    return SimulatedChip(memory, lambda: None, random=random)


def play(chip: SimulatedChip, *exchanges: tuple[str, str]) -> None:
    for command, expected in exchanges:
        assert chip.transmit(bytes.fromhex(command)).hex().upper() == expected


@pytest.mark.parametrize(
    ("suite", "secret", "counter", "key"),
    [
        # Appendix D.1 and 9.7.1: keys from the seed of the document's zone
        (
            Suite.TDES,
            "239AB9CB282DAF66231DC5A4DF6BFBAE",
            1,
            "AB94FDECF2674FDFB9B391F85D7F76F2",
        ),
        (
            Suite.TDES,
            "239AB9CB282DAF66231DC5A4DF6BFBAE",
            2,
            "7962D9ECE03D1ACD4C76089DCE131543",
        ),
        # Appendix G.1
        (
            Suite.AES128,
            "28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925",
            1,
            "F5F0E35C0D7161EE6724EE513A0D9A7F",
        ),
        (
            Suite.AES128,
            "7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD",
            3,
            "89DED1B26624EC1E634C1989302849DD",
        ),
    ],
)
def test_key_derivation(suite, secret, counter, key):
    assert derive(suite, bytes.fromhex(secret), counter) == bytes.fromhex(key)


def test_basic_access_and_3des_secure_messaging():
    """Appendix D.3 and D.4."""
    chip = card(
        Scripted("4608F91988702212", "0B4F80323EB3191CB04970CB4052790B"),
        "L898902C<369080619406236",
        **{"011E": "60145F0104303130365F36063034303030305C026175"},
    )
    play(
        chip,
        ("00A4040C07A0000002471001", "9000"),
        ("0084000008", "4608F919887022129000"),
        (
            "008200002872C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2"
            "5F1448EEA8AD90A728",
            "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D74499000",
        ),
        (
            "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
            "990290008E08FA855A5D4C50A8ED9000",
        ),
        (
            "0CB000000D9701048E08ED6705417E96BA5500",
            "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000",
        ),
        (
            "0CB000040D9701128E082EA28A70F3C7B53500",
            "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D74"
            "9000",
        ),
    )


def test_pace_with_generic_mapping():
    """Appendix G.1: brainpoolP256r1, AES-128, the zone as password."""
    random = Scripted(
        "3F00C4D39D153F2B2A214A078D899B22",
        "498FF49756F2DC1587840041839A85982BE7761D14715FB091EFA7BCE9058560",
        "107CF58696EF6155053340FD633392BA81909DF7B9706F226F32086C7AFF974A",
    )
    chip = card(random, "T22000129364081251010318", "31143012060A04007F0007020204020202010202010D")
    play(
        chip,
        ("0022C1A40F800A04007F00070202040202830101", "9000"),
        ("10860000027C0000", "7C12801095A3A016522EE98D01E76CB6B98B42C39000"),
        (
            "10860000457C438141047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC"
            "5E544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D00",
            "7C43824104824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F5730D8C879"
            "AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C549000",
        ),
        (
            "10860000457C438341042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD30"
            "1C3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB3646200",
            "7C438441049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB7764B222"
            "77A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F0949000",
        ),
        (
            "008600000C7C0A8508C2B0BD78D94BA86600",
            "7C0A86083ABB9674BCE93C089000",
        ),
    )


def test_integrated_mapping_on_a_curve():
    """Appendix H.1: the nonce encrypted, and the x coordinate of the mapped generator."""
    nonce = bytes.fromhex("2923BE84E16CD6AE529049F1F1BBE9EB")
    other = bytes.fromhex("5DD4CBFC96F5453B130D890A1CDBAE32")
    password_key = BlockCipher(Suite.AES128, bytes.fromhex("591468CDA83D65219CCCB8560233600F"))
    assert password_key.encrypt(nonce).hex().upper() == "143DC40C08C8E891FBED7DEDB92B64AD"
    curve = standardised(13)
    mapped = curve.map_integrated(pseudo_random(Suite.AES128, nonce, other, curve.field_bits))
    assert mapped[1:33].hex().upper() == (
        "8E82D31559ED0FDE92A4D0498ADD3C23BABA94FB77691E31E90AEA77FB17D427"
    )
    pair = curve.pair(
        Scripted("A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595"), mapped
    )
    assert pair.public.hex().upper() == (
        "0489CBA23FFE96AA18D824627C3E934E54A9FD0B87A95D1471DC1C0ABFDCD640D4"
        "6755DE9B7B778280B6BEBD57439ADFEB0E21FD4ED6DF42578C13418A59B34C37"
    )
    secret = pair.agree(
        bytes.fromhex(
            "0467F78E5F7F7686082B293E8D087E056916D0F74BC01A5F8957D0DE45691E51E8"
            "932B69A962B52A0985AD2C0A271EE6A13A8ADDDCD1A3A994B9DED257F4D22753"
        )
    )
    assert derive(Suite.AES128, secret, 1).hex().upper() == "0D3FEB33251A6370893D62AE8DAAF51B"
    assert derive(Suite.AES128, secret, 2).hex().upper() == "B01E89E3D9E8719E586B50B4A7506E0B"


def test_integrated_mapping_in_a_field():
    """Appendix H.2: the 1024-bit group with a subgroup of 160 bits."""
    nonce = bytes.fromhex("FA5B7E3E49753A0DB9178B7B9BD898C8")
    other = bytes.fromhex("B3A6DB3C870C3E99245E0D1C06B747DE")
    field = standardised(0)
    mapped = field.map_integrated(pseudo_random(Suite.AES128, nonce, other, field.field_bits))
    assert mapped.hex().upper() == (
        "1D7D767F11E333BCD6DBAEF40E799E7A926B96973550656FF3C830726D118D61C276CDCC61D475CF03A98E0C"
        "0E79CAEBA5BE25578BD4551D0B10903236F0B0F976852FA78EEA14EA0ACA87D1E91F688FE0DFF897BBE35A47"
        "2621D343564B262F34223AE8FC59B664BFEDFA2BFE7516CA5510A6BBB633D517EC25D4E0BBAA16C2"
    )


def test_public_values_have_no_leading_zeros_but_secrets_have():
    """Clause 9.4.3 and PKCS #3: a number is as short as can be, a secret as long as the prime."""
    field = standardised(0)
    numbers = range(2, 3000)
    pairs = [field.pair(Scripted(f"{number:04X}")) for number in numbers]
    assert all(pair.public[0] for pair in pairs)
    assert any(len(pair.public) < 128 for pair in pairs)
    shortest = min(pairs, key=lambda pair: len(pair.public))
    assert len(field.pair(Scripted("01")).agree(shortest.public)) == 128


def test_chip_authentication_mapping():
    """Appendix I: nonce, ephemeral generator and keys; the chip's own keys are not published."""
    curve = standardised(13)
    nonce = int("658B860BC94DF6F044FCE6D5C82CF8E5", 16)
    terminal = curve.pair(
        Scripted("5D8BB87BD74D985A4B7D4325B9F7B976FE835122773400798914AA22738135CC")
    )
    mapped = terminal.map_generic(
        nonce,
        bytes.fromhex(
            "04A234236AA9B9621E8EFB73B5245C0E09D2576E5277183C1208BDD55280CAE8B3"
            "04F365713A356E65A451E165ECC9AC0AC46E3771342C8FE5AEDD092685338E23"
        ),
    )
    assert mapped.hex().upper() == (
        "0489F0B5EABF3BE293C75903A3986131925C9F5B515CA95AF485DC7E886F03245D"
        "44BEFB2DD3A0DBD71CB5E618971CF4747F12B79E548379A40E45963BAAF3E829"
    )
    cipher = BlockCipher(Suite.AES128, bytes.fromhex("0A9DA4DB03BDDE39FC5202BC44B2E89E"))
    proof = "85DC3FA93D0952BFA82F5FD189EE75BD82F11D1F0B8ED4BF5319AC9B53C426B3" + "80" + 15 * "00"
    assert cipher.encrypt(bytes.fromhex(proof), cipher.one_block(b"\xff" * 16)).hex().upper() == (
        "1EEA964DAAE372AC990E3EFDE6333353BFC89A6704D93DA8798CF77F5B7A54BD"
        "10CBA372B42BE0B9B5F28AA8DE2F4F92"
    )
