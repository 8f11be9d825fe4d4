import { httpAddress, oneOf, onOrOff, text, wholeNumber } from './readers.ts';
import { optionalSetting, setting } from './setting.ts';

export const signInSettings = {
  MAX_FAILED_SIGN_INS: setting(
    '20',
    wholeNumber(1, 1_000_000),
    'The most bad tokens from one address within a minute; see [guessed tokens](security.md#guessed-tokens).',
  ),
};

/** The settings of JSON Web Tokens. */
export const jwtSettings = {
  JWT_ISSUER: optionalSetting(httpAddress, 'The issuer, exactly as in `iss` of a token.'),
  JWT_AUDIENCE: optionalSetting(text('a text'), 'The audience. A token must have it in `aud`.'),
  JWT_JWKS_URL: optionalSetting(httpAddress, "The address of the issuer's keys."),
  JWT_ALGORITHM: setting(
    'RS256',
    oneOf(
      ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'],
      'must be one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 and EdDSA',
    ),
    'The only allowed signature algorithm.',
  ),
  JWT_PERMISSIONS_CLAIM: optionalSetting(
    text('a claim, such as `scope` or `realm_access.roles`'),
    'The claim with permissions. They are added to those granted here.',
  ),
  JWT_CREATE_USERS: setting(
    'off',
    onOrOff,
    '`on`: the first valid token of an unknown subject creates a user for it.',
  ),
};
