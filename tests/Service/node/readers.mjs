// Readers that are not ours, asked by tests/Service: node readers.mjs REQUEST.json RESPONSE.json
// A request is a list of questions; the response is a list of answers in the same order.
// Cells travel as text so that no bit is lost on the way: doubles as their 16 hex digits, integers in decimal, null as null.
import { readFileSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetMetadata, parquetRead } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
// The page headers, as hyparquet understands them; it offers no way to ask for them from outside.
import { parquetHeader } from './node_modules/hyparquet/src/column.js';
import { readKubernetes } from './kubernetes.mjs';
import { readSafetensors } from './safetensors.mjs';

const bits = new DataView(new ArrayBuffer(8));

function cell(value, type) {
  if (value === null || value === undefined) return null;
  if (type === 'Double' || type === 'Float') {
    if (typeof value !== 'number') throw new Error(`${value} is no number`);
    if (Number.isNaN(value)) return 'NaN';
    bits.setFloat64(0, value);
    return bits.getBigUint64(0).toString(16).padStart(16, '0');
  }
  if (type === 'Timestamp') return String(typeof value === 'bigint' ? value : value.micros);
  const expected = { Int64: 'bigint', Int32: 'number', Boolean: 'boolean', Text: 'string' }[type];
  if (typeof value !== expected) throw new Error(`${value} is ${typeof value}, not ${expected}`);
  return String(value);
}

const bufferOf = path => {
  const bytes = readFileSync(path);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
};

async function readWithHyparquet({ path, types }) {
  const file = bufferOf(path);
  const metadata = parquetMetadata(file);
  const columns = Object.fromEntries(Object.keys(types).map(name => [name, []]));
  // The default parser cuts timestamps off at milliseconds.
  const parsers = { timestampFromMicroseconds: micros => micros };
  await parquetRead({
    file, metadata, compressors, parsers,
    onComplete: rows => {
      for (const row of rows) Object.keys(types).forEach((name, i) => columns[name].push(cell(row[i], types[name])));
    },
  });
  return {
    columns,
    names: metadata.schema.slice(1).map(element => element.name),
    metadata: Object.fromEntries((metadata.key_value_metadata ?? []).map(pair => [pair.key, pair.value])),
    createdBy: metadata.created_by,
    rowGroups: metadata.row_groups.map(group => Number(group.num_rows)),
  };
}

async function readWithDuckDb({ path, types }, connection) {
  const reader = await connection.runAndReadAll(`select * from read_parquet('${path}')`);
  const names = reader.columnNames();
  const columns = Object.fromEntries(names.map((name, i) => [name, reader.getColumns()[i]?.map(v => cell(v, types[name])) ?? []]));
  const pairs = await connection.runAndReadAll(`select decode(key), decode(value) from parquet_kv_metadata('${path}')`);
  return { columns, names, types: reader.columnTypes().map(String), metadata: Object.fromEntries(pairs.getRows()) };
}

// Every page's checksum, computed by Node's zlib over the bytes that hyparquet says are the page.
function checksums({ path }) {
  const file = bufferOf(path);
  let pages = 0, wrong = 0;
  for (const group of parquetMetadata(file).row_groups) {
    for (const { meta_data: chunk } of group.columns) {
      const start = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
      const end = start + Number(chunk.total_compressed_size);
      const reader = { view: new DataView(file), offset: start };
      while (reader.offset < end) {
        const header = parquetHeader(reader);
        const page = new Uint8Array(file, reader.offset, header.compressed_page_size);
        pages++;
        if ((header.crc | 0) !== (crc32(page) | 0)) wrong++;
        reader.offset += header.compressed_page_size;
      }
      if (reader.offset !== end) throw new Error('a page reaches beyond its column');
    }
  }
  return { pages, wrong };
}

async function rows({ sql }, connection) {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRows().map(row => row.map(value => value === null ? null : String(value)));
}

const [requestPath, responsePath] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const answers = [];
for (const question of JSON.parse(readFileSync(requestPath, 'utf8'))) {
  try {
    if (question.kind === 'table') {
      answers.push({ hyparquet: await readWithHyparquet(question), duckdb: await readWithDuckDb(question, connection) });
    } else if (question.kind === 'checksums') {
      answers.push(checksums(question));
    } else if (question.kind === 'sql') {
      answers.push({ rows: await rows(question, connection) });
    } else if (question.kind === 'safetensors') {
      answers.push(await readSafetensors(readFileSync(question.path)));
    } else if (question.kind === 'kubernetes') {
      answers.push(readKubernetes(question));
    } else {
      throw new Error(`unknown question ${question.kind}`);
    }
  } catch (error) {
    answers.push({ error: `${question.kind} ${question.path ?? ''}: ${error.stack ?? error}` });
  }
}
writeFileSync(responsePath, JSON.stringify(answers));
