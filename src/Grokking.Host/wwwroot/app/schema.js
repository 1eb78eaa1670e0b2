// What a schema says of an experiment: which settings there are, given those that are set.

/** The members that an object may have now: a rule of the schema may depend on another member. */
export function members(schema, value) {
  const found = { ...schema.properties };
  const required = new Set(schema.required ?? []);
  for (const rule of schema.allOf ?? []) {
    const holds = Object.entries(rule.if.properties).every(([name, test]) => test.enum.includes(value?.[name] ?? schema.properties[name]?.default));
    const then = holds ? rule.then : rule.else;
    for (const [name, more] of Object.entries(then?.properties ?? {})) {
      if (more === false) delete found[name];
      else found[name] = found[name] === true || found[name] === undefined ? more : { ...found[name], ...more };
    }
    for (const name of then?.required ?? []) required.add(name);
  }
  return { all: Object.entries(found).filter(([name, member]) => name !== '$schema' && member !== true), required };
}

/** Which values a setting may have, in words. */
export function range(member) {
  if (member.enum) return '';
  const words = [];
  if (member.type === 'integer') words.push('whole number');
  if (member.minimum !== undefined && member.maximum !== undefined) words.push(`from ${member.minimum} to ${member.maximum}`);
  else if (member.exclusiveMinimum !== undefined && member.exclusiveMaximum !== undefined) words.push(`between ${member.exclusiveMinimum} and ${member.exclusiveMaximum}`);
  else {
    if (member.minimum !== undefined) words.push(`at least ${member.minimum}`);
    if (member.exclusiveMinimum !== undefined) words.push(`above ${member.exclusiveMinimum}`);
    if (member.maximum !== undefined) words.push(`at most ${member.maximum}`);
    if (member.exclusiveMaximum !== undefined) words.push(`below ${member.exclusiveMaximum}`);
  }
  if (member.default !== undefined && member.type !== 'object') words.push(`usually ${typeof member.default === 'string' ? member.default : JSON.stringify(member.default)}`);
  return words.join(', ');
}

/** A value at a path of names. */
export const valueAt = (experiment, path) => path.reduce((value, name) => value?.[name], experiment);

/** The experiment with another value at a path; undefined leaves the setting out, and sections that become empty with it. */
export function withValue(experiment, [name, ...rest], value) {
  const next = { ...experiment };
  const inner = rest.length ? withValue(next[name] && typeof next[name] === 'object' ? next[name] : {}, rest, value) : value;
  if (inner === undefined || (rest.length && Object.keys(inner).length === 0)) delete next[name];
  else next[name] = inner;
  return next;
}

/** The experiment without what its kinds do not have: after another kind of network, the old one's settings mean nothing. */
export function fitting(experiment, schema) {
  const next = { ...experiment };
  for (const [name, member] of Object.entries(schema.properties)) {
    if (member?.type !== 'object' || typeof next[name] !== 'object' || next[name] === null) continue;
    const known = new Set(members(member, next[name]).all.map(([each]) => each));
    next[name] = Object.fromEntries(Object.entries(next[name]).filter(([each]) => known.has(each)));
  }
  return next;
}
