import logging

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import helper, numpy_helper

from common.matching import finger_extraction, finger_network
from common.matching.finger_extraction import MinutiaeEngine, extract
from common.matching.finger_network import FingerNetworkError
from common.matching.letting_go import let_go
from common.matching.network_fusion import fuse
from hardware.simulation.people import person

INDEX = 2


@pytest.fixture
def forgotten(monkeypatch):
    """The network as it is before the first call."""
    monkeypatch.setattr(finger_network, "_loaded", [])


@pytest.fixture(scope="module")
def impression():
    return person(3).finger(INDEX, 1)


def unfused(weights):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def test_fusing_does_not_change_what_the_network_says(impression):
    padded, top, left = finger_network._padded(impression)
    plain = unfused(finger_network._checked_weights())
    (answer,) = plain.run(None, {"input": padded[None, :, :, None]})
    height, width = impression.shape
    expected = answer[0, top : top + height, left : left + width]
    found = finger_network.load().find(impression, 0.3)
    sure = expected[..., 3] >= 0.3
    assert set(zip(found.y, found.x, strict=True)) == set(zip(*np.nonzero(sure), strict=True))
    assert np.allclose(found.confidence, expected[found.y, found.x, 3], atol=1e-3)
    turn = np.angle(np.exp(1j * (found.direction - expected[found.y, found.x, 1])))
    assert np.abs(turn).max() < 0.02


def test_every_gelu_and_normalisation_of_the_network_is_fused(monkeypatch):
    seen = []

    def counted(model):
        seen.append(fuse(model))
        return seen[-1]

    monkeypatch.setattr("common.matching.network_fusion.fuse", counted)
    finger_network.load()
    assert seen == [(27, 24)]


def test_a_graph_of_another_shape_is_left_as_it_is():
    nodes = [
        helper.make_node("Tanh", ["x"], ["t"]),
        helper.make_node("Abs", ["t"], ["a"]),
        helper.make_node("Sqrt", ["a"], ["y"]),
    ]
    value = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [4]) for name in "xy"]
    model = helper.make_model(helper.make_graph(nodes, "odd", value[:1], value[1:]))
    assert fuse(model) == (0, 0)
    assert [node.op_type for node in model.graph.node] == ["Tanh", "Abs", "Sqrt"]


def test_a_normalisation_is_fused_with_its_convolutions():
    rng = np.random.default_rng(5)
    weights = {
        "w1": rng.normal(size=(6, 3, 1, 1)),
        "b1": rng.normal(size=6),
        "gain": rng.normal(size=(1, 6, 1, 1)),
        "offset": rng.normal(size=(1, 6, 1, 1)),
        "eps": np.full((1, 1, 1, 1), 1e-3),
        "w2": rng.normal(size=(2, 6, 1, 1)),
        "b2": rng.normal(size=2),
    }
    nodes = [
        helper.make_node("Conv", ["x", "w1", "b1"], ["z"], kernel_shape=[1, 1]),
        helper.make_node("ReduceMean", ["z"], ["m"], axes=[1], keepdims=1),
        helper.make_node("Sub", ["z", "m"], ["c"]),
        helper.make_node("Mul", ["c", "c"], ["q"]),
        helper.make_node("ReduceMean", ["q"], ["v"], axes=[1], keepdims=1),
        helper.make_node("Add", ["v", "eps"], ["e"]),
        helper.make_node("Sqrt", ["e"], ["s"]),
        helper.make_node("Reciprocal", ["s"], ["r"]),
        helper.make_node("Mul", ["r", "gain"], ["g"]),
        helper.make_node("Neg", ["m"], ["n"]),
        helper.make_node("Mul", ["n", "g"], ["h"]),
        helper.make_node("Add", ["h", "offset"], ["o"]),
        helper.make_node("Mul", ["z", "g"], ["p"]),
        helper.make_node("Add", ["p", "o"], ["l"]),
        helper.make_node("Conv", ["l", "w2", "b2"], ["y"], kernel_shape=[1, 1]),
    ]
    shape: list[str | int | None] = [1, "c", "h", "w"]
    value = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape) for name in "xy"]
    kept = [numpy_helper.from_array(w.astype(np.float32), name) for name, w in weights.items()]
    graph = helper.make_graph(nodes, "norm", value[:1], value[1:], kept)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    given = {"x": rng.normal(size=(1, 3, 5, 4)).astype(np.float32)}
    (expected,) = unfused(model.SerializeToString()).run(None, given)
    assert fuse(model) == (0, 1)
    (found,) = unfused(model.SerializeToString()).run(None, given)
    assert np.allclose(found, expected, atol=1e-5)
    # The mean is gone into the first convolution, gain and offset into the second one.
    assert {"ReduceMean", "BatchNormalization"}.isdisjoint(n.op_type for n in model.graph.node)


def test_altered_weights_are_refused(monkeypatch):
    monkeypatch.setattr(finger_network, "_SHA256", "0" * 64)
    with pytest.raises(FingerNetworkError, match="not the one"):
        finger_network.load()


@pytest.mark.parametrize("missing", ["the package", "the file", "the runtime"])
def test_without_the_network_nbis_reads_the_finger_and_the_log_says_it_once(
    missing, forgotten, monkeypatch, caplog, impression
):
    match missing:
        case "the package":
            monkeypatch.setattr(finger_network, "find_spec", {}.get)
        case "the file":
            monkeypatch.setattr(finger_network, "_FILE", "weights/gone.onnx")
        case _:
            monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    with caplog.at_level(logging.WARNING):
        found = [extract(impression) for _ in range(2)]
    assert found[0] == extract(impression, engine=MinutiaeEngine.NBIS)
    assert len(found[0].minutiae) > 15
    assert [record.getMessage().startswith("fingers are read by NBIS") for record in caplog.records]
    assert len(caplog.records) == 1


def test_a_network_that_breaks_down_leaves_this_finger_to_nbis(monkeypatch, caplog, impression):
    class Exhausted:
        def run(self, outputs, inputs):
            raise MemoryError(outputs, len(inputs))

    broken = finger_network.FingerNetwork(Exhausted())
    monkeypatch.setattr(finger_extraction, "network", lambda: broken)
    assert len(extract(impression).minutiae) > 15
    assert "broke down" in caplog.text


def test_an_empty_picture_takes_the_place_of_the_last_finger(impression):
    class Session:
        def __init__(self):
            self.seen = []

        def run(self, _outputs, inputs):
            self.seen.append(inputs["input"])
            return [np.zeros((*inputs["input"].shape[:3], 4), np.float32)]

    session = Session()
    network = finger_network.FingerNetwork(session)
    let_go()
    assert not session.seen, "where no finger was, nothing is to be done"
    network.find(impression, 0.5)
    let_go()
    let_go()
    finger, empty = session.seen
    assert finger.any()
    assert not empty.any()
    assert empty.shape == finger.shape, "the same places in the session's memory"
