import { httpAddress, oneOf, onOrOff, text, wholeNumber } from './readers.ts';
import { optionalSetting, setting } from './setting.ts';

export const signInSettings = {
  MAX_FAILED_SIGN_INS: setting(
    '20',
    wholeNumber(1, 1_000_000),
    'How many bad tokens one address may send within a minute; see [guessed tokens](security.md#guessed-tokens).',
  ),
};

/** Whose JSON Web Tokens are accepted, and what they say. */
export const jwtSettings = {
  JWT_ISSUER: optionalSetting(httpAddress, 'The issuer: `iss` of a token, letter by letter.'),
  JWT_AUDIENCE: optionalSetting(text('a text'), 'For whom a token must be issued: one of its `aud`.'),
  JWT_JWKS_URL: optionalSetting(httpAddress, 'Where the keys of the issuer are.'),
  JWT_ALGORITHM: setting(
    'RS256',
    oneOf(
      ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'],
      'must be one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 and EdDSA',
    ),
    'The only algorithm that a signature may have.',
  ),
  JWT_PERMISSIONS_CLAIM: optionalSetting(
    text('a claim, such as `scope` or `realm_access.roles`'),
    'The claim that holds permissions, besides those granted here.',
  ),
  JWT_CREATE_USERS: setting(
    'off',
    onOrOff,
    '`on`: a subject that no user is linked to becomes a user with its first good token.',
  ),
};
