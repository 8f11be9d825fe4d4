import { onOrOff, text, wholeNumber } from './readers.ts';
import { optionalSetting, setting } from './setting.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

export const documentSettings = {
  PERSISTED_DOCUMENTS: optionalSetting(
    text('the path of a file'),
    'A JSON file of documents by id. With it, only these documents run.',
  ),
  AUTOMATIC_PERSISTED_QUERIES: setting(
    'off',
    onOrOff,
    '`on`: clients may send the SHA-256 of a document instead of the document. It must be `off` with `PERSISTED_DOCUMENTS`.',
  ),
};

/** The limits of one request. */
export const requestLimits = {
  MAX_BODY_BYTES: setting(
    String(MiB),
    wholeNumber(KiB, 1024 * MiB),
    'Bytes of the body, for GraphQL and REST.',
  ),
  MAX_RESPONSE_BYTES: setting(
    String(16 * MiB),
    wholeNumber(KiB, 256 * MiB),
    'Bytes of scripts in one answer, for GraphQL and REST. Bytes read and bytes answered are counted separately.',
  ),
  MAX_OPERATIONS: setting('1', wholeNumber(1, 100), 'Operations in one JSON array.'),
  MAX_DOCUMENT_TOKENS: setting(
    '2000',
    wholeNumber(50, 4_000),
    'Names, brackets and values in a document. Variables do not count.',
  ),
  MAX_DOCUMENT_DEPTH: setting('10', wholeNumber(1, 100), 'Levels of fields in a document.'),
  MAX_ALIASES: setting('30', wholeNumber(0, 4_000), 'Aliases in a document.'),
  MAX_DIRECTIVES: setting('20', wholeNumber(0, 4_000), 'Directives in a document.'),
  MAX_ROOT_FIELDS: setting('20', wholeNumber(1, 4_000), 'Fields of the root in an operation.'),
  MAX_COST: setting(
    '20000',
    wholeNumber(1, 1_000_000_000),
    'The [cost](security.md#limits-of-a-request) of a request: about 1 for each field of each script in the answer.',
  ),
  MAX_LIST_SIZE: setting('10000', wholeNumber(1, 1_000_000), 'Scripts in one list.'),
  MAX_BATCH_SIZE: setting(
    '1000',
    wholeNumber(1, 100_000),
    'UUIDs in one `dtraceScriptsByUuid`, representations in one `_entities`.',
  ),
};
