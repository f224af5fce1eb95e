"""Builders of random layers of networks, beside those of builders.py."""

import numpy as np

from builders import builder


@builder(2)
def softmax(g):
    x = g.pick(range(1, 9))
    if x:
        long = [a for a, d in enumerate(g.shape(x)) if d > 1] or [0]
        axis = g.one(long) - g.count(0, 1) * len(g.shape(x))
        g.apply(g.one(["Softmax", "LogSoftmax"]), [x], axis=axis)


@builder(4)
def matmul(g):
    x = g.pick(range(1, 5))
    if not x:
        return
    k, m = g.shape(x)[-1], g.count(1, 4)
    if g.chance(0.3) and len(g.shape(x)) > 1:
        turned = list(range(len(g.shape(x))))
        turned[-2:] = turned[:-3:-1]
        y = g.apply("Transpose", [x], perm=turned)
        if y:
            g.apply("MatMul", [x, y])
    elif len(g.shape(x)) == 2 and g.chance(0.5):
        g.apply("Gemm", [x, g.reals(m, k), g.reals(m)], transB=1, alpha=float(g.rng.uniform(0.5, 2)),
                beta=float(g.one([0.0, 1.0, 0.5])))
    else:
        g.apply("MatMul", [x, g.reals(k, m)])


@builder(5)
def window(g):
    x = g.pick((3, 4))
    if not x:
        return
    n, c, *sizes = g.shape(x)
    kernel = [g.count(1, min(3, s)) for s in sizes]
    attrs = {"kernel_shape": kernel, "strides": [g.count(1, 2) for _ in sizes]}
    op = g.one(["Conv", "Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool", "GlobalMaxPool",
                "GlobalAveragePool"])
    if op.startswith("Global"):
        g.apply(op, [x])
        return
    if g.chance(0.4):
        attrs["auto_pad"] = g.one(["SAME_UPPER", "SAME_LOWER", "VALID"])
    elif g.chance(0.5):
        attrs["pads"] = [g.count(0, k - 1) for k in kernel] * 2
    if g.chance(0.3) and op in ("Conv", "MaxPool"):
        attrs["dilations"] = [g.count(1, 2) for _ in sizes]
    if op in ("MaxPool", "AveragePool") and g.chance(0.3):
        attrs["ceil_mode"] = 1
    if op == "AveragePool":
        attrs["count_include_pad"] = g.count(0, 1)
    inputs = [x]
    if op == "Conv":
        attrs["group"] = group = g.one([d for d in (1, 2, c) if c % d == 0])
        inputs += [g.reals(2 * group, c // group, *kernel), g.reals(2 * group)][: g.count(1, 2)]
    if op == "ConvTranspose":
        inputs += [g.reals(c, 2, *kernel), g.reals(2)][: g.count(1, 2)]
    g.apply(op, inputs, **attrs)


@builder(3)
def normalised(g):
    x = g.pick((3, 4))
    op = g.one(["BatchNormalization", "InstanceNormalization", "LayerNormalization", "LpNormalization",
                "MeanVarianceNormalization", "GroupNormalization", "LRN", "RMSNormalization"])
    if not x:
        return
    c, rank = g.shape(x)[1], len(g.shape(x))
    scale, bias = g.reals(c, low=0.5, high=1.5), g.reals(c)
    if op == "BatchNormalization":
        g.apply(op, [x, scale, bias, g.reals(c), g.reals(c, low=0.5, high=2)])
    elif op == "InstanceNormalization":
        g.apply(op, [x, scale, bias], epsilon=0.01)
    elif op == "GroupNormalization":
        g.apply(op, [x, scale, bias], num_groups=1, epsilon=0.01)
    elif op in ("LayerNormalization", "RMSNormalization"):
        last = g.shape(x)[-1]
        g.apply(op, [x, g.reals(last, low=0.5, high=1.5)], axis=-1, epsilon=0.01)
    elif op == "LpNormalization":
        g.apply(op, [x], axis=g.count(0, rank - 1), p=g.count(1, 2))
    elif op == "LRN":
        g.apply(op, [x], size=g.one([1, 3]), bias=1.0)
    else:
        g.apply(op, [x])


@builder(1)
def resized(g):
    x = g.pick((4,))
    if x:
        how = g.one(["asymmetric", "half_pixel", "align_corners", "pytorch_half_pixel"])
        mode = g.one(["nearest", "linear", "cubic"])
        # onnxruntime's align_corners differs from ONNX's where the size is no whole number, and its positions
        # where a scale is none of single precision
        first = 2 if how == "align_corners" else g.one([0.625, 1.5, 2])
        scales = np.array([1, 1, first, g.one([1, 2])], np.float32)
        g.apply("Resize", [x, "", g.const(scales)], mode=mode, coordinate_transformation_mode=how,
                **({"nearest_mode": g.one(["floor", "ceil", "round_prefer_floor"])} if mode == "nearest" else {}))


@builder(2)
def recurrent(g):
    x = g.pick((3,))
    if not x:
        return
    _, _, features = g.shape(x)
    op = g.one(["LSTM", "GRU", "RNN"])
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[op]
    direction = g.one(["forward", "reverse", "bidirectional"])
    d, hidden = 2 if direction == "bidirectional" else 1, 2
    inputs = [x, g.reals(d, gates * hidden, features), g.reals(d, gates * hidden, hidden)]
    if g.chance(0.6):
        inputs.append(g.reals(d, 2 * gates * hidden))
    attrs = {"hidden_size": hidden, "direction": direction}
    if op == "GRU":
        attrs["linear_before_reset"] = g.count(0, 1)
    g.apply(op, inputs, outputs=g.count(1, 2), **attrs)


@builder(2)
def codes(g):
    x = g.pick()
    if not x:
        return
    dtype = g.one([np.uint8, np.int8])
    scale = g.const(np.float32(g.rng.uniform(0.01, 0.1)))
    zero = g.const(np.array(g.count(0, 50), dtype))
    q = g.apply("QuantizeLinear", [x, scale, zero])
    if q:
        g.apply("DequantizeLinear", [q, scale, zero])


@builder(1)
def slope(g):
    x = g.pick()
    if x:
        shape = g.shape(x)
        g.apply("PRelu", [x, g.reals(*shape[g.count(0, len(shape)):])])


@builder(1)
def einsum(g):
    x = g.pick((2, 3))
    if x:
        rank, last = len(g.shape(x)), g.shape(x)[-1]
        left = "abc"[:rank]
        g.apply("Einsum", [x, g.reals(last, 2)], equation=f"{left},{left[-1]}z->{g.one(['z' + left[0], left[:-1] + 'z'])}")


@builder(1)
def microsofts(g):
    x = g.pick(range(1, 5))
    if not x:
        return
    last = g.shape(x)[-1]
    op = g.one(["QuickGelu", "BiasGelu", "FastGelu", "FusedMatMul", "SkipLayerNormalization"])
    inputs, attrs = [x], {}
    if op in ("BiasGelu", "FastGelu"):
        inputs.append(g.reals(last))
    elif op == "FusedMatMul":
        inputs.append(g.reals(2, last))
        attrs = {"transB": 1, "alpha": 0.5}
    elif op == "SkipLayerNormalization":
        inputs += [x, g.reals(last, low=0.5, high=1.5)]
        attrs = {"epsilon": 0.01}
    g.apply(op, inputs, domain="com.microsoft", **attrs)
