import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types for every operation of the page, from the schema that the gateway prints. */
const config: CodegenConfig = {
  schema: '../../schema.graphql',
  documents: 'src/operations.ts',
  generates: {
    'src/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumsAsTypes: true,
        emitLegacyCommonJSImports: false,
        importExtension: '.ts',
        defaultScalarType: 'unknown',
        scalars: {
          UUID: 'string',
          DateTime: 'string',
          JSON: 'unknown',
          JSONObject: 'Record<string, unknown>',
        },
      },
    },
  },
};

export default config;
