import { type Static, Type } from 'typebox';
import {
  choice,
  flag,
  givenName,
  givenSecret,
  id,
  instant,
  LENGTHS,
  list,
  text,
  whole,
} from '#http/fields.ts';
import { idParams } from '#http/operations.ts';
import { pageQuery } from '#http/pagination.ts';
import { described, nullable, requestObject, resource } from '#http/schemas.ts';
import { RESTRICTIONS, ROLES } from '#lib/caller.ts';
import { toTypeId } from '#lib/ids.ts';
import { orNull } from '#lib/text.ts';
import { MAX_PASSWORD_LENGTH } from './passwords.ts';
import type { StoredUser } from './repository.ts';
import type { StoredSession } from './session-repository.ts';

const Role = choice('Role', 'What the user may do.', ROLES);
const Status = choice('UserStatus', 'A disabled user cannot log in.', ['active', 'disabled']);

const EMAIL = 'anna.sommer@example.com';
const NAME = 'Anna Sommer';

/** Of a login: whatever is typed is compared. */
const email = givenSecret('E-mail address, in any case.', EMAIL, 254);
const newEmail = text('E-mail address, in any case.', EMAIL, {
  minLength: 1,
  maxLength: 254,
  format: 'email',
});
const name = givenName('Full name.', NAME, LENGTHS.name);
/** The rules of passwords say what is too long; this bounds what they are given. */
const MAX_PASSWORD = 1024;
const password = givenSecret('The password.', 'violet anchors drift slowly', MAX_PASSWORD);
const newPassword = givenSecret(
  '15 to 256 characters of any kind, or 8 to 256 with TOTP on; none of the well-known ones.',
  'violet anchors drift slowly',
  MAX_PASSWORD_LENGTH,
);
const code = givenSecret('Six digits from the authenticator.', '123456', 16);

export const CreateUserRequest = requestObject('CreateUserRequest', 'A user to create.', {
  email: newEmail,
  name,
  role: Role,
  customerId: Type.Optional(
    id('customer', 'The customer whose user it is: with the role customer, required.'),
  ),
  password: newPassword,
});
export type CreateUserRequest = Static<typeof CreateUserRequest>;

export const ChangeUserRequest = requestObject(
  'ChangeUserRequest',
  'New details of a user; what is not given stays as it is.',
  { name: Type.Optional(name), role: Type.Optional(Role), email: Type.Optional(newEmail) },
  { minProperties: 1 },
);

export const UserSchema = resource('User', 'Somebody who may log in.', {
  id: id('user', 'The id.'),
  email: text('E-mail address.', EMAIL),
  name: text('Full name.', NAME),
  role: Role,
  customerId: nullable(id('customer', 'The customer whose user it is; null for staff.')),
  status: Status,
  totpEnabled: flag('Whether a one-time code is needed to log in.'),
  mustChangePassword: flag('Whether the password is to be changed before anything else.'),
  createdAt: instant('When it was created.'),
  updatedAt: instant('When it was last changed.'),
});
export type UserView = Static<typeof UserSchema>;

/** Nothing of what proves who it is. */
export function userView(user: StoredUser): UserView {
  return {
    id: toTypeId('user', user.id),
    email: user.email,
    name: user.name,
    role: user.role,
    customerId: orNull(user.customerId, (customer) => toTypeId('customer', customer)),
    status: user.status,
    totpEnabled: user.hasTotp,
    mustChangePassword: user.mustChangePassword,
    createdAt: user.createdAt.toISOString(),
    updatedAt: user.updatedAt.toISOString(),
  };
}

export const OwnUserSchema = resource('OwnUser', 'The user of the session.', {
  ...UserSchema.properties,
  operations: Type.Unsafe<Record<string, 'yes' | 'own'>>({
    type: 'object',
    description:
      'What the user may call now, by operationId. `own`: for what the customer holds, as far as the role of the holder allows.',
    examples: [{ getAccount: 'own', getBusinessDate: 'yes' }],
    additionalProperties: choice('Permission', 'How far a call is open.', ['yes', 'own']),
  }),
});
export type OwnUserView = Static<typeof OwnUserSchema>;

export const ListUsersQuery = pageQuery({
  role: Type.Optional(described(Role, 'Those of this role.')),
  status: Type.Optional(described(Status, 'Those of this status.')),
  email: Type.Optional(email),
});

export const UserParams = idParams('user');

const DEVICE_TOKEN = 'q0Zb2Nf7Vd1LxYtKc5RwEa8JmUo3HsPi';

export const LoginRequest = requestObject('LoginRequest', 'What proves who a user is.', {
  email,
  password,
  otp: Type.Optional(code),
  recoveryCode: Type.Optional(givenSecret('In place of `otp`; each works once.', 'k7p2-x9mq-4tzw', 64)),
  deviceToken: Type.Optional(
    givenSecret(
      'The `deviceToken` of an earlier login: guesses of strangers do not hold this login back.',
      DEVICE_TOKEN,
      256,
    ),
  ),
  refreshCookie: Type.Optional(
    flag('Of a page: the refresh token comes as a cookie, which no script reads, and not in the answer.'),
  ),
});

export const RefreshRequest = requestObject('RefreshRequest', 'A refresh token to exchange.', {
  refreshToken: Type.Optional(
    givenSecret(
      'The refresh token; without it, that of the cookie.',
      'lw1Yk3cJ0m7Xo2vQhT9sB4nE8rUaZ6pd',
      256,
    ),
  ),
});

export const TokensSchema = resource('Tokens', 'What a session is used with.', {
  accessToken: text('For `Authorization: Bearer …`.', 'eyJhbGciOiJFZERTQSJ9…'),
  refreshToken: nullable(
    text(
      'Good for one exchange at /v1/auth/refresh; null where it came as a cookie.',
      'lw1Yk3cJ0m7Xo2vQhT9sB4nE8rUaZ6pd',
    ),
  ),
  tokenType: Type.Literal('Bearer', { description: 'How the access token is sent.' }),
  expiresIn: whole('Seconds for which the access token is valid.', 900),
  restriction: nullable(
    choice(
      'LoginRestriction',
      'What the user must do before the tokens are good for anything else.',
      RESTRICTIONS,
    ),
  ),
});

export const LoginTokensSchema = resource('LoginTokens', 'What a new session is used with.', {
  ...TokensSchema.properties,
  deviceToken: text('For the next login with this program; keep it as a secret.', DEVICE_TOKEN),
});

export const ChangePasswordRequest = requestObject('ChangePasswordRequest', 'A new password.', {
  oldPassword: described(password, 'The password until now.'),
  newPassword,
});

export const ChangeEmailRequest = requestObject('ChangeEmailRequest', 'A new e-mail address.', {
  email,
  password,
});

export const ResetUserRequest = requestObject('ResetUserRequest', 'What the user lost.', {
  secondFactor: Type.Optional(flag('The second factor, too: the code removes it. False if not given.')),
});

const RESET_CODE = 'k3wd-7xqa-ml2f-p5ze';

export const UserResetSchema = resource('UserReset', 'A way back in for a user, to be given by hand.', {
  code: text('Sets a new password once (resetPassword). Shown this once.', RESET_CODE),
  expiresAt: instant('When it no longer works.'),
});

export const ResetPasswordRequest = requestObject('ResetPasswordRequest', 'A code and what it is used for.', {
  email,
  code: givenSecret('The code that an admin made.', RESET_CODE, 64),
  newPassword,
});

const policy = {
  staffSecondFactor: flag('Whether staff need a second factor: without one, they can only enrol it.'),
  changeFirstPassword: flag('Whether a password that an admin chose is changed at the first login.'),
};
export const LoginPolicyRequest = requestObject(
  'LoginPolicyRequest',
  'What the bank asks of logins.',
  policy,
);
export const LoginPolicySchema = resource('LoginPolicy', 'What the bank asks of logins.', policy);

export const ConfirmTotpRequest = requestObject('ConfirmTotpRequest', 'A first code.', { code });
export const RemoveTotpRequest = requestObject('RemoveTotpRequest', 'The password.', { password });

export const TotpEnrolmentSchema = resource('TotpEnrolment', 'A secret for an authenticator.', {
  secret: text('In base32, to be typed in.', 'JBSWY3DPEHPK3PXP'),
  otpauthUri: text(
    'To be shown as a QR code.',
    'otpauth://totp/Florin:anna.sommer@example.com?secret=JBSWY3DPEHPK3PXP',
  ),
});

export const RecoveryCodesSchema = resource(
  'RecoveryCodes',
  'What to log in with if the authenticator is lost.',
  {
    recoveryCodes: list('Shown this once; each works once.', text('A code.', 'k7p2-x9mq-4tzw')),
  },
);

export const SessionSchema = resource('Session', 'A login of a user, until it is ended or expires.', {
  id: id('session', 'The id.'),
  address: nullable(text('The address that the user logged in from.', '192.0.2.7')),
  userAgent: nullable(text('The program that the user logged in with.', 'Mozilla/5.0')),
  createdAt: instant('When the user logged in.'),
  lastUsedAt: instant('When the session last got a new token.'),
  expiresAt: instant('When it expires.'),
});
export type SessionView = Static<typeof SessionSchema>;

export function sessionView(session: StoredSession): SessionView {
  return {
    id: toTypeId('session', session.id),
    address: session.address ?? null,
    userAgent: session.userAgent ?? null,
    createdAt: session.createdAt.toISOString(),
    lastUsedAt: session.lastUsedAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
  };
}

export const SessionParams = idParams('session');
