import { writeFileSync } from 'node:fs';
import { printSettings } from './print-settings.ts';

// `npm run settings` runs this.
writeFileSync(new URL('../../docs/configuration.md', import.meta.url), printSettings());
