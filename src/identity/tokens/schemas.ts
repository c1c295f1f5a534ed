import { Type } from 'typebox';
import { list, text } from '#http/fields.ts';
import { resource } from '#http/schemas.ts';

export const KeySetSchema = resource('KeySet', 'Public keys (RFC 7517).', {
  keys: list(
    'The keys with which valid access tokens are signed.',
    resource('PublicKey', 'A public key (RFC 8037).', {
      kty: Type.Literal('OKP', { description: 'The type of the key.' }),
      crv: Type.Literal('Ed25519', { description: 'The curve.' }),
      x: text('The key in base64url.', '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'),
      kid: text('The id that tokens name.', '019bd3f3-bd74-7000-8a1e-1c5a3f6d0b42'),
      alg: Type.Literal('EdDSA', { description: 'The algorithm.' }),
      use: Type.Literal('sig', { description: 'What it is for: signatures.' }),
    }),
  ),
});
