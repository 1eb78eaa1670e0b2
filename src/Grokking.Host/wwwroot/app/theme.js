// Dark or light: as the machine has it, until somebody says otherwise.

const root = document.documentElement;
const listeners = new Set();
const system = matchMedia('(prefers-color-scheme: dark)');

const tell = () => listeners.forEach(listener => listener());

function set(name) {
  if (name) root.dataset.theme = name;
  tell();
}

set(localStorage.getItem('theme'));
system.addEventListener('change', tell);

export const theme = {
  /** Whether it is dark now. */
  isDark: () => (root.dataset.theme ?? (system.matches ? 'dark' : 'light')) === 'dark',
  /** Changes it, and remembers that. */
  toggle() {
    const next = theme.isDark() ? 'light' : 'dark';
    localStorage.setItem('theme', next);
    set(next);
  },
  /** Has something drawn anew whenever it changes, until the answer is called. */
  watch(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** A colour of the style sheet as it is now. */
  colour: name => getComputedStyle(root).getPropertyValue(`--${name}`).trim(),
};
