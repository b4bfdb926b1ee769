"""Damage to a file's bytes, and the checksums of its format, so that a reader looks beyond them."""

import struct
import zlib

import numba
import numpy as np

INTERESTING = (0, 1, 2, 7, 8, 127, 128, 255, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, 2**64 - 1)
MOST_BLOCKS = 16  # they are found by trial, which takes time
SIGNATURES = (
    b"OHDR",
    b"OCHK",
    b"FRHP",
    b"FHDB",
    b"FHIB",
    b"BTHD",
    b"BTLF",
    b"BTIN",
    b"FAHD",
    b"FADB",
    b"EAHD",
    b"EAIB",
)


def mutate(data, other, random):
    """`data` with one to six damages, or whole; `other` is a second file of the kind, for splices."""
    data = bytearray(data)
    for _ in range(min(6, int(random.exponential(1.5)))):
        if data:
            _damage(data, other, random)
    return bytes(data)


def _place(data, random):
    """A position, in half of the cases near the start or the end, where headers are."""
    size = len(data)
    if random.random() < 0.5:
        return int(random.integers(size))
    near = min(size - 1, int(random.exponential(200)))
    return near if random.random() < 0.7 else size - 1 - near


def _damage(data, other, random):
    at, kind = _place(data, random), int(random.integers(9))
    if kind <= 1:
        data[at] ^= 1 << int(random.integers(8))
    elif kind == 2:
        data[at] = int(random.integers(256))
    elif kind <= 4:
        width, order = int(random.choice([1, 2, 4, 8])), "little" if random.random() < 0.7 else "big"
        number = (
            INTERESTING[int(random.integers(len(INTERESTING)))]
            if random.random() < 0.7
            else len(data) + int(random.integers(-8, 9))
        )
        data[at : at + width] = (number % 256**width).to_bytes(width, order)
    elif kind == 5:
        del data[at : at + 1 + int(random.exponential(20))]
    elif kind == 6:
        start = _place(data, random)
        part = bytes(data[start : start + 1 + int(random.exponential(40))])
        if random.random() < 0.5:
            data[at:at] = part
        else:
            data[at : at + len(part)] = part
    elif kind == 7 and random.random() < 0.3:
        del data[at:]
    elif other:
        start = int(random.integers(len(other)))
        part = other[start : start + 1 + int(random.exponential(100))]
        data[at : at + len(part)] = part


def png_sealed(data):
    """The bytes with right checksums of PNG's chunks."""
    parts, at = [data[:8]], 8
    while at + 12 <= len(data):
        length = struct.unpack(">I", data[at : at + 4])[0]
        body = data[at + 4 : at + 8 + length]
        if at + 12 + length > len(data):
            break
        parts += [data[at : at + 4], body, struct.pack(">I", zlib.crc32(body))]
        at += 12 + length
    return b"".join([*parts, data[at:]])


def sealed_blocks(data):
    """[(start, end)] of the structures of an HDF5 file that a checksum follows."""
    blocks = []
    if data[:4] == b"\x89HDF" and len(data) > 48 and data[8] in (2, 3) and _lookup3(data[:44]) == data[44:48]:
        blocks.append((0, 44))
    for signature in SIGNATURES:
        start = data.find(signature)
        while start >= 0 and len(blocks) < MOST_BLOCKS:
            ends = range(start + 8, min(start + 600, len(data) - 3))
            blocks += [(start, end) for end in ends if _lookup3(data[start:end]) == data[end : end + 4]][:1]
            start = data.find(signature, start + 4)
    return blocks


def resealed(data, blocks):
    """The bytes with right checksums after `blocks`, which are where they were before the damage."""
    data = bytearray(data)
    for start, end in blocks:
        if end + 4 <= len(data):
            data[end : end + 4] = _lookup3(bytes(data[start:end]))
    return bytes(data)


def _lookup3(data):
    """Bob Jenkins' hash lookup3 (hashlittle, initial value 0), 4 bytes, as HDF5 uses it."""
    words = np.frombuffer(data + bytes(-len(data) % 12), "<u4")
    return int(_mixed(words, np.uint32((0xDEADBEEF + len(data)) & 0xFFFFFFFF))).to_bytes(4, "little")


@numba.njit(cache=True)
def _mixed(words, start):
    a = b = c = start
    for i in range(0, len(words), 3):
        a, b, c = np.uint32(a + words[i]), np.uint32(b + words[i + 1]), np.uint32(c + words[i + 2])
        if i + 3 < len(words):
            a, c = np.uint32((a - c) ^ _rotated(c, 4)), np.uint32(c + b)
            b, a = np.uint32((b - a) ^ _rotated(a, 6)), np.uint32(a + c)
            c, b = np.uint32((c - b) ^ _rotated(b, 8)), np.uint32(b + a)
            a, c = np.uint32((a - c) ^ _rotated(c, 16)), np.uint32(c + b)
            b, a = np.uint32((b - a) ^ _rotated(a, 19)), np.uint32(a + c)
            c, b = np.uint32((c - b) ^ _rotated(b, 4)), np.uint32(b + a)
    c = np.uint32((c ^ b) - _rotated(b, 14))
    a = np.uint32((a ^ c) - _rotated(c, 11))
    b = np.uint32((b ^ a) - _rotated(a, 25))
    c = np.uint32((c ^ b) - _rotated(b, 16))
    a = np.uint32((a ^ c) - _rotated(c, 4))
    b = np.uint32((b ^ a) - _rotated(a, 14))
    return np.uint32((c ^ b) - _rotated(b, 24))


@numba.njit(cache=True)
def _rotated(word, bits):
    return np.uint32((word << bits) | (word >> (32 - bits)))
