"""Makes a network run faster without changing what it says: steps that belong together become one.

Exporters write layer normalisation and GELU as a dozen small operations, each of which walks
through the whole picture. Here they are found by their shape in the graph and replaced:

- GELU (tanh form) by ONNX Runtime's single operation;
- normalisation over channels by its shortest form. Centring is linear, so a convolution before it
  takes it over; gain and offset are taken over by a 1 x 1 convolution behind it.

What is not recognised stays as it is: the network is then slower, never wrong.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, helper, numpy_helper

Floats = npt.NDArray[np.float32]

_CONTRIBUTED = "com.microsoft"


@dataclass
class _Graph:
    """The nodes of a model by what they make and use."""

    model: ModelProto
    weights: dict[str, Floats]
    maker: dict[str, NodeProto] = field(default_factory=dict)
    users: dict[str, list[NodeProto]] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    placed: dict[int, list[NodeProto]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in self.model.graph.node:
            self.maker.update(dict.fromkeys(node.output, node))
            for name in node.input:
                self.users.setdefault(name, []).append(node)

    def living_users(self, name: str) -> list[NodeProto]:
        return [node for node in self.users.get(name, []) if id(node) not in self.gone]

    def only_user(self, node: NodeProto, operation: str) -> NodeProto:
        users = [n for n in self.users.get(node.output[0], []) if n.op_type == operation]
        if len(users) != 1:
            raise _UnknownShapeError
        return users[0]

    def made_by(self, name: str, operation: str) -> NodeProto:
        node = self.maker.get(name)
        if node is None or node.op_type != operation:
            raise _UnknownShapeError
        return node

    def new_weight(self, values: npt.ArrayLike) -> str:
        name = f"fused_weight_{len(self.weights)}"
        self.weights[name] = np.ascontiguousarray(values, dtype=np.float32)
        self.model.graph.initializer.append(numpy_helper.from_array(self.weights[name], name))
        return name

    def replace(self, old: list[NodeProto], new: list[NodeProto]) -> None:
        """Put the new nodes where the last of the old ones stood."""
        self.gone.update(id(node) for node in old)
        self.placed[id(old[-1])] = new

    def rebuild(self) -> None:
        kept: list[NodeProto] = []
        for node in self.model.graph.node:
            if id(node) in self.placed:
                kept.extend(self.placed[id(node)])
            elif id(node) not in self.gone:
                kept.append(node)
        del self.model.graph.node[:]
        self.model.graph.node.extend(kept)


class _UnknownShapeError(Exception):
    """The operations around a node are not those that are looked for."""


@dataclass(frozen=True)
class _Normalisation:
    """One normalisation over channels: its nodes, what goes in and out, gain and offset."""

    nodes: list[NodeProto]
    into: str
    out: str
    epsilon: str
    gain: Floats
    offset: Floats


def fuse(model: ModelProto) -> tuple[int, int]:
    """Rewrite the model in place.

    Args:
        model: A graph in ONNX operator set 13 to 17, channels second (N, C, H, W), without
            needless transpositions, as ONNX Runtime's basic optimisation leaves it.

    Returns:
        How many GELUs and how many normalisations were replaced.
    """
    weights = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    graph = _Graph(model, weights)
    gelus = sum(_fuse_gelu(graph, node) for node in model.graph.node if node.op_type == "Tanh")
    roots = [node for node in model.graph.node if node.op_type == "Sqrt"]
    norms = sum(_fuse_normalisation(graph, node) for node in roots)
    graph.rebuild()
    if not any(one.domain == _CONTRIBUTED for one in model.opset_import):
        model.opset_import.append(helper.make_opsetid(_CONTRIBUTED, 1))
    return gelus, norms


def _fuse_gelu(graph: _Graph, tanh: NodeProto) -> bool:
    """GELU is x / 2 * (1 + tanh(0.798 * (x + 0.0447 * x^3)))."""
    try:
        scaled = graph.made_by(tanh.input[0], "Mul")
        inner = graph.made_by(scaled.input[1], "Add")
        cubic = graph.made_by(inner.input[1], "Mul")
        power = graph.made_by(cubic.input[1], "Pow")
        plus_one = graph.only_user(tanh, "Add")
        last = graph.only_user(plus_one, "Mul")
        half = graph.made_by(last.input[0], "Mul")
    except _UnknownShapeError:
        return False
    into = inner.input[0]
    if power.input[0] != into or half.input[1] != into:
        return False
    fused = helper.make_node("FastGelu", [into], [last.output[0]], domain=_CONTRIBUTED)
    graph.replace([scaled, inner, cubic, power, tanh, plus_one, half, last], [fused])
    return True


def _fuse_normalisation(graph: _Graph, root: NodeProto) -> bool:
    try:
        found = _normalisation(graph, root)
    except _UnknownShapeError:
        return False
    graph.gone.update(id(node) for node in found.nodes)
    centred, nodes = _centred(graph, found)
    nodes += _spread(graph, found, centred)
    nodes += _scaled(graph, found, centred)
    graph.replace(found.nodes, nodes)
    return True


def _normalisation(graph: _Graph, root: NodeProto) -> _Normalisation:
    """(x - mean) / sqrt(variance + epsilon) * gain + offset, as exporters spell it."""
    plus = graph.made_by(root.input[0], "Add")
    variance = graph.made_by(plus.input[0], "ReduceMean")
    square = graph.made_by(variance.input[0], "Mul")
    centre = graph.made_by(square.input[0], "Sub")
    into = centre.input[0]
    means = [node for node in graph.users[into] if node.op_type == "ReduceMean"]
    if len(means) != 1:
        raise _UnknownShapeError
    reciprocal = graph.only_user(root, "Reciprocal")
    gained = graph.only_user(reciprocal, "Mul")
    minus = graph.only_user(means[0], "Neg")
    shift = graph.only_user(minus, "Mul")
    offset = graph.only_user(shift, "Add")
    out = graph.only_user(offset, "Add")
    product = graph.made_by(out.input[0], "Mul")
    if product.input[0] != into or not {gained.input[1], offset.input[1]} <= graph.weights.keys():
        raise _UnknownShapeError
    nodes = [means[0], *_between(graph, centre.input[1], means[0]), centre, square, variance, plus]
    nodes += [root, reciprocal, gained, minus, shift, offset, product, out]
    return _Normalisation(
        nodes,
        into,
        out.output[0],
        plus.input[1],
        graph.weights[gained.input[1]].ravel(),
        graph.weights[offset.input[1]].ravel(),
    )


def _between(graph: _Graph, name: str, mean: NodeProto) -> list[NodeProto]:
    """The reshapes that an exporter puts between a mean and its use."""
    nodes: list[NodeProto] = []
    while name != mean.output[0]:
        node = graph.maker.get(name)
        if node is None or node.op_type not in ("Reshape", "Unsqueeze", "Squeeze"):
            raise _UnknownShapeError
        nodes.append(node)
        name = node.input[0]
    return nodes


def _centred(graph: _Graph, norm: _Normalisation) -> tuple[str, list[NodeProto]]:
    """Take the mean away: within the convolution before, if nothing else uses its output."""
    before = graph.maker.get(norm.into)
    is_free = not graph.living_users(norm.into)
    if before is not None and is_free and _is_plain_convolution(before) and len(before.input) == 3:
        weight, bias = graph.weights[before.input[1]], graph.weights[before.input[2]]
        before.input[1] = graph.new_weight(weight - weight.mean(axis=0, keepdims=True))
        before.input[2] = graph.new_weight(bias - bias.mean())
        return norm.into, []
    mean, centred = f"{norm.out}/mean", f"{norm.out}/centred"
    nodes = [
        helper.make_node("ReduceMean", [norm.into], [mean], axes=[1], keepdims=1),
        helper.make_node("Sub", [norm.into, mean], [centred]),
    ]
    return centred, nodes


def _spread(graph: _Graph, norm: _Normalisation, centred: str) -> list[NodeProto]:
    """One over the standard deviation, in one channel."""
    name = norm.out
    share = graph.new_weight([1 / len(norm.gain)])
    return [
        helper.make_node("ReduceSumSquare", [centred], [f"{name}/sum"], axes=[1], keepdims=1),
        helper.make_node("Mul", [f"{name}/sum", share], [f"{name}/variance"]),
        helper.make_node("Add", [f"{name}/variance", norm.epsilon], [f"{name}/positive"]),
        helper.make_node("Sqrt", [f"{name}/positive"], [f"{name}/deviation"]),
        helper.make_node("Reciprocal", [f"{name}/deviation"], [f"{name}/precision"]),
    ]


def _scaled(graph: _Graph, norm: _Normalisation, centred: str) -> list[NodeProto]:
    """Gain and offset: within the 1 x 1 convolution behind, if that is the only user."""
    users = graph.living_users(norm.out)
    precision = f"{norm.out}/precision"
    if len(users) == 1 and _is_plain_convolution(users[0], side=1):
        _take_over(graph, users[0], norm)
        return [helper.make_node("Mul", [centred, precision], [norm.out])]
    unit = f"{norm.out}/unit"
    channels = len(norm.gain)
    parameters: list[Floats] = [norm.gain, norm.offset]
    parameters += [np.zeros(channels, np.float32), np.ones(channels, np.float32)]
    inputs = [unit, *map(graph.new_weight, parameters)]
    return [
        helper.make_node("Mul", [centred, precision], [unit]),
        helper.make_node("BatchNormalization", inputs, [norm.out], epsilon=0.0),
    ]


def _take_over(graph: _Graph, convolution: NodeProto, norm: _Normalisation) -> None:
    weight = graph.weights[convolution.input[1]]
    offset = weight[:, :, 0, 0] @ norm.offset
    has_bias = len(convolution.input) == 3
    old = graph.weights[convolution.input[2]] if has_bias else np.zeros_like(offset)
    bias = graph.new_weight(offset + old)
    convolution.input[1] = graph.new_weight(weight * norm.gain[None, :, None, None])
    del convolution.input[2:]
    convolution.input.append(bias)


def _is_plain_convolution(node: NodeProto, side: int | None = None) -> bool:
    """A convolution of all channels at once, whose kernel has that side."""
    if node.op_type != "Conv":
        return False
    found = {one.name: helper.get_attribute_value(one) for one in node.attribute}
    kernel = list(found.get("kernel_shape", []))
    return found.get("group", 1) == 1 and (side is None or kernel == [side, side])
