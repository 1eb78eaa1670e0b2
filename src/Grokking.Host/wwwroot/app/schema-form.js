// A form for an experiment, made of its schema.

import { h } from './dom.js';
import { members, range, valueAt } from './schema.js';

const asText = value => value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

// A number may be written as people do, 3e5; what is no number stays a text, and the service says what is wrong with it.
function fromText(text, member) {
  const word = text.trim();
  if (word === '') return undefined;
  if (member.type === 'string') return word;
  try {
    return JSON.parse(word);
  } catch {
    const value = Number(word);
    return Number.isFinite(value) && member.type !== 'array' ? value : word;
  }
}

/**
 * The fields.
 * @param {object} schema Of the experiment.
 * @param {object} experiment As it is now.
 * @param {Map<string, string[]>} errors Sentences by path.
 * @param {(path: string[], value: unknown) => void} change
 */
export function form(schema, experiment, errors, change) {
  return fields(schema, []);

  function fields(section, path) {
    const { all, required } = members(section, valueAt(experiment, path));
    return all.map(([name, member]) => {
      const here = [...path, name];
      if (member.type !== 'object') return field(name, member, here, required.has(name));
      const isSet = valueAt(experiment, here) !== undefined;
      const inner = [h('p', { class: 'note' }, member.description), fields(member, here), wrong(here)];
      return required.has(name) || isSet ? h('fieldset', {}, h('legend', {}, words(name)), inner)
        : h('details', { class: 'section' }, h('summary', {}, words(name), ' ', h('small', {}, member.description)), h('fieldset', {}, fields(member, here)));
    });
  }

  function field(name, member, path, isRequired) {
    const value = valueAt(experiment, path);
    const id = `field-${path.join('-')}`;
    const sentences = errors.get(path.join('.')) ?? [];
    const common = { id, class: sentences.length ? 'wrong' : '', 'data-path': path.join('.'), 'aria-invalid': sentences.length ? 'true' : null };
    const choices = member.items?.enum;
    const input = choices ? h('div', { class: 'ticks', id, role: 'group', 'aria-label': name }, choices.map(choice => h('label', {}, h('input', {
      type: 'checkbox', checked: (value ?? member.default ?? []).includes?.(choice), 'data-path': `${path.join('.')}.${choice}`,
      onchange: event => {
        const before = value ?? member.default ?? [];
        change(path, event.target.checked ? [...before, choice] : before.filter(each => each !== choice));
      },
    }), choice)))
      : member.enum ? h('select', { ...common, onchange: event => change(path, event.target.value || undefined) },
        isRequired && value !== undefined ? null : h('option', { value: '' }, member.default === undefined ? '' : `${member.default} (usual)`),
        member.enum.map(choice => h('option', { value: choice, selected: value === choice }, choice)))
      : h('input', {
        ...common, type: 'text', value: asText(value), placeholder: member.default === undefined ? '' : asText(member.default), spellcheck: 'false', autocomplete: 'off',
        inputmode: member.type === 'integer' ? 'numeric' : null, list: member.examples ? `${id}-examples` : null, onchange: event => change(path, fromText(event.target.value, member)),
      });
    return h('div', { class: `field ${value === undefined ? 'unset' : ''}` },
      h('label', { for: id }, words(name)), input,
      member.examples ? h('datalist', { id: `${id}-examples` }, member.examples.map(example => h('option', { value: example }))) : null,
      h('small', {}, [member.description, range(member)].filter(Boolean).join(' – ')),
      wrong(path));
  }

  function wrong(path) {
    return (errors.get(path.join('.')) ?? []).map(sentence => h('span', { class: 'bad', role: 'alert' }, sentence));
  }

  // trainFraction is read as "train fraction".
  function words(name) {
    return name.replace(/([A-Z])/g, (_, letter) => ` ${letter.toLowerCase()}`);
  }
}
