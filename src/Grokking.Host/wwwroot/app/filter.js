// The words by which runs are found: "mod 97 status:running test<0.9 -seed:3".

const words = run => [run.run, run.experiment, run.task, run.network, run.optimiser, run.status].join(' ').toLowerCase();

/** What a run can be found and sorted by. */
export const keys = {
  run: run => run.run,
  experiment: run => run.experiment,
  status: run => run.status,
  task: run => run.task,
  network: run => run.network,
  optimiser: run => run.optimiser,
  fraction: run => run.train_fraction,
  seed: run => run.seed,
  steps: run => run.steps,
  budget: run => run.budget,
  priority: run => run.priority,
  train: run => run.train_accuracy,
  test: run => run.test_accuracy,
  memorised: run => run.memorised_step,
  grokked: run => run.grokked_step,
  speed: run => run.steps_per_second,
  created: run => run.created,
};

const relations = {
  ':': (have, want) => typeof have === 'number' ? have === Number(want) : String(have ?? 'none').toLowerCase().includes(want),
  '=': (have, want) => typeof have === 'number' ? have === Number(want) : String(have ?? 'none').toLowerCase() === want,
  '<': (have, want) => typeof have === 'number' && have < Number(want),
  '>': (have, want) => typeof have === 'number' && have > Number(want),
  '<=': (have, want) => typeof have === 'number' && have <= Number(want),
  '>=': (have, want) => typeof have === 'number' && have >= Number(want),
};

/** Reads a filter: what a run must satisfy, and the sentence about a word that cannot be understood. */
export function parse(text) {
  const tests = [];
  let complaint = '';
  for (let word of text.toLowerCase().split(/\s+/).filter(Boolean)) {
    const denied = word.startsWith('-') && word.length > 1;
    if (denied) word = word.slice(1);
    const parts = /^([a-z]+)(<=|>=|<|>|:|=)(.*)$/.exec(word);
    if (parts && !(parts[1] in keys)) {
      complaint = `'${parts[1]}' is nothing that runs are found by; there are ${Object.keys(keys).join(', ')}.`;
      continue;
    }
    if (parts && parts[3] === '') continue;
    const test = parts ? run => relations[parts[2]](keys[parts[1]](run), parts[3]) : run => words(run).includes(word);
    tests.push(denied ? run => !test(run) : test);
  }
  return { fits: run => tests.every(test => test(run)), complaint };
}

/** Puts runs in order; what is not known comes last either way. */
export function sorted(runs, key, descending) {
  const of = keys[key] ?? keys.created;
  const order = (a, b) => {
    const [x, y] = [of(a), of(b)];
    if (x === y) return 0;
    if (x === null || x === undefined) return 1;
    if (y === null || y === undefined) return -1;
    const before = typeof x === 'string' ? (x < y ? -1 : 1) : x - y;
    return descending ? -before : before;
  };
  return runs.sort((a, b) => order(a, b) || (a.run < b.run ? -1 : 1));
}
