// A reader of safetensors written from the format's documentation alone (huggingface/safetensors, README, "Format"), because no package
// on npm that could be found reads a file with __metadata__. It shares nothing with the writer, and refuses what the documentation forbids.
const sizes = { F64: 8, F32: 4, I64: 8, I32: 4, U64: 8, U8: 1 };

export function readSafetensors(bytes) {
  const length = Number(bytes.readBigUInt64LE(0));
  if (length > 100_000_000 || 8 + length > bytes.length) throw new Error('the header is longer than the file');
  const text = bytes.toString('utf8', 8, 8 + length);
  if (!text.startsWith('{')) throw new Error('the header does not start with {');
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(text);
  const data = bytes.subarray(8 + length);
  if (Object.values(metadata).some(value => typeof value !== 'string')) throw new Error('metadata is not all text');

  // The buffer must be covered without holes and without overlaps.
  let covered = 0;
  for (const [begin, end] of Object.values(entries).map(entry => entry.data_offsets).sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (begin !== covered) throw new Error(`a hole or an overlap at ${begin}`);
    covered = end;
  }
  if (covered !== data.length) throw new Error('bytes after the last tensor');

  const tensors = Object.entries(entries).map(([name, { dtype, shape, data_offsets: [begin, end] }]) => {
    if (end - begin !== shape.reduce((product, axis) => product * axis, sizes[dtype])) throw new Error(`the shape of ${name}`);
    const aligned = (8 + length + begin) % sizes[dtype] === 0;
    // Hex of the raw little-endian bytes: compared bit by bit on the other side.
    return { name, dtype, shape, aligned, hex: data.subarray(begin, end).toString('hex') };
  });
  return { metadata, tensors };
}
