import type { Setting } from './setting.ts';
import { type SettingGroup, settingGroups } from './settings.ts';

/** Prints `docs/configuration.md`. */
export function printSettings(): string {
  return `${[intro, ...settingGroups.map(printGroup)].join('\n\n')}\n`;
}

const intro = `# Settings

<!-- Printed from src/settings by \`npm run settings\`. -->

The gateway reads its settings from environment variables once, at start. An empty variable counts as not set. Each mistake
is a line on standard error, and the exit code is 1.`;

function printGroup({ title, note, settings }: SettingGroup): string {
  const rows = Object.entries(settings).map(printRow);
  const table = ['| variable | default | values | |', '|---|---|---|---|', ...rows].join('\n');
  return [`## ${title}`, ...(note === undefined ? [] : [note]), table].join('\n\n');
}

function printRow([name, { default: fallback, allowed, meaning }]: [string, Setting]): string {
  return `| \`${name}\` | ${fallback ? `\`${fallback}\`` : 'none'} | ${allowed} | ${meaning} |`;
}
