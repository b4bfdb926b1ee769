"""Four rows of a matrix times vectors of many chains, with the sums in vector registers, as LLVM instructions.

Numba's own loops write the sums to memory after each step, which takes 1.6 times as long.
"""

from llvmlite import binding, ir
from numba.core import cgutils, types
from numba.extending import intrinsic

ROWS = 4
_WIDTH = 16  # numbers in a vector; LLVM splits it where registers are narrower
_VECTORS = 4 if binding.get_host_cpu_features().get("avx512f") else 1  # so that all sums fit into registers
CHAINS = _WIDTH * _VECTORS
_INDEX = ir.IntType(64)
_VECTOR = ir.VectorType(ir.FloatType(), _WIDTH)
_ANY = ir.Constant(_VECTOR, ir.Undefined)
_FIRST = ir.Constant(ir.VectorType(ir.IntType(32), _WIDTH), [0] * _WIDTH)


@intrinsic
def widest_vectors(typing):  # noqa: ARG001
    """In compiled code, lets loops of the function use vectors of 512 bits where LLVM prefers 256."""

    def generate(context, builder, signature, args):  # noqa: ARG001
        set.add(builder.function.attributes, f'"prefer-vector-width"="{32 * _WIDTH}"')  # its own add refuses the name
        return context.get_dummy_value()

    return types.void(), generate


@intrinsic
def multiply_rows(typing, weight, row, columns, number, x, out):  # noqa: ARG001
    """In compiled code, out[j, c] = sum of weight[j, k] x[k, c] over the first `number` k in `columns`, in that order.

    Rows j are `ROWS` from `row` on, columns c the first `CHAINS`.  weight: (rows, columns) contiguous; x: (columns,
    chains), out: (rows, chains), each row contiguous.  All are float32, but for intp `columns`; nothing is checked.
    """
    return types.void(weight, types.intp, columns, types.intp, x, out), _generate


def _generate(context, builder, signature, args):
    kinds = signature.args
    weight, columns, x, out = (context.make_array(kinds[i])(context, builder, args[i]) for i in (0, 2, 4, 5))
    row, number = args[1], args[3]

    def place(kind, array, index):
        return cgutils.get_item_pointer(context, builder, kind, array, [index, _INDEX(0)])

    def vectors(start):
        pointers = (builder.gep(start, [_INDEX(i * _WIDTH)]) for i in range(_VECTORS))
        return [builder.bitcast(p, _VECTOR.as_pointer()) for p in pointers]

    def repeated(number):
        one = builder.insert_element(_ANY, number, ir.IntType(32)(0))
        return builder.shuffle_vector(one, _ANY, _FIRST)

    rows = [builder.add(row, _INDEX(i)) for i in range(ROWS)]
    weights = [place(kinds[0], weight, r) for r in rows]
    zero = ir.Constant(_VECTOR, [0.0] * _WIDTH)
    sums = [[cgutils.alloca_once_value(builder, zero) for _ in range(_VECTORS)] for _ in rows]  # LLVM: registers
    kind = ir.FunctionType(_VECTOR, [_VECTOR] * 3)
    multiply_add = cgutils.get_or_insert_function(builder.module, kind, f"llvm.fmuladd.v{_WIDTH}f32")
    with cgutils.for_range(builder, number) as loop:
        k = builder.load(builder.gep(columns.data, [loop.index]))
        values = [builder.load(p, align=4) for p in vectors(place(kinds[4], x, k))]
        for start, totals in zip(weights, sums, strict=True):
            factor = repeated(builder.load(builder.gep(start, [k])))
            for value, total in zip(values, totals, strict=True):
                builder.store(builder.call(multiply_add, [factor, value, builder.load(total)]), total)
    for r, totals in zip(rows, sums, strict=True):
        for pointer, total in zip(vectors(place(kinds[5], out, r)), totals, strict=True):
            builder.store(builder.load(total), pointer, align=4)
    return context.get_dummy_value()
