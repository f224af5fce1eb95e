"""Builders of random nodes: each takes a graph, picks operands, and adds a node or a few. One that finds no
operands does nothing."""

import numpy as np

BUILDERS = []


def builder(times=1):
    def note(f):
        BUILDERS.extend([f] * times)
        return f
    return note


FUNCTIONS = """Abs Ceil Cos Elu Erf Exp Floor HardSigmoid HardSwish LeakyRelu Neg Relu Round Selu Sigmoid Sign Sin
Softplus Softsign Tanh Atan Asinh Sinh Cosh Identity Celu ThresholdedRelu Gelu Mish Tan Shrink""".split()


@builder(6)
def function(g):
    x = g.pick()
    if x:
        op, attrs = g.one(FUNCTIONS), {}
        if op in ("Elu", "LeakyRelu", "ThresholdedRelu", "Celu"):
            attrs["alpha"] = float(g.rng.uniform(0.1, 1.5))
        if op == "Shrink":
            attrs = {"lambd": 0.4, "bias": float(g.rng.uniform(0, 0.4))}
        if op == "Gelu" and g.chance(0.5):
            attrs["approximate"] = "tanh"
        g.apply(op, [x], **attrs)


@builder(2)
def bounded(g):
    """Functions that take numbers of an interval."""
    x = g.pick()
    if not x:
        return
    op = g.one(["Sqrt", "Log", "Reciprocal", "Acos", "Asin", "Atanh", "Acosh"])
    if op in ("Acos", "Asin", "Atanh"):
        within = g.apply("Clip", [x, g.const(np.float32(-0.9)), g.const(np.float32(0.9))])
    else:
        low = 1.1 if op == "Acosh" else 0.1
        positive = g.apply("Abs", [x])
        within = positive and g.apply("Add", [positive, g.const(np.float32(low))])
    if within:
        g.apply(op, [within])


@builder(5)
def arithmetic(g):
    x = g.pick()
    if x:
        y = g.other(x)
        g.apply(g.one(["Add", "Sub", "Mul", "Max", "Min", "Mean", "Sum"]), [x, y] if g.chance(0.7) else [y, x])


@builder(2)
def quotient(g):
    x = g.pick()
    if not x:
        return
    y = g.other(x)
    if y in g.consts:
        y = g.const(np.abs(g.consts[y]) + np.float32(0.3))
    else:
        size = g.apply("Abs", [y])
        y = size and g.apply("Add", [size, g.const(np.float32(0.5))])
    if y:
        g.apply("Div", [x, y])


@builder(1)
def power(g):
    x = g.pick()
    if x:
        g.apply("Pow", [x, g.const(np.float32(g.one([2, 3, 4, 1, 0])))])


@builder(1)
def remainder(g):
    x = g.pick()
    if x:
        g.apply("Mod", [x, g.const(np.float32(g.rng.uniform(0.5, 2)))], fmod=1)


@builder(2)
def integers(g):
    x = g.pick(dtype=g.one([np.int64, np.int32, np.uint8]))
    if x:
        op = g.one(["Add", "Sub", "Mul", "Max", "Min", "Div", "Mod", "Abs", "Neg", "Sign", "Cast", "Pow"])
        dtype = g.values[x][0].dtype
        if op == "Cast":
            g.apply(op, [x], to=g.one([1, 6, 7, 9]))
        elif op in ("Abs", "Neg", "Sign"):
            g.apply(op, [x])
        elif op in ("Div", "Mod", "Pow"):
            g.apply(op, [x, g.const(np.array(g.count(1, 3), dtype))])
        else:
            g.apply(op, [x, g.other(x)])


@builder(3)
def compared(g):
    x = g.pick()
    if x:
        g.apply(g.one(["Less", "Greater", "LessOrEqual", "GreaterOrEqual"]), [x, g.other(x)])


@builder(3)
def logic(g):
    a, x = g.pick(dtype=np.bool_), g.pick()
    if not a:
        return
    op = g.one(["And", "Or", "Xor", "Not", "Cast", "Where", "Where"])
    if op == "Not":
        g.apply(op, [a])
    elif op == "Cast":
        g.apply(op, [a], to=g.one([1, 7]))
    elif op == "Where" and x:
        g.apply(op, [a, x, g.other(x)])
    elif op != "Where":
        g.apply(op, [a, g.pick(dtype=np.bool_)])


@builder(1)
def limited(g):
    x = g.pick()
    if x:
        low = float(g.rng.uniform(-1, 0.5))
        g.apply("Clip", [x, g.const(np.float32(low)), g.const(np.float32(low + g.rng.uniform(0.1, 2)))])


@builder(1)
def rounded(g):
    x = g.pick()
    if x:
        g.apply("Cast", [x], to=g.one([6, 7, 9]))


REDUCTIONS = "Sum Mean Max Min L1 L2 SumSquare LogSumExp Prod LogSum".split()


@builder(3)
def reduction(g):
    x = g.pick(range(1, 9))
    if not x:
        return
    op, rank = "Reduce" + g.one(REDUCTIONS), len(g.shape(x))
    axes = sorted(set(g.rng.integers(-rank, rank, g.count(1, 2)).tolist()))
    if len({a % rank for a in axes}) < len(axes):
        return
    if op == "ReduceLogSum":
        x = g.apply("Exp", [x])
    if x and (g.opset >= 18 or op == "ReduceSum"):
        g.apply(op, [x, g.const(np.array(axes, np.int64))], keepdims=g.count(0, 1))
    elif x:
        g.apply(op, [x], axes=axes, keepdims=g.count(0, 1))


@builder(2)
def ranked(g):
    x = g.pick(range(1, 9))
    if not x:
        return
    axis = g.count(0, len(g.shape(x)) - 1)
    size = g.shape(x)[axis]
    op = g.one(["ArgMax", "ArgMin", "TopK", "CumSum", "Hardmax"])
    if op == "TopK":
        g.apply(op, [x, g.const(np.array([g.count(1, size)], np.int64))], outputs=2, axis=axis, largest=g.count(0, 1))
    elif op == "CumSum":
        g.apply(op, [x, g.const(np.int64(axis))], exclusive=g.count(0, 1), reverse=g.count(0, 1))
    elif op == "Hardmax":
        g.apply(op, [x], axis=axis)
    else:
        g.apply(op, [x], axis=axis, keepdims=g.count(0, 1))


@builder(4)
def moved(g):
    x = g.pick(range(1, 9))
    if not x:
        return
    shape, rank = g.shape(x), len(g.shape(x))
    axis = g.count(0, rank - 1)
    op = g.one(["Transpose", "Reshape", "Flatten", "Slice", "Concat", "Split", "Tile", "Expand", "Pad", "Unsqueeze",
                "Squeeze", "Gather", "Trilu", "DepthToSpace", "SpaceToDepth", "ReverseSequence"])
    ints = lambda *v: g.const(np.array(v, np.int64))
    if op == "Transpose":
        g.apply(op, [x], perm=g.rng.permutation(rank).tolist())
    elif op == "Reshape":
        g.apply(op, [x, ints(*([-1] if g.chance(0.5) else [shape[0], -1]))])
    elif op == "Flatten":
        g.apply(op, [x], axis=axis)
    elif op == "Slice":
        step = g.one([1, 1, 2, -1])
        begin, end = (0, shape[axis]) if step > 0 else (-1, -shape[axis] - 1)
        g.apply(op, [x, ints(begin), ints(end if g.chance(0.5) else end - step), ints(axis), ints(step)])
    elif op == "Concat":
        g.apply(op, [x, x, g.reals(*shape)][g.count(0, 1):], axis=axis)
    elif op == "Split" and shape[axis] > 1:
        g.apply(op, [x, ints(1, shape[axis] - 1)], outputs=2, axis=axis)
    elif op == "Tile":
        g.apply(op, [x, ints(*[g.count(1, 2) for _ in shape])])
    elif op == "Expand":
        g.apply(op, [x, ints(*[2 if d == 1 else d for d in shape])])
    elif op == "Pad":
        value = g.const(np.float32(g.rng.uniform(-1, 1)))
        mode = g.one(["constant", "edge", "reflect", "wrap"])
        pads = ints(*[g.count(0, 1) if d > 1 else 0 for d in shape] * 2)
        g.apply(op, [x, pads] + ([value] if mode == "constant" else []), mode=mode)
    elif op == "Unsqueeze":
        g.apply(op, [x, ints(axis)])
    elif op == "Squeeze" and 1 in shape:
        g.apply(op, [x, ints(shape.index(1))])
    elif op == "Gather":
        g.apply(op, [x, ints(*g.rng.integers(-shape[axis], shape[axis], g.count(1, 3)))], axis=axis)
    elif op == "Trilu":
        g.apply(op, [x, g.const(np.int64(g.count(-1, 1)))], upper=g.count(0, 1))
    elif op in ("DepthToSpace", "SpaceToDepth"):
        g.apply(op, [x], blocksize=2)
    elif op == "ReverseSequence" and rank > 1:
        g.apply(op, [x, ints(*[g.count(1, shape[0]) for _ in range(shape[1])])])


@builder(2)
def picked(g):
    x = g.pick(range(1, 5))
    if not x:
        return
    shape, rank = g.shape(x), len(g.shape(x))
    axis = g.count(0, rank - 1)
    op = g.one(["GatherElements", "GatherND", "ScatterElements", "ScatterND", "Compress", "Gather", "OneHot"])
    if op == "GatherElements":
        g.apply(op, [x, g.const(g.rng.integers(0, shape[axis], shape))], axis=axis)
    elif op == "GatherND":
        g.apply(op, [x, g.const(g.rng.integers(0, shape[0], (2, 1)))])
    elif op == "ScatterElements":
        index = np.argsort(g.rng.random(shape), axis)
        g.apply(op, [x, g.const(index), g.reals(*shape)], axis=axis, reduction=g.one(["none", "add", "mul", "max"]))
    elif op == "ScatterND":
        index = g.rng.permutation(shape[0])[:1].reshape(1, 1)
        g.apply(op, [x, g.const(index), g.reals(1, *shape[1:])], reduction=g.one(["none", "add", "min"]))
    elif op == "Compress":
        g.apply(op, [x, g.const(g.rng.random(shape[axis]) < 0.6)], axis=axis)
    else:
        index = g.apply("ArgMax", [x], axis=axis, keepdims=0)
        if index and op == "Gather":
            g.apply(op, [g.reals(shape[axis], 2), index])
        elif index:
            g.apply(op, [index, g.const(np.int64(shape[axis])), g.const(np.array([0, 1.5], np.float32))])
