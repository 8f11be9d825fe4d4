import { wholeNumber } from './readers.ts';
import { setting } from './setting.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

/** The limits of one script. */
export const scriptLimits = {
  MAX_NAME_LENGTH: setting(
    '255',
    wholeNumber(1, 600),
    'Characters of a name, and of a text in a name filter.',
  ),
  MAX_SCRIPT_BYTES: setting(String(256 * KiB), wholeNumber(1, 64 * MiB), 'Bytes of the D source.'),
  MAX_CONFIG_BYTES: setting(String(64 * KiB), wholeNumber(2, 64 * MiB), 'Bytes of the configuration.'),
  MAX_METADATA_BYTES: setting(String(256 * KiB), wholeNumber(2, 64 * MiB), 'Bytes of the metadata.'),
  MAX_METADATA_DEPTH: setting(
    '32',
    wholeNumber(1, 200),
    'Levels of objects and arrays in the configuration and the metadata.',
  ),
  MAX_METADATA_PATH_LENGTH: setting('16', wholeNumber(1, 100), 'Keys in a path of metadata.'),
  MAX_METADATA_KEY_BYTES: setting('256', wholeNumber(1, 64 * KiB), 'Bytes of a key.'),
};
