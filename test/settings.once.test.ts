import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { printSettings } from '../src/settings/print-settings.ts';
import { allSettings, settingGroups } from '../src/settings/settings.ts';

it('has its settings in docs/configuration.md', () => {
  const page = readFileSync(new URL('../docs/configuration.md', import.meta.url), 'utf8');
  expect(
    page,
    'docs/configuration.md is not what src/settings says. Run `npm run settings` and review the change.',
  ).toBe(printSettings());
});

it('groups every setting, once', () => {
  const grouped = settingGroups.flatMap(({ settings }) => Object.keys(settings));
  expect(grouped).toEqual(Object.keys(allSettings));
});

it.each(Object.entries(allSettings))('%s has a default that it accepts, and a meaning', (_, setting) => {
  expect(setting.schema.safeParse(setting.default)).toMatchObject({ success: true });
  expect(setting.meaning).toMatch(/^[A-Z`0-9].*\.$/);
});
