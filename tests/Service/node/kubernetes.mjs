// Whether a manifest is a Job as the published schema of Kubernetes has it, by validators that others made of that schema.
import { readFileSync } from 'node:fs';
import { Job } from 'kubernetes-models/batch/v1';

const complaint = manifest => {
  try {
    new Job(manifest).validate();
    return null;
  } catch (error) {
    return error.message;
  }
};

function* places(value, path = []) {
  for (const key of Object.keys(value)) {
    yield [...path, key];
    if (value[key] !== null && typeof value[key] === 'object') yield* places(value[key], [...path, key]);
  }
}

// A schema says nothing against keys that it does not know. What it does know must not be of another kind: where anything is taken, the key means nothing to it.
const means = (manifest, path) => {
  const changed = structuredClone(manifest);
  const place = path.slice(0, -1).reduce((at, key) => at[key], changed);
  const key = path.at(-1);
  place[key] = place[key] !== null && typeof place[key] === 'object' ? 17.5 : { not: ['this'] };
  return complaint(changed) !== null;
};

export function readKubernetes({ path }) {
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  return { complaint: complaint(manifest), unknown: [...places(manifest)].filter(place => !means(manifest, place)).map(place => place.join('.')), spec: manifest.spec };
}
