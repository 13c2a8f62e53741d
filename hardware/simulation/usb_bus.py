# ruff: noqa: ARG002 (the interface has arguments for buses with more than printers)
"""A simulated USB bus: the layer under pyusb, with printers that sit on lines of the bench.

Everything above libusb runs as it does with a real plug. A printer that is unplugged is not on
the bus. Source of the descriptors: USB 2.0, chapter 9, and the printing class 1.1.
"""

import errno
import socket
from array import array
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import usb.core
from usb.backend import IBackend

OUT, IN = 0x01, 0x82
PACKET = 64
GET_DESCRIPTOR, STRING = 0x06, 0x03
ENGLISH = 0x0409


@dataclass(frozen=True, slots=True)
class Plug:
    """One printer on the bus, and the port of its simulated device on 127.0.0.1."""

    port: int
    vendor: int = 0x04B8
    product: int = 0x0E15
    maker: str = "EPSON"
    model: str = "TM-T20II"
    serial: str = "000042"


@dataclass(slots=True)
class _Handle:
    plug: Plug
    line: socket.socket
    configuration: int = 1


class SimulatedUsbBus(IBackend):  # type: ignore[misc]  # pyusb is untyped
    """Implements what pyusb asks of libusb.

    Attributes:
        plugs: What is on the bus.
        is_held_by_kernel: Whether the system's own driver (usblp) has them, as after plugging in.
        is_held_by_another: Whether another program has claimed them.
        is_forbidden: Whether this user may not open them.
    """

    def __init__(self, *plugs: Plug) -> None:
        super().__init__()
        self.plugs = list(plugs)
        self.is_held_by_kernel = True
        self.is_held_by_another = False
        self.is_forbidden = False

    def enumerate_devices(self) -> Iterator[Plug]:
        """Give the printers whose devices are there."""
        for plug in self.plugs:
            with suppress(OSError), socket.create_connection(("127.0.0.1", plug.port), 1):
                yield plug

    def get_parent(self, dev: Plug) -> None:
        """All sit on the root."""

    def get_device_descriptor(self, dev: Plug) -> Any:
        """USB 2.0, table 9-8."""
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x0200, bDeviceClass=0, bDeviceSubClass=0,
            bDeviceProtocol=0, bMaxPacketSize0=PACKET, idVendor=dev.vendor, idProduct=dev.product,
            bcdDevice=0x0100, iManufacturer=1, iProduct=2, iSerialNumber=3, bNumConfigurations=1,
            address=dev.port % 127, bus=1, port_number=1, port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: Plug, config: int) -> Any:
        """USB 2.0, table 9-10."""
        if config:
            raise IndexError(config)
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1, bConfigurationValue=1,
            iConfiguration=0, bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: Plug, intf: int, alt: int, config: int) -> Any:
        """Printing class 1.1, section 5.1.3: class 7, subclass 1, both ways."""
        if intf or alt:
            raise IndexError(intf)
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=2,
            bInterfaceClass=7, bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0,
            extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: Plug, ep: int, intf: int, alt: int, config: int) -> Any:
        """Printing class 1.1, section 5.1.4."""
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(OUT, IN)[ep], bmAttributes=2,
            wMaxPacketSize=PACKET, bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: Plug) -> _Handle:
        """Connect to the simulated device."""
        if self.is_forbidden:
            raise usb.core.USBError("Access denied (insufficient permissions)", errno=errno.EACCES)
        try:
            return _Handle(dev, socket.create_connection(("127.0.0.1", dev.port), 1))
        except OSError:
            raise _gone() from None

    def close_device(self, dev_handle: _Handle) -> None:
        """Hang up."""
        dev_handle.line.close()

    def set_configuration(self, dev_handle: _Handle, config_value: int) -> None:
        """There is one."""

    def get_configuration(self, dev_handle: _Handle) -> int:
        """There is one."""
        return dev_handle.configuration

    def set_interface_altsetting(self, dev_handle: _Handle, intf: int, altsetting: int) -> None:
        """There is one."""

    def claim_interface(self, dev_handle: _Handle, intf: int) -> None:
        """Refuse while somebody holds it."""
        if self.is_held_by_kernel or self.is_held_by_another:
            raise usb.core.USBError("Resource busy", errno=errno.EBUSY)

    def release_interface(self, dev_handle: _Handle, intf: int) -> None:
        """Nobody else waits."""

    def is_kernel_driver_active(self, dev_handle: _Handle, intf: int) -> bool:
        """Tell whether usblp has it."""
        return self.is_held_by_kernel

    def detach_kernel_driver(self, dev_handle: _Handle, intf: int) -> None:
        """Send usblp away."""
        self.is_held_by_kernel = False

    def bulk_write(self, dev_handle: _Handle, ep: int, intf: int, data: Any, timeout: int) -> int:
        """Send to the device."""
        dev_handle.line.settimeout(timeout / 1000)
        try:
            dev_handle.line.sendall(data.tobytes())
        except TimeoutError:
            raise usb.core.USBTimeoutError("Operation timed out", errno=errno.ETIMEDOUT) from None
        except OSError:
            raise _gone() from None
        return len(data)

    def bulk_read(self, dev_handle: _Handle, ep: int, intf: int, buff: Any, timeout: int) -> int:
        """Receive one packet from the device."""
        dev_handle.line.settimeout(timeout / 1000)
        try:
            data = dev_handle.line.recv(len(buff))
        except TimeoutError:
            raise usb.core.USBTimeoutError("Operation timed out", errno=errno.ETIMEDOUT) from None
        except OSError:
            raise _gone() from None
        if not data:
            raise _gone()
        buff[: len(data)] = array("B", data)
        return len(data)

    def ctrl_transfer(
        self,
        dev_handle: _Handle,
        bmRequestType: int,  # noqa: N803 (names of USB 2.0, table 9-2)
        bRequest: int,  # noqa: N803
        wValue: int,  # noqa: N803
        wIndex: int,  # noqa: N803
        data: Any,
        timeout: int,
    ) -> int:
        """Answer GET_DESCRIPTOR for strings (USB 2.0, section 9.6.7)."""
        if bRequest != GET_DESCRIPTOR or wValue >> 8 != STRING:
            raise usb.core.USBError("Pipe error", errno=errno.EPIPE)
        plug = dev_handle.plug
        texts = ("", plug.maker, plug.model, plug.serial)
        number = wValue & 0xFF
        body = ENGLISH.to_bytes(2, "little") if number == 0 else texts[number].encode("utf-16-le")
        answer = array("B", bytes([2 + len(body), STRING]) + body)[: len(data)]
        data[: len(answer)] = answer
        return len(answer)


def _gone() -> Exception:
    error: Exception = usb.core.USBError("No such device", errno=errno.ENODEV)
    return error
