// The header as the package of the format's own makers parses and validates it; the numbers cut out where that header says. The package
// reads from the hub, so it is given a fetch that serves one local file. Beside it, what the format's documentation forbids and the package
// lets pass: holes, overlaps, bytes at the end (huggingface/safetensors, README, "Format").
import { parseSafetensorsMetadata } from '@huggingface/hub';

const sizes = { F64: 8, F32: 4, I64: 8, I32: 4, U64: 8, U8: 1 };

const serve = bytes => async (_, options) => {
  const [, first, last] = /bytes=(\d+)-(\d+)/.exec(new Headers(options?.headers).get('range')) ?? [null, 0, bytes.length - 1];
  const begin = Number(first), end = Math.min(Number(last) + 1, bytes.length);
  const headers = { etag: '"local"', 'content-length': String(end - begin), 'content-range': `bytes ${begin}-${end - 1}/${bytes.length}` };
  return new Response(bytes.subarray(begin, end), { status: 206, headers });
};

export async function readSafetensors(bytes) {
  const { header } = await parseSafetensorsMetadata({ repo: 'local/run', path: 'checkpoint.safetensors', fetch: serve(bytes) });
  const { __metadata__: metadata = {}, ...entries } = header;
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const data = bytes.subarray(start);

  let covered = 0;
  for (const [begin, end] of Object.values(entries).map(entry => entry.data_offsets).sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (begin !== covered) throw new Error(`a hole or an overlap at ${begin}`);
    covered = end;
  }
  if (covered !== data.length) throw new Error('bytes after the last tensor');

  const tensors = Object.entries(entries).map(([name, { dtype, shape, data_offsets: [begin, end] }]) => {
    if (end - begin !== shape.reduce((product, axis) => product * axis, sizes[dtype])) throw new Error(`the shape of ${name}`);
    // Hex of the raw little-endian bytes: compared bit by bit on the other side.
    return { name, dtype, shape, aligned: (start + begin) % sizes[dtype] === 0, hex: data.subarray(begin, end).toString('hex') };
  });
  return { metadata, tensors };
}
